// Package ocr holds what a reader of page images returns: pages of lines of
// words with their boxes. It knows nothing of Vietnamese, of files or of any
// particular engine; package tesseract, below it, is the engine we ship.
package ocr

import (
	"context"
	"image"
	"maps"
	"slices"
	"strings"
)

// Page is one page as read. Boxes are in pixels of the image that was read,
// origin at the top left.
type Page struct {
	Size  image.Point // of the image, in pixels
	DPI   int         // of the image; 0 if unknown
	Turn  int         // degrees (0, 90, 180, 270) by which the image had to be turned clockwise; Size and boxes are those of the turned image
	Lines []Line      // in reading order

	Language string   // that most of its words are in, by ISO 639; empty if it has none, or nobody has looked
	Regions  []Region // places of the page that are no print
	LeftOut  []Line   // words that are taken for noise, by the lines in which they were read
}

// Languages counts words by their language.
type Languages map[string]int

// Add counts words of a language; those of none do not count.
func (l *Languages) Add(lang string, words int) {
	if lang == "" {
		return
	}
	if *l == nil {
		*l = Languages{}
	}
	(*l)[lang] += words
}

// Most is the language of most words, empty without any; of as many, the first by name.
func (l Languages) Most() (most string) {
	for _, lang := range slices.Sorted(maps.Keys(l)) {
		if l[lang] > l[most] {
			most = lang
		}
	}
	return most
}

// A Region is a place of a page that holds something else than print, or over it.
type Region struct {
	Kind RegionKind
	Box  image.Rectangle
}

// RegionKind says what is in a region. The values are stable: outputs hold them.
type RegionKind string

// The kinds of regions.
const (
	Stamp       RegionKind = "stamp"       // round, or square
	Received    RegionKind = "received"    // the stamp of who received the letter, filled in by hand
	Handwriting RegionKind = "handwriting" // a signature, a note
	Overlay     RegionKind = "overlay"     // what a system printed over the head of a copy
	Watermark   RegionKind = "watermark"   // pale, across the sheet
	Margin      RegionKind = "margin"      // the edge of a scan, and what stands beside the text
	Rule        RegionKind = "rule"        // a line of a form, or under a heading
)

// A Role says what a line is besides running text. The values are stable: outputs hold
// them.
type Role string

// The roles.
const (
	RoleOverlay  Role = "overlay"  // in an Overlay
	RoleReceived Role = "received" // in a Received stamp: no text of the letter
	RoleNumber   Role = "number"   // of the page
)

// Line is one line of text. Lines with equal Block and Par stand in one
// paragraph; a change of Block is a new area of the page.
type Line struct {
	Box        image.Rectangle
	Block, Par int
	Words      []Word
	Cell       Cell // zero outside tables
	Role       Role // empty for text
}

// Cell is a cell of a table: table, row and column are counted from 1, tables on
// their page. A cell may have several lines.
type Cell struct {
	Table  int `json:"table"`
	Row    int `json:"row"`
	Column int `json:"column"`
}

// Word is one token between spaces. A reader fills Read, Sure, Text, Box and
// Confidence; the restorer replaces Text and Confidence and adds Alternatives.
type Word struct {
	Box          image.Rectangle
	Read         string        // as the reader saw it, NFC
	Sure         float64       // how sure the reader is of Read, 0 to 1
	Text         string        // what it is taken to be, NFC
	Confidence   float64       // that Text is right, 0 to 1
	Alternatives []Alternative // best first, without Text itself
	Hand         bool          // written by hand: no text, but a guess
}

// Alternative is another text that a word may have, with its probability.
type Alternative struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
}

// Image is a page image for an Engine: an encoded PNG, PNM, JPEG or TIFF
// (first page), whatever the page pipeline had at hand.
type Image struct {
	Data []byte
	DPI  int // 0 if unknown
	// Marks are places where a stamp lies over print, which an engine may well look
	// at again by themselves.
	Marks []image.Rectangle
	// Numbers are places where the number of the page may stand alone.
	Numbers []image.Rectangle
	// Cells are the cells of tables; an engine may well look again at one in which it
	// has read nothing.
	Cells []image.Rectangle
}

// An Engine reads page images. It is used by one goroutine at a time.
type Engine interface {
	// Read reads one image with the trained data of lang ("vie", "eng").
	Read(ctx context.Context, img Image, lang string) (*Page, error)
	Close() error
}

// Break is what plain text has between two lines that follow each other: an empty
// line between blocks and paragraphs, a tab from one cell of a row to the next, a
// space between the lines of a cell, a line break otherwise.
func Break(a, b Line) string {
	switch {
	case a.Block != b.Block || a.Par != b.Par || a.Role != b.Role:
		return "\n\n"
	case a.Cell.Table == 0 || a.Cell.Row != b.Cell.Row || a.Cell.Table != b.Cell.Table:
		return "\n"
	case a.Cell.Column != b.Cell.Column:
		return strings.Repeat("\t", max(1, b.Cell.Column-a.Cell.Column))
	}
	if goesOn(a, b) {
		return ""
	}
	return " "
}

// goesOn reports whether a number, cut at a dash, goes on in the next line of a cell.
func goesOn(a, b Line) bool {
	if len(a.Words) == 0 || len(b.Words) == 0 {
		return false
	}
	end, start := a.Words[len(a.Words)-1].Text, b.Words[0].Text
	body, ok := strings.CutSuffix(end, "-")
	return ok && body != "" && strings.ContainsAny(body[len(body)-1:], digits) && strings.ContainsAny(start[:min(1, len(start))], digits)
}

const digits = "0123456789"

// Around is the box around words.
func Around(words []Word) (b image.Rectangle) {
	for _, w := range words {
		b = b.Union(w.Box)
	}
	return b
}

// AroundLines is the box around lines.
func AroundLines(lines []Line) (b image.Rectangle) {
	for _, l := range lines {
		b = b.Union(l.Box)
	}
	return b
}

// Text returns the page as plain text: a line a line, a row of a table a line, an
// empty line between blocks and paragraphs.
func (p *Page) Text() string {
	var b []byte
	for i, l := range p.Lines {
		if i > 0 {
			b = append(b, Break(p.Lines[i-1], l)...)
		}
		for j, w := range l.Words {
			if j > 0 {
				b = append(b, ' ')
			}
			b = append(b, w.Text...)
		}
	}
	if len(p.Lines) > 0 {
		b = append(b, '\n')
	}
	return string(b)
}

// Resize returns a copy of p with its boxes fitted to an image of another
// size.
func (p *Page) Resize(size image.Point) *Page {
	q := *p
	q.Size = size
	if p.Size.X > 0 {
		q.DPI = p.DPI * size.X / p.Size.X
	}
	fit := func(r image.Rectangle) image.Rectangle {
		if p.Size.X <= 0 || p.Size.Y <= 0 {
			return r
		}
		return image.Rect(r.Min.X*size.X/p.Size.X, r.Min.Y*size.Y/p.Size.Y, r.Max.X*size.X/p.Size.X, r.Max.Y*size.Y/p.Size.Y)
	}
	q.Regions = make([]Region, len(p.Regions))
	for i, r := range p.Regions {
		q.Regions[i] = Region{r.Kind, fit(r.Box)}
	}
	q.Lines = make([]Line, len(p.Lines))
	for i, l := range p.Lines {
		l.Box = fit(l.Box)
		l.Words = append([]Word(nil), l.Words...)
		for j := range l.Words {
			l.Words[j].Box = fit(l.Words[j].Box)
		}
		q.Lines[i] = l
	}
	return &q
}
