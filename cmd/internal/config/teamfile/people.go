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
	var known []string
	for _, s := range c.f.form.Shops {
		known = append(append(known, s.Name), s.Aliases...)
	}
	for i, name := range list {
		c.named(fmt.Sprintf("%s[%d]", path, i), name, known)
	}
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
	}
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

func (f *File) roster() tickets.Roster {
	r := tickets.Roster{Escalation: f.userOf(f.form.Escalation)}
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
