package teamfile

import (
	"fmt"
	"slices"

	"gongdan/tickets"
)

// once complains about a name that somebody or something else has already.
func (c *checker) once(seen map[string]string, path, name, what string) {
	if first, twice := seen[name]; twice && name != "" {
		c.complain(path, fmt.Sprintf("%q is %s already, in line %d", name, what, c.f.doc.At(first).Line), "each once")
		return
	}
	seen[name] = path
}

func (c *checker) shops() {
	names, channels := map[string]string{}, map[string]string{}
	for i, s := range c.f.form.Shops {
		path := fmt.Sprintf("shops[%d]", i)
		c.once(names, path+".name", s.Name, "the name of a shop")
		for j, alias := range s.Aliases {
			c.once(names, fmt.Sprintf("%s.aliases[%d]", path, j), alias, "the name of a shop")
		}
		for j, ch := range s.Channels {
			c.once(channels, fmt.Sprintf("%s.channels[%d]", path, j), string(ch), "the channel of a shop")
		}
		c.named(path+".calendar", s.Calendar, c.f.Calendars())
	}
}

// shopName is the full name of the shop that people call so; "" if there is none.
func (f *File) shopName(name string) string {
	i := slices.IndexFunc(f.form.Shops, func(s shop) bool { return s.Name == name || slices.Contains(s.Aliases, name) })
	if i < 0 {
		return ""
	}
	return f.form.Shops[i].Name
}

func (f *File) shopNames(list []string) (out []string) {
	for _, name := range list {
		out = append(out, f.shopName(name))
	}
	return out
}

// knownShops complains about shops that the file does not list.
func (c *checker) knownShops(path string, list []string) {
	for i, name := range list {
		c.named(fmt.Sprintf("%s[%d]", path, i), name, c.shopWords())
	}
}

// shopWords are all names and aliases of shops.
func (c *checker) shopWords() (known []string) {
	for _, s := range c.f.form.Shops {
		known = append(append(known, s.Name), s.Aliases...)
	}
	return known
}

func (c *checker) people() {
	ids, names := map[string]string{}, map[string]string{}
	for i, p := range c.f.form.People {
		path := fmt.Sprintf("people[%d]", i)
		c.once(ids, path+".id", string(p.ID), "somebody's id")
		for j, name := range p.Names {
			c.once(names, fmt.Sprintf("%s.names[%d]", path, j), name, "somebody's name")
		}
		c.knownShops(path+".shops", p.Shops)
		if tickets.Role(p.Role) == tickets.RoleMerchant && len(p.Shops) == 0 && c.sound(path) {
			c.complain(path, "a merchant without shops sees nothing", "shops")
		}
	}
	if c.f.form.Escalation != "" {
		c.someone("escalation", c.f.form.Escalation)
		c.notMerchant("escalation", c.f.userOf(c.f.form.Escalation))
	}
	c.levels()
}

// someone complains about a person who is neither an id nor a name of the roster.
func (c *checker) someone(path, who string) {
	if c.f.userOf(who) != "" {
		return
	}
	var known []string
	for _, p := range c.f.form.People {
		known = append(known, p.Names...)
	}
	c.named(path, who, known)
}

// userOf is the person that an id or a name of the roster means; "" if nobody.
func (f *File) userOf(who string) tickets.UserID {
	for _, p := range f.form.People {
		if slices.Contains(p.Names, who) {
			return tickets.UserID(p.ID)
		}
	}
	if userForm.MatchString(who) {
		return tickets.UserID(who)
	}
	return ""
}

func (c *checker) relays() {
	bots := map[string]string{}
	for i, r := range c.f.form.Relays {
		path := fmt.Sprintf("relays[%d]", i)
		c.once(bots, path+".bot", r.Bot, "the bot of a relay")
		c.named(path+".shop", r.Shop, c.shopWords())
	}
}

func (f *File) relayList() (out []tickets.Relay) {
	for _, r := range f.form.Relays {
		out = append(out, tickets.Relay{Bot: r.Bot, Platform: r.Platform.plain(), Shop: f.shopName(r.Shop)})
	}
	return out
}

func (f *File) roster() tickets.Roster {
	r := tickets.Roster{Escalation: f.userOf(f.form.Escalation), Levels: f.levels()}
	if i := slices.IndexFunc(r.Levels, func(l tickets.Level) bool { return l.User != "" }); i >= 0 && r.Escalation == "" {
		r.Escalation = r.Levels[i].User
	}
	for _, p := range f.form.People {
		as := tickets.RoleAgent
		if p.Role != "" {
			as = tickets.Role(p.Role)
		}
		r.People = append(r.People, tickets.Person{ID: tickets.UserID(p.ID), Names: p.Names, Role: as, Shops: f.shopNames(p.Shops)})
	}
	return r
}

func (f *File) shopList() (out []tickets.Shop) {
	for _, s := range f.form.Shops {
		one := tickets.Shop{Name: s.Name, Aliases: s.Aliases, Platform: s.Platform.plain(), Calendar: f.calendars[s.Calendar]}
		for _, ch := range s.Channels {
			one.Channels = append(one.Channels, tickets.ChannelID(ch))
		}
		out = append(out, one)
	}
	return out
}
