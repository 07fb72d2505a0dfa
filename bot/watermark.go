package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// watermark is since when the bot listens in a channel: nothing said before becomes a ticket.
type watermark struct {
	Since    string `json:"since"`           // a message id; ids sort by time
	First    string `json:"first,omitempty"` // the first message heard, if that set Since
	Welcomed bool   `json:"welcomed,omitempty"`
}

func watermarkKey(ch tickets.ChannelID) string { return "channel/" + string(ch) }

// listening tells whether a message was said after the bot began to listen in its channel. The first message heard in a
// channel without a watermark sets it.
func (t *turn) listening(m Message) (bool, error) {
	w, version, err := t.watermark(m.Channel)
	if err != nil {
		return false, err
	}
	if version == 0 {
		return true, t.listen(m.Channel, watermark{Since: before(m.TS, firstMargin), First: m.TS}, 0)
	}
	return m.TS >= w.Since, nil
}

// firstMargin is how far below the first message heard in a channel its watermark lies: what several people say at once is
// handled side by side, and what is delivered again comes up to six minutes late; none of it may fall below another's.
const firstMargin = 10 * time.Minute

// before is the id of a message said so much earlier; one that is no time stays as it is.
func before(ts string, d time.Duration) string {
	whole, part, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return ts
	}
	return fmt.Sprintf("%d.%s", sec-int64(d/time.Second), part)
}

func (t *turn) watermark(ch tickets.ChannelID) (w watermark, version int64, err error) {
	return watermarkOf(t.ctx, t.store, t.ws, ch)
}

// watermarkOf reads a channel's watermark; version 0 = there is none yet.
func watermarkOf(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID, ch tickets.ChannelID) (w watermark, version int64, err error) {
	doc, err := store.Doc(ctx, ws, watermarkKey(ch))
	if errors.Is(err, tickets.ErrNotFound) {
		return w, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &w)
	}
	if err != nil {
		return watermark{}, 0, fmt.Errorf("watermark of %s: %w", ch, err)
	}
	return w, doc.Version, nil
}

func (t *turn) listen(ch tickets.ChannelID, w watermark, expect int64) error {
	body, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("watermark of %s: %w", ch, err)
	}
	t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: watermarkKey(ch), Expect: expect, Body: body})
	return nil
}

// joined begins to listen in a channel and says what the bot does. Being added again says nothing.
func (t *turn) joined(j Joined) error {
	w, version, err := t.watermark(j.Channel)
	if err != nil || w.Welcomed {
		return err
	}
	at := j.At
	if at.IsZero() {
		at = t.at
	}
	since := messageID(at)
	switch {
	case w.First != "": // heard before the invitation was; now it is known since when
		w.Since = min(since, w.First)
	case version == 0 || since < w.Since:
		w.Since = since
	}
	w.Welcomed = true
	t.say.add("", tickets.ClassReply, Said{What: SayWelcome, Channel: j.Channel, By: j.By, Lang: t.personLang(j.By)})
	return t.listen(j.Channel, w, version)
}

// personLang is a person's own language; Chinese while it is unknown.
func (t *turn) personLang(id tickets.UserID) string {
	p, err := t.people.Person(t.ctx, t.ws, id)
	if err != nil || p.Lang == "" {
		return words.Chinese
	}
	return p.Lang
}
