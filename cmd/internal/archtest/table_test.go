package archtest

// packages lists every package and what it may import of this project outside its tests. A package that is not
// listed fails; one that is listed and does not exist is only logged, so that a line can come before its code.
var packages = map[string][]string{
	"tickets":            {"tickets/sla"},
	"tickets/sla":        {},
	"tickets/sla/lines":  {"tickets/sla"},
	"tickets/timers":     {"tickets", "tickets/sla"},
	"tickets/memstore":   {"tickets"},
	"tickets/redisshard": {"tickets"},
	"tickets/redisstore": {"tickets", "tickets/redisshard"},
	"tickets/storetest":  {"tickets", "tickets/sla"},

	"intents":          {"intents/entities", "intents/linear", "prompts"},
	"intents/entities": {},
	"intents/linear":   {},
	"intents/evals":    {"intents", "intents/entities", "intents/linear"},

	"intents/corrections": {"intents", "intents/entities", "intents/linear"},

	"prompts":             {},
	"prompts/openaimodel": {"prompts"},
	"prompts/budget":      {"prompts"},
	"prompts/redisledger": {"prompts/budget"},

	"bot":            {"bot/typed", "bot/words", "intents", "intents/corrections", "intents/entities", "tickets", "tickets/sla"},
	"bot/words":      {"tickets", "tickets/sla"},
	"bot/typed":      {"tickets"},
	"bot/redisinbox": {"bot", "tickets", "tickets/redisshard"},
	"bot/slackapi":   {"bot", "bot/words", "tickets"},
	"bot/slacksim":   {},

	"bot/slacksim/browsertest": {},

	"cmd/internal/archtest": {},
	"cmd/internal/replicas": {},
	"cmd/internal/config":   {},

	"cmd/internal/config/strictyaml": {},
	"cmd/internal/config/teamfile":   {"bot/typed", "bot/words", "cmd/internal/config/strictyaml", "intents", "tickets", "tickets/sla"},

	"cmd/internal/explain":   {"bot/words", "tickets", "tickets/sla"},
	"cmd/internal/revisions": {"cmd/internal/config/teamfile", "tickets"},
	"cmd/internal/simclock":  {},
	"cmd/internal/inmemory":  {},
	"cmd/internal/app": {
		"bot", "bot/redisinbox", "bot/slackapi", "bot/typed", "bot/words", "cmd/internal/config", "cmd/internal/config/strictyaml",
		"cmd/internal/revisions",
		"intents", "intents/corrections", "intents/entities", "intents/evals", "intents/linear", "prompts", "prompts/budget", "prompts/openaimodel", "prompts/redisledger",
		"tickets", "tickets/memstore", "tickets/redisshard", "tickets/redisstore", "tickets/sla", "tickets/timers",
	},
	"cmd/internal/world": {"bot/slacksim", "cmd/internal/inmemory", "cmd/internal/simclock", "tickets/redisshard", "tickets/redisstore"},
	"cmd/internal/demo":  {"bot/slacksim", "cmd/internal/world", "tickets", "tickets/redisshard", "tickets/sla"},
	"cmd/internal/tour":  {"bot/slacksim", "cmd/internal/world", "tickets", "tickets/sla"},
	"cmd/internal/chaos": {
		"bot", "bot/redisinbox", "bot/slackapi", "bot/slacksim", "bot/words", "cmd/internal/config", "cmd/internal/inmemory",
		"cmd/internal/simclock", "tickets", "tickets/redisshard", "tickets/redisstore", "tickets/sla", "tickets/timers",
	},
	"cmd/internal/doctor": {
		"bot", "bot/redisinbox", "bot/slackapi", "cmd/internal/app", "cmd/internal/config", "cmd/internal/config/strictyaml",
		"cmd/internal/config/teamfile", "cmd/internal/revisions", "intents/corrections", "prompts", "prompts/openaimodel",
		"tickets", "tickets/redisshard", "tickets/redisstore",
	},
	"cmd/internal/bench": {
		"bot", "bot/slackapi", "bot/slacksim", "bot/words", "cmd/internal/app", "cmd/internal/config", "cmd/internal/inmemory",
		"tickets", "tickets/redisshard", "tickets/redisstore", "tickets/timers",
	},
	"cmd/gongdan": {
		"bot", "bot/redisinbox", "bot/slackapi", "bot/slacksim", "bot/words", "cmd/internal/app", "cmd/internal/bench", "cmd/internal/chaos",
		"cmd/internal/config", "cmd/internal/config/strictyaml", "cmd/internal/config/teamfile", "cmd/internal/demo", "cmd/internal/doctor", "cmd/internal/explain", "cmd/internal/inmemory", "cmd/internal/simclock", "cmd/internal/tour", "intents",
		"intents/corrections", "intents/entities", "intents/evals", "intents/linear", "prompts", "prompts/openaimodel", "tickets", "tickets/redisshard",
		"tickets/redisstore", "tickets/sla", "tickets/sla/lines", "tickets/timers",
	},
}

