package synth

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// A Composer sets training pages: letters, inner pages, lists, tables and ends
// of documents, in the layouts and states that archives hold.
type Composer struct {
	Library *Library
	Sources []*Source
	With    []string // Extras that every page bears
}

// A Sample is one training page.
type Sample struct {
	Page *Page
	Wear Wear
	Meta string // what it is made of, tab-separated
}

// Compose returns the page that follows from a seed and a number.
func (c *Composer) Compose(seed uint64, n int) (*Sample, *rand.Rand, error) {
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	fam := c.family(rng)
	marks := "own"
	if fam.times && chance(rng, 0.55) {
		f, err := fam.stacked(rng)
		if err != nil {
			return nil, nil, err
		}
		fam, marks = f, "stacked"
	}
	lines, source, err := c.text(rng)
	if err != nil {
		return nil, nil, err
	}
	d := &draft{rng: rng, text: lines}
	d.style = Style{Family: fam, Size: pick(rng, []float64{11, 12, 12.5, 13, 13, 13, 13.5, 14, 14, 14})}
	kind := pick(rng, []string{"first", "inner", "inner", "inner", "last", "table", "list"})
	kind, d.stamped = c.kindWith(kind), slices.Contains(c.With, "stamp")
	d.setUp(kind)
	d.fillPage(kind)
	wear, wearName := RandomWear(rng)
	c.addExtras(d, &wear)
	meta := fmt.Sprintf("%s\t%g\t%s\t%s\t%s\t%s\t%+v", fam.Name, d.style.Size, wearName, kind, marks, source, wear)
	return &Sample{d.sheet.Pages[0], wear, meta}, rng, nil
}

func (c *Composer) family(rng *rand.Rand) *Family {
	total := 0
	for _, f := range c.Library.families {
		total += f.weight
	}
	n := rng.IntN(total)
	for _, f := range c.Library.families {
		if n -= f.weight; n < 0 {
			return f
		}
	}
	panic("synth: empty library")
}

func (c *Composer) text(rng *rand.Rand) ([]string, string, error) {
	total := 0.0
	for _, s := range c.Sources {
		total += s.Weight
	}
	n := rng.Float64() * total
	src := c.Sources[len(c.Sources)-1]
	for _, s := range c.Sources {
		if n -= s.Weight; n < 0 {
			src = s
			break
		}
	}
	var lines []string
	for range 4 { // several places, so that one page holds more than one matter
		part, err := src.stretch(rng, 12)
		if err != nil {
			return nil, "", fmt.Errorf("reading text: %w", err)
		}
		lines = append(lines, part...)
	}
	return lines, src.Path, nil
}

// draft is a page in the making.
type draft struct {
	rng   *rand.Rand
	text  []string // not set yet
	style Style
	sheet Sheet
	box   Box
	after float64 // paragraph spacing, in points

	stamped bool // the foot has a stamp in any case
}

func (d *draft) setUp(kind string) {
	rng := d.rng
	s := &d.sheet
	s.Width, s.Height = A4Width, A4Height*pick(rng, []float64{0.5, 0.6, 0.75, 1})
	if kind == "first" || kind == "last" {
		s.Height = max(s.Height, 0.65*A4Height)
	}
	s.Left, s.Right = between(rng, 60, 95), between(rng, 34, 62)
	s.Top, s.Bottom = between(rng, 40, 62), between(rng, 36, 60)
	if chance(rng, 0.2) {
		d.style.Track = between(rng, -0.45, 0.25)
	}
	d.box = s.Body()
	d.box.Indent = pick(rng, []float64{0, 28, 36, 36, 42})
	d.box.Leading = between(rng, 1.05, 1.55)
	d.box.Shrink = pick(rng, []float64{1, 1, 0.8, 0.6, 0.45})
	if chance(rng, 0.15) {
		d.box.Align = Left
	}
	d.after = between(rng, 0, 8)
}

// next returns the next paragraph of the sources that the font can set.
func (d *draft) next() string {
	for len(d.text) > 0 {
		line := d.text[0]
		d.text = d.text[1:]
		if n := len(line); n > 4 && d.style.has(line) && d.style.bold().has(line) {
			return line
		}
	}
	return ""
}

