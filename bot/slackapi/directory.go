package slackapi

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// DirectoryOptions are the settings of a directory.
type DirectoryOptions struct {
	// TTL is how long an answer is believed. 0 means 10 minutes.
	TTL time.Duration
	// Wait is how long a caller waits for Slack. 0 means 2 seconds.
	Wait time.Duration
	// Now gives the time by which answers age. Nil means time.Now.
	Now func() time.Time
}

// Directory knows people and channels of Slack, from a cache. It is safe for concurrent use.
type Directory struct {
	api      *API
	installs Installations
	people   *cache[string, bot.Person]
	channels *cache[string, bot.Channel]
	rosters  *cache[string, roster]
	members  *cache[string, membership]
}

var _ bot.Directory = (*Directory)(nil)

// NewDirectory makes a directory with an empty cache.
func NewDirectory(api *API, installs Installations, o DirectoryOptions) *Directory {
	if o.TTL == 0 {
		o.TTL = 10 * time.Minute
	}
	if o.Wait == 0 {
		o.Wait = 2 * time.Second
	}
	d := &Directory{api: api, installs: installs, people: newCache[string, bot.Person](o.TTL, o.Wait),
		channels: newCache[string, bot.Channel](o.TTL, o.Wait), rosters: newCache[string, roster](o.TTL, o.Wait),
		members: newCache[string, membership](o.TTL, o.Wait)}
	if o.Now != nil {
		d.people.now, d.channels.now, d.rosters.now, d.members.now = o.Now, o.Now, o.Now, o.Now
	}
	return d
}

// Person tells who somebody is.
func (d *Directory) Person(ctx context.Context, ws tickets.WorkspaceID, id tickets.UserID) (bot.Person, error) {
	p, err := d.people.get(ctx, cacheKey(ws, string(id)), func(ctx context.Context) (bot.Person, error) {
		var got struct {
			User user `json:"user"`
		}
		inst, err := d.ask(ctx, ws, "users.info", url.Values{"user": {string(id)}, "include_locale": {"true"}}, &got)
		if err == nil && got.User.ID != string(id) {
			err = fmt.Errorf("users.info: the answer is about %q: %w", got.User.ID, tickets.ErrTemporary)
		}
		return got.User.person(inst), err
	})
	if err != nil {
		return bot.Person{}, fmt.Errorf("look up person %s: %w", id, err)
	}
	return p, nil
}

// Channel tells what a conversation is.
func (d *Directory) Channel(ctx context.Context, ws tickets.WorkspaceID, id tickets.ChannelID) (bot.Channel, error) {
	c, err := d.channels.get(ctx, cacheKey(ws, string(id)), func(ctx context.Context) (bot.Channel, error) {
		return d.channel(ctx, ws, id)
	})
	if err != nil {
		return bot.Channel{}, fmt.Errorf("look up channel %s: %w", id, err)
	}
	return c, nil
}

// Admin is the first active administrator by id.
func (d *Directory) Admin(ctx context.Context, ws tickets.WorkspaceID) (tickets.UserID, error) {
	r, err := d.roster(ctx, ws)
	if err != nil {
		return "", fmt.Errorf("look up administrators of %s: %w", ws, err)
	}
	if len(r.admins) == 0 {
		return "", fmt.Errorf("administrator of %s: %w", ws, tickets.ErrNotFound)
	}
	return r.admins[0], nil
}

// Forget drops what is known of a person, so that the next question is answered anew.
func (d *Directory) Forget(ws tickets.WorkspaceID, id tickets.UserID) {
	d.people.forget(cacheKey(ws, string(id)))
}

// Observe drops what a delivery shows to be out of date: changed people, changed or left channels, new members.
func (d *Directory) Observe(e bot.Envelope) {
	if e.Kind != bot.KindEvent {
		return
	}
	p, err := parse(e.Raw)
	if err != nil || p.Event == nil {
		return
	}
	switch p.Event.Type {
	case "user_change", "user_profile_changed":
		d.Forget(e.Workspace, tickets.UserID(p.Event.User))
	case "channel_rename", "channel_shared", "channel_unshared", "channel_left", "channel_archive", "group_rename",
		"group_left", "member_joined_channel", "member_left_channel":
		d.channels.forget(cacheKey(e.Workspace, string(p.Event.Channel)))
		d.members.forget(cacheKey(e.Workspace, string(p.Event.Channel)))
	}
}

func cacheKey(ws tickets.WorkspaceID, id string) string { return string(ws) + "/" + id }

func (d *Directory) ask(ctx context.Context, ws tickets.WorkspaceID, method string, form url.Values, out any) (Installation, error) {
	inst, err := d.installs.Get(ctx, ws)
	if err != nil {
		return inst, err
	}
	_, err = d.api.read(ctx, inst.BotToken, method, form, out)
	return inst, err
}

// user is what is read of a person.
type user struct {
	ID         string `json:"id"`
	TeamID     string `json:"team_id"`
	Name       string `json:"name"`
	RealName   string `json:"real_name"`
	Deleted    loose  `json:"deleted"`
	Admin      loose  `json:"is_admin"`
	Owner      loose  `json:"is_owner"`
	Restricted loose  `json:"is_restricted"`
	Ultra      loose  `json:"is_ultra_restricted"`
	Bot        loose  `json:"is_bot"`
	Stranger   loose  `json:"is_stranger"`
	Locale     string `json:"locale"`
	Profile    struct {
		DisplayName string `json:"display_name"`
		RealName    string `json:"real_name"`
	} `json:"profile"`
	Enterprise struct {
		EnterpriseID string `json:"enterprise_id"`
	} `json:"enterprise_user"`
}

