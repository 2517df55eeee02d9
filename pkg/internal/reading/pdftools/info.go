package pdftools

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Info is what pdfinfo says of a PDF.
type Info struct {
	Pages     int
	Encrypted string       // what is allowed, as in "yes (print:yes copy:no …)"; empty if not encrypted
	Sizes     map[int]Size // by page from 1; only when asked for
}

// Size is the crop box of a page in points, before its rotation by Rotate
// degrees clockwise.
type Size struct {
	Width, Height float64
	Rotate        int
	Uncropped     bool // the crop box is empty, and the size that of the media box
}

// Pages bounds a question to the pages from First to Last, counted from 1. The
// zero value asks about the document alone.
type Pages struct{ First, Last int }

func (p Pages) options() []string {
	if p == (Pages{}) {
		return nil
	}
	return []string{"-f", strconv.Itoa(p.First), "-l", strconv.Itoa(p.Last)}
}

// Shown is the size of a page as a viewer shows it, in points.
func (s Size) Shown() (width, height float64) {
	if s.Rotate%180 != 0 {
		return s.Height, s.Width
	}
	return s.Width, s.Height
}

func (s Size) empty() bool { return s.Width == 0 || s.Height == 0 }

// AskInfo runs pdfinfo. timeout 0 means DefaultTimeout.
func AskInfo(ctx context.Context, path string, of Pages, timeout time.Duration) (info Info, err error) {
	_, err = Cmd{Program: "pdfinfo", Options: append(of.options(), "-box"), Timeout: timeout, Use: func(r io.Reader) (err error) {
		info, err = parseInfo(r)
		return err
	}}.Run(ctx, path)
	return info, err
}

// parseInfo reads lines such as
//
//	Pages:           21
//	Encrypted:       yes (print:yes copy:no change:no addNotes:no algorithm:AES)
//	Page    1 size:  611.52 x 858.96 pts
//	Page    1 rot:   0
//	Page    1 MediaBox:      0.00     0.00   611.52   858.96
func parseInfo(r io.Reader) (Info, error) {
	info := Info{Pages: -1, Sizes: map[int]Size{}}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20) // titles may be long
	for sc.Scan() {
		name, value, _ := strings.Cut(sc.Text(), ":")
		v := strings.Fields(value)
		f := strings.Fields(name)
		switch {
		case len(f) == 1 && f[0] == "Pages" && len(v) == 1:
			n, err := strconv.Atoi(v[0])
			if err != nil || n < 0 {
				return info, fmt.Errorf("pdfinfo: %q pages", v[0])
			}
			info.Pages = n
		case len(f) == 1 && f[0] == "Encrypted" && len(v) > 0 && v[0] == "yes":
			info.Encrypted = strings.Join(v, " ")
		case len(f) == 3 && f[0] == "Page" && len(v) > 0:
			n, err := strconv.Atoi(f[1])
			if err != nil {
				continue
			}
			s := info.Sizes[n]
			switch {
			case f[2] == "size" && len(v) >= 3 && v[1] == "x":
				s.Width, s.Height = points(v[0]), points(v[2])
			case f[2] == "rot":
				s.Rotate, _ = strconv.Atoi(v[0])
			case f[2] == "MediaBox" && len(v) == 4 && s.empty():
				s.Width, s.Height = length(v[0], v[2]), length(v[1], v[3])
				s.Uncropped = true
			}
			info.Sizes[n] = s
		}
	}
	if err := sc.Err(); err != nil {
		return info, err
	}
	if info.Pages < 0 {
		return info, errors.New("pdfinfo gives no number of pages")
	}
	return info, nil
}

// points parses a length that may be nonsense.
func points(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 0) || v > 1e6 {
		return 0
	}
	return v
}

// length is that from a to b, in points.
func length(a, b string) float64 {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	if l := math.Abs(y - x); err1 == nil && err2 == nil && l < 1e6 {
		return l
	}
	return 0
}

// Image is a row of "pdfimages -list": an image that a page paints.
type Image struct {
	Kind          string // image, mask, smask, stencil
	Width, Height int    // in pixels
	Encoding      string
	XPPI, YPPI    float64 // resolution as painted; 0 if unknown
}

// AskImages runs "pdfimages -list" and calls row for every image, with its page
// counted from 1.
func AskImages(ctx context.Context, path string, of Pages, timeout time.Duration, row func(page int, m Image)) error {
	_, err := Cmd{Program: "pdfimages", Options: append(of.options(), "-list"), Timeout: timeout, Use: func(r io.Reader) error {
		return parseImages(r, row)
	}}.Run(ctx, path)
	return err
}

// parseImages reads the rows of "pdfimages -list":
//
//	page   num  type   width height color comp bpc  enc interp  object ID x-ppi y-ppi size ratio
//	   1     0 image    2548  3579  gray    1   1  ccitt  no       105  0   300   300 34.6K 3.1%
//
// An image inside the page's content has "[inline]" in place of object and ID.
func parseImages(r io.Reader, row func(page int, m Image)) error {
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		f := strings.Fields(sc.Text())
		if len(f) < 15 {
			continue
		}
		page, err := strconv.Atoi(f[0])
		if err != nil {
			continue
		}
		w, err1 := strconv.Atoi(f[3])
		h, err2 := strconv.Atoi(f[4])
		if err1 != nil || err2 != nil {
			continue
		}
		row(page, Image{Kind: f[2], Width: w, Height: h, Encoding: f[8], XPPI: points(f[len(f)-4]), YPPI: points(f[len(f)-3])})
	}
	return sc.Err()
}
