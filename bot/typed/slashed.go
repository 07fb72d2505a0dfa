package typed

import "regexp"

// slashes are the marks that input methods type for "/", before the command's name.
var slashes = regexp.MustCompile(`(?i)^\s*[、／](?:ticket|工单)(?:[\s　]|$)`)

// Slashed tells whether a message was meant as a slash command: with another mark than "/", the chat sends what was typed to
// everybody.
func Slashed(text string) bool { return slashes.MatchString(text) }