func (u user) person(inst Installation) bot.Person {
	name := u.Name
	for _, n := range []string{u.Profile.DisplayName, u.Profile.RealName, u.RealName} {
		if n != "" {
			name = n
			break
		}
	}
	foreign := u.foreign(inst)
	return bot.Person{ID: tickets.UserID(u.ID), Name: name, Lang: langOf(u.Locale), Foreign: foreign,
		Admin: bool(u.Admin || u.Owner) && !foreign, Guest: bool(u.Restricted || u.Ultra),
		Bot: bool(u.Bot) || u.ID == "USLACKBOT", Deleted: bool(u.Deleted)}
}

// foreign tells whether somebody is of another organisation. Colleagues in other workspaces of the same organisation
// are not.
func (u user) foreign(inst Installation) bool {
	switch {
	case bool(u.Stranger):
		return true
	case inst.Enterprise != "" && u.Enterprise.EnterpriseID != "":
		return u.Enterprise.EnterpriseID != inst.Enterprise
	}
	return u.TeamID != "" && u.TeamID != string(inst.Workspace)
}

// langOf turns a locale into one of the two languages; unknown ones are "".
func langOf(locale string) string {
	switch {
	case locale == "":
		return ""
	case strings.HasPrefix(strings.ToLower(locale), "zh"):
		return "zh-CN"
	}
	return "en"
}

func (d *Directory) channel(ctx context.Context, ws tickets.WorkspaceID, id tickets.ChannelID) (bot.Channel, error) {
	var got struct {
		Channel struct {
			ID        string `json:"id"`
			Name      string `json:"name"`
			IM        loose  `json:"is_im"`
			MPIM      loose  `json:"is_mpim"`
			Private   loose  `json:"is_private"`
			Member    loose  `json:"is_member"`
			ExtShared loose  `json:"is_ext_shared"`
			Pending   loose  `json:"is_pending_ext_shared"`
			Locale    string `json:"locale"`
		} `json:"channel"`
	}
	if _, err := d.ask(ctx, ws, "conversations.info", url.Values{"channel": {string(id)}, "include_locale": {"true"}}, &got); err != nil {
		return bot.Channel{}, err
	}
	c := got.Channel
	out := bot.Channel{ID: id, Name: c.Name, Direct: bool(c.IM), Private: bool((c.Private || c.MPIM) && !c.IM), Foreign: bool(c.ExtShared || c.Pending),
		Member: bool(c.Member || c.IM || c.MPIM), Lang: langOf(c.Locale)}
	if out.Foreign || out.Direct || !out.Member {
		return out, nil
	}
	guests, err := d.guestsIn(ctx, ws, id)
	if err != nil {
		return bot.Channel{}, err
	}
	out.Foreign = guests
	return out, nil
}

// roster is what is known of all people of a workspace together.
type roster struct {
	admins []tickets.UserID // active ones, by id
	guests map[string]bool
	whole  bool // everybody was seen
}

// Bounds of listing: 10,000 people of a workspace, 5,000 members of a channel.
const (
	pageSize    = 500
	rosterPages = 20
	memberPages = 10
)

func (d *Directory) roster(ctx context.Context, ws tickets.WorkspaceID) (roster, error) {
	return d.rosters.get(ctx, string(ws), func(ctx context.Context) (roster, error) {
		r := roster{guests: map[string]bool{}}
		inst, err := d.installs.Get(ctx, ws)
		if err != nil {
			return r, err
		}
		r.whole, err = d.pages(ctx, inst, "users.list", url.Values{}, rosterPages, func(p page) bool {
			for _, u := range p.Members {
				r.add(u.full.person(inst))
			}
			return true
		})
		slices.Sort(r.admins)
		return r, err
	})
}

func (r *roster) add(p bot.Person) {
	switch {
	case p.Deleted || p.Bot:
	case p.Guest || p.Foreign:
		r.guests[string(p.ID)] = true
	case p.Admin:
		r.admins = append(r.admins, p.ID)
	}
}

// guestsIn tells whether somebody in a channel is a guest. Where that cannot be found out within bounds the answer is
// yes: least is shown then.
func (d *Directory) guestsIn(ctx context.Context, ws tickets.WorkspaceID, id tickets.ChannelID) (bool, error) {
	r, err := d.roster(ctx, ws)
	if err != nil {
		return false, err
	}
	if !r.whole || len(r.guests) == 0 {
		return !r.whole, nil
	}
	inst, err := d.installs.Get(ctx, ws)
	if err != nil {
		return false, err
	}
	found := false
	whole, err := d.pages(ctx, inst, "conversations.members", url.Values{"channel": {string(id)}}, memberPages, func(p page) bool {
		found = found || slices.ContainsFunc(p.Members, func(m member) bool { return r.guests[m.full.ID] })
		return !found
	})
	return found || !whole, err
}

// page is one page of a list: users.list has people as members, conversations.members only their ids.
type page struct {
	Members []member `json:"members"`
	Next    struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// member is a person or only an id.
type member struct{ full user }

// UnmarshalJSON never fails: what is neither is nobody.
func (m *member) UnmarshalJSON(b []byte) error {
	if id := stringOf(b); id != "" {
		m.full.ID = id
		return nil
	}
	_ = tolerant(b, &m.full)
	return nil
}

// pages reads a list until it ends, more says that it is enough, or the bound is reached; whole tells whether it ended.
func (d *Directory) pages(ctx context.Context, inst Installation, method string, form url.Values, most int, more func(page) bool) (whole bool, err error) {
	form.Set("limit", fmt.Sprint(pageSize))
	for range most {
		var p page
		if _, err := d.api.read(ctx, inst.BotToken, method, form, &p); err != nil {
			return false, err
		}
		if !more(p) || p.Next.Cursor == "" {
			return true, nil
		}
		form.Set("cursor", p.Next.Cursor)
	}
	return false, nil
}
