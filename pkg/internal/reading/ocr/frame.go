package ocr

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// Supervisor and worker talk in frames:
//
//	kind    1 byte
//	length  4 bytes, big-endian
//	payload length bytes
//
// A request is a frameRequest (JSON of request) and a frameImage (the image as
// it is); the answer to it is a framePages (JSON of the readings, []*Page, in
// the order of the languages) and, if asked for, a frameImage (the image as
// the readers saw it), or one frameError (JSON of remoteError). One request is
// under way at a time.
const (
	frameRequest = 'R'
	frameImage   = 'I'
	framePages   = 'P'
	frameError   = 'E'
)

const (
	maxImageFrame = 1<<32 - 1
	maxJSONFrame  = 256 << 20 // a page of 10,000 words is 2 MB
)

type request struct {
	Langs []string
	DPI   int
	Keep  bool // answer with the prepared image too
}

// remoteError carries an error from a worker to its supervisor.
type remoteError struct {
	Message string
	Class   fault.Class      `json:",omitempty"` // if it has been said
	Data    *remoteDataError `json:",omitempty"`
}

type remoteDataError struct {
	Lang   string
	Dirs   []string
	Reason string
}

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	if uint64(len(payload)) > maxImageFrame {
		return fmt.Errorf("a message of %d bytes is too long", len(payload))
	}
	head := [5]byte{kind}
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

// readFrame reads one frame into buf, grown as needed. It returns io.EOF only
// between frames.
func readFrame(r io.Reader, buf []byte, limit uint32) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > limit {
		return 0, nil, fmt.Errorf("a message of %d bytes, where at most %d are expected", n, limit)
	}
	payload, err = readPayload(r, buf, int(n))
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return head[0], payload, err
}

// readPayload reads n bytes, in steps, so that a damaged length does not
// allocate what never arrives.
func readPayload(r io.Reader, buf []byte, n int) ([]byte, error) {
	const step = 64 << 20
	if cap(buf) >= n {
		buf = buf[:n]
		_, err := io.ReadFull(r, buf)
		return buf, err
	}
	buf = buf[:0]
	for len(buf) < n {
		k := min(step, n-len(buf))
		at := len(buf)
		next := make([]byte, at+k)
		copy(next, buf)
		buf = next
		if _, err := io.ReadFull(r, buf[at:]); err != nil {
			return nil, err
		}
	}
	return buf, nil
}

func writeJSONFrame(w io.Writer, kind byte, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFrame(w, kind, data)
}
