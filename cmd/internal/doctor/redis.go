package doctor

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// redis examines the server, each master of a cluster, and then what is stored.
func (x *examination) redis(ctx context.Context) {
	o := *x.o.Config.Redis
	o.MaxRetries, o.DialTimeout = -1, patience/2
	x.rdb = redis.NewUniversalClient(&o)
	defer func() { _ = x.rdb.Close() }()
	nodes, err := x.nodes(ctx)
	if err != nil {
		x.fail("redis", "does not answer: "+err.Error(),
			"Start it, and check REDIS_URL: host, port, password, and rediss:// where TLS is spoken. Nothing stored was examined.")
		return
	}
	for _, n := range nodes {
		n.examine(ctx)
	}
	x.stored(ctx)
}

// node is one master.
type node struct {
	*examination
	name   string // "" where there is only one
	client *redis.Client
	info   map[string]string
}

// nodes finds the masters and reads what each says of itself.
func (x *examination) nodes(ctx context.Context) ([]*node, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := x.rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	var list []*node
	switch c := x.rdb.(type) {
	case *redis.Client:
		list = []*node{{examination: x, client: c}}
	case *redis.ClusterClient:
		var mu sync.Mutex
		err := c.ForEachMaster(ctx, func(_ context.Context, m *redis.Client) error {
			mu.Lock()
			defer mu.Unlock()
			list = append(list, &node{examination: x, client: m, name: m.Options().Addr})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	for _, n := range list {
		n.read(ctx)
	}
	return list, nil
}

// read gathers INFO; sections that the server does not know are simply absent.
func (n *node) read(ctx context.Context) {
	n.info = map[string]string{}
	for _, section := range []string{"server", "persistence", "memory", "replication"} {
		text, err := n.client.Info(ctx, section).Result()
		if err != nil {
			continue
		}
		for line := range strings.Lines(text) {
			if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
				n.info[k] = v
			}
		}
	}
}

func (n *node) examine(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	n.version()
	n.persistence(ctx)
	n.eviction(ctx)
	n.replicas(ctx)
	n.latency(ctx)
	n.clock(ctx)
}

// at adds the node's name to what was found.
func (n *node) at(found string) string {
	if n.name == "" {
		return found
	}
	return n.name + ": " + found
}

const unread = "could not be read"

// setting reads one setting; CONFIG is often forbidden, and what INFO says instead is taken where there is any.
func (n *node) setting(ctx context.Context, name, inInfo string) (string, bool) {
	got, err := n.client.ConfigGet(ctx, name).Result()
	if v, ok := got[name]; err == nil && ok {
		return v, true
	}
	v, ok := n.info[inInfo]
	return v, ok
}

func (n *node) version() {
	v, ok := n.info["redis_version"]
	major, minor := 0, 0
	if _, err := fmt.Sscanf(v, "%d.%d", &major, &minor); !ok || err != nil {
		n.warn("redis", n.at("answers; its version "+unread), "Make sure that it is Redis 7.0 or later.")
		return
	}
	name := "Redis " + v
	if other := n.info["server_name"]; other != "" && other != "redis" {
		name = other + " (as Redis " + v + ")"
	}
	switch {
	case major < 6 || major == 6 && minor < 2:
		n.fail("redis", n.at(name+" is too old"), "Use Redis 7.0 or later; 6.2 is the least that can work.")
	case major < 7:
		n.warn("redis", n.at(name), "Use Redis 7.0 or later: 6.2 cannot check scripts for lack of memory before they begin.")
	default:
		n.ok("redis", "%s", n.at(name+" answers"))
	}
}

func (n *node) persistence(ctx context.Context) {
	const check = "persistence"
	aof, ok := n.setting(ctx, "appendonly", "aof_enabled")
	fsync, known := n.setting(ctx, "appendfsync", "")
	truncated, _ := n.setting(ctx, "aof-load-truncated", "")
	switch {
	case !ok:
		n.warn(check, n.at(unread), "Make sure that appendonly is yes and appendfsync everysec or always, or a restart loses tickets.")
	case aof != "yes" && aof != "1":
		n.fail(check, n.at("there is no append-only file: a restart loses everything since the last snapshot"), "Set appendonly yes and appendfsync everysec.")
	case n.info["aof_last_write_status"] == "err":
		n.fail(check, n.at("the append-only file cannot be written"), "Free space on Redis' disk.")
	case !known:
		n.warn(check, n.at("append-only file; appendfsync "+unread), "Make sure that appendfsync is everysec or always.")
	case fsync == "no":
		n.warn(check, n.at("append-only file, but appendfsync is no: a power cut may lose half a minute"), "Set appendfsync everysec, or always.")
	case truncated == "no":
		n.warn(check, n.at("append-only file, but aof-load-truncated is no: after a power cut Redis does not start by itself"), "Set aof-load-truncated yes.")
	case fsync == "everysec":
		n.ok(check, "%s", n.at("append-only file, appendfsync everysec: a power cut may lose the last second"))
	default:
		n.ok(check, "%s", n.at("append-only file, appendfsync "+fsync))
	}
}

func (n *node) eviction(ctx context.Context) {
	const check = "eviction"
	policy, ok := n.setting(ctx, "maxmemory-policy", "maxmemory_policy")
	text, _ := n.setting(ctx, "maxmemory", "maxmemory")
	limit, _ := strconv.ParseInt(text, 10, 64)
	used, _ := strconv.ParseInt(n.info["used_memory"], 10, 64)
	switch {
	case !ok:
		n.warn(check, n.at(unread), "Make sure that maxmemory-policy is noeviction, or tickets vanish when memory is short.")
	case policy != "noeviction" && limit > 0:
		n.fail(check, n.at("maxmemory-policy is "+policy+": tickets vanish when memory is short"), "Set maxmemory-policy noeviction.")
	case policy != "noeviction":
		n.warn(check, n.at("maxmemory-policy is "+policy+", without effect while maxmemory is 0"), "Set maxmemory-policy noeviction.")
	case limit > 0 && used > limit/10*9:
		n.warn(check, n.at(fmt.Sprintf("noeviction; %d %% of maxmemory are in use", used*100/limit)), "Raise maxmemory: when it is full nothing more is acknowledged.")
	default:
		n.ok(check, "%s", n.at("noeviction"))
	}
}

// replicas looks at what INTAKE_WAIT and a failover need.
func (n *node) replicas(ctx context.Context) {
	const check = "replicas"
	if role := n.info["role"]; role != "" && role != "master" {
		n.fail(check, n.at("this is a replica, which takes no writes"), "Point REDIS_URL at the primary.")
		return
	}
	has, _ := strconv.Atoi(n.info["connected_slaves"])
	want := n.o.Config.IntakeWait
	least, _ := n.setting(ctx, "min-replicas-to-write", "")
	switch {
	case has < want:
		n.fail(check, n.at(fmt.Sprintf("%d connected, but INTAKE_WAIT is %d: nothing is acknowledged", has, want)), "Start the replicas, or lower INTAKE_WAIT.")
	case has > 0 && least == "0":
		n.warn(check, n.at(fmt.Sprintf("%d connected, but min-replicas-to-write is 0: a primary that is cut off goes on taking what will be thrown away", has)), "Set min-replicas-to-write 1.")
	default:
		n.ok(check, "%s", n.at(strconv.Itoa(has)+" connected"))
	}
}

const (
	pings = 20
	slow  = 10 * time.Millisecond // a reminder is due → stored in two round trips, and shall be within 50 ms
)

func (n *node) latency(ctx context.Context) {
	took := make([]time.Duration, 0, pings)
	for range pings {
		began := n.o.Now()
		if err := n.client.Ping(ctx).Err(); err != nil {
			n.fail("latency", n.at("PING fails: "+err.Error()), "Check the network between here and Redis.")
			return
		}
		took = append(took, n.o.Now().Sub(began))
	}
	slices.Sort(took)
	found := n.at(fmt.Sprintf("median of %d PINGs %.2f ms", pings, float64(took[pings/2].Microseconds())/1000))
	if took[pings/2] > slow {
		n.warn("latency", found, "Run Redis nearer to the bot: each step takes a few round trips.")
		return
	}
	n.ok("latency", "%s", found)
}

// tolerated is how far the clocks may be apart. Bots correct their clocks by Redis', so a difference misleads people and
// logs, not reminders.
const tolerated = time.Second

func (n *node) clock(ctx context.Context) {
	offset, err := n.offset(ctx)
	switch {
	case err != nil:
		n.warn("clock", n.at("Redis' clock "+unread+": "+err.Error()), "Allow the command TIME.")
	case offset.Abs() > tolerated:
		n.warn("clock", n.at(fmt.Sprintf("Redis' clock differs from this machine's by %s", offset.Round(time.Millisecond))), "Check NTP on both machines.")
	default:
		n.ok("clock", "%s", n.at(fmt.Sprintf("Redis' clock differs by %s", offset.Round(100*time.Microsecond))))
	}
}

// offset is Redis' clock less the local one, as the quickest of a few questions shows it.
func (n *node) offset(ctx context.Context) (best time.Duration, err error) {
	shortest := time.Duration(-1)
	for range 5 {
		sent := n.o.Now()
		at, err := n.client.Time(ctx).Result()
		if err != nil {
			return 0, err
		}
		if trip := n.o.Now().Sub(sent); shortest < 0 || trip < shortest {
			shortest, best = trip, at.Sub(sent.Add(trip/2))
		}
	}
	return best, nil
}
