package pdf

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Word is a word of a text layer with its box in pixels of the page image,
// origin at the top left.
type Word struct {
	Text           string
	X0, Y0, X1, Y1 float64
}

// Text is the text of a page: lines of words, on an image of Width by Height
// pixels. Turn is how many degrees clockwise the page, as a viewer shows it,
// was turned to give that image.
type Text struct {
	Lines         [][]Word
	Width, Height float64
	Turn          int
	Over          bool // the page's own text is no good: only this is to be found
}

// unit is the grid of text layers, in points. Whole numbers of it place a line
// within half a pixel of 300 dpi and take three digits.
const unit = 0.5

// layer turns texts into content streams. All pages of a file share its fonts.
//
// A line is one string. Its font size comes from the height of the words, and
// one horizontal scale and one word spacing fit the widths of Times (in which
// letters are set) to the line; a word that would still start more than a
// quarter of an em off is moved. Size and scale are those of the page where that
// is nearly right, and those of pages before it. All this takes half the bytes of a position and a scale for
// every word, and keeps scans of a few kB a page small.
type layer struct {
	fonts   []*font
	code    map[rune]glyph
	archive bool // the file is PDF/A
	sizes   habit
	scales  habit
}

// habit counts the numbers that the pages of a file have used: those that repeat pack
// well.
type habit map[int]int

// near returns the most used number that differs from x by no more than tolerance, or
// x, and counts it.
func (h habit) near(x, tolerance int) int {
	best := x
	for y := x - tolerance; y <= x+tolerance; y++ {
		if h[y] > h[best] {
			best = y
		}
	}
	h[best]++
	return best
}

type glyph struct {
	font int
	code byte
}

// font is a simple font whose codes stand for the characters in the order in
// which they came up; ASCII stands for itself in the first one.
type font struct {
	ref   Ref
	runes map[byte]rune
	free  []byte
}

func newLayer() *layer {
	return &layer{code: map[rune]glyph{}, sizes: habit{}, scales: habit{}}
}

// glyph returns the code of r, adding a font when all codes are in use.
func (l *layer) glyph(r rune, alloc func() Ref) glyph {
	if g, ok := l.code[r]; ok {
		return g
	}
	n := len(l.fonts) - 1
	if n < 0 || len(l.fonts[n].free) == 0 {
		f := &font{ref: alloc(), runes: map[byte]rune{}}
		for c := 0x20; c < 0x7f; c++ {
			if n < 0 {
				f.runes[byte(c)] = rune(c)
				l.code[rune(c)] = glyph{0, byte(c)}
			} else if c > 0x20 { // which is what word spacing widens
				f.free = append(f.free, byte(c))
			}
		}
		for c := 0x7f; c <= 0xff; c++ {
			f.free = append(f.free, byte(c))
		}
		// The Vietnamese letters need these as well: a second font costs 1 kB.
		for c := 0x01; c < 0x20; c++ {
			if c != '\n' && c != '\r' {
				f.free = append(f.free, byte(c))
			}
		}
		l.fonts = append(l.fonts, f)
		n++
		if g, ok := l.code[r]; ok {
			return g
		}
	}
	f := l.fonts[n]
	g := glyph{n, f.free[0]}
	f.free = f.free[1:]
	f.runes[g.code], l.code[r] = r, g
	return g
}

// content returns the operators that write t invisibly on a page, and the fonts that
// they use. What comes first is the same on many pages.
func (l *layer) content(t Text, box Box, rotate int, names []string, alloc func() Ref) (first, rest []byte, used []int) {
	m, scaleX, scaleY, height := t.grid(box, rotate)
	w := &layerWriter{layer: l, alloc: alloc, font: -1, names: names}
	var lines [][]Word
	for _, words := range t.Lines {
		scaled := make([]Word, 0, len(words))
		for _, v := range words {
			if v.Text != "" {
				scaled = append(scaled, Word{v.Text, v.X0 * scaleX, height - v.Y1*scaleY, v.X1 * scaleX, height - v.Y0*scaleY})
			}
		}
		if len(scaled) > 0 {
			lines = append(lines, scaled)
		}
	}
	trim(lines, slopeOf(lines))
	var sizes, scales []int
	for _, words := range lines {
		sizes = append(sizes, fontSize(words))
	}
	w.pageSize = l.sizes.near(median(sizes), 2)
	for i, words := range lines {
		scales = append(scales, scaleOf(words, near(sizes[i], w.pageSize, 25)))
	}
	w.pageScale = l.scales.near(median(scales), 2)
	w.b.WriteByte('q')
	for _, x := range m {
		w.b.WriteByte(' ')
		w.b.WriteString(string(Real(x)))
	}
	w.b.WriteString(" cm BT 3 Tr\n")
	if len(lines) > 0 {
		w.setFont(0, w.pageSize)
		w.setScale(w.pageScale)
	}
	first = bytes.Clone(w.b.Bytes())
	w.b.Reset()
	for _, words := range lines {
		w.line(words)
	}
	w.b.WriteString("ET Q\n")
	return first, w.b.Bytes(), w.used
}

