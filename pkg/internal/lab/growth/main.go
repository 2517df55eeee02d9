// Growth runs one piece of the program on an input of a given size, for the
// test beside it, which builds it with coverage and counts the statements that
// ran: a measure of work that is the same on every machine and every time.
//
//	growth CASE SIZE
//
// prints the bytes that were allocated meanwhile.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/coverage"
	"strconv"
	"strings"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/eval"
	"github.com/congvan-cli/congvan/pkg/internal/batch"
	"github.com/congvan-cli/congvan/pkg/internal/check"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// A work prepares an input of a size and returns what is to be measured.
type work func(size int) func()

var works = map[string]work{
	"check lines":        func(n int) func() { return checking(strings.Repeat(garbled+"\n", n)) },
	"check one line":     func(n int) func() { return checking(strings.Repeat(garbled+" ", n)) },
	"check hidden signs": func(n int) func() { return checking(strings.Repeat("ủy\u200b ban ", n)) },
	"check spaces":       func(n int) func() { return checking("ủy ban" + strings.Repeat(" ", 50*n) + ".") },
	"restore one line":   func(n int) func() { return restoring(strings.Repeat(garbled+" ", n)) },
	"restore blocks":     func(n int) func() { return restoring(strings.Repeat(garbled+"\n\n", n)) },
	"restore stripped":   func(n int) func() { return restoring(strings.Repeat("Uy ban nhan dan tinh de nghi cac so ", n)) },
	"restore right": func(n int) func() {
		return restoring(strings.Repeat("Ủy ban nhân dân tỉnh đề nghị các sở, ban, ngành phối hợp. ", n))
	},
	"restore foreign": func(n int) func() {
		return restoring(strings.Repeat("The committee has asked all of its members to reply. ", n))
	},
	"restore one word":   func(n int) func() { return restoring(strings.Repeat("nghiéng", n)) },
	"restore signs":      func(n int) func() { return restoring("ủy ban " + strings.Repeat(";,'", 10*n)) },
	"witnesses":          witnesses,
	"columns one line":   func(n int) func() { return columns(1, 20*n) },
	"columns lines":      func(n int) func() { return columns(20*n, 2) },
	"table of wide rows": func(n int) func() { return tables(4, 10*n) },
	"table of many rows": func(n int) func() { return tables(10*n, 4) },
	"rows and paragraphs": func(n int) func() {
		p := page(20*n, 2)
		return func() { layout.Rows(p.Lines); layout.Paragraphs(p.Lines) }
	},
	"fields of a letter":   func(n int) func() { p := page(20*n, 4); return func() { letter.Parse([]*ocr.Page{p}) } },
	"two readings aligned": func(n int) func() { a, b := page(20*n, 4), page(20*n, 5); return func() { ocr.Align(a, b) } },
	"eval": func(n int) func() {
		a, b := words(50*n, 0), words(50*n, 7)
		return func() { eval.Compare(a, b, nil, eval.Fold{}) }
	},
	"channel trained": training,
	"batch":           func(n int) func() { return batching(n, false) },
	"batch done":      func(n int) func() { return batching(n, true) },
	"pdf":             pdfPages,
	"pdf layers":      pdfLayers,
	"tiff":            tiffPages,
	"legacy": func(n int) func() {
		text := []byte(strings.Repeat("\xa4\xb8 C\xb6ng h\xdfa x\xb7 h\xe9i ", 20*n))
		return func() { legacy.Detect(text) }
	},
}

const garbled = "Uy ban nhan dan tinh dé nghi cdc so, ban, nganh phdi hgp thuc hién vdn bdn s6 12/QD-UBND"

