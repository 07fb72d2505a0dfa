package slackapi

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"gongdan/bot"
)

// homeOf is a workspace's address as Slack says it, if a link can begin with it.
func homeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return ""
	}
	return strings.TrimSuffix(u.String(), "/") + "/"
}

var (
	channelID = regexp.MustCompile(`^[A-Z0-9]{1,64}$`)
	timestamp = regexp.MustCompile(`^([0-9]{1,20})\.([0-9]{6})$`)
)

// permalink is the address of a message, in the form that opens its thread; "" if there is none.
func permalink(home string, to bot.Ref) string {
	ts := timestamp.FindStringSubmatch(to.TS)
	if home == "" || ts == nil || !channelID.MatchString(string(to.Channel)) {
		return ""
	}
	return fmt.Sprintf("%sarchives/%s/p%s%s?thread_ts=%s&cid=%s", home, to.Channel, ts[1], ts[2], to.TS, to.Channel)
}
