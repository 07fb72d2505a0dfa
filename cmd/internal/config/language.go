package config

import (
	"os"
	"strings"
)

// TerminalLanguage is the language that the terminal asks for, zh-CN or en; a nil lookup reads the process's own environment.
func TerminalLanguage(lookup Lookup) string {
	if lookup == nil {
		lookup = os.LookupEnv
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, _ := lookup(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "zh") {
				return "zh-CN"
			}
			return "en"
		}
	}
	return "en"
}
