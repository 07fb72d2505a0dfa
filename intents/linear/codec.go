package linear

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"math/bits"
)

// The model file, little-endian:
//
//	"GDLM", version (1 byte; another one also where the same weights would mean something else, as features are measured anew)
//	labels in scope (uint16), flags (byte: 1 an out-of-scope class, 2 the thesaurus), each label in scope (length byte, text)
//	step, temperature, slope, offset, unknown (float32), one constant per class (float32)
//	features (uint32), weights other than zero (uint32)
//	range-coded: per feature the gap to the previous key, its idf, and its weight in every class
//	CRC-32 (IEEE) of all the above (uint32)
const (
	magic       = "GDLM"
	fileVersion = 3
)

// Bounds on what a file may ask for. They are far above any useful model and keep a hostile file cheap: the two rates
// are what the range coder can reach on real weights, so memory grows with the file's true length only.
const (
	maxFileBytes = 8 << 20
	maxLabels    = 2048
	maxFeatures  = 1 << 20
	maxCells     = 1 << 26 // features × classes
	cellsPerByte = 1 << 9
	unitsPerByte = 16
)

// MaxLabelBytes is the length of the longest label that a model file can hold.
const MaxLabelBytes = 255

// ErrFormat reports a file that is not a model, is damaged, or is of another version.
var ErrFormat = errors.New("not a valid model file")

// WriteTo writes the model file. The same model always gives the same bytes.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(m.encode())
	if err != nil {
		err = fmt.Errorf("write model: %w", err)
	}
	return int64(n), err
}

func (m *Model) encode() []byte {
	b := append([]byte(magic), fileVersion)
	b = binary.LittleEndian.AppendUint16(b, uint16(m.scope))
	b = append(b, m.flags())
	for _, l := range m.labels[:m.scope] {
		b = append(append(b, byte(len(l))), l...)
	}
	for _, x := range []float32{m.step, m.cal.Temperature, m.cal.Slope, m.cal.Offset, m.vocab.unknown} {
		b = appendFloat(b, x)
	}
	for _, x := range m.bias {
		b = appendFloat(b, x)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(m.vocab.keys)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(m.units)))
	b = append(b, m.encodeTable()...)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

// Flags of a model file.
const (
	flagBackground = 1 << iota
	flagThesaurus
)

func (m *Model) flags() (f byte) {
	if len(m.labels) > m.scope {
		f |= flagBackground
	}
	if m.vocab.grouped {
		f |= flagThesaurus
	}
	return f
}

func appendFloat(b []byte, x float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
}

// contexts are the adaptive probabilities shared by both directions.
type contexts struct {
	gapBits tree
	idf     tree
	zero    []prob // by class, neighbours in the row that are zero, and rarity
	sign    []prob // by class
	size    []prob // by position in the unary code of the magnitude
	classes int
}

func newContexts(classes int) *contexts {
	return &contexts{gapBits: newProbs(64), idf: newProbs(256), zero: newProbs(classes * 3 * 4), sign: newProbs(classes),
		size: newProbs(128), classes: classes}
}

// zeroAt picks the context for "is this weight zero": rare features have few weights, and weights come in company.
func (x *contexts) zeroAt(class, others int, idf uint8) *prob {
	rarity := min(3, max(0, int(idf)-80)/25)
	return &x.zero[(class*3+min(others, 2))*4+rarity]
}

func (m *Model) encodeTable() []byte {
	e, x := newRangeEncoder(), newContexts(len(m.labels))
	previous := uint32(0)
	for i, key := range m.vocab.keys {
		gap := key - previous
		previous = key
		n := bits.Len32(gap)
		e.tree(x.gapBits, uint32(n))
		e.direct(gap, n)
		e.tree(x.idf, uint32(m.vocab.idf[i]))
		m.encodeRow(e, x, i)
	}
	return e.finish()
}

func (m *Model) encodeRow(e *rangeEncoder, x *contexts, feature int) {
	at, to := m.start[feature], m.start[feature+1]
	others := 0
	for c := range x.classes {
		p := x.zeroAt(c, others, m.vocab.idf[feature])
		if at == to || int(m.class[at]) != c {
			e.bit(p, 0)
			continue
		}
		e.bit(p, 1)
		u := int(m.units[at])
		negative := 0
		if u < 0 {
			u, negative = -u, 1
		}
		e.bit(&x.sign[c], negative)
		for k := 1; k < 127; k++ {
			if k == u {
				e.bit(&x.size[k], 0)
				break
			}
			e.bit(&x.size[k], 1)
		}
		at++
		others++
	}
}

// Read reads a model file. A damaged or hostile file gives an error that wraps ErrFormat, and costs no more memory than
// a small multiple of its true length.
func Read(r io.Reader) (*Model, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	m, err := decode(b)
	if err != nil {
		return nil, fmt.Errorf("read model: %w: %w", ErrFormat, err)
	}
	return m, nil
}

