package corpus

import (
	"bufio"
	"errors"
	"io"
)

// HalfLines is how many lines in a row fall to one half of a text.
const HalfLines = 2000

// half reads every other run of lines of a text.
type half struct {
	r    *bufio.Reader
	odd  bool
	line int
	rest []byte // read, but not passed on
	err  error
}

// Half returns a reader of the first half (0) or the second (1).
func Half(r io.Reader, which int) io.Reader {
	return &half{r: bufio.NewReaderSize(r, 1<<16), odd: which == 1}
}

func (h *half) Read(p []byte) (int, error) {
	for len(h.rest) == 0 && h.err == nil {
		part, err := h.r.ReadSlice('\n')
		if h.line/HalfLines%2 == 1 == h.odd {
			h.rest = part
		}
		if err == nil {
			h.line++
		} else if !errors.Is(err, bufio.ErrBufferFull) {
			h.err = err
		}
	}
	if len(h.rest) == 0 {
		return 0, h.err
	}
	n := copy(p, h.rest)
	h.rest = h.rest[n:]
	return n, nil
}
