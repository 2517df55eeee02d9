package ocr

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The descriptors on which a worker process hears requests and answers them.
// Standard output is not used: C libraries print there.
const (
	WorkerIn  = 3
	WorkerOut = 4
)

// Serve answers a supervisor's requests with eng until r ends, and returns
// nil then. gone is called when r ends while a page is being read: nobody
// waits for the answer any more, and only leaving the process stops C code.
func Serve(r io.Reader, w io.Writer, eng Engine, gone func()) error {
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
			if err != nil {
				gone()
			}
			more <- err
		}()
		page, err := eng.Read(context.Background(), Image{Data: img, DPI: req.DPI}, req.Lang)
		if err != nil {
			err = writeJSONFrame(bw, frameError, encodeError(err))
		} else {
			err = writeJSONFrame(bw, framePage, page)
		}
		if err != nil {
			return err
		}
		if err := bw.Flush(); err != nil {
			return err
		}
		<-more
	}
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

// readAnswer reads what a worker answers to a request. A worker's own error
// comes back as refused; err means that the pipe or the worker is broken.
func readAnswer(r io.Reader) (page *Page, refused, err error) {
	kind, data, err := readFrame(r, nil, maxJSONFrame)
	if err != nil {
		return nil, nil, err
	}
	switch kind {
	case framePage:
		page = &Page{}
		if err := json.Unmarshal(data, page); err != nil {
			return nil, nil, fmt.Errorf("answer: %w", err)
		}
		return page, nil, nil
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
