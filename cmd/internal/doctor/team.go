package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gongdan/bot"
	"gongdan/bot/slackapi"
	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/cmd/internal/config/teamfile"
	"gongdan/cmd/internal/revisions"
	"gongdan/tickets"
)

// teamFile is the name of the check of the file by itself.
const teamFile = "team file"

// team examines the team file: whether it is right, and what in it should be looked at today.
func (x *examination) team() {
	path := x.o.Config.TeamFile
	if path == "" {
		return
	}
	now := x.o.Now()
	x.file = revisions.Open(path, x.o.Now).Last()
	if x.file.Err != nil {
		x.wrongFile(path)
		return
	}
	for _, p := range x.file.File.Warnings(now) {
		do := "See 'gongdan team check " + path + "'."
		if p.Want != "" {
			do = "Expected: " + p.Want + "."
		}
		x.warn(teamFile, located(p.Place, p.Path)+": "+p.What, do)
	}
	for _, p := range x.file.File.Coming(now) {
		x.ok(teamFile, "%s: %s", located(p.Place, p.Path), p.What)
	}
	policy := x.file.File.Policy(now)
	x.ok(teamFile, "%s is right: %s, %s, %s", path, count(len(policy.Rules)-len(tickets.DefaultPolicy().Rules), "policy of your own", "policies of your own"),
		count(len(policy.Shops), "shop", "shops"), count(len(policy.Roster.Levels), "level of escalation", "levels of escalation"))
}

// wrongFile tells of a file that the bot would not take.
func (x *examination) wrongFile(path string) {
	do := "Mend it: 'gongdan team check " + path + "' says where. Until then the bot keeps the rules in force."
	problems, ok := errors.AsType[strictyaml.Problems](x.file.Err)
	if !ok {
		x.fail(teamFile, x.file.Err.Error(), "Set TEAM_FILE to a file that this user may read.")
		return
	}
	x.fail(teamFile, count(len(problems), "problem", "problems")+", the first in line "+problems[0].String(), do)
}

func located(at strictyaml.Place, path string) string {
	if at.Line == 0 {
		return path
	}
	return fmt.Sprintf("line %d, %s", at.Line, path)
}

// maxAsked bounds the questions to Slack about one file.
const maxAsked = 200

// named examines whether Slack knows the people and channels of the file, and whether calls reach somebody there.
func (x *examination) named(ctx context.Context, api *slackapi.API, in slackapi.Installation) {
	if x.file.File == nil {
		return
	}
	d := directory{slackapi.NewDirectory(api, slackapi.StaticOf(in), slackapi.DirectoryOptions{}), in.Workspace}
	list, bad := x.file.File.Named(), 0
	for i, n := range list[:min(len(list), maxAsked)] {
		what, err := d.wrong(ctx, n)
		switch {
		case err != nil:
			x.warn("people", fmt.Sprintf("%d of %d named in the team file could not be looked up: %s", len(list)-i, len(list), cause(err)), "Ask again in a minute.")
			return
		case what != "":
			bad++
			x.warn("people", located(n.Place, n.Path)+": "+what, remedy(n))
		}
	}
	roster := x.file.File.Policy(x.o.Now()).Roster
	if _, err := d.Admin(ctx, in.Workspace); roster.Escalation == "" && len(roster.Levels) == 0 && errors.Is(err, tickets.ErrNotFound) {
		bad++
		x.warn("people", "nobody is named for escalations, and the workspace has no administrator", "Name somebody under levels in the team file; until then calls go to the tickets' threads.")
	}
	if bad == 0 {
		x.ok("people", "%s named in the team file, all known in the workspace", count(len(list), "person or channel", "people and channels"))
	}
}

// remedy is what to do about somebody whom messages do not reach as meant.
func remedy(n teamfile.Named) string {
	switch {
	case n.Level > 0:
		return fmt.Sprintf("Name somebody else for level %d, or invite the bot; its calls go to the tickets' threads, which nobody of that level may read.", n.Level)
	case n.Channel != "":
		return "Invite the bot, or correct the channel's id."
	}
	return "Correct the id, or take the person out of the file."
}

// directory asks about one workspace.
type directory struct {
	*slackapi.Directory
	ws tickets.WorkspaceID
}

// wrong tells what is wrong with a person or channel; "" if nothing is. An error means that it could not be asked.
func (d directory) wrong(ctx context.Context, n teamfile.Named) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if n.Channel != "" {
		return d.wrongChannel(ctx, n)
	}
	who, err := d.Person(ctx, d.ws, n.User)
	switch {
	case errors.Is(err, bot.ErrGone):
		return fmt.Sprintf("%s is nobody in this workspace", n.User), nil
	case err != nil:
		return "", err
	case who.Deleted:
		return fmt.Sprintf("%s has left the workspace", n.User), nil
	case who.Bot:
		return fmt.Sprintf("%s is an app", n.User), nil
	case n.Level > 0 && (who.Guest || who.Foreign):
		return fmt.Sprintf("%s is a guest or of another organisation, and would be called", n.User), nil
	}
	return "", nil
}

func (d directory) wrongChannel(ctx context.Context, n teamfile.Named) (string, error) {
	ch, err := d.Channel(ctx, d.ws, n.Channel)
	switch {
	case errors.Is(err, bot.ErrGone):
		return fmt.Sprintf("%s is no channel that the bot can see", n.Channel), nil
	case err != nil:
		return "", err
	case !ch.Member:
		return fmt.Sprintf("the bot is not in %s", n.Channel), nil
	case n.Level > 0 && ch.Foreign:
		return fmt.Sprintf("people from outside read along in %s", n.Channel), nil
	}
	return "", nil
}

// rules compares what is in force in each workspace with the file.
func (d *deployment) rules(ctx context.Context) {
	for _, s := range d.shards {
		for _, ws := range s.workspaces {
			d.rulesOf(ctx, ws)
		}
	}
}

func (d *deployment) rulesOf(ctx context.Context, ws tickets.WorkspaceID) {
	const check = "rules"
	h, err := revisions.InForce(ctx, d.store, ws)
	f, name := d.file, fmt.Sprintf("revision %d in %s", h.Revision, ws)
	switch {
	case err != nil:
		d.fail(check, err.Error(), "Start the version that published it, or a later one.")
	case h.Revision == 0 && f.File == nil:
		d.ok(check, "the built-in presets are in force in %s", ws)
	case h.Revision == 0:
		d.notYet(check, fmt.Sprintf("the built-in presets are in force in %s, not the team file", ws))
	case d.o.Config.TeamFile == "":
		d.warn(check, name+" is in force though TEAM_FILE is not set", "Set TEAM_FILE as it is set for the bot; for the built-in presets, point it to an empty file.")
	case f.File == nil:
		d.ok(check, "%s of %s stays in force until the team file is right", name, h.AsOf.Format(time.RFC3339))
	case f.Hash == h.Hash:
		d.ok(check, "%s is in force and says what the team file says", name)
	case f.Written.Before(h.Written):
		d.warn(check, name+" is newer than the team file here", "Put the newer file here, or send the bot SIGHUP to have this one all the same.")
	default:
		d.notYet(check, name+" is in force, and the team file says something else")
	}
}

// notYet tells of a file that has not been taken: a running bot does that within seconds.
func (d *deployment) notYet(check, found string) {
	if d.awake() {
		d.warn(check, found, "It is taken within seconds; if this stays, see whether the bot has the same TEAM_FILE, and its log.")
		return
	}
	d.ok(check, "%s; it is taken when the bot is started", strings.TrimSuffix(found, "."))
}
