// Package lines answers questions about calendars and clocks, one JSON object a line: the format of gongdan sla
// --jsonl. It owns the format and nothing of the arithmetic, which is package sla's.
package lines
