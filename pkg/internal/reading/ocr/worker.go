package ocr

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"unicode/utf8"
)

// The descriptors on which a worker process hears requests and answers them.
// Standard output is not used: C libraries print there.
const (
	WorkerIn  = 3
	WorkerOut = 4
)

// A Preparer makes an image ready for the readers.
type Preparer func(img Image) Prepared

// Prepared is an image made ready.
type Prepared struct {
	Image
	// Back takes what was read to the image as it was given, or at least to that
	// turned upright (Page.Turn). nil: it is that image.
	Back func(*Page)
	// Letters is about how many letters the page shows; 0 if it is not known, or
	// if the image as it was given can't be the better one.
	Letters int
	// Turned yields the image made ready for the other ways in which the page may
	// lie, likeliest first; nil where the page shows which way is up.
	Turned iter.Seq[Prepared]
	// Other returns the image made ready in another way, which shows more if it is not
	// worse; nil where there is none.
	Other func() Prepared
}

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
	plain := Prepared{Image: Image{Data: data, DPI: req.DPI}}
	img := plain
	if s.Prepare != nil {
		img = s.Prepare(plain.Image)
	}
	pages, err := s.read(img, req.Langs)
	if err == nil && img.Turned != nil && !trusted(pages) {
		img, pages = s.turn(img, pages, req.Langs)
	}
	if err == nil && img.Other != nil {
		other := img.Other()
		if again, e := s.read(other, req.Langs); e == nil && sure(again) >= sure(pages)+moreSure {
			pages, img = again, other
		}
	}
	if none := characters(pages) == 0; err == nil && img.Back != nil && (none || missing(pages, img.Letters)) {
		// What preparation took for dirt may have been text; of what is dirt, a reader makes
		// text, too.
		if again, e := s.read(plain, req.Langs); e == nil && sure(again) > sure(pages) && (!none || trusted(again)) {
			pages, img = again, plain
		}
	}
	if err != nil {
		return writeJSONFrame(w, frameError, encodeError(err))
	}
	err = writeJSONFrame(w, framePages, pages)
	if err == nil && req.Keep {
		err = writeFrame(w, frameImage, img.Data)
	}
	return err
}

// read reads an image once a language.
func (s *Server) read(img Prepared, langs []string) ([]*Page, error) {
	pages := make([]*Page, len(langs))
	for i, lang := range langs {
		p, err := s.Engine.Read(context.Background(), img.Image, lang)
		if err != nil {
			return nil, err
		}
		if img.Back != nil {
			img.Back(p)
		}
		pages[i] = p
	}
	return pages, nil
}

// A reading of text that stands upright has some characters, and most of them are
// sure: 0.7 to 0.95 of those of a clear line and 0.55 of a poor one, where a line
// on its side or its head gives 0.25 to 0.45.
const (
	trustedCharacters = 10
	trustedShare      = 0.75
	likelyShare       = 0.5  // enough to take the place of another reading,
	plainlySurer      = 0.15 // if that has so much less
	moreSure          = 3    // characters, the same for an image made ready in another way
)

// trusted reports whether the first reading is one of text that stands upright.
func trusted(pages []*Page) bool {
	return characters(pages) >= trustedCharacters && share(pages) >= trustedShare
}

// share is the share of sure characters.
func share(pages []*Page) float64 { return sure(pages) / float64(max(characters(pages), 1)) }

// turn reads a page of which little is sure the other ways up, until that gives
// text that is, and returns what the surest reading was taken from, and the
// reading. Where no way gives what is likely text, the page is left as it lies.
func (s *Server) turn(img Prepared, pages []*Page, langs []string) (Prepared, []*Page) {
	asItLies, lies := img, pages
	for other := range img.Turned {
		again, err := s.read(other, langs)
		if err != nil {
			continue
		}
		if again[0].Turn == 0 {
			asItLies, lies = other, again
		}
		if !likelier(again, pages) {
			continue
		}
		if img, pages = other, again; trusted(pages) {
			break
		}
	}
	if share(pages) < likelyShare && lies[0].Turn == 0 {
		return asItLies, lies
	}
	return img, pages
}

// likelier reports whether a is likely text, and plainly surer than b. What is lost
// may have been text.
func likelier(a, b []*Page) bool {
	return share(a) >= max(likelyShare, share(b)+plainlySurer) && sure(a) >= likelyShare*sure(b)
}

// missing reports whether many of the letters that a page shows were not read. Of
// letters as scanned, more characters are read than there are things of the size
// of letters: parts of a broken letter count for less than marks and points, and
// stops.
func missing(pages []*Page, letters int) bool { return 4*characters(pages) < 3*letters }

// characters is how many characters the first reading has.
func characters(pages []*Page) (n int) {
	if len(pages) == 0 {
		return 0
	}
	for _, l := range pages[0].Lines {
		for _, w := range l.Words {
			n += utf8.RuneCountInString(w.Text)
		}
	}
	return n
}

// sure is how many characters of the first reading are right, as far as it knows.
func sure(pages []*Page) (n float64) {
	for _, l := range pages[0].Lines {
		for _, w := range l.Words {
			n += w.Confidence * float64(utf8.RuneCountInString(w.Text))
		}
	}
	return n
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
