package teamfile

import (
	"fmt"
	"slices"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// maxLevels is how many levels of escalation there may be: as many as a mark can name.
const maxLevels = 9

func (c *checker) levels() {
	whom := map[string]string{}
	for i, l := range c.f.form.Levels {
		path := fmt.Sprintf("levels[%d]", i)
		if i == maxLevels {
			c.complain(path, fmt.Sprintf("is level %d", i+1), fmt.Sprintf("at most %d levels", maxLevels))
		}
		c.callee(path+".call", l.Call)
		if to := c.f.level(l); to.User != "" || to.Channel != "" {
			c.once(whom, path+".call", string(to.User)+string(to.Channel), "a level")
		}
		c.notMerchant(path+".call", c.f.userOf(l.Call))
		if l.Wait == nil && l.Times > 1 {
			c.complain(path+".times", "nothing says how long a call waits before the next one", "wait")
		}
		if l.Wait != nil && time.Duration(*l.Wait) < time.Minute && c.sound(path+".wait") {
			c.complain(path+".wait", "leaves nobody the time to answer", "at least 1m")
		}
	}
}

// callee complains about a level that is nobody, or a channel in which a shop's own people read along.
func (c *checker) callee(path, call string) {
	if !channelForm.MatchString(call) || c.f.userOf(call) != "" {
		c.someone(path, call)
		return
	}
	for _, s := range c.f.form.Shops {
		if slices.Contains(s.Channels, channel(call)) {
			c.complain(path, fmt.Sprintf("%q is the channel of %s", call, s.Name), "a person, or a channel of the team's own")
		}
	}
}

// notMerchant complains about calls to somebody of a shop: what the team has not done in time is not their matter.
func (c *checker) notMerchant(path string, id tickets.UserID) {
	for _, p := range c.f.form.People {
		if tickets.UserID(p.ID) == id && tickets.Role(p.Role) == tickets.RoleMerchant {
			c.complain(path, "is a merchant, who would be called about the team's own delays", "somebody of the team")
		}
	}
}

// levelOf complains about a mark that calls a level which is nobody.
func (c *checker) levelOf(path string, call call) {
	switch n := len(c.f.form.Levels); {
	case n == 1 && call.Level > n:
		c.complain(path, "there is 1 level", "level 1, or one more under levels")
	case n > 0 && call.Level > n:
		c.complain(path, fmt.Sprintf("there are %d levels", n), fmt.Sprintf("1 to %d, or one more under levels", n))
	}
}

// whens is how many of a call's times are given.
func (c call) whens() (n int) {
	for _, d := range []*duration{c.Before, c.After, c.Unclaimed} {
		if d != nil {
			n++
		}
	}
	return n
}

func (f *File) levels() (out []tickets.Level) {
	for _, l := range f.form.Levels {
		out = append(out, f.level(l))
	}
	return out
}

func (f *File) level(l level) tickets.Level {
	to := tickets.Level{User: f.userOf(l.Call), Rung: sla.Rung{Times: l.Times}}
	if to.User == "" && channelForm.MatchString(l.Call) {
		to.Channel = tickets.ChannelID(l.Call)
	}
	if l.Wait != nil {
		to.Wait = time.Duration(*l.Wait)
	}
	return to
}
