package config

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with the environment.
type Problem struct {
	Variable string // SLACK_BOT_TOKEN
	What     string // is not set
	Fix      string // what to do, a whole sentence
}

// String is one line for the operator; it never holds a secret's value.
func (p Problem) String() string { return fmt.Sprintf("%s %s. %s", p.Variable, p.What, p.Fix) }

// Problems is everything wrong with the environment, in the order of the variables. It is never empty as an error.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = "  " + one.String()
	}
	noun := "problems"
	if len(p) == 1 {
		noun = "problem"
	}
	return fmt.Sprintf("%d %s in the configuration:\n%s", len(p), noun, strings.Join(lines, "\n"))
}

// add keeps a problem.
func (p *Problems) add(variable, what, fix string) {
	*p = append(*p, Problem{variable, what, fix})
}