// slopeOf returns the slope of the lines of a page.
func slopeOf(lines [][]Word) float64 {
	var slopes []float64
	for _, words := range lines {
		if len(words) < 6 {
			continue
		}
		_, k, _ := fitLine(words, fontSize(words))
		slopes = append(slopes, k)
	}
	if len(slopes) < 3 {
		return 0
	}
	slices.Sort(slopes)
	return slopes[len(slopes)/2]
}

// trim takes from the boxes of words what they are higher because the words
// slant.
func trim(lines [][]Word, slope float64) {
	for _, words := range lines {
		for i, v := range words {
			h := v.Y1 - v.Y0
			d := min(math.Abs(slope)*(v.X1-v.X0), h/2) / 2
			words[i].Y0, words[i].Y1 = v.Y0+d, v.Y1-d
		}
	}
}

// grid returns the matrix from the grid of units to the page, and how many
// units a pixel is.
func (t Text) grid(box Box, rotate int) (m Matrix, scaleX, scaleY, height float64) {
	rotate = (rotate + t.Turn) % 360
	w, h := box[2]-box[0], box[3]-box[1]
	if rotate%180 != 0 {
		w, h = h, w
	}
	w, h = w/unit, h/unit
	m = Matrix{1 / w, 0, 0, 1 / h, 0, 0}.Mul(FromUnit(box, rotate))
	return m, w / max(t.Width, 1), h / max(t.Height, 1), h
}

// layerWriter writes the lines of one page, from the bottom up in y.
type layerWriter struct {
	*layer
	b       bytes.Buffer
	alloc   func() Ref
	names   []string
	used    []int
	font    int
	size    int
	scale   int // of widths, in percent
	spacing float64
	x, y    int // of the line before
	leading int // from the line before that one
	rise    int // of the baseline above y

	pageSize, pageScale int // usual on the page
}

