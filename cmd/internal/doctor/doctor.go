package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/revisions"
)

// Level is how bad a finding is.
type Level string

// Levels.
const (
	OK   Level = "ok"
	Warn Level = "warn" // works, and should be looked at
	Fail Level = "fail" // does not work, or something acknowledged may be or is lost
)

// Finding is the outcome of one check.
type Finding struct {
	Check string `json:"check"` // stable name, such as "bot token"
	Level Level  `json:"level"`
	Found string `json:"found"`
	Do    string `json:"do,omitempty"` // what to do about it; "" where all is well
}

// String is one line, aligned with its neighbours.
func (f Finding) String() string {
	line := fmt.Sprintf("%-4s  %-12s  %s", f.Level, f.Check, f.Found)
	if f.Do != "" {
		line += ". " + f.Do
	}
	return line
}

// Options of an examination. Config is required; what it does not set is not examined.
type Options struct {
	Config config.Config
	// Problems are what is wrong with the settings, as [config.Load] said.
	Problems config.Problems
	// Tell is called with each finding as soon as it is there; nil = nobody is told.
	Tell func(Finding)
	// HTTP makes calls to Slack and to the model; nil = a client of its own.
	HTTP *http.Client
	// Now is the local clock, default time.Now.
	Now func() time.Time
}

// Patience with one question to somebody else. Walking all tickets has no limit but the caller's.
const patience = 8 * time.Second

// Examine carries out all checks, one after the other, and returns what was found in the order of the checks. It returns
// early, with what it has, when ctx ends.
func Examine(ctx context.Context, o Options) []Finding {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	x := &examination{o: o}
	x.settings()
	x.team()
	x.slack(ctx)
	if o.Config.Redis != nil {
		x.redis(ctx)
	}
	x.model(ctx)
	return x.found
}

// Worst is the worst level among findings; OK if there are none.
func Worst(list []Finding) Level {
	worst := OK
	for _, f := range list {
		if f.Level == Fail || f.Level == Warn && worst == OK {
			worst = f.Level
		}
	}
	return worst
}

type examination struct {
	o     Options
	found []Finding
	rdb   redis.UniversalClient
	file  revisions.Snapshot // the zero value: there is none
}

func (x *examination) add(f Finding) {
	f.Found, f.Do = strings.TrimSuffix(printable(f.Found), "."), printable(f.Do)
	x.found = append(x.found, f)
	if x.o.Tell != nil {
		x.o.Tell(f)
	}
}

func (x *examination) ok(check, found string, args ...any) {
	x.add(Finding{Check: check, Level: OK, Found: fmt.Sprintf(found, args...)})
}

func (x *examination) warn(check, found, do string) {
	x.add(Finding{Check: check, Level: Warn, Found: found, Do: do})
}

func (x *examination) fail(check, found, do string) {
	x.add(Finding{Check: check, Level: Fail, Found: found, Do: do})
}

// printable keeps a finding on one line and harmless for a terminal, whatever others have put into it.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.TrimSpace(s))
}

// count says how many there are of something.
func count[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (x *examination) settings() {
	if len(x.o.Problems) == 0 {
		x.ok("settings", "complete")
	}
	for _, p := range x.o.Problems {
		x.fail("settings", p.Variable+" "+p.What, p.Fix)
	}
}
