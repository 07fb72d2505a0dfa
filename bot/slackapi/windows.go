package slackapi

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"gongdan/bot"
	"gongdan/tickets"
)

// Windows opens modals and fills home tabs. It is safe for concurrent use.
type Windows struct {
	api      *API
	installs Installations
}

var _ bot.Windows = (*Windows)(nil)

// NewWindows makes windows.
func NewWindows(api *API, installs Installations) *Windows {
	return &Windows{api: api, installs: installs}
}

// Open shows a form, once: a trigger works for one window, within three seconds. A window with this id that is open
// already is the one that was asked for, so that is no error.
func (w *Windows) Open(ctx context.Context, ws tickets.WorkspaceID, trigger, id string, f bot.Form) error {
	if trigger == "" {
		return fmt.Errorf("open form %s: no trigger: %w", f.Kind, bot.ErrGone)
	}
	m, err := modal(id, f)
	if err == nil {
		err = w.show(ctx, ws, "views.open", url.Values{"trigger_id": {trigger}}, m)
	}
	if err != nil && !refusedWith(err, "duplicate_external_id") {
		return fmt.Errorf("open form %s: %w", f.Kind, err)
	}
	return nil
}

// Fill replaces what an open window shows, whoever opened it.
func (w *Windows) Fill(ctx context.Context, ws tickets.WorkspaceID, id string, f bot.Form) error {
	m, err := modal(id, f)
	if err == nil {
		err = w.show(ctx, ws, "views.update", url.Values{"external_id": {id}}, m)
	}
	if err != nil {
		return fmt.Errorf("fill form %s: %w", f.Kind, err)
	}
	return nil
}

// Publish replaces a person's home tab.
func (w *Windows) Publish(ctx context.Context, ws tickets.WorkspaceID, u tickets.UserID, h bot.Home) error {
	if err := w.show(ctx, ws, "views.publish", url.Values{"user_id": {string(u)}}, home(h)); err != nil {
		return fmt.Errorf("publish the home of %s: %w", u, err)
	}
	return nil
}

// show makes the call. The view travels as a form's field, so that the answer, which repeats the view, need not be
// understood.
func (w *Windows) show(ctx context.Context, ws tickets.WorkspaceID, method string, args url.Values, view any) error {
	raw, err := json.Marshal(view)
	if err != nil {
		return fmt.Errorf("encode a view: %w", err)
	}
	inst, err := w.installs.Get(ctx, ws)
	if err != nil {
		return err
	}
	args.Set("view", string(raw))
	_, err = w.api.read(ctx, inst.BotToken, method, args, &struct{}{})
	return err
}

// maxSentence bounds what stands under a field, in characters: ours, as Slack names none.
const maxSentence = 300

// FieldErrorsPayload is the acknowledgement of a submission that keeps the form open and shows what is wrong at its fields.
// Without errors it is ClosePayload.
func FieldErrorsPayload(list bot.FieldErrors) json.RawMessage {
	if len(list) == 0 {
		return ClosePayload()
	}
	shown, room := map[string]string{}, maxAck-len(noErrors)
	for _, id := range slices.Sorted(maps.Keys(list)) { // far more than a form has fields may not fit; any of them keeps it open
		sentence := visible(cut(oneLine(clean(list[id])), maxSentence))
		if room -= encoded(id) + encoded(sentence) + len(":,"); room <= 0 {
			break
		}
		shown[id] = sentence
	}
	raw, err := json.Marshal(map[string]any{"response_action": "errors", "errors": shown})
	if err != nil { // strings alone are always encoded
		return json.RawMessage(noErrors)
	}
	return raw
}

// noErrors keeps a form open and says nothing.
const noErrors = `{"errors":{},"response_action":"errors"}`

// encoded is the length of a string in JSON, in bytes.
func encoded(s string) int {
	raw, err := json.Marshal(s)
	if err != nil {
		return maxAck
	}
	return len(raw)
}

// ClosePayload is the acknowledgement of a submission that closes the form.
func ClosePayload() json.RawMessage { return json.RawMessage(`{"response_action":"clear"}`) }

// visible stands in for what Slack would refuse as empty.
func visible(s string) string {
	if blank(s) {
		return "…"
	}
	return s
}