func median(xs []int) int {
	if len(xs) == 0 {
		return 0
	}
	xs = slices.Clone(xs)
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// near returns usual where it is within tolerance, in percent, of x.
func near(x, usual, tolerance int) int {
	if 100*abs(x-usual) <= tolerance*usual {
		return usual
	}
	return x
}

const (
	ascent  = 0.76 // of the font, in ems
	descent = 0.24

	// minGap is the least gap between words, in ems. Poppler runs words
	// together that are closer, even if a space stands between them.
	minGap = 0.22

	// maxDrift is how far the baseline of a word may be off, in ems.
	maxDrift = 0.2
)

func (w *layerWriter) line(words []Word) {
	size := near(fontSize(words), w.pageSize, 25)
	baseline, slope := baselineOf(words, size)
	base := func(v Word) float64 { return baseline + slope*((v.X0+v.X1)/2-words[0].X0) }
	scale := near(scaleOf(words, size), w.pageScale, 10)
	spacing := spacingOf(words, size, scale)
	if math.Abs(spacing-w.spacing) <= 1 && float64(len(words)) < float64(size)/2 {
		spacing = w.spacing
	}
	w.setFont(w.fontOf(words[0].Text), size)
	w.setScale(scale)
	if spacing != w.spacing {
		fmt.Fprintf(&w.b, "%s Tw ", Real(spacing))
		w.spacing = spacing
	}
	// A line that slants little goes through the middle.
	drift := (base(words[len(words)-1]) - base(words[0])) / 2
	most := float64(size) * maxDrift
	x, y := int(math.Round(words[0].X0)), int(math.Round(base(words[0])+min(max(drift, -most), most)))-w.rise
	// A point makes no difference to the eye; numbers that repeat pack well.
	if abs(x-w.x) <= 2 {
		x = w.x
	}
	if abs(y-w.y-w.leading) == 1 {
		y = w.y + w.leading
	}
	w.leading = y - w.y
	fmt.Fprintf(&w.b, "%d %d Td", x-w.x, y-w.y)
	w.x, w.y = x, y
	w.text(words, float64(x), base)
	w.b.WriteByte('\n')
}

// text shows words, the first at x. A line that slants goes up or down in steps
// between words: Poppler takes letters for another word whose baseline differs
// by half a point, as it does within a long word that slants itself.
func (w *layerWriter) text(words []Word, x float64, base func(Word) float64) {
	h := float64(w.scale) / 100
	var run []byte
	var parts []string // strings and moves
	flush := func() {
		if len(run) > 0 {
			parts = append(parts, string(appendString(nil, string(run))))
			run = run[:0]
		}
	}
	show := func() {
		flush()
		switch len(parts) {
		case 0:
		case 1:
			w.b.WriteString(parts[0] + "Tj")
		default:
			w.b.WriteString("[" + strings.Join(parts, "") + "]TJ")
		}
		parts = parts[:0]
	}
	for i, word := range words {
		if i > 0 {
			w.put(' ', &run, show)
			x += (0.25*float64(w.size) + w.spacing) * h
			end := x - (0.25*float64(w.size)+w.spacing)*h
			want := max(word.X0, end+minGap*float64(w.size))
			if off := want - x; math.Abs(off) > float64(w.size)/4 || x < end+minGap*float64(w.size)-0.01 {
				move := math.Floor(-off/(float64(w.size)*h)*20) * 50
				flush()
				parts = append(parts, strconv.Itoa(int(move)))
				x -= move / 1000 * float64(w.size) * h
			}
		}
		if off := base(word) - float64(w.y+w.rise); math.Abs(off) > float64(w.size)*maxDrift+0.5 {
			show()
			w.rise += int(math.Round(off + math.Copysign(float64(w.size)*maxDrift, off)))
			fmt.Fprintf(&w.b, " %d Ts", w.rise)
		}
		for _, r := range word.Text {
			w.put(r, &run, show)
			x += width(r) * float64(w.size) * h
		}
	}
	show()
}

// put adds r to a run of codes, and shows the run first if r is in another font.
func (w *layerWriter) put(r rune, run *[]byte, show func()) {
	g := w.glyph(r, w.alloc)
	if g.font != w.font {
		show()
		w.b.WriteByte(' ')
		w.setFont(g.font, w.size)
	}
	*run = append(*run, g.code)
}

func (w *layerWriter) fontOf(s string) int {
	for _, r := range s {
		return w.glyph(r, w.alloc).font
	}
	return 0
}

func (w *layerWriter) setFont(font, size int) {
	if font == w.font && size == w.size {
		return
	}
	w.font, w.size = font, size
	if !slices.Contains(w.used, font) {
		w.used = append(w.used, font)
	}
	fmt.Fprintf(&w.b, "/%s %d Tf ", fontName(w.names, font), size)
}

func (w *layerWriter) setScale(scale int) {
	if scale != w.scale {
		fmt.Fprintf(&w.b, "%d Tz ", scale)
		w.scale = scale
	}
}

// fontName returns the resource name of font i. names lists those in use by
// others.
func fontName(names []string, i int) string {
	name := "C" + strconv.Itoa(i)
	for slices.Contains(names, name) {
		name += "_"
	}
	return name
}

// fontSize is the height of the taller words, in whole units.
func fontSize(words []Word) int {
	hs := make([]float64, len(words))
	for i, v := range words {
		hs[i] = v.Y1 - v.Y0
	}
	slices.Sort(hs)
	return min(max(int(math.Round(hs[len(hs)*4/5])), 2), 2000)
}

// baselineOf returns the height of the baseline at the first word and, for
// lines that clearly run up or down, their slope.
func baselineOf(words []Word, size int) (y, slope float64) {
	at, k, ys := fitLine(words, size)
	length := words[len(words)-1].X1 - words[0].X0
	if rise := math.Abs(k * length); len(words) >= 6 && rise > 0.25*float64(size) && math.Abs(k) < 0.2 {
		return at, k
	}
	slices.Sort(ys)
	return ys[len(ys)/2], 0
}

// fitLine returns the straight line through the feet of words: its height at
// the first one and its slope, in thousandths; and the feet.
func fitLine(words []Word, size int) (at, k float64, ys []float64) {
	ys = make([]float64, len(words))
	var sx, sy, sxx, sxy float64
	for i, v := range words {
		ys[i] = v.Y0
		if strings.ContainsAny(viet.Strip(v.Text), "gjpqyQ,;()[]/") || hasDotBelow(v.Text) {
			ys[i] += descent * float64(size) * 0.9
		}
		x := (v.X0+v.X1)/2 - words[0].X0
		sx, sy, sxx, sxy = sx+x, sy+ys[i], sxx+x*x, sxy+x*ys[i]
	}
	n := float64(len(words))
	if d := n*sxx - sx*sx; d > 0 {
		k = math.Round(1000*(n*sxy-sx*sy)/d) / 1000
	}
	return (sy - k*sx) / n, k, ys
}

func hasDotBelow(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		_, tone := viet.Split(r)
		return tone == viet.Nang
	})
}

