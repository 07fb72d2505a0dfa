package redisstore

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongdan/tickets"
)

// encodeTicket gives the stored form.
func encodeTicket(t tickets.Ticket) (string, error) {
	body, err := t.MarshalJSON()
	if err != nil {
		return "", fmt.Errorf("encode ticket %s: %w", t.ID, err)
	}
	return strconv.FormatInt(t.Version, 10) + " " + string(body), nil
}

// decodeTicket reads the stored form.
func decodeTicket(stored string) (tickets.Ticket, error) {
	version, body, err := splitVersion(stored)
	if err != nil {
		return tickets.Ticket{}, err
	}
	var t tickets.Ticket
	if err := t.UnmarshalJSON([]byte(body)); err != nil {
		return tickets.Ticket{}, fmt.Errorf("decode ticket: %w", err)
	}
	if t.Version != version {
		return tickets.Ticket{}, fmt.Errorf("decode ticket %s: version %d before version %d in JSON", t.ID, version, t.Version)
	}
	return t, nil
}

// follower is the stored form of an event that shares time, version, cause and person with the one before
// it in the same change: these are left out, which is most of a short event.
type follower struct {
	tickets.Event
	At      *struct{} `json:"at,omitempty"`
	Version *struct{} `json:"version,omitempty"`
	Cause   *struct{} `json:"cause,omitempty"`
	By      *struct{} `json:"by,omitempty"`
}

func encodeEvent(events []tickets.Event, i int) ([]byte, error) {
	e := events[i]
	if i > 0 {
		b := events[i-1]
		if e.At == b.At && e.Version == b.Version && e.Cause == b.Cause && e.By == b.By {
			return json.Marshal(follower{Event: e})
		}
	}
	return json.Marshal(e)
}

// decodeEvents reads a timeline. An event without a version has time, version, cause and person of the one before it.
func decodeEvents(id tickets.TicketID, rows []string) ([]tickets.Event, error) {
	out := make([]tickets.Event, len(rows))
	for i, row := range rows {
		e := &out[i]
		if err := json.Unmarshal([]byte(row), e); err != nil {
			return nil, fmt.Errorf("decode event %d of ticket %s: %w", i, id, err)
		}
		if e.Version == 0 && i > 0 {
			b := out[i-1]
			e.At, e.Version, e.Cause, e.By = b.At, b.Version, b.Cause, b.By
		}
	}
	return out, nil
}

func splitVersion(stored string) (int64, string, error) {
	head, body, ok := strings.Cut(stored, " ")
	version, err := strconv.ParseInt(head, 10, 64)
	if !ok || err != nil {
		return 0, "", fmt.Errorf("decode document: no version at its start")
	}
	return version, body, nil
}

// micros is a due time as a score: whole microseconds, rounded up so that nothing is due early.
func micros(t time.Time) int64 {
	us := t.UnixMicro()
	if time.UnixMicro(us).Before(t) {
		us++
	}
	return us
}

// fromMicros reads a score as Redis prints it: whole, as large as 2^53, sometimes with an exponent.
func fromMicros(score string) (time.Time, error) {
	if score == "" {
		return time.Time{}, nil
	}
	us, err := strconv.ParseFloat(score, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read due time: %w", err)
	}
	return time.UnixMicro(int64(us)), nil
}
