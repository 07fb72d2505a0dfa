package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/bot/redisinbox"
	"gongdan/bot/slackapi"
	"gongdan/bot/words"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/revisions"
	"gongdan/intents"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
	"gongdan/tickets/timers"
)

// Options are what an App is made of.
type Options struct {
	Config config.Config
	// Installations are the workspaces that are served, one app's all; nil = the one of SLACK_BOT_TOKEN. Whichever there are
	// when the bot starts: one that is added later is served by the next start.
	Installations slackapi.Installations
	// Policies are the rules of the workspaces; nil = those of the team file, else tickets.DefaultPolicy.
	Policies tickets.Policies
	// Clock is tickets' time; nil = the wall clock corrected to Redis' own.
	Clock timers.Clock
	// Pace scales the limits on what is said to Slack; 0 = 1 = Slack's own.
	Pace float64
	// Lessons is the pause between two looks at what people have corrected; 0 = 20 s.
	Lessons time.Duration
	// TrainWithin is how long one training of a workspace's own model may take; 0 = a minute.
	TrainWithin time.Duration
	Log         *slog.Logger
}

// App is the running bot. Start may be called once; Stop is safe before Start, twice and from several goroutines.
type App struct {
	o       Options
	log     *slog.Logger
	metrics *metrics
	reg     *prometheus.Registry
	closers closers
	words   *words.Catalogue
	minds   *minds
	book    *revisions.Book       // nil where the policies were given
	rules   atomic.Pointer[rules] // exist from when the team file was read

	rdb, blocking redis.UniversalClient
	api           *slackapi.API
	// parts exist from when Redis and Slack have answered until the bot stops.
	parts    atomic.Pointer[parts]
	events   *slackapi.Events // takes deliveries over HTTP; nil in Socket Mode
	errands  *errands
	training chan struct{} // holds one while a model is trained
	fatal    chan error
	listener net.Listener
}

// parts are what needs the answers of Redis and Slack to be made.
type parts struct {
	installs slackapi.Installations
	people   *slackapi.Directory
	voice    *slackapi.Messenger
	decoder  *slackapi.Decoder
	store    *redisstore.Store
	inbox    *redisinbox.Inbox
	keeper   *redisshard.Keeper
	talk     *bot.Conversation
	forms    *bot.Forms
	windows  *slackapi.Windows
	past     *slackapi.Past
	heard    heard
	socket   *slackapi.SocketMode
	shards   int
	owned    *owned
	auditor  *auditor
}