// scaleOf returns the horizontal scale, in percent, that suits a line best.
func scaleOf(words []Word, size int) int {
	var ink, natural float64
	em := float64(size)
	for i, v := range words {
		w := v.X1 - v.X0
		if i+1 < len(words) { // leave room for the gap
			w = min(w, max(words[i+1].X0-v.X0-minGap*em, w/2))
		}
		ink += w
		natural += naturalWidth(v.Text) * em
	}
	if ink <= 0 || natural <= 0 {
		return 100
	}
	return min(max(int(math.Round(100*ink/natural)), 10), 500)
}

// spacingOf returns the word spacing, in units before scaling, that suits a
// line best.
func spacingOf(words []Word, size, scale int) float64 {
	em, h := float64(size), float64(scale)/100
	var gaps []float64
	for i, v := range words[1:] {
		gaps = append(gaps, v.X0-words[i].X0-naturalWidth(words[i].Text)*em*h)
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	gap := max(gaps[len(gaps)/2], minGap*em)
	return math.Ceil(gap/h - 0.25*em)
}

// naturalWidth is the width of a word at size 1.
func naturalWidth(s string) (w float64) {
	for _, r := range s {
		w += width(r)
	}
	return w
}

// width of a character in Times, in ems.
func width(r rune) float64 {
	base := viet.StripRune(r)
	if base < ' ' || base > '~' {
		switch r {
		case '“', '”', '…', '–', '•':
			return 0.45
		case '—', '™':
			return 1
		case '‘', '’':
			return 0.33
		}
		return 0.5
	}
	w := float64(timesWidths[base-' ']) / 1000
	if l, _ := viet.Split(r); l == 'ơ' || l == 'ư' || l == 'Ơ' || l == 'Ư' {
		w += 0.06
	}
	return w
}

// timesWidths are the advance widths of Times for ASCII, in thousandths of an em.
var timesWidths = [95]int{
	250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
	500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
	921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
	556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
	333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500,
	500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
}

// write puts the fonts into the file.
func (l *layer) write(w *writer) error {
	for _, f := range l.fonts {
		if err := f.write(w, l.archive); err != nil {
			return err
		}
	}
	return nil
}

func (f *font) write(w *writer, archive bool) error {
	var widths [256]int
	for c, r := range f.runes {
		widths[c] = int(math.Round(1000 * width(r)))
	}
	file, descriptor, unicode := w.alloc(), w.alloc(), w.alloc()
	ttf := emptyFont(widths, archive)
	if err := w.putStream(file, Dict{"Length1": Int(len(ttf))}, ttf); err != nil {
		return err
	}
	if err := w.putStream(unicode, nil, f.toUnicode()); err != nil {
		return err
	}
	if err := w.put(descriptor, Dict{
		"Type": Name("FontDescriptor"), "FontName": Name("GlyphlessTimes"), "Flags": Int(4),
		"FontBBox": Array{Int(0), Int(-1000 * descent), Int(1000), Int(1000 * ascent)}, "ItalicAngle": Int(0),
		"Ascent": Int(1000 * ascent), "Descent": Int(-1000 * descent), "CapHeight": Int(660), "StemV": Int(80),
		"FontFile2": file,
	}); err != nil {
		return err
	}
	first, last := f.span()
	array := Array{}
	for _, n := range widths[first : last+1] {
		array = append(array, Int(n))
	}
	return w.put(f.ref, Dict{
		"Type": Name("Font"), "Subtype": Name("TrueType"), "BaseFont": Name("GlyphlessTimes"),
		"FirstChar": Int(first), "LastChar": Int(last), "Widths": array,
		"FontDescriptor": descriptor, "ToUnicode": unicode,
	})
}

func (f *font) span() (first, last int) {
	first, last = 255, 0
	for c := range f.runes {
		first, last = min(first, int(c)), max(last, int(c))
	}
	return first, last
}

// toUnicode returns the CMap from codes to characters.
func (f *font) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <00> <FF> endcodespacerange\n")
	if f.runes['A'] == 'A' {
		b.WriteString("1 beginbfrange <20> <7E> <0020> endbfrange\n")
	}
	first, last := f.span()
	var rows []string
	for c := first; c <= last; c++ {
		if r, ok := f.runes[byte(c)]; ok && rune(c) != r {
			s := fmt.Sprintf("<%02X><", c)
			for _, u := range utf16.Encode([]rune{r}) {
				s += fmt.Sprintf("%04X", u)
			}
			rows = append(rows, s+">\n")
		}
	}
	for part := range slices.Chunk(rows, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", len(part), strings.Join(part, ""))
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return b.Bytes()
}
