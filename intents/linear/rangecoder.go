package linear

import "errors"

// An adaptive binary range coder as in LZMA: every yes-or-no has a probability that follows what was seen, so zeros cost
// next to nothing. It is written here, not taken from a compression library, so that a model file never changes with
// the version of one.

const (
	probBits  = 11
	probInit  = 1 << (probBits - 1)
	probShift = 4 // how fast a probability follows
	rangeTop  = 1 << 24
)

type prob uint16

// tree codes a number of fixed width bit by bit, each bit in the context of those before it.
type tree []prob

func newProbs(n int) []prob {
	p := make([]prob, n)
	for i := range p {
		p[i] = probInit
	}
	return p
}

type rangeEncoder struct {
	out   []byte
	low   uint64
	width uint32
	cache byte
	held  int
}

func newRangeEncoder() *rangeEncoder { return &rangeEncoder{width: 0xFFFFFFFF, held: 1} }

func (e *rangeEncoder) bit(p *prob, b int) {
	bound := e.width >> probBits * uint32(*p)
	if b == 0 {
		e.width = bound
		*p += (1<<probBits - *p) >> probShift
	} else {
		e.low += uint64(bound)
		e.width -= bound
		*p -= *p >> probShift
	}
	e.shift()
}

// direct codes the lowest n bits of v without a model.
func (e *rangeEncoder) direct(v uint32, n int) {
	for n--; n >= 0; n-- {
		e.width >>= 1
		if v>>n&1 == 1 {
			e.low += uint64(e.width)
		}
		e.shift()
	}
}

func (e *rangeEncoder) tree(t tree, v uint32) {
	node := uint32(1)
	for mask := uint32(len(t)) >> 1; mask > 0; mask >>= 1 {
		b := 0
		if v&mask != 0 {
			b = 1
		}
		e.bit(&t[node], b)
		node = node<<1 | uint32(b)
	}
}

func (e *rangeEncoder) shift() {
	for e.width < rangeTop {
		e.width <<= 8
		e.flushByte()
	}
}

// flushByte moves the top byte of low out; bytes of 255 wait, because a carry may still run through them.
func (e *rangeEncoder) flushByte() {
	if e.low < 0xFF000000 || e.low > 0xFFFFFFFF {
		carry := byte(e.low >> 32)
		for b := e.cache; e.held > 0; e.held-- {
			e.out = append(e.out, b+carry)
			b = 0xFF
		}
		e.cache = byte(e.low >> 24)
	}
	e.held++
	e.low = e.low & 0x00FFFFFF << 8
}

func (e *rangeEncoder) finish() []byte {
	for range 5 {
		e.flushByte()
	}
	return e.out
}

var errTruncated = errors.New("compressed part ends too soon")

// rangeDecoder reads what rangeEncoder wrote. Past the end of its input it delivers zeros and remembers an error.
type rangeDecoder struct {
	in    []byte
	width uint32
	code  uint32
	err   error
}

func newRangeDecoder(in []byte) *rangeDecoder {
	d := &rangeDecoder{in: in, width: 0xFFFFFFFF}
	for range 5 {
		d.code = d.code<<8 | uint32(d.next())
	}
	return d
}

func (d *rangeDecoder) next() byte {
	if len(d.in) == 0 {
		d.err = errTruncated
		return 0
	}
	b := d.in[0]
	d.in = d.in[1:]
	return b
}

func (d *rangeDecoder) bit(p *prob) int {
	bound := d.width >> probBits * uint32(*p)
	b := 0
	if d.code < bound {
		d.width = bound
		*p += (1<<probBits - *p) >> probShift
	} else {
		b = 1
		d.code -= bound
		d.width -= bound
		*p -= *p >> probShift
	}
	d.fill()
	return b
}

func (d *rangeDecoder) direct(n int) (v uint32) {
	for range n {
		d.width >>= 1
		b := uint32(0)
		if d.code >= d.width {
			d.code -= d.width
			b = 1
		}
		v = v<<1 | b
		d.fill()
	}
	return v
}

func (d *rangeDecoder) tree(t tree) uint32 {
	node := uint32(1)
	for mask := len(t) >> 1; mask > 0; mask >>= 1 {
		node = node<<1 | uint32(d.bit(&t[node]))
	}
	return node - uint32(len(t))
}

func (d *rangeDecoder) fill() {
	for d.width < rangeTop {
		d.width <<= 8
		d.code = d.code<<8 | uint32(d.next())
	}
}