// fillPage sets one page of a kind.
func (d *draft) fillPage(kind string) {
	switch kind {
	case "first":
		d.first()
	case "last":
		room := 200.0
		if d.stamped { // after the longest of paragraphs, too
			room = 420
		}
		d.paragraphs(d.sheet.Room() - room)
		d.foot()
	case "table":
		d.paragraphs(between(d.rng, 20, 160))
		d.table()
	case "list":
		d.list()
	default:
		if chance(d.rng, 0.6) {
			b := d.sheet.Body()
			b.Align = Center
			d.sheet.Para(b, Span{fmt.Sprint(2 + d.rng.IntN(60)), d.style})
			d.sheet.Skip(6)
		}
	}
	if kind != "last" {
		d.paragraphs(0)
	}
}

func (d *draft) first() {
	rng := d.rng
	h := Head{
		Body:   fill(rng, pick(rng, bodies), true),
		Number: "Số: " + docNumber(rng),
		Place:  placeDate(rng),
		Split:  between(rng, 0.38, 0.48),
	}
	if chance(rng, 0.5) {
		h.Parent = fill(rng, pick(rng, bodies), true)
	}
	if chance(rng, 0.5) {
		h.About = "V/v " + lowerFirst(clip(d.next(), 90))
	}
	d.sheet.Head(h, d.style.sized(min(d.style.Size, 13)))
	b := d.box
	switch {
	case h.About != "":
		b.Indent, b.Align = 60, Left
		to := clip(d.next(), 70)
		if chance(rng, 0.6) {
			to = fill(rng, "Ủy ban nhân dân huyện %s", false)
		}
		d.sheet.Para(b, Span{pick(rng, addressees), d.style}, Span{to + ".", d.style})
		d.sheet.Skip(6)
	default:
		about := clip(d.next(), 130)
		st := d.style
		if chance(rng, 0.3) {
			st = st.underline()
		}
		d.sheet.Title(strings.ToUpper(pick(rng, formula.Kinds)), about, st)
		if chance(rng, 0.5) {
			b.Align = Center
			d.sheet.Para(b, Span{strings.ToUpper(pick(rng, formula.Capacities)) + " " + fill(rng, pick(rng, bodies), true), d.style.bold()})
			d.sheet.Skip(4)
		}
	}
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// heading finds the number that opens a heading of a law.
var heading = lazy.Regexp(`^(Điều \d+\.?|Chương [IVXL\d]+\.?|Mục \d+\.?|[IVX]+\.|Phần [^ ]+)`)

// paragraphs sets text until the page is full or room points are used.
func (d *draft) paragraphs(room float64) {
	stop := 1.3 * d.style.Size
	if room > 0 {
		stop = max(stop, d.sheet.Room()-room)
	}
	for d.sheet.Room() > stop && len(d.sheet.Pages) == 1 {
		text := d.next()
		if text == "" {
			return
		}
		d.paragraph(text)
	}
}

func (d *draft) paragraph(text string) {
	rng, b, st := d.rng, d.box, d.style
	if chance(rng, 0.04) {
		text = contact(rng)
	}
	text = clip(text, 900)
	switch head := heading().FindString(text); {
	case head != "" && len(text) < 160:
		if strings.HasPrefix(head, "Điều") || chance(rng, 0.5) {
			st = st.bold()
			b.Align = Left
		} else {
			st, b.Align, b.Indent = st.bold(), Center, 0
			if chance(rng, 0.7) {
				text = strings.ToUpper(text)
			}
		}
	case len(text) < 110 && chance(rng, 0.35):
		text, st = strings.ToUpper(text), st.bold()
		if chance(rng, 0.5) {
			b.Align, b.Indent = Center, 0
		}
	case chance(rng, 0.06):
		st = st.italic()
	case chance(rng, 0.06):
		st = st.bold()
	case chance(rng, 0.03):
		st = st.bold().italic()
	case chance(rng, 0.05):
		st = st.sized(st.Size - between(rng, 1, 3))
	case chance(rng, 0.06): // a line that someone squeezed to fit
		st = st.tracked(between(rng, -0.8, -0.2))
	case chance(rng, 0.04):
		text = strings.ToUpper(clip(text, 260))
	case chance(rng, 0.02):
		text, st = clip(text, 160), st.underline()
	}
	if st.has(text) {
		spans := []Span{{text, st}}
		if head := heading().FindString(text); head != "" && !st.Bold && st.bold().has(head) {
			spans = []Span{{head, st.bold()}, {text[len(head):], st}}
		}
		if len(b.wrap(words(spans))) == 1 && chance(rng, 0.02) {
			text += " " + strings.Repeat(".", 10+rng.IntN(30))
			spans = []Span{{text, st}}
		}
		d.fit(b, spans)
		d.sheet.Skip(d.after)
	}
}

// fit sets what still fits on the page of a paragraph.
func (d *draft) fit(b Box, spans []Span) {
	lines := b.wrap(words(spans))
	for i, l := range lines {
		size := spans[len(spans)-1].Style.Size
		if d.sheet.Room() < b.leading(size) {
			return
		}
		indent := b.Hang
		if i == 0 {
			indent = b.Indent
		}
		d.sheet.Page().put(b, l, d.sheet.Y+b.leading(size)-0.28*size, indent, i == len(lines)-1)
		d.sheet.Y += b.leading(size)
	}
}

var markers = [][]string{
	{"1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "9.", "10.", "11."},
	{"a)", "b)", "c)", "d)", "đ)", "e)", "g)", "h)", "i)", "k)", "l)"},
	{"-", "-", "-", "-", "-", "-", "-", "-"},
	{"+", "+", "+", "+", "+"},
	{"(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)", "(vii)"},
	{"I.", "II.", "III.", "IV.", "V.", "VI."},
	{"1.1.", "1.2.", "1.3.", "1.4.", "2.1.", "2.2."},
	{"1)", "2)", "3)", "4)", "5)"},
}

// leadMark is a mark that a line of the sources may bring already.
var leadMark = lazy.Regexp(`^(\d+(\.\d+)*[.)]|[a-zđ]\)|[-+•–]|\([ivx]+\))\s*`)

func (d *draft) list() {
	for range 3 {
		for _, m := range pick(d.rng, markers) {
			text := d.next()
			if text == "" || d.sheet.Room() < 40 {
				return
			}
			text = clip(leadMark().ReplaceAllString(text, ""), 60+d.rng.IntN(400))
			if m == "I." {
				text = strings.ToUpper(clip(text, 90))
			}
			if text == "" || !d.style.has(text) {
				continue
			}
			gap := " "
			if chance(d.rng, 0.1) {
				gap = ""
			}
			st := d.style
			if m == "I." || chance(d.rng, 0.05) {
				st = st.bold()
			}
			d.fit(d.box, []Span{{m + gap + text, st}})
			d.sheet.Skip(d.after / 2)
		}
	}
}

func (d *draft) table() {
	rng := d.rng
	cols := 3 + rng.IntN(3)
	widths := []float64{0.08}
	left := 0.92
	for i := 1; i < cols; i++ {
		w := left / float64(cols-i)
		if i < cols-1 {
			w *= between(rng, 0.7, 1.4)
		}
		widths, left = append(widths, w), left-w
	}
	head := []string{"TT"}
	for range cols - 1 {
		head = append(head, pick(rng, tableHeads[1:]))
	}
	rows := [][]string{head}
	for i := range 4 + rng.IntN(8) {
		row := []string{fmt.Sprint(i + 1)}
		for range cols - 1 {
			row = append(row, d.cell())
		}
		rows = append(rows, row)
	}
	st := d.style.sized(d.style.Size - between(rng, 0, 3))
	room := d.sheet.Room() - 40
	for n := len(rows); n > 1; n-- { // as many rows as fit
		if s := (Sheet{Width: d.sheet.Width, Height: 1e5, Left: d.sheet.Left, Right: d.sheet.Right}); true {
			s.Table(rows[:n], widths, st)
			if s.Y < room {
				d.sheet.Table(rows[:n], widths, st)
				return
			}
		}
	}
}

func (d *draft) cell() string {
	rng := d.rng
	switch rng.IntN(7) {
	case 0:
		return money(rng)
	case 1:
		return fmt.Sprintf("%02d/%02d/%d", 1+rng.IntN(28), 1+rng.IntN(12), 1995+rng.IntN(31))
	case 2:
		return personName(rng)
	case 3:
		return fill(rng, "Huyện %s", false)
	}
	if s := clip(leadMark().ReplaceAllString(d.next(), ""), 15+rng.IntN(60)); s != "" {
		return s
	}
	return "-"
}

func (d *draft) foot() {
	rng := d.rng
	if d.sheet.Room() < 170 {
		return
	}
	f := Foot{Name: personName(rng), Pen: chance(rng, 0.8)}
	for _, i := range rng.Perm(len(recipients))[:2+rng.IntN(6)] {
		r := recipients[i]
		if strings.Contains(r, "%s") {
			r = fmt.Sprintf(r, pick(rng, []string{"TH", "VX3", "KTN", "NC, TD", "PC (3b)", "TCHC"}))
		}
		f.Recipients = append(f.Recipients, r)
	}
	if chance(rng, 0.5) {
		f.Capacity = append(f.Capacity, pick(rng, []string{"TM. ", "KT. ", "TL. ", "TUQ. "})+strings.ToUpper(pick(rng, formula.Capacities)))
	}
	f.Capacity = append(f.Capacity, strings.ToUpper(pick(rng, formula.Capacities)))
	if chance(rng, 0.6) || d.stamped {
		f.Stamp = fill(rng, pick(rng, bodies), true)
	}
	d.sheet.Foot(f, d.style.sized(min(d.style.Size, 13)), rng)
}

// RandomWear draws the state of a scan. Most are what archives hold: black and
// white at 300 dpi, strokes fattened or broken by copying.
func RandomWear(rng *rand.Rand) (Wear, string) {
	w := Wear{Placement: Placement{DPI: 300}}
	w.Skew = rng.NormFloat64() * 0.35
	if chance(rng, 0.5) {
		w.Bend, w.Phase = between(rng, 0, 0.8), between(rng, 0, 6)
	}
	if chance(rng, 0.3) {
		w.Drift = rng.NormFloat64() * 0.01
	}
	bi := func() {
		w.Bilevel = true
		w.Uneven = between(rng, 0, 0.06)
	}
	switch k := rng.Float64(); {
	case k < 0.42: // an archive's black and white scan of a laser print
		bi()
		w.Spread, w.Rough = between(rng, -0.04, 0.26), between(rng, 0.1, 0.6)
		w.Blur, w.Noise = between(rng, 0.7, 1.5), between(rng, 0.02, 0.09)
		w.Threshold = between(rng, 0.42, 0.68)
		w.Speckles = between(rng, 0, 2)
		return w, "bilevel"
	case k < 0.56: // the same from a copy of a copy
		bi()
		w.Generations = 1 + rng.IntN(2)
		w.Spread, w.Rough = between(rng, 0, 0.2), between(rng, 0.1, 0.45)
		w.Blur, w.Noise = between(rng, 0.7, 1.3), between(rng, 0.02, 0.08)
		w.Threshold = between(rng, 0.4, 0.65)
		w.Fade, w.Blotch = between(rng, 0, 0.15), between(rng, 0, 0.08)
		w.Speckles, w.Streaks = between(rng, 0, 6), rng.IntN(3)
		return w, "copy"
	case k < 0.68: // 200 dpi, as fax machines and early archives made
		bi()
		w.DPI = pick(rng, []float64{200, 204, 240, 300})
		if w.DPI == 300 {
			w.FaxDPI = pick(rng, []float64{200, 150, 240})
		}
		w.Spread, w.Rough = between(rng, -0.05, 0.15), between(rng, 0.1, 0.5)
		w.Blur, w.Noise = between(rng, 0.6, 1.4), between(rng, 0.01, 0.06)
		w.Threshold = between(rng, 0.45, 0.65)
		w.Speckles = between(rng, 0, 3)
		return w, "fax"
	case k < 0.82: // an office scanner, grey, JPEG
		w.DPI = pick(rng, []float64{150, 200, 200, 240, 300})
		w.Spread, w.Rough = between(rng, -0.05, 0.15), between(rng, 0, 0.4)
		w.Blur, w.Noise = between(rng, 0.4, 1.6), between(rng, 0.005, 0.05)
		w.JPEG = 12 + rng.IntN(70)
		w.Paper, w.Gradient, w.Shadow = between(rng, 0, 0.15), between(rng, 0, 0.15), between(rng, 0, 0.4)
		w.Bleed = between(rng, 0, 0.15)
		return w, "office"
	case k < 0.94: // worn: faded, stained, bent
		w.DPI = pick(rng, []float64{200, 240, 300, 300})
		w.Bend, w.Phase = between(rng, 0.3, 1.6), between(rng, 0, 6)
		w.Skew = rng.NormFloat64() * 0.7
		w.Spread, w.Rough = between(rng, -0.06, 0.15), between(rng, 0.2, 0.7)
		w.Fade, w.Blotch = between(rng, 0, 0.35), between(rng, 0, 0.18)
		w.Blur, w.Noise, w.Grain = between(rng, 0.6, 1.6), between(rng, 0.005, 0.04), between(rng, 0, 0.025)
		w.Paper, w.Gradient, w.Shadow = between(rng, 0.02, 0.2), between(rng, 0, 0.25), between(rng, 0, 0.5)
		w.Bleed, w.Speckles, w.Streaks = between(rng, 0, 0.25), between(rng, 0, 8), rng.IntN(3)
		if chance(rng, 0.6) {
			w.JPEG = 20 + rng.IntN(60)
		}
		return w, "worn"
	default:
		w.Blur, w.Noise = between(rng, 0.3, 0.8), between(rng, 0, 0.02)
		return w, "clean"
	}
}
