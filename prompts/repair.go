package prompts

import (
	_ "embed"
	"strings"
)

//go:embed repair.prompt
var repairText string

// Repair is what a model is told whose answer Check refused. fault is the check's
// error, nil where no object was found at all; its words are ours alone.
func Repair(fault error) string {
	why := "no JSON object of that shape was found in it"
	if fault != nil {
		why = strings.TrimPrefix(fault.Error(), ErrInvalid.Error()+": ")
	}
	return strings.TrimSpace(strings.ReplaceAll(parse(repairText).body, "{fault}", why))
}