func main() {
	size, err := strconv.Atoi(os.Args[2])
	if err != nil || works[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: growth CASE SIZE")
		os.Exit(2)
	}
	run := works[os.Args[1]](size)
	var before, after runtime.MemStats
	must(coverage.ClearCounters())
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	fmt.Println(after.TotalAlloc - before.TotalAlloc)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func checking(text string) func() {
	c := check.New(check.Options{})
	return func() { c.Check("a.txt", []byte(text)) }
}

// restoring restores a text that has been restored once, so that the search for
// the candidates of its words is not part of the measure.
func restoring(text string) func() {
	r := restorer()
	_, err := r.Text(garbled + "\n\n" + garbled)
	must(err)
	return func() {
		for _, err := range r.Blocks(strings.NewReader(text)) {
			must(err)
		}
	}
}

func restorer() *restore.Restorer {
	m, err := models.Files().Open(restore.Auto)
	must(err)
	r, err := restore.New(m, restore.Options{})
	must(err)
	return r
}

func witnesses(n int) func() {
	block := strings.TrimSpace(strings.Repeat("dé nghi cdc so ", 4*n))
	var ws []restore.Witness
	at := 0
	for w := range strings.SplitSeq(block, " ") {
		ws = append(ws, restore.Witness{Start: at, End: at + len(w), Channel: "vie", Read: "nghị"})
		at += len(w) + 1
	}
	r := restorer()
	r.Document().Reading(block, "eng", ws)
	return func() { r.Document().Reading(block, "eng", ws) }
}

// words returns lines of ten words; every so many words one is wrong.
func words(n, wrong int) string {
	var b strings.Builder
	for i := range n {
		w := []string{"ủy", "ban", "nhân", "dân", "tỉnh", "đề", "nghị"}[i%7] + strconv.Itoa(i%11)
		if wrong > 0 && i%wrong == 0 {
			w = "x" + w
		}
		b.WriteString(w)
		b.WriteByte(" \n"[min(1, i%10/9)])
	}
	return b.String()
}

// page sets lines of words of a letter on a grid, its head and foot included.
func page(lines, across int) *ocr.Page {
	p := &ocr.Page{Size: image.Pt(200*across, 50*lines), DPI: 300}
	for i := range lines {
		l := ocr.Line{Block: 1, Par: i / 5}
		text := strings.Repeat("ủy ban ", across)
		switch {
		case i == 0:
			text = "UBND TỈNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM " + text
		case i == lines-1:
			text += "Nơi nhận: CHỦ TỊCH"
		}
		for k, w := range strings.Fields(text) {
			box := image.Rect(100*k, 50*i, 100*k+90, 50*i+40)
			l.Words = append(l.Words, ocr.Word{Box: box, Read: w, Text: w, Confidence: 1})
			l.Box = l.Box.Union(box)
		}
		p.Lines = append(p.Lines, l)
	}
	return p
}

func columns(lines, across int) func() {
	p := page(lines, across)
	return func() { layout.Columns(p) }
}

// tables reads a table whose columns are a word wide.
func tables(lines, across int) func() {
	p := page(lines, across/2)
	for _, l := range p.Lines {
		for i := range l.Words {
			l.Words[i].Box.Max.X -= 40
		}
	}
	if _, ok := layout.Tables(p.Lines); !ok {
		panic("there is no table")
	}
	return func() { layout.Tables(p.Lines) }
}

// batching takes documents of one page through a batch, which is done once before
// if done.
func batching(n int, done bool) func() {
	dir, err := os.MkdirTemp("", "growth")
	must(err)
	in := filepath.Join(dir, "in")
	must(os.Mkdir(in, 0o777))
	for i := range 10 * n {
		must(os.WriteFile(filepath.Join(in, fmt.Sprintf("van ban so %06d.txt", i)), fmt.Appendf(nil, "van ban so %d\n", i), 0o666))
	}
	run := func() {
		_, err := batch.Run(context.Background(), batch.Config{Inputs: []string{in}, Out: filepath.Join(dir, "out")},
			batch.Job{Suffixes: []string{".txt"}, Open: func(_ context.Context, _ batch.Input, out *batch.Outputs) (batch.Document, error) {
				return page1{out}, nil
			}})
		must(err)
	}
	if done {
		run()
	}
	return func() {
		defer os.RemoveAll(dir)
		run()
	}
}

// page1 is a document of one page for a batch.
type page1 struct{ out *batch.Outputs }

func (page1) Pages() int                      { return 1 }
func (page1) Number(n int) int                { return n + 1 }
func (page1) Read(context.Context, int) error { return nil }
func (page1) Close() error                    { return nil }
func (page1) Finish() (batch.Info, error)     { return batch.Info{}, nil }

func (p page1) Emit(int, error) error {
	_, err := p.out.Create(".txt")
	return err
}

func training(n int) func() {
	t := channel.NewTrainer()
	gold, read := words(20*n, 0), words(20*n, 7)
	return func() {
		t.Add(gold, read)
		t.Train("x", "", nil)
	}
}

func pdfPages(n int) func() {
	file := pdfFile(n)
	return func() { openPDF(file, func(*pdf.Reader, *pdf.Page) {}) }
}

// pdfLayers takes the text of each page of a PDF out and puts another in. What they
// share, the fonts, comes when the file is closed, and is left out: how long it takes
// to pack goes up and down.
func pdfLayers(n int) func() {
	file := pdfFile(n)
	return func() {
		var u *pdf.Updater
		openPDF(file, func(r *pdf.Reader, p *pdf.Page) {
			if u == nil {
				var err error
				u, err = pdf.NewUpdater(io.Discard, r)
				must(err)
			}
			_, err := u.Replace(p, layer)
			must(err)
		})
	}
}

// layer is the text of a page.
var layer = pdf.Text{Lines: [][]pdf.Word{{{Text: "ban", X0: 1, Y0: 1, X1: 5, Y1: 4}}}, Width: 8, Height: 8}

// pdfFile is a PDF of images and their text.
func pdfFile(pages int) []byte {
	var file bytes.Buffer
	b, err := pdf.NewBuilder(&file, "growth", false)
	must(err)
	for range pages {
		must(b.Add(pdf.Encode(image.NewGray(image.Rect(0, 0, 8, 8))), 72, layer))
	}
	must(b.Close())
	return file.Bytes()
}

// openPDF opens a PDF and calls do with each of its pages.
func openPDF(file []byte, do func(*pdf.Reader, *pdf.Page)) {
	r, err := pdf.Open(bytes.NewReader(file), int64(len(file)))
	must(err)
	leaves, err := r.Pages()
	must(err)
	for _, l := range leaves {
		p, err := r.Page(l)
		must(err)
		do(r, p)
	}
}

// tiffPages opens a TIFF whose pages are all the same strip of white.
func tiffPages(n int) func() {
	le := binary.LittleEndian
	file := []byte("II*\x00\x00\x00\x00\x00")
	link := 4
	for range n {
		for len(file)%2 != 0 {
			file = append(file, 0)
		}
		le.PutUint32(file[link:], uint32(len(file)))
		entries := [][2]uint32{{256, 16}, {257, 16}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, 16}, {279, 256}}
		file = le.AppendUint16(file, uint16(len(entries)))
		for _, e := range entries {
			file = le.AppendUint16(file, uint16(e[0]))
			file = le.AppendUint16(file, 4) // long
			file = le.AppendUint32(file, 1)
			file = le.AppendUint32(file, e[1])
		}
		link = len(file)
		file = le.AppendUint32(file, 0)
	}
	file = append(file, make([]byte, 512)...)
	dir, err := os.MkdirTemp("", "growth")
	must(err)
	path := filepath.Join(dir, "a.tif")
	must(os.WriteFile(path, file, 0o666))
	return func() {
		defer os.RemoveAll(dir)
		d, err := document.Open(context.Background(), path, document.Options{})
		must(err)
		if d.NumPages() != n {
			panic("pages are missing")
		}
		must(d.Close())
	}
}
