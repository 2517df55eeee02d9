package lm

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram/format"
)

// countsMagic begins a file of counts. Such files serve to try several sizes
// and orders without reading the text again; they are no format to keep.
const countsMagic = "congvan counts 2\n"

type countsHeader struct {
	Order         int
	Vocab         []string
	Caps          []Caps
	Sources       []ngram.SourceInfo
	CountOfCounts [format.MaxOrder + 1][5]uint64
}

// Write saves the counts.
func (c *Counts) Write(w io.Writer) error {
	bw := bufio.NewWriterSize(w, 1<<20)
	bw.WriteString(countsMagic)
	header, err := json.Marshal(countsHeader{c.Order, c.Vocab, c.Caps, c.Sources, c.CountOfCounts})
	if err = errors.Join(err, writeSlice(bw, header)); err != nil {
		return err
	}
	for n := 2; n <= c.Order; n++ {
		l := &c.levels[n]
		err := errors.Join(writeSlice(bw, l.left), writeSlice(bw, l.parent), writeSlice(bw, l.start),
			writeSlice(bw, l.total), writeSlice(bw, l.word), writeSlice(bw, l.count), writeSlice(bw, l.suf))
		if err != nil {
			return err
		}
	}
	return bw.Flush()
}

// ReadCounts reads what Write wrote. It trusts the file.
func ReadCounts(r io.Reader) (*Counts, error) {
	br := bufio.NewReaderSize(r, 1<<20)
	magic := make([]byte, len(countsMagic))
	if _, err := io.ReadFull(br, magic); err != nil || string(magic) != countsMagic {
		return nil, errors.New("not a file of n-gram counts")
	}
	var header []byte
	var h countsHeader
	err := readSlice(br, &header)
	if err == nil {
		err = json.Unmarshal(header, &h)
	}
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if h.Order < 2 || h.Order > format.MaxOrder {
		return nil, fmt.Errorf("order %d", h.Order)
	}
	c := &Counts{Order: h.Order, Vocab: h.Vocab, Caps: h.Caps, Sources: h.Sources, CountOfCounts: h.CountOfCounts}
	for n := 2; n <= c.Order; n++ {
		l := &c.levels[n]
		err := errors.Join(readSlice(br, &l.left), readSlice(br, &l.parent), readSlice(br, &l.start),
			readSlice(br, &l.total), readSlice(br, &l.word), readSlice(br, &l.count), readSlice(br, &l.suf))
		if err != nil {
			return nil, err
		}
	}
	c.link()
	return c, nil
}

func writeSlice[E byte | ngram.ID | uint32 | uint64](w io.Writer, s []E) error {
	if err := binary.Write(w, binary.LittleEndian, uint64(len(s))); err != nil {
		return err
	}
	for len(s) > 0 {
		n := min(len(s), 1<<16)
		if err := binary.Write(w, binary.LittleEndian, s[:n]); err != nil {
			return err
		}
		s = s[n:]
	}
	return nil
}

func readSlice[E byte | ngram.ID | uint32 | uint64](r io.Reader, s *[]E) error {
	var size uint64
	if err := binary.Read(r, binary.LittleEndian, &size); err != nil {
		return err
	}
	*s = make([]E, size)
	for rest := *s; len(rest) > 0; {
		n := min(len(rest), 1<<16)
		if err := binary.Read(r, binary.LittleEndian, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}
