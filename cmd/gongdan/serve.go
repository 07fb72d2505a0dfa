package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/inmemory"
)

// stopWithin is how long a shutdown may take.
const stopWithin = 10 * time.Second

type serveCmd struct {
	InMemory bool `help:"Keep everything in memory: all tickets are lost when the bot stops. For trying it out."`
}

// Help is the longer text of --help.
func (serveCmd) Help() string {
	return `Settings come from the environment; see docs/configuration.md. Example:

  SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… REDIS_URL=redis://localhost:6379 gongdan serve`
}

func (c *serveCmd) Run(r *run) error {
	var waivers []config.Waiver
	if c.InMemory {
		waivers = append(waivers, config.WithoutRedis)
	}
	cfg, err := config.Load(nil, waivers...)
	if err != nil {
		return &exitError{2, err}
	}
	log := logger(r.stderr, cfg)
	if c.InMemory {
		mem, err := inmemory.Start()
		if err != nil {
			return fmt.Errorf("start Redis in memory: %w", err)
		}
		defer mem.Close()
		cfg.Redis = mem.Options()
		log.Warn("everything is kept in memory and lost when the bot stops")
	}
	return serve(r.ctx, app.Options{Config: cfg, Log: log})
}

// serve runs the bot until ctx ends or it cannot work with its settings.
func serve(ctx context.Context, o app.Options) error {
	redis.SetLogger(redisLog{o.Log})
	a, err := app.New(o)
	if err != nil {
		return &exitError{2, err}
	}
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, stop(a))
	}
	o.Log.Info("started", "settings", o.Config, "addr", a.Addr())
	hangup := make(chan os.Signal, 1)
	if o.Config.TeamFile != "" { // without one a closed terminal ends the program, as it does any other
		signal.Notify(hangup, syscall.SIGHUP)
		defer signal.Stop(hangup)
	}
	for {
		select {
		case <-hangup:
			a.Reload()
		case <-ctx.Done():
			return stop(a)
		case err := <-a.Fatal():
			return errors.Join(&exitError{2, err}, stop(a))
		}
	}
}

func stop(a *app.App) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	return a.Stop(ctx)
}

// redisLog takes the Redis client's own lines, which would else go to standard error in a form of their own. What matters
// of them is logged by those who wait.
type redisLog struct{ log *slog.Logger }

// Printf logs one line.
func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "redis client", "said", fmt.Sprintf(format, v...))
}

// logger writes as the configuration says. Nothing that is logged holds message text, tokens or personal data.
func logger(w io.Writer, c config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Log.Level}
	if c.Log.JSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

type healthcheckCmd struct {
	Address string `help:"Where the bot listens." default:"http://127.0.0.1:8080" env:"GONGDAN_HEALTH_URL"`
}

// Help is the longer text of --help.
func (healthcheckCmd) Help() string {
	return `Exit code 0: it is alive; 1: it is not, or does not answer. /readyz says whether it is
ready. Example:

  gongdan healthcheck --address http://127.0.0.1:8080`
}

func (c *healthcheckCmd) Run(r *run) error {
	ctx, cancel := context.WithTimeout(r.ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Address+"/healthz", nil)
	if err != nil {
		return &exitError{2, err}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the bot does not answer: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the bot answers %s", resp.Status)
	}
	return nil
}
