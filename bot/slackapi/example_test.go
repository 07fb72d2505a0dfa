package slackapi_test

import (
	"encoding/json"
	"fmt"

	"gongdan/bot"
	"gongdan/bot/slackapi"
)

// A delivery becomes an envelope, which is kept, and later an input.
func Example() {
	raw := json.RawMessage(`{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message",
		"channel":"C1","user":"U1","ts":"1700000000.000100","text":"<@UBOT> 买家说杯子碎了 &amp; 要退货"}}`)
	env, err := slackapi.Classify(raw, slackapi.CarrierEvents)
	if err != nil {
		panic(err)
	}
	decoder := slackapi.NewDecoder(slackapi.StaticOf(slackapi.Installation{Workspace: "T1", BotUser: "UBOT"}))
	fmt.Println(env.Key)
	fmt.Println(decoder.Decode(env).Message.Text, decoder.Decode(env).Message.ToBot)
	// Output:
	// T1/message/C1/1700000000.000100
	// @UBOT 买家说杯子碎了 & 要退货 true
}

// A view is drawn so that nothing in it pings, links or formats.
func ExampleRender() {
	v := bot.View{Summary: "<!channel> T-1042", Header: "T-1042 · 退货"}
	fmt.Println(slackapi.Fallback(v), len(slackapi.Render(v, "")))
	// Output: &lt;!channel&gt; T-1042 1
}
