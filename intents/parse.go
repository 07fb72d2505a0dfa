package intents

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"gongdan/intents/entities"
)

// ParseRow is one line of the parse format going in.
type ParseRow struct {
	ID      json.RawMessage `json:"id"`
	Text    *string         `json:"text"`
	Now     string          `json:"now"`
	TZ      string          `json:"tz"`
	Channel string          `json:"channel"`
}

// ParsedRow is one line of the parse format coming out.
type ParsedRow struct {
	ID         json.RawMessage   `json:"id,omitempty"`
	Intent     Kind              `json:"intent,omitempty"`
	Type       string            `json:"type,omitempty"`
	Confidence float64           `json:"confidence"`
	By         Source            `json:"by,omitempty"`
	Action     Action            `json:"action,omitempty"`
	Reason     string            `json:"reason,omitempty"`
	Fields     Fields            `json:"fields"`
	Entities   []entities.Entity `json:"entities"`
	Redacted   string            `json:"redacted"`
}

type badRow struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Error string          `json:"error"`
}

// Row gives the decision as a line of the parse format. id is any JSON value or nil.
func (d Decision) Row(id json.RawMessage) ParsedRow {
	row := ParsedRow{ID: id, Intent: d.Intent, Type: d.Type, Confidence: d.Confidence, By: d.By, Action: d.Action,
		Reason: d.Reason, Fields: d.Fields, Entities: d.Entities, Redacted: d.Redacted}
	if row.Entities == nil {
		row.Entities = []entities.Entity{}
	}
	return row
}

// lineLimit is the longest line that is read as one; a longer one is bad, not fatal.
const lineLimit = 1 << 20

// parser reads lines with one classifier; it remembers zones, which are slow to load.
type parser struct {
	c     *Classifier
	now   func() time.Time
	zones map[string]*time.Location
	n     int // of the line that was read last, the first is 1
}

// defaultZone is where the shops are.
const defaultZone = "Asia/Shanghai"

// ParseLines reads one JSON object a line from r and writes one a line to w, in
// order, until the input ends or ctx does. now is asked for the time of lines
// without one. bad counts the lines answered by an error; err is about reading
// and writing only. A language model, if c has one, is asked where the local
// decision is unsure.
func ParseLines(ctx context.Context, r io.Reader, w io.Writer, c *Classifier, now func() time.Time) (bad int, err error) {
	p := &parser{c: c, now: now, zones: map[string]*time.Location{}}
	in := bufio.NewReaderSize(r, 64<<10)
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for {
		if err := ctx.Err(); err != nil {
			return bad, errors.Join(err, out.Flush())
		}
		line, tooLong, err := readLine(in)
		p.n++
		if len(bytes.TrimSpace(line)) > 0 || tooLong {
			ok, werr := p.line(ctx, line, tooLong, enc)
			if werr != nil {
				return bad, fmt.Errorf("write line: %w", werr)
			}
			if !ok {
				bad++
			}
		}
		if errors.Is(err, io.EOF) {
			return bad, out.Flush()
		}
		if err != nil {
			return bad, errors.Join(fmt.Errorf("read line: %w", err), out.Flush())
		}
		if in.Buffered() == 0 { // somebody may be waiting for the answer
			if err := out.Flush(); err != nil {
				return bad, fmt.Errorf("write line: %w", err)
			}
		}
	}
}

// readLine reads up to the next line feed and drops what exceeds the limit.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > lineLimit {
			tooLong = true
		} else if !errors.Is(err, bufio.ErrBufferFull) && len(line) == 0 {
			return part, tooLong, err
		}
		if !tooLong {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

func (p *parser) line(ctx context.Context, line []byte, tooLong bool, enc *json.Encoder) (ok bool, err error) {
	if tooLong {
		return false, enc.Encode(p.bad(nil, "longer than 1 MiB"))
	}
	var row ParseRow
	m, why := p.message(line, &row)
	if why != "" {
		return false, enc.Encode(p.bad(row.ID, why))
	}
	d := p.c.Local(m)
	if p.c.NeedsModel(m, d) {
		d = p.c.Refine(ctx, m, d)
	}
	return true, enc.Encode(d.Row(row.ID))
}

// bad answers the line that was read last; its number finds it where it has no id.
func (p *parser) bad(id json.RawMessage, why string) badRow {
	return badRow{ID: id, Error: fmt.Sprintf("line %d: %s", p.n, why)}
}

func (p *parser) message(line []byte, row *ParseRow) (m Message, why string) {
	if !utf8.Valid(line) {
		return m, "not valid UTF-8"
	}
	if err := json.Unmarshal(line, row); err != nil {
		id := row.ID
		*row = ParseRow{ID: id}
		return m, `not a JSON object with string fields, such as {"text":"…"}`
	}
	if row.Text == nil {
		return m, `"text" is missing`
	}
	zone, err := p.zone(row.TZ)
	if err != nil {
		return m, fmt.Sprintf("unknown time zone %q", row.TZ)
	}
	m = Message{Text: *row.Text, Zone: zone}
	if row.Now == "" {
		m.Now = p.now().In(zone)
		return m, ""
	}
	at, err := parseNow(row.Now, zone)
	if err != nil {
		return m, `"now" is not an RFC 3339 time`
	}
	m.Now = at.In(zone)
	return m, ""
}

// parseNow also takes a time without an offset, as local to zone.
func parseNow(s string, zone *time.Location) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.ParseInLocation("2006-01-02T15:04:05", s, zone)
	}
	return at, nil
}

func (p *parser) zone(name string) (*time.Location, error) {
	if name == "" {
		name = defaultZone
	}
	if z, ok := p.zones[name]; ok {
		return z, nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	p.zones[name] = z
	return z, nil
}