// never holds the edges that tests may not have either. Beyond these a test may import what it likes of the
// project; the compiler refuses cycles.
var never = []struct{ from, to, why string }{
	{"intents", "tickets", "what a message means and what a ticket is are joined in bot alone"},
	{"tickets", "intents", "what a message means and what a ticket is are joined in bot alone"},
	{"tickets", "bot", "tickets do not know who talks about them"},
	{"intents", "bot", "a classifier does not know who asks"},
	{"prompts", "tickets", "no word sent to a model depends on stored tickets"},
	{"prompts", "bot", "a model adapter does not know who asks"},
	{"bot/slacksim", "", "the simulator stands for somebody else's server"},
	{"cmd/internal/archtest", "", "the rules read the tree as text"},
}

// libraries lists each outside module with the packages that may import it outside tests; "…" matches everything
// beneath. anywhere and onlyTests are as they say.
var libraries = map[string][]string{
	"github.com/slack-go/slack":            {"bot/slackapi"},
	"github.com/gorilla/websocket":         {"bot/slackapi", "bot/slacksim"},
	"github.com/redis/go-redis/v9":         {"bot/redisinbox", "prompts/redisledger", "tickets/redisshard", "tickets/redisstore", "cmd/…"},
	"github.com/alicebob/miniredis/v2":     {"cmd/internal/…"},
	"github.com/sashabaranov/go-openai":    {"prompts/openaimodel"},
	"github.com/sony/gobreaker/v2":         {"prompts/openaimodel"},
	"github.com/kelseyhightower/envconfig": {"cmd/internal/config"},
	"github.com/alecthomas/kong":           {"cmd/gongdan"},
	"github.com/nicksnyder/go-i18n/v2":     {"bot/words"},
	"github.com/goccy/go-yaml":             {"bot/slackapi", "bot/words", "cmd/internal/config/strictyaml"},
	"github.com/prometheus/client_golang":  {"bot", "bot/slackapi", "bot/redisinbox", "tickets/timers", "cmd/internal/app"},
	"golang.org/x/time":                    {"bot", "bot/slackapi", "bot/slacksim"},
	"golang.org/x/sync":                    anywhere,
	"golang.org/x/text":                    anywhere,
	"github.com/google/go-cmp":             {"tickets/storetest"},
	"pgregory.net/rapid":                   {"tickets/storetest"},
	"github.com/prometheus/client_model":   onlyTests,
	"github.com/chromedp/chromedp":         {"bot/slacksim/browsertest"},
	"github.com/chromedp/cdproto":          {"bot/slacksim/browsertest"},
}

// testLibraries are outside modules that tests import beyond the packages above; every other library stays with
// its owners in tests too.
var testLibraries = map[string][]string{
	"github.com/slack-go/slack":           {"bot/slacksim"},
	"github.com/gorilla/websocket":        {"cmd/internal/…"},
	"github.com/chromedp/chromedp":        {"bot/slacksim", "cmd/gongdan"},
	"github.com/redis/go-redis/v9":        {"tickets/timers"},
	"github.com/goccy/go-yaml":            {"cmd/internal/config/teamfile"},
	"github.com/alicebob/miniredis/v2":    anywhere,
	"github.com/google/go-cmp":            anywhere,
	"pgregory.net/rapid":                  anywhere,
	"github.com/prometheus/client_golang": anywhere,
	"github.com/prometheus/client_model":  anywhere,
}

var (
	anywhere  = []string{"…"}
	onlyTests = []string{}
)

// callers of the functions that reach for the world by themselves, outside tests.
var (
	// clockCallers may call time.Now, time.Since and time.Until; others name time.Now as a default.
	clockCallers = []string{"cmd/…"}
	// environmentReaders may ask for variables; the demo also hands the whole environment to a child process.
	environmentReaders = []string{"cmd/internal/config"}
	environmentCopiers = []string{"cmd/gongdan", "cmd/internal/world", "cmd/internal/chaos", "cmd/internal/app"}
	// testKits are packages for tests only, so they import testing though they are not tests.
	testKits = []string{"tickets/storetest", "bot/slacksim/browsertest"}
)

// excused are files that break a rule for a reason; an excuse that nothing needs any more fails.
var excused = []struct{ file, rule, why string }{
	{"tickets/storetest/redis.go", "no sleeping", "waits for a redis-server, a process that gives no other sign of being ready"},
}

// badNames are package names that say nothing.
var badNames = []string{"util", "utils", "common", "helper", "helpers", "types", "models", "misc", "base", "shared"}

// maxLines is where a source file must have been split.
const maxLines = 500
