package linear_test

import (
	"fmt"

	"gongdan/intents/linear"
)

func ExampleDefault() {
	m, err := linear.Default()
	if err != nil {
		fmt.Println(err)
		return
	}
	p := m.Predict("订单 2024112233445566778 买家说收到的杯子碎了，要退货")
	fmt.Println(p.Label, p.P > 0.5)
	fmt.Println(m.Predict("中午吃什么").P > 0.5)
	// Output:
	// goods_return true
	// false
}