// New checks the options and makes an App. It does no I/O.
func New(o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Config.Redis == nil {
		return nil, errors.New("no Redis is configured")
	}
	var book *revisions.Book
	if o.Policies == nil {
		book = revisions.NewBook()
		o.Policies = book
	}
	reg := prometheus.NewRegistry()
	a := &App{book: book, o: o, log: o.Log, reg: reg, metrics: newMetrics(reg), closers: closers{log: o.Log},
		errands: newErrands(o.Log), training: make(chan struct{}, 1), fatal: make(chan error, 1)}
	api, err := slackapi.NewAPI(slackapi.APIOptions{URL: o.Config.Slack.APIURL,
		OnCall: func(method, result string, took time.Duration) {
			a.metrics.calls.WithLabelValues(method, result).Observe(took.Seconds())
		}})
	if err != nil {
		return nil, fmt.Errorf("SLACK_API_URL: %w", err)
	}
	a.api = api
	if a.words, err = words.New(); err != nil {
		return nil, fmt.Errorf("read the words: %w", err)
	}
	if a.minds, err = newMinds(o.Config, o.Log, a.watched); err != nil {
		return nil, err
	}
	if !o.Config.Slack.SocketMode() {
		if a.events, err = a.overHTTP(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// overHTTP makes what receives signed requests. Before the bot is ready, and while it stops, Slack is asked to come again.
func (a *App) overHTTP() (*slackapi.Events, error) {
	secret := slackapi.Secret(a.o.Config.Slack.SigningSecret.Reveal())
	e, err := slackapi.NewEvents(slackapi.EventsOptions{SigningSecret: secret, Log: a.log,
		Sink: func(ctx context.Context, e bot.Envelope, h slackapi.Hint) (json.RawMessage, error) {
			p := a.parts.Load()
			if p == nil {
				return nil, fmt.Errorf("keep %s: not ready: %w", e.Kind, tickets.ErrTemporary)
			}
			return a.sink(p)(ctx, e, h)
		}})
	if err != nil {
		return nil, fmt.Errorf("SLACK_APP_TOKEN is not set, and SLACK_SIGNING_SECRET: %w", err)
	}
	return e, nil
}

// Start listens for health checks at once and brings up everything else behind them, waiting for Redis and Slack as
// long as it takes. Fatal reports what waiting cannot cure.
func (a *App) Start(ctx context.Context) error {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", a.o.Config.HTTPAddr)
	if err != nil {
		return fmt.Errorf("listen on HTTP_ADDR %s: %w", a.o.Config.HTTPAddr, err)
	}
	a.listener = ln
	srv := &http.Server{Handler: a.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10}
	a.closers.add("http", background(func(context.Context) {
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			a.fail(fmt.Errorf("serve HTTP: %w", err))
		}
	}))
	a.closers.add("http server", srv.Shutdown)
	a.connect()
	a.closers.add("private answers", a.errands.close)
	a.closers.add("bot", background(a.run))
	return nil
}

// Addr is where the HTTP server listens; "" before Start.
func (a *App) Addr() string {
	if a.listener == nil {
		return ""
	}
	return a.listener.Addr().String()
}

// fail reports what waiting cannot cure; the first report counts.
func (a *App) fail(err error) {
	select {
	case a.fatal <- err:
	default:
	}
}

// Fatal receives the error after which the bot cannot work until somebody changes its settings.
func (a *App) Fatal() <-chan error { return a.fatal }

// Stop ends everything in reverse order under ctx's deadline.
func (a *App) Stop(ctx context.Context) error { return a.closers.close(ctx) }

// connect makes the Redis clients; they connect when first used. Blocking reads have a client of their own, so that
// they never keep a commit waiting for a connection.
func (a *App) connect() {
	shared := *a.o.Config.Redis
	shared.ContextTimeoutEnabled = true // a Redis that hangs must not outlast the deadlines of acks and leases
	a.rdb = redis.NewUniversalClient(&shared)
	blocking := shared
	blocking.PoolSize, blocking.ReadTimeout = redisshard.MaxShards, 10*time.Second // a bound, not a number of connections
	a.blocking = redis.NewUniversalClient(&blocking)
	a.closers.add("redis", func(context.Context) error { return errors.Join(a.rdb.Close(), a.blocking.Close()) })
}

// run brings the bot up and works until ctx ends.
func (a *App) run(ctx context.Context) {
	p, err := a.bring(ctx)
	if err != nil {
		if ctx.Err() == nil {
			a.fail(err)
		}
		return
	}
	a.parts.Store(p)
	defer a.parts.Store(nil) // from now on not ready
	defer p.talk.Wait()
	follows, learns := background(a.follow(p)), background(a.followMinds(p))
	defer func() { _ = follows(context.WithoutCancel(ctx)) }()
	defer func() { _ = learns(context.WithoutCancel(ctx)) }()
	stop, rest := background(p.keeper.Run), background(p.auditor.Run)
	defer func() { _ = rest(context.WithoutCancel(ctx)) }()
	defer func() { _ = stop(context.WithoutCancel(ctx)) }()
	if h := a.heartbeat(p.auditor); h != nil {
		still := background(h.Run)
		defer func() { _ = still(context.WithoutCancel(ctx)) }()
	}
	a.log.Info("ready", "workspaces", len(a.workspaces(ctx, p)), "shards", p.shards)
	if p.socket == nil {
		<-ctx.Done()
		a.parts.Store(nil) // nothing more is taken while the shards are given back
		return
	}
	if err := p.socket.Run(ctx); err != nil && ctx.Err() == nil {
		a.fail(err)
	}
}

// bring waits for Redis and Slack and makes the parts that need them.
func (a *App) bring(ctx context.Context) (*parts, error) {
	p := &parts{}
	err := a.persist(ctx, "Redis", func() (err error) {
		p.shards, err = redisshard.Setup(ctx, a.rdb, "", a.o.Config.Shards)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.installs, err = a.installations(ctx); err != nil {
		return nil, err
	}
	a.assemble(p)
	served, err := p.installs.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the installations: %w", err)
	}
	for _, in := range served {
		ws := in.Workspace
		keys := redisshard.KeysOf("", tickets.ShardOf(ws, p.shards))
		if err := a.persist(ctx, "Redis", func() error { return redisshard.Register(ctx, a.rdb, keys, ws) }); err != nil {
			return nil, err
		}
	}
	return p, a.openRules(ctx, p)
}

// installations are the given ones, or the one that Slack says the bot token belongs to.
func (a *App) installations(ctx context.Context) (slackapi.Installations, error) {
	if a.o.Installations != nil {
		return a.o.Installations, nil
	}
	var one *slackapi.Static
	err := a.persist(ctx, "Slack", func() (err error) {
		one, err = slackapi.NewStatic(ctx, a.api, slackapi.Secret(a.o.Config.Slack.BotToken.Reveal()))
		return unusable(err)
	})
	return one, err
}

// unusable makes a refusal of the bot token permanent: while a running bot waits for a token to be accepted again, one that
// is refused at the start is a wrong setting.
func unusable(err error) error {
	var no *slackapi.Refused
	if !errors.As(err, &no) {
		return err
	}
	switch no.Word {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type":
		return fmt.Errorf("SLACK_BOT_TOKEN is not accepted by Slack (%s). Copy the Bot User OAuth Token (xoxb-…) from your "+
			"app's page “OAuth & Permissions” at https://api.slack.com/apps, and see that the app is still installed", no.Word)
	}
	return err
}

// persist tries until it works, ctx ends, or trying again is useless.
func (a *App) persist(ctx context.Context, what string, try func() error) error {
	for wait := 250 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := try()
		if err == nil || !errors.Is(err, tickets.ErrTemporary) {
			return err
		}
		a.log.Warn("waiting for "+what+", not ready", "err", err)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

func (a *App) workspaces(ctx context.Context, p *parts) []tickets.WorkspaceID {
	all, err := p.installs.All(ctx)
	if err != nil {
		a.log.Error("installations unknown", "err", err)
	}
	out := make([]tickets.WorkspaceID, len(all))
	for i, in := range all {
		out[i] = in.Workspace
	}
	return out
}

// assemble makes the parts from each other.
func (a *App) assemble(p *parts) {
	p.people = slackapi.NewDirectory(a.api, p.installs, slackapi.DirectoryOptions{})
	p.voice = slackapi.NewMessenger(a.api, p.installs)
	p.decoder = slackapi.NewDecoder(p.installs)
	p.store = redisstore.New(a.rdb, p.shards, redisstore.Options{})
	p.inbox = redisinbox.New(a.rdb, a.blocking, p.shards, redisinbox.Options{Wait: a.o.Config.IntakeWait})
	p.owned = newOwned()
	host, _ := os.Hostname()
	p.keeper = redisshard.NewKeeper(a.rdb, redisshard.Options{Shards: p.shards, Log: a.log,
		Owner: fmt.Sprintf("%s/%d", host, os.Getpid()),
		Own:   func(ctx context.Context, l redisshard.Lease) { a.own(ctx, p, l) }})
	if a.o.Clock == nil {
		a.o.Clock = timers.SystemClock(p.keeper.Now)
	}
	p.talk = bot.New(bot.Options{Store: p.store, Policies: a.o.Policies, People: p.people, Minds: a.minds.common, MindsOf: a.minds.of, Words: a.words,
		Now: a.o.Clock.Now, Wall: time.Now, Log: a.log, Watch: a.metrics.watch(), Intake: p.inbox,
		Mode: intents.Mode(a.o.Config.Understanding),
		Committed: func(ws tickets.WorkspaceID, done tickets.Committed, said bool) {
			p.owned.tell(tickets.ShardOf(ws, p.shards), done, said)
		}})
	p.auditor = a.audit(p)
	p.windows = slackapi.NewWindows(a.api, p.installs)
	p.past = slackapi.NewPast(a.api, p.installs, slackapi.PastOptions{Now: a.o.Clock.Now})
	p.forms = &bot.Forms{Talk: p.talk, Windows: p.windows, Openings: p.inbox, Wall: time.Now, Log: a.log}
	if a.o.Config.Slack.SocketMode() {
		p.socket = slackapi.NewSocketMode(a.api, slackapi.SocketOptions{Log: a.log, Sink: a.sink(p),
			AppToken: slackapi.Secret(a.o.Config.Slack.AppToken.Reveal())})
	}
}