func decode(b []byte) (*Model, error) {
	switch {
	case len(b) > maxFileBytes:
		return nil, fmt.Errorf("longer than %d bytes", maxFileBytes)
	case len(b) < len(magic)+1+4 || string(b[:len(magic)]) != magic:
		return nil, errors.New("does not begin like one")
	case b[len(magic)] != fileVersion:
		return nil, fmt.Errorf("version %d, this program reads %d", b[len(magic)], fileVersion)
	}
	body := b[:len(b)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(b[len(body):]) {
		return nil, errors.New("checksum differs")
	}
	c := &cursor{rest: body[len(magic)+1:]}
	m := &Model{}
	m.decodeHead(c)
	features, units := int(c.uint32()), int(c.uint32())
	if c.err != nil {
		return nil, c.err
	}
	if features > maxFeatures || features*len(m.labels) > min(maxCells, cellsPerByte*len(c.rest)) {
		return nil, fmt.Errorf("%d features of %d labels in %d bytes", features, len(m.labels), len(c.rest))
	}
	if units > unitsPerByte*len(c.rest) || units > features*len(m.labels) {
		return nil, fmt.Errorf("%d weights in %d bytes", units, len(c.rest))
	}
	return m, m.decodeTable(c.rest, features, units)
}

// decodeHead reads what precedes the table; errors stay in the cursor.
func (m *Model) decodeHead(c *cursor) {
	m.scope = int(c.uint16())
	flags := c.byte()
	m.vocab.grouped = flags&flagThesaurus != 0
	if m.scope < 2 || m.scope > maxLabels || flags > flagBackground|flagThesaurus {
		c.fail("number of labels")
		return
	}
	for range m.scope {
		label := string(c.take(int(c.byte())))
		if label == "" || label == OutOfScope || len(m.labels) > 0 && m.labels[len(m.labels)-1] >= label {
			c.fail("labels")
			return
		}
		m.labels = append(m.labels, label)
	}
	if flags&flagBackground != 0 {
		m.labels = append(m.labels, OutOfScope)
	}
	for _, p := range []*float32{&m.step, &m.cal.Temperature, &m.cal.Slope, &m.cal.Offset, &m.vocab.unknown} {
		*p = c.float()
	}
	if m.step <= 0 || m.cal.Temperature < 1e-6 || m.vocab.unknown < 0 {
		c.fail("parameters")
	}
	for range m.labels {
		m.bias = append(m.bias, c.float())
	}
}

func (m *Model) decodeTable(in []byte, features, units int) error {
	d, x := newRangeDecoder(in), newContexts(len(m.labels))
	m.start = append(make([]int32, 0, features+1), 0)
	m.class, m.units = make([]uint16, 0, units), make([]int8, 0, units)
	key := uint32(0)
	for i := range features {
		n := d.tree(x.gapBits)
		if n > 32 {
			return errors.New("feature key")
		}
		next := key + d.direct(int(n))
		if i > 0 && next <= key {
			return errors.New("feature keys out of order")
		}
		key = next
		m.vocab.keys = append(m.vocab.keys, key)
		m.vocab.idf = append(m.vocab.idf, uint8(d.tree(x.idf)))
		if err := m.decodeRow(d, x, units); err != nil {
			return err
		}
	}
	switch {
	case d.err != nil:
		return d.err
	case len(d.in) != 0 || len(m.units) != units:
		return errors.New("length of the table")
	}
	m.vocab.index()
	return nil
}

func (m *Model) decodeRow(d *rangeDecoder, x *contexts, units int) error {
	others, idf := 0, m.vocab.idf[len(m.vocab.idf)-1]
	for c := range x.classes {
		if d.bit(x.zeroAt(c, others, idf)) == 0 {
			continue
		}
		negative := d.bit(&x.sign[c])
		u := 1
		for u < 127 && d.bit(&x.size[u]) == 1 {
			u++
		}
		if negative == 1 {
			u = -u
		}
		if len(m.units) == units || d.err != nil {
			return errors.New("more weights than announced")
		}
		m.class, m.units = append(m.class, uint16(c)), append(m.units, int8(u))
		others++
	}
	m.start = append(m.start, int32(len(m.units)))
	return d.err
}

// cursor takes fixed pieces from a byte slice; after the first lack of bytes it only gives zeros.
type cursor struct {
	rest []byte
	err  error
}

func (c *cursor) fail(what string) {
	if c.err == nil {
		c.err = fmt.Errorf("%s out of bounds", what)
	}
}

func (c *cursor) take(n int) []byte {
	if c.err != nil || n > len(c.rest) {
		c.fail("length")
		return make([]byte, n)
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) byte() byte     { return c.take(1)[0] }
func (c *cursor) uint16() uint16 { return binary.LittleEndian.Uint16(c.take(2)) }
func (c *cursor) uint32() uint32 { return binary.LittleEndian.Uint32(c.take(4)) }

func (c *cursor) float() float32 {
	x := math.Float32frombits(c.uint32())
	if x != x || math.Abs(float64(x)) > 1e6 {
		c.fail("number")
		return 1
	}
	return x
}
