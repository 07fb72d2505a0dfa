package slackapi

import (
	"encoding/json"
	"testing"
)

// BenchmarkTake is what one message costs between the socket and the store.
func BenchmarkTake(b *testing.B) {
	raw := json.RawMessage(callback(`{"type":"message","channel":"C1","user":"U1","ts":"1700000000.000100","text":"订单 2024112233445566778 买家说收到的杯子碎了，要退货","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"订单 2024112233445566778 买家说收到的杯子碎了，要退货"}]}]}]}`))
	d := NewDecoder(installed())
	for b.Loop() {
		env, err := Classify(raw, CarrierEvents)
		if err != nil || d.Decode(env).Message == nil {
			b.Fatal(err)
		}
		look(raw)
	}
}

// BenchmarkRender is what one card costs.
func BenchmarkRender(b *testing.B) {
	v := views()["card.zh-CN"]
	for b.Loop() {
		if len(Render(v, "")) == 0 {
			b.Fatal("nothing drawn")
		}
	}
}
