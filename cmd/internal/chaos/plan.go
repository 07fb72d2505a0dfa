package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Kind says what a person does.
type Kind string

// Kinds of act.
const (
	Request Kind = "request" // a message that is a ticket
	Command Kind = "command" // /ticket new
	Chat    Kind = "chat"    // a message that is none
	Reply   Kind = "reply"   // in a request's thread
	Edit    Kind = "edit"    // of a request
	Remark  Kind = "remark"  // /ticket note
	Claim   Kind = "claim"
	Resolve Kind = "resolve"
	Answer  Kind = "answer"
	Ack     Kind = "ack" // on it, pressed on an escalation
)

// act is one thing that somebody will do. Everything in it follows from the seed.
type act struct {
	at           time.Duration
	kind         Kind
	who, channel string
	order        string
	text         string
	ahead        time.Duration // of a marketplace's deadline, in the sample's time; 0 = none
	of           int           // the act it is about; -1 = none
	then         Kind          // pressed after this one was acknowledged; "" = nothing
	again        []time.Duration
}

// outage is one kill and when the process is started again.
type outage struct{ at, back time.Duration }

// plan is what happens when, counted by the wall clock from the first start.
type plan struct {
	acts   []act
	kills  []outage
	redis  []outage
	length time.Duration
}

// When nothing new begins any more before the end, so that the last clocks can speak.
const (
	lastRequest  = 2 * time.Second
	lastPlatform = 6 * time.Second
)

func newPlan(o Options, arm Arm) plan {
	r := rand.New(rand.NewPCG(uint64(o.Seed), uint64(len(arm))))
	p := plan{}
	p.planKills(r, o.Kills, arm)
	p.planRedis(r, o.RedisKills)
	p.planActs(r, o.Rate, arm)
	return p
}

// planKills draws how long the bot lives each time. About a third of the lives end before a shard can be owned again, so
// that acknowledged envelopes wait for the next life; the others end amid everything. The control needs no lease.
func (p *plan) planKills(r *rand.Rand, n int, arm Arm) {
	at := 500 * time.Millisecond
	for range n {
		switch {
		case arm != Product:
			at += between(r, 500*time.Millisecond, 1500*time.Millisecond)
		case r.Float64() < 0.3:
			at += between(r, 150*time.Millisecond, 2*time.Second)
		default:
			at += between(r, 2200*time.Millisecond, 5200*time.Millisecond)
		}
		back := at + between(r, 0, 300*time.Millisecond)
		p.kills = append(p.kills, outage{at, back})
		at = back
	}
	p.length = at + 3*time.Second
}

func (p *plan) planRedis(r *rand.Rand, n int) {
	for i := range n {
		slot := p.length / time.Duration(n+1)
		at := slot*time.Duration(i) + slot/2 + between(r, 0, slot/2)
		p.redis = append(p.redis, outage{at, at + between(r, 50*time.Millisecond, 1500*time.Millisecond)})
	}
}

func (p *plan) planActs(r *rand.Rand, rate float64, arm Arm) {
	const actsPerRequest = 2.4
	pause := time.Duration(float64(time.Second) * actsPerRequest / rate)
	if arm != Product {
		p.planControl(r, time.Duration(float64(time.Second)/rate))
		return
	}
	for at := time.Duration(0); at < p.length-lastRequest; at += between(r, pause/2, pause*3/2) {
		p.planRequest(r, at)
		if r.Float64() < 0.2 {
			p.add(act{at: at + pause/3, kind: Chat, text: chats[r.IntN(len(chats))]}, r)
		}
	}
}

// planControl plans requests alone, none of them delivered twice by plan: only a kill may double anything.
func (p *plan) planControl(r *rand.Rand, pause time.Duration) {
	for at := time.Duration(0); at < p.length-lastRequest; at += between(r, pause/2, pause*3/2) {
		i := p.add(act{at: at, kind: Request, text: requests[r.IntN(len(requests))]}, r)
		p.acts[i].again = nil
	}
}

