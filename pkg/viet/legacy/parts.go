package legacy

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// A Part is whole lines of a text in one encoding.
type Part struct {
	Start, End int // bytes
	Detection
}

// DetectParts divides a text in which lines of UTF-8 and lines of an older encoding
// follow each other, as in files that were put together. Most texts are one part,
// which is what Detect says.
func DetectParts(b []byte) []Part {
	whole := []Part{{0, len(b), Detect(b)}}
	if name := whole[0].Name; name == NameUTF16LE || name == NameUTF16BE || name == NameDouble || name == NameVIQR {
		return whole
	}
	var rest []byte // of lines that are no good as UTF-8
	sound := false
	for line := range bytes.Lines(b) {
		if isASCII(line) {
			continue
		}
		if w, ok := weighUTF8(line); ok && w.good > 0 && w.bad == 0 {
			sound = true
		} else if len(rest) < sampleSize {
			rest = append(rest, line...)
		}
	}
	if !sound || len(rest) == 0 {
		return whole
	}
	d := Detect(rest)
	if eightBit[d.Name] == nil && d.Name != NameDouble {
		return whole
	}
	return Divide(b, d)
}

// Divide divides a text into parts in the given 8-bit encoding and parts in UTF-8: each
// line is in that in which it is better Vietnamese, a line of ASCII goes with the one
// before.
func Divide(b []byte, d Detection) []Part {
	utf := Detection{Name: NameUTF8, Confidence: 1}
	var parts []Part
	at := 0
	for line := range bytes.Lines(b) {
		is := utf
		switch n := len(parts); {
		case isASCII(line):
			if n > 0 {
				is = parts[n-1].Detection
			}
		case d.better(line):
			is = d
		}
		if n := len(parts); n > 0 && (parts[n-1].Detection == is || isASCII(b[parts[0].Start:at])) {
			parts[n-1].Detection = is
		} else {
			parts = append(parts, Part{Start: at, Detection: is})
		}
		at += len(line)
		parts[len(parts)-1].End = at
	}
	return parts
}

// better reports whether a line is better Vietnamese in an encoding than in UTF-8.
func (d Detection) better(line []byte) bool {
	as, valid := weighUTF8(line)
	if !valid && !d.Wrapped {
		return true
	}
	text, _, _ := transform.Bytes(d.Decoder(), line) // can't fail
	w := weigh(text)
	return w.good-w.bad > as.good-as.bad && w.control <= as.control
}

// weighUTF8 weighs a line as UTF-8, if it is.
func weighUTF8(line []byte) (w weight, valid bool) {
	if !utf8.Valid(line) {
		return weight{}, false
	}
	return weigh(norm.NFC.Bytes(line)), true
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// NewReader decodes a text in which lines in the given 8-bit encoding and lines in UTF-8
// follow each other. It needs the memory of a few megabytes, however long the text.
func NewReader(r io.Reader, d Detection) io.Reader {
	return &reader{r: bufio.NewReaderSize(r, window), d: d}
}

const window = 1 << 20 // bytes that are divided together, and the longest line that is not cut

type reader struct {
	r   *bufio.Reader
	d   Detection
	out []byte // decoded and not yet given out
	err error
}

func (p *reader) Read(b []byte) (int, error) {
	for len(p.out) == 0 {
		if p.err != nil {
			return 0, p.err
		}
		p.fill()
	}
	n := copy(b, p.out)
	p.out = p.out[n:]
	return n, nil
}

// fill decodes the next lines.
func (p *reader) fill() {
	lines := make([]byte, window)
	n, err := io.ReadFull(p.r, lines)
	lines = lines[:n]
	if err == nil {
		var rest []byte
		if rest, err = p.r.ReadSlice('\n'); err == bufio.ErrBufferFull {
			err = nil
		}
		lines = append(lines, rest...)
	}
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	p.err = err
	for _, part := range Divide(lines, p.d) {
		text, _, err := transform.Bytes(part.Decoder(), lines[part.Start:part.End])
		if err != nil {
			p.err = err
			return
		}
		p.out = append(p.out, text...)
	}
}
