package entities_test

import (
	"strings"
	"testing"

	"gongdan/intents/entities"
)

// TestMaskedNumbers: what a marketplace shows but a part of is no number, whatever label stands before it.
func TestMaskedNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"138****5678": "", "买家电话138****5678催发货": "", "订单号138****5678": "", "订单号138xxxx5678退款": "", "订单号 138 **** 5678": "",
		"订单1381234**** 退款": "", "单号***5678901": "", "订单号：****567890": "", "赔付138****5678": "", "运费138****5678": "", "差价 138***5678": "",
		"138＊＊＊＊5678": "", "138●●●●5678": "", "138-****-5678": "", "订单 2024****5678": "", "身份证 110101********1234": "",
		// in the other direction
		"手机号 138****5678，订单6920241122334455667":  "ORDER 6920241122334455667",
		"补138XXXX5678 20元":                       "AMOUNT 20",
		"138****5678 5元":                         "AMOUNT 5",
		"订单号 ***6920241122334455667***":          "ORDER 6920241122334455667",
		"*订单号* 6920241122334455667":              "ORDER 6920241122334455667",
		"*订单号*：*6920241122334455667*":            "ORDER 6920241122334455667",
		"尺寸 20*30*5，订单6920241122334455667":       "ORDER 6920241122334455667",
		"13812345678 和 187****0002":              "PHONE 13812345678",
		"浙江省杭州市西湖区文三路5号***1234室 王女士 13812345678": "ADDRESS NAME PHONE",
	} {
		var got []string
		for _, e := range entities.Find(text, options) {
			if word := string(e.Type) + " " + e.Value; strings.Contains(want, word) {
				got = append(got, word)
			} else {
				got = append(got, string(e.Type))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %q", text, got, want)
		}
	}
}

// TestCardOrOrder: the check digit of a bank card is right by chance in every tenth number, so the words before it count.
func TestCardOrOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"订单号 4111111111111111": true, "订单：4111111111111111 退款": true, "订单编号：4111 1111 1111 1111": true, "order no 4111111111111111": true,
		"订单里 4111111111111111 没发": true, "买家订单信息 4111111111111111": true, "订单4111111111111111和5500005555555559": true,
		"银行卡号 4111111111111111": false, "4111111111111111": false, "退款到 4111111111111111": false, "卡号写在订单备注 4111111111111111": false,
		"订单退款到 4111111111111111": false, "order refund to card 4111111111111111": false, "订单6920241122334455667的钱打 4111111111111111": false,
	} {
		got := false
		for _, e := range entities.Find(text, options) {
			got = got || e.Type == entities.Order && e.Value == "4111111111111111"
		}
		if got != want {
			t.Errorf("%q: an order %t, want %t", text, got, want)
		}
	}
}