// add completes an act with who does it, where, and when it is delivered again.
func (p *plan) add(a act, r *rand.Rand) int {
	a.who, a.channel, a.of = agentID(r.IntN(agents)), channelID(r.IntN(channels)), -1
	if a.order == "" && (a.kind == Request || a.kind == Command) {
		a.order = fmt.Sprintf("20241122%011d", len(p.acts)*7919+1000000007)
	}
	if a.kind == Request && r.Float64() < 0.2 {
		for range 1 + r.IntN(3) {
			a.again = append(a.again, between(r, 0, 5*time.Second))
		}
	}
	p.acts = append(p.acts, a)
	return len(p.acts) - 1
}

// planRequest adds a request and what follows on it.
func (p *plan) planRequest(r *rand.Rand, at time.Duration) {
	if r.Float64() < 0.12 {
		p.add(act{at: at, kind: Command, text: requests[r.IntN(len(requests))]}, r)
		return
	}
	a := act{at: at, kind: Request, text: requests[r.IntN(len(requests))]}
	if r.Float64() < 0.25 && at < p.length-lastPlatform {
		a.text = platforms[r.IntN(len(platforms))]
		a.ahead = min(time.Duration(5+r.IntN(16))*time.Minute, (p.length-at)*speed)
	}
	i := p.add(a, r)
	follow := func(k Kind, from, to time.Duration) *act {
		f := p.add(act{at: at + between(r, from, to), kind: k}, r)
		p.acts[f].of, p.acts[f].channel = i, p.acts[i].channel
		return &p.acts[f]
	}
	who, within := "", 9*time.Second
	if r.Float64() < 0.5 {
		within = 1500 * time.Millisecond
	}
	for range r.IntN(2) * r.IntN(4) {
		f := follow(Reply, 30*time.Millisecond, within)
		if who == "" || r.Float64() < 0.3 {
			who = f.who
		}
		f.who = who
		f.text = fmt.Sprintf("买家补充说明第 %d 号，请看一下 记%06d。", len(p.acts), len(p.acts))
	}
	if a.ahead == 0 && r.Float64() < 0.12 {
		f := follow(Edit, 30*time.Millisecond, 4*time.Second)
		f.who, f.text = p.acts[i].who, fmt.Sprintf("（更正 记%06d）", len(p.acts))
	}
	if r.Float64() < 0.1 {
		follow(Remark, time.Second, 8*time.Second).text = fmt.Sprintf("客服主管交代先稳住买家 记%06d", len(p.acts))
	}
	p.planPress(r, follow, a.ahead > 0)
}

func (p *plan) planPress(r *rand.Rand, follow func(Kind, time.Duration, time.Duration) *act, platform bool) {
	switch x := r.Float64(); {
	case x < 0.12:
		follow(Claim, time.Second, 6*time.Second)
	case x < 0.24:
		follow(Claim, time.Second, 6*time.Second).then = Resolve
	case x < 0.40 && platform:
		follow(Answer, time.Second, 10*time.Second)
	case x < 0.55:
		follow(Ack, 7*time.Second, 10*time.Second).who = lead
	}
}

// ordered are the acts by time; indexes in of stay those of p.acts.
func (p *plan) ordered() []int {
	idx := make([]int, len(p.acts))
	for i := range idx {
		idx[i] = i
	}
	slices.SortStableFunc(idx, func(a, b int) int { return int(p.acts[a].at - p.acts[b].at) })
	return idx
}

func between(r *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(r.Int64N(int64(to-from)+1))
}

// What people type; %s is the order number.
var (
	requests = []string{
		"订单 %s 买家说收到的杯子碎了，要退货",
		"订单 %s 买家要换货，颜色发错了",
		"订单 %s 的快递三天没动了，买家在催",
		"order %s the buyer says the mug arrived broken and wants to return it",
		"order %s the buyer got the wrong colour and wants to exchange it, please help",
		"订单 %s 买家收到空包裹，要求仅退款",
		"订单 %s 买家要开发票",
	}
	// With a marketplace's deadline: the order number, who shall do it, the time.
	platforms = []string{
		"天猫 %[4]s 下协同工单了，订单 %[1]s，今天%[3]s前要回",
		"@%[2]s 天猫 %[4]s 下协同工单了，今天%[3]s前要回，订单 %[1]s",
	}
	chats = []string{"中午吃什么", "哈哈哈", "周末有人打球吗", "good morning everyone", "what's for lunch?"}
)
