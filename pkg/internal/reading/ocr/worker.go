package ocr

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// The descriptors on which a worker process hears requests and answers them.
// Standard output is not used: C libraries print there.
const (
	WorkerIn  = 3
	WorkerOut = 4
)

// A Preparer makes an image ready for the readers. back takes what was read to
// the image as it was given, or at least to that turned upright (Page.Turn).
type Preparer func(img Image) (ready Image, back func(*Page))

// A Server is the worker's side: it answers requests with an engine.
type Server struct {
	Engine  Engine
	Prepare Preparer // may be nil
	// Gone is called when the requests end while a page is being read: nobody
	// waits for the answer any more, and only leaving the process stops C code.
	// nil: the page is read to its end.
	Gone func()
}

// Serve answers the requests in r on w until r ends, and returns nil then.
func (s *Server) Serve(r io.Reader, w io.Writer) error {
	br := bufio.NewReaderSize(r, 64<<10)
	bw := bufio.NewWriterSize(w, 64<<10)
	var buf []byte
	for {
		req, img, err := readRequest(br, buf)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		buf = img
		more := make(chan error, 1)
		go func() {
			_, err := br.Peek(1)
			if err != nil && s.Gone != nil {
				s.Gone()
			}
			more <- err
		}()
		if err := s.answer(bw, req, img); err != nil {
			return err
		}
		if err := bw.Flush(); err != nil {
			return err
		}
		<-more
	}
}

// answer reads one page; the error is that of the pipe.
func (s *Server) answer(w io.Writer, req request, data []byte) error {
	img, back := Image{Data: data, DPI: req.DPI}, func(*Page) {}
	if s.Prepare != nil {
		img, back = s.Prepare(img)
	}
	pages := make([]*Page, len(req.Langs))
	for i, lang := range req.Langs {
		p, err := s.Engine.Read(context.Background(), img, lang)
		if err != nil {
			return writeJSONFrame(w, frameError, encodeError(err))
		}
		back(p)
		pages[i] = p
	}
	err := writeJSONFrame(w, framePages, pages)
	if err == nil && req.Keep {
		err = writeFrame(w, frameImage, img.Data)
	}
	return err
}

// readRequest reads a request and its image, the latter into buf.
func readRequest(r io.Reader, buf []byte) (req request, img []byte, err error) {
	kind, head, err := readFrame(r, nil, maxJSONFrame)
	if err != nil {
		return req, nil, err
	}
	if kind != frameRequest {
		return req, nil, fmt.Errorf("message %q where a request is expected", kind)
	}
	if err := json.Unmarshal(head, &req); err != nil {
		return req, nil, fmt.Errorf("request: %w", err)
	}
	kind, img, err = readFrame(r, buf, maxImageFrame)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && kind != frameImage {
		err = fmt.Errorf("message %q where an image is expected", kind)
	}
	return req, img, err
}

// readAnswer reads what a worker answers to req. A worker's own error comes
// back as refused; err means that the pipe or the worker is broken.
func readAnswer(r io.Reader, req request) (rd *Reading, refused, err error) {
	kind, data, err := readFrame(r, nil, maxJSONFrame)
	if err != nil {
		return nil, nil, err
	}
	switch kind {
	case framePages:
		rd = &Reading{}
		if err := json.Unmarshal(data, &rd.Pages); err != nil {
			return nil, nil, fmt.Errorf("answer: %w", err)
		}
		if len(rd.Pages) != len(req.Langs) || slices.Contains(rd.Pages, nil) {
			return nil, nil, fmt.Errorf("answer: %d readings, not %d", len(rd.Pages), len(req.Langs))
		}
		if req.Keep {
			kind, rd.Prepared, err = readFrame(r, nil, maxImageFrame)
			if err == nil && kind != frameImage {
				err = fmt.Errorf("message %q where an image is expected", kind)
			}
		}
		return rd, nil, err
	case frameError:
		var re remoteError
		if err := json.Unmarshal(data, &re); err != nil {
			return nil, nil, fmt.Errorf("answer: %w", err)
		}
		if re.Message == "" {
			return nil, nil, errors.New("answer: an error without a message")
		}
		return nil, re.decode(), nil
	}
	return nil, nil, fmt.Errorf("message %q where a page is expected", kind)
}
