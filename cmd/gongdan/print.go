package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
)

// table is how a list is shown to people.
type table[T any] struct {
	none string // shown instead of an empty table
	head []string
	row  func(T) []string
}

// print shows a list as a table, or as a JSON array.
func (t table[T]) print(r *run, list []T, asJSON bool) error {
	if asJSON {
		return printJSON(r, list)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(r.stdout, t.none)
		return err
	}
	w := tabwriter.NewWriter(r.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, strings.Join(t.head, "\t")) // a writer of columns fails at its end
	for _, v := range list {
		_, _ = fmt.Fprintln(w, strings.Join(t.row(v), "\t"))
	}
	return w.Flush()
}

func printJSON(r *run, v any) error {
	enc := json.NewEncoder(r.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return nil
}
