package slackapi

import (
	"context"
	"fmt"
	"strings"

	"gongdan/tickets"
)

// Installation is the app in one workspace, or in a whole organisation.
type Installation struct {
	Workspace  tickets.WorkspaceID // team id, or the enterprise id of an organisation-wide installation
	Enterprise string              // "" outside an Enterprise organisation
	BotToken   Secret
	BotUser    tickets.UserID
	BotID      string
	AppID      string // "" when unknown
	Name       string
	Home       string   // address of the workspace, https://….slack.com/, that links to messages begin with; "" = unknown
	Scopes     []string // granted to the token; nil when Slack did not say
}

// Installations knows the token for each workspace. Implementations answer from memory and may be called concurrently.
type Installations interface {
	// Get returns tickets.ErrNotFound for a workspace in which the app is not installed.
	Get(ctx context.Context, ws tickets.WorkspaceID) (Installation, error)
	All(ctx context.Context) ([]Installation, error)
}

// Static holds installations that do not change while the program runs. It is safe for concurrent use.
type Static struct{ list []Installation }

var _ Installations = (*Static)(nil)

// NewStatic asks Slack whom each token belongs to. ErrTemporary means that Slack could not be asked.
func NewStatic(ctx context.Context, api *API, tokens ...Secret) (*Static, error) {
	s := &Static{}
	for _, t := range tokens {
		inst, err := api.Identify(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("identify the bot token: %w", err)
		}
		s.list = append(s.list, inst)
	}
	return s, nil
}

// StaticOf holds the given installations as they are.
func StaticOf(list ...Installation) *Static { return &Static{list: list} }

// Get finds an installation by its workspace.
func (s *Static) Get(_ context.Context, ws tickets.WorkspaceID) (Installation, error) {
	for _, i := range s.list {
		if i.Workspace == ws {
			return i, nil
		}
	}
	return Installation{}, fmt.Errorf("installation in %s: %w", ws, tickets.ErrNotFound)
}

// All returns every installation, in the order of the tokens.
func (s *Static) All(context.Context) ([]Installation, error) {
	return append([]Installation(nil), s.list...), nil
}

// Identify asks Slack whom a bot token belongs to.
func (a *API) Identify(ctx context.Context, token Secret) (Installation, error) {
	var got struct {
		Team       string `json:"team"`
		TeamID     string `json:"team_id"`
		UserID     string `json:"user_id"`
		BotID      string `json:"bot_id"`
		AppID      string `json:"app_id"`
		Enterprise string `json:"enterprise_id"`
		URL        string `json:"url"`
		WholeOrg   loose  `json:"is_enterprise_install"`
	}
	head, err := a.read(ctx, token, "auth.test", nil, &got)
	if err != nil {
		return Installation{}, err
	}
	ws := got.TeamID
	if got.WholeOrg && got.Enterprise != "" {
		ws = got.Enterprise
	}
	inst := Installation{Workspace: tickets.WorkspaceID(ws), Enterprise: got.Enterprise, BotToken: token,
		BotUser: tickets.UserID(got.UserID), BotID: got.BotID, AppID: got.AppID, Name: got.Team, Home: homeOf(got.URL)}
	for _, scope := range strings.Split(head.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			inst.Scopes = append(inst.Scopes, scope)
		}
	}
	return inst, nil
}
