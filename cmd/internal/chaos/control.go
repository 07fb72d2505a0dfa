package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"regexp"
	"time"

	"gongdan/bot"
	"gongdan/bot/slackapi"
	"gongdan/cmd/internal/config"
)

// naiveCard begins what the wrong bot says.
const naiveCard = "ticket for order "

var orderPattern = regexp.MustCompile(`20241122\d{11}`)

// ServeWrong is a bot that does what bots commonly do: it keeps nothing, and either acts and then acknowledges, or the other
// way round. It uses the product's own transport, so that the order of these two is the only difference.
func ServeWrong(ctx context.Context, c config.Config, arm Arm) error {
	api, err := slackapi.NewAPI(slackapi.APIOptions{URL: c.Slack.APIURL})
	if err != nil {
		return err
	}
	installs, err := slackapi.NewStatic(ctx, api, slackapi.Secret(c.Slack.BotToken.Reveal()))
	if err != nil {
		return err
	}
	voice, decoder := slackapi.NewMessenger(api, installs), slackapi.NewDecoder(installs)
	effect := func(ctx context.Context, m bot.Message) error {
		if !pause(ctx, workTime(m.TS)) {
			return ctx.Err()
		}
		text := naiveCard + orderPattern.FindString(m.Text)
		_, err := voice.Post(ctx, team, bot.Post{Channel: m.Channel, Thread: m.TS, View: bot.View{Lang: "en", Summary: text, Lines: []bot.Line{{Text: text}}}})
		if err != nil {
			return err
		}
		pause(ctx, workTime(m.TS)) // what a handler does after its effect: counts, logs, a second call
		return nil
	}
	sink := func(ctx context.Context, e bot.Envelope, _ slackapi.Hint) (json.RawMessage, error) {
		m := decoder.Decode(e).Message
		if m == nil || m.Own || m.Bot || !orderPattern.MatchString(m.Text) {
			return nil, nil
		}
		if arm == AckThenEffect {
			later := context.WithoutCancel(ctx)
			go func() { _ = effect(later, *m) }()
			return nil, nil
		}
		return nil, effect(ctx, *m)
	}
	if arm != EffectThenAck && arm != AckThenEffect {
		return fmt.Errorf("arm %q: choose %s or %s", arm, EffectThenAck, AckThenEffect)
	}
	return slackapi.NewSocketMode(api, slackapi.SocketOptions{AppToken: slackapi.Secret(c.Slack.AppToken.Reveal()), Sink: sink}).Run(ctx)
}

// workTime is how long one part of the work on a message takes: 10 to 60 ms, as calls to databases and services do.
func workTime(ts string) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(ts))
	return time.Duration(10+h.Sum32()%50) * time.Millisecond
}
