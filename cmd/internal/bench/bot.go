package bench

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot/slackapi"
	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/tickets/redisshard"
)

// ErrInUse says that the given Redis holds a bot's data, which a measurement must not touch.
var ErrInUse = errors.New("this Redis holds a bot's data: give an empty one, or another database of it such as redis://host:6379/1")

// vacant refuses a Redis that a bot uses: this bot's keys would mix with its own.
func vacant(ctx context.Context, rdb redis.UniversalClient) error {
	n, err := rdb.Exists(ctx, redisshard.DefaultPrefix+"shards").Result()
	if err == nil && n > 0 {
		return ErrInUse
	}
	return redisshard.Translate("look for a bot's data", err)
}

// vacate removes what the bot has left; all of it came from here.
func vacate(ctx context.Context, rdb redis.UniversalClient) error {
	it := rdb.Scan(ctx, 0, redisshard.DefaultPrefix+"*", 1000).Iterator()
	for it.Next(ctx) {
		if err := rdb.Unlink(ctx, it.Val()).Err(); err != nil {
			return redisshard.Translate("clean up", err)
		}
	}
	return redisshard.Translate("clean up", it.Err())
}

// startBot starts a whole bot as serve does, for the given workspaces or, with nil, for the one of the bot token in vars.
// The returned function stops it.
func (s *Server) startBot(ctx context.Context, vars map[string]string, installs slackapi.Installations) (a *app.App, stop func() error, err error) {
	vars["HTTP_ADDR"], vars["SHARDS"] = "127.0.0.1:0", strconv.Itoa(redisshard.DefaultShards)
	waivers := []config.Waiver{config.WithoutRedis}
	if installs != nil {
		waivers = append(waivers, config.WithoutSlack) // which demands a bot token; each installation has its own
	}
	cfg, err := config.Load(func(name string) (string, bool) { v, ok := vars[name]; return v, ok }, waivers...)
	if err != nil {
		return nil, nil, err
	}
	redisAt := *s.options
	cfg.Redis = &redisAt
	if a, err = app.New(app.Options{Config: cfg, Installations: installs}); err != nil {
		return nil, nil, fmt.Errorf("make the bot: %w", err)
	}
	stop = func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return a.Stop(ctx)
	}
	if err := a.Start(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("start the bot: %w", err), stop())
	}
	return a, stop, nil
}
