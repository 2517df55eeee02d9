package pdftools

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseInfo(t *testing.T) {
	info, err := parseInfo(strings.NewReader("Title:  Pages: 7\nPages:           21\nEncrypted:       yes (print:yes copy:no)\nPage    2 size:  611.52 x 858.96 pts\nPage    2 rot:   90\nPage    2 MediaBox:  0 0 9 9\nPage    3 size: 0 x 0 pts\nPage    3 MediaBox: -1.5 0.00 300 200.5\n"))
	if err != nil || info.Pages != 21 || info.Encrypted != "yes (print:yes copy:no)" || info.Sizes[3] != (Size{301.5, 200.5, 0, true}) || info.Sizes[2] != (Size{611.52, 858.96, 90, false}) {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestParseImages(t *testing.T) {
	const list = `page   num  type   width height color comp bpc  enc interp  object ID x-ppi y-ppi size ratio
--------------------------------------------------------------------------------------------
   1     0 image    2548  3579  gray    1   1  ccitt  no       105  0   300   300 34.6K 3.1%
   2     1 stencil   104    52  -       1   1  image  no   [inline]       71    71 6530B  40%
`
	got := map[int]Image{}
	if err := parseImages(strings.NewReader(list), func(page int, m Image) { got[page] = m }); err != nil {
		t.Fatal(err)
	}
	want := map[int]Image{1: {"image", 2548, 3579, "ccitt", 300, 300}, 2: {"stencil", 104, 52, "image", 71, 71}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Neither parser panics, and none returns sizes that later code would stumble
// over.
func FuzzParsers(f *testing.F) {
	f.Add([]byte("Pages: 21\nPage 1 size: 1e308 x -5 pts\nPage 1 rot: 90\n"))
	f.Add([]byte("1 0 image 2548 3579 gray 1 1 ccitt no 105 0 300 300 34.6K 3.1%\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if info, err := parseInfo(bytes.NewReader(data)); err == nil {
			for _, p := range info.Sizes {
				if !(p.Width >= 0 && p.Height >= 0) {
					t.Errorf("page of %v x %v", p.Width, p.Height)
				}
			}
		}
		parseImages(bytes.NewReader(data), func(_ int, m Image) {
			if !(m.XPPI >= 0 && m.YPPI >= 0) {
				t.Errorf("image %+v", m)
			}
		})
	})
}

// script writes a program of a few lines.
func script(t *testing.T, lines string) string {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("SKIPPED: no sh")
	}
	name := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+lines), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRun(t *testing.T) {
	var out []byte
	use := func(r io.Reader) (err error) { out, err = io.ReadAll(r); return err }
	stderr, err := Cmd{Program: script(t, `echo "$@"; echo odd >&2`), Options: []string{"-a"}, Output: []string{"z"}, Use: use}.Run(t.Context(), "/-x.pdf")
	if err != nil || stderr != "odd\n" || string(out) != "-a /-x.pdf z\n" {
		t.Errorf("said %q and %q: %v", out, stderr, err)
	}
	_, err = Cmd{Program: script(t, "echo 'Syntax Error: no xref' >&2; echo more >&2; exit 3")}.Run(t.Context(), "x")
	if exit := new(ExitError); !errors.As(err, &exit) || exit.Code() != 3 || !strings.HasSuffix(err.Error(), ": Syntax Error: no xref") {
		t.Errorf("a failure: %v", err)
	}
	_, err = Cmd{Program: "no-such-program"}.Run(t.Context(), "x")
	if missing := new(MissingError); !errors.As(err, &missing) {
		t.Errorf("a program that is not there: %v", err)
	}
	_, err = Cmd{Program: script(t, "exec tail -f /dev/null"), Timeout: time.Millisecond}.Run(t.Context(), "x")
	if late := new(TimeoutError); !errors.As(err, &late) {
		t.Errorf("a program that does not end: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = (Cmd{Program: script(t, "exit 0")}).Run(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: %v", err)
	}
}
