package evals

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"gongdan/intents/linear"
)

// maxLine bounds one line of a row file, in bytes; a chat message is at most 160 kB of UTF-8.
const maxLine = 1 << 20

// ErrRow reports a line that is not a labelled row.
var ErrRow = errors.New("not a labelled row")

// ReadRows reads JSON lines {"text","label","split"?,"style"?}; other keys are ignored and blank lines skipped. An error names
// the line, counted from 1, and the rows before it are returned too.
func ReadRows(r io.Reader) ([]linear.Row, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), maxLine)
	var rows []linear.Row
	n := 0
	for lines.Scan() {
		n++
		line := lines.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		row, err := parseRow(line)
		if err != nil {
			return rows, fmt.Errorf("line %d: %w", n, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		return rows, fmt.Errorf("line %d: %w", n+1, err)
	}
	return rows, nil
}

func parseRow(line []byte) (linear.Row, error) {
	var row struct {
		Text  *string `json:"text"`
		Label string  `json:"label"`
		Split string  `json:"split"`
		Style string  `json:"style"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return linear.Row{}, fmt.Errorf("%w: %w", ErrRow, err)
	}
	switch {
	case row.Text == nil:
		return linear.Row{}, fmt.Errorf("%w: no text", ErrRow)
	case row.Label == "" || len(row.Label) > linear.MaxLabelBytes:
		return linear.Row{}, fmt.Errorf("%w: label must have 1 to %d bytes", ErrRow, linear.MaxLabelBytes)
	case !slices.Contains([]string{"", "train", "val", "test"}, row.Split):
		return linear.Row{}, fmt.Errorf("%w: split %q is not train, val or test", ErrRow, row.Split)
	}
	return linear.Row{Text: *row.Text, Label: row.Label, Split: row.Split, Style: row.Style}, nil
}

// ReadDir reads every .jsonl file of a folder, in the order of their names.
func ReadDir(dir string) ([]linear.Row, error) {
	return readFS(os.DirFS(dir))
}

//go:embed testdata/*.jsonl
var labelledFiles embed.FS

// Labelled returns the labelled messages that the embedded model is trained and tested on.
func Labelled() ([]linear.Row, error) {
	files, err := fs.Sub(labelledFiles, "testdata")
	if err != nil {
		return nil, fmt.Errorf("labelled messages: %w", err)
	}
	return readFS(files)
}

func readFS(files fs.FS) ([]linear.Row, error) {
	names, err := fs.Glob(files, "*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("list rows: %w", err)
	}
	var all []linear.Row
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read rows: %w", err)
		}
		rows, err := ReadRows(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, rows...)
	}
	return all, nil
}
