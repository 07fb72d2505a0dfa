package lines

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// answered is a line going out: a result or an error.
type answered struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Result any             `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// lineLimit is the longest line that is read as one; a longer one is bad, not fatal.
const lineLimit = 1 << 20

// Answer reads one JSON object a line from r and writes one a line to w, in order, until the input ends or ctx does.
// Empty lines are passed over. bad counts the lines answered by an error; err is about reading and writing only.
func Answer(ctx context.Context, r io.Reader, w io.Writer) (bad int, err error) {
	in := bufio.NewReaderSize(r, 64<<10)
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var desk desk
	for {
		if err := ctx.Err(); err != nil {
			return bad, errors.Join(err, out.Flush())
		}
		line, tooLong, err := readLine(in)
		if line = bytes.TrimSpace(line); len(line) > 0 || tooLong {
			a := desk.answer(line, tooLong)
			if a.Error != "" {
				bad++
			}
			if err := enc.Encode(a); err != nil {
				return bad, fmt.Errorf("write line: %w", err)
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
		if tooLong = tooLong || len(line)+len(part) > lineLimit; !tooLong {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

// answer answers one line.
func (d *desk) answer(line []byte, tooLong bool) answered {
	if tooLong {
		return answered{Error: "line is longer than 1 MiB"}
	}
	if !utf8.Valid(line) {
		return answered{Error: "line is not valid UTF-8"}
	}
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return answered{ID: idOf(line), Error: "line: " + err.Error()}
	}
	result, err := d.ask(q)
	if err != nil {
		return answered{ID: q.ID, Error: err.Error()}
	}
	return answered{ID: q.ID, Result: result}
}

// idOf finds the id of a line that is otherwise not understood; nil without one.
func idOf(line []byte) json.RawMessage {
	var q struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(line, &q) != nil {
		return nil
	}
	return q.ID
}
