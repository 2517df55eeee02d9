package layout

import (
	"cmp"
	"image"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// A table shows in the words of a page as strips of white that run down between
// its columns, ruled or not; preparation takes rules off the image anyway. Tables
// follows the strips from one band of words to the next, so that a cell that the
// reader tore apart or ran together with its neighbours comes out whole.

// The measures of a table, in heights of a word.
const (
	stripWidth = 0.6 // of the white between columns, at least
	wideStrip  = 1.0 // the same between the two columns of a table that has no more
	bandGap    = 4.0 // of white between two rows, at most
)

// band is lines that stand side by side across a page.
type band struct {
	words    []ocr.Word // from left to right
	middle   int        // the sum of top and bottom of a usual word
	top, end int        // of its usual words
}

// Tables returns lines with those of tables cell by cell, in rows: each line has
// its Cell, and a table is a block. It reports whether it found any.
func Tables(lines []ocr.Line) ([]ocr.Line, bool) {
	if slices.ContainsFunc(lines, func(l ocr.Line) bool { return l.Cell != (ocr.Cell{}) || l.Box.Empty() }) {
		return lines, false
	}
	h := wordHeight(lines)
	bands := bandsOf(lines, h)
	number, block := 0, 0
	for _, l := range lines {
		block = max(block, l.Block)
	}
	found := make(map[image.Rectangle]bool)
	var out []ocr.Line
	for i := 0; i < len(bands); {
		t := grow(bands[i:], h)
		if t == nil {
			i++
			continue
		}
		i += len(t.bands)
		number++
		block++
		for _, b := range t.bands {
			for _, w := range b.words {
				found[w.Box] = true
			}
		}
		out = append(out, t.lines(number, block)...)
	}
	if number == 0 {
		return lines, false
	}
	return merge(without(lines, found), out), true
}

// bandsOf groups lines by height. Boxes that specks and stamps made higher than
// two usual words don't count.
func bandsOf(lines []ocr.Line, h float64) []band {
	var all []band
	for _, l := range lines {
		if len(l.Words) > 0 {
			all = append(all, bandOf(l.Words, h))
		}
	}
	slices.SortStableFunc(all, func(a, b band) int { return cmp.Compare(a.middle, b.middle) })
	var out []band
	for _, b := range all {
		if n := len(out); n > 0 && float64(b.middle-out[n-1].middle) < h {
			out[n-1] = bandOf(slices.Concat(out[n-1].words, b.words), h)
			continue
		}
		out = append(out, b)
	}
	return out
}

func bandOf(words []ocr.Word, h float64) band {
	b := band{words: words}
	var box image.Rectangle
	var middles []int
	for _, w := range words {
		if d := float64(w.Box.Dy()); d > h/2 && d < 2*h {
			box = box.Union(w.Box)
			middles = append(middles, w.Box.Min.Y+w.Box.Max.Y)
		}
	}
	if len(middles) == 0 {
		box = ocr.Around(words)
		middles = append(middles, box.Min.Y+box.Max.Y)
	}
	slices.Sort(middles)
	b.middle, b.top, b.end = middles[len(middles)/2], box.Min.Y, box.Max.Y
	slices.SortFunc(b.words, func(a, b ocr.Word) int { return cmp.Compare(a.Box.Min.X, b.Box.Min.X) })
	return b
}

// wordHeight is the median height of the words of lines.
func wordHeight(lines []ocr.Line) float64 {
	var words []ocr.Word
	for _, l := range lines {
		words = append(words, l.Words...)
	}
	if len(words) == 0 {
		return 1
	}
	return float64(medianHeight(words))
}

// strip is white from one column to the next.
type strip struct{ from, to int }

// strips returns the gaps between the words of a band that are wide enough.
func (b band) strips(h float64) []strip {
	var out []strip
	right := 0
	for i, w := range b.printed() {
		if i > 0 && float64(w.Box.Min.X-right) >= stripWidth*h {
			out = append(out, strip{right, w.Box.Min.X})
		}
		right = max(right, w.Box.Max.X)
	}
	return out
}

// printed returns the words of b without those that have neither letters nor
// digits, which rules and specks are read as.
func (b band) printed() []ocr.Word {
	return slices.DeleteFunc(slices.Clone(b.words), func(w ocr.Word) bool {
		return !strings.ContainsFunc(w.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	})
}

// narrow returns what of strips is white in b, too, and wide enough.
func (b band) narrow(strips []strip, h float64) []strip {
	words := b.printed()
	var out []strip
	for _, s := range strips {
		for _, w := range words {
			switch {
			case w.Box.Max.X <= s.from || w.Box.Min.X >= s.to:
			case w.Box.Min.X+w.Box.Max.X < s.from+s.to:
				s.from = w.Box.Max.X
			default:
				s.to = w.Box.Min.X
			}
		}
		if float64(s.to-s.from) >= stripWidth*h {
			out = append(out, s)
		}
	}
	return out
}

// columns returns how many columns strips part b into that are not empty.
func (b band) columns(strips []strip) int {
	n, last := 0, -1
	for _, w := range b.printed() {
		if c := columnOf(w, strips); c != last {
			n, last = n+1, c
		}
	}
	return n
}

// columnOf returns the column of a word between strips, which go from left to right.
func columnOf(w ocr.Word, strips []strip) int {
	return sort.Search(len(strips), func(c int) bool { return centre(w.Box) <= (strips[c].from+strips[c].to)/2 })
}

// table is bands and the strips between their columns.
type table struct {
	bands    []band
	strips   []strip
	numbered bool // the first strip stands behind the numbers of rows
}

// grow returns the table that begins with the first of bands, nil if none does.
// It takes bands as long as half of the strips that it began with go on.
func grow(bands []band, h float64) *table {
	strips := bands[0].strips(h)
	if len(strips) == 0 || bands[0].isForm() {
		return nil
	}
	n, most, hull := 1, 0, ocr.Around(bands[0].printed())
	for n < len(bands) && float64(bands[n].top-bands[n-1].end) < bandGap*h && !bands[n].isForm() {
		next := bands[n].narrow(strips, h)
		if box := ocr.Around(bands[n].printed()); bands[n].columns(next) > 1 {
			hull = hull.Union(box)
		} else if float64(hull.Min.X-box.Min.X) > h || float64(box.Max.X-hull.Max.X) > h {
			break // a line of text under the table
		}
		if n == 1 {
			most = len(next)
		}
		if len(next) == 0 || 2*len(next) < most {
			break
		}
		strips = next
		n++
	}
	for n > 0 && bands[n-1].columns(strips) < 2 && (n == 1 || float64(bands[n-1].top-bands[n-2].end) > h/2) {
		n--
	}
	t := &table{bands: bands[:n], strips: strips}
	if !t.holds(h) {
		return nil
	}
	t.splitNumbers()
	return t
}

// isForm reports whether a band is none of a table: the country's name beside a body,
// "Kính gửi" with what it opens, or dots to be written on.
func (b band) isForm() bool {
	if _, _, ok := formula.Head(texts(b.words)); ok {
		return true
	}
	return formula.To.Opens(texts(b.words)) > 0 || slices.ContainsFunc(b.words, func(w ocr.Word) bool { return strings.Contains(w.Text, "....") })
}

// splitNumbers parts the numbers of rows from the column after them, which may stand
// as near as a word.
func (t *table) splitNumbers() {
	from, to, rows := 0, t.strips[0].from, 0
	for _, b := range t.bands {
		ws := b.printed()
		if len(ws) < 2 || columnOf(ws[0], t.strips) != 0 || columnOf(ws[1], t.strips) != 0 {
			continue
		}
		if isNumber(strings.Trim(ws[0].Text, ".")) {
			rows++
			from, to = max(from, ws[0].Box.Max.X), min(to, ws[1].Box.Min.X)
		}
	}
	for _, b := range t.bands {
		for _, w := range b.printed() {
			if w.Box.Min.X < from && w.Box.Max.X > to {
				return
			}
		}
	}
	if 2*rows > len(t.bands)/2 && rows >= 2 && from < to {
		t.strips, t.numbered = slices.Insert(slices.Clone(t.strips), 0, strip{from, to}), true
	}
}

// holds reports whether this is a table and not a list, a form, columns of running
// text, marks of a pen, or white that lines have in common by chance.
func (t *table) holds(h float64) bool {
	rows := 0
	for _, b := range t.bands {
		if b.columns(t.strips) > 1 {
			rows++
		}
	}
	switch {
	case t.isScrawl():
		return false
	case len(t.strips) >= 2:
		return (rows >= 3 || rows == 2 && t.wide(h)) && 3*rows >= len(t.bands)
	}
	return rows >= 3 && 2*rows >= len(t.bands) && t.wide(h) && !t.isList() && !t.isText()
}

// isScrawl reports whether a fourth of the cells have but single letters and signs.
func (t *table) isScrawl() bool {
	all, poor := 0, 0
	for _, b := range t.bands {
		rich := make(map[int]bool)
		for _, w := range b.printed() {
			c := columnOf(w, t.strips)
			rich[c] = rich[c] || len(formula.Fold(w.Text)) > 1 || strings.ContainsAny(w.Text, "0123456789")
		}
		for _, ok := range rich {
			all++
			if !ok {
				poor++
			}
		}
	}
	return 4*poor > all
}

// wide reports whether all strips are wider than the white in running text.
func (t *table) wide(h float64) bool {
	return !slices.ContainsFunc(t.strips, func(s strip) bool { return float64(s.to-s.from) < wideStrip*h })
}

// isList reports whether the first of two columns holds but marks of a list or the
// labels of a form, or the second the items of a list.
func (t *table) isList() bool {
	marks, words, items, labels := 0, 0, 0, 0
	for _, b := range t.bands {
		for i, w := range b.words {
			if columnOf(w, t.strips) == 0 {
				words++
				if isMarker(w.Text) {
					marks++
				}
				continue
			}
			if i == 0 || columnOf(b.words[i-1], t.strips) == 0 {
				if formula.IsDashed(w.Text) {
					items++
				}
				if i > 0 && strings.HasSuffix(b.words[i-1].Text, ":") {
					labels++
				}
			}
		}
	}
	return 4*marks > 3*words || 2*items >= len(t.bands) || 2*labels >= len(t.bands)
}

// isMarker reports whether a word is a dash, a bullet, a letter or a number with a
// stop.
func isMarker(s string) bool {
	return len([]rune(s)) <= 4 && !isNumber(s) && len([]rune(strings.Trim(s, "0123456789.,()"))) <= 1
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isText reports whether both columns are filled by most of their lines, as running
// text fills them.
func (t *table) isText() bool {
	var left, right image.Rectangle
	for _, b := range t.bands {
		for _, w := range b.words {
			if columnOf(w, t.strips) == 0 {
				left = left.Union(w.Box)
			} else {
				right = right.Union(w.Box)
			}
		}
	}
	full := 0
	for _, b := range t.bands {
		var l, r image.Rectangle
		for _, w := range b.words {
			if columnOf(w, t.strips) == 0 {
				l = l.Union(w.Box)
			} else {
				r = r.Union(w.Box)
			}
		}
		if 10*l.Dx() > 9*left.Dx() && 10*r.Dx() > 9*right.Dx() {
			full++
		}
	}
	return 2*full > len(t.bands)
}

// lines returns the lines of the cells of t, row by row.
func (t *table) lines(number, block int) []ocr.Line {
	var out []ocr.Line
	starts := t.rows()
	for r, from := range starts {
		to := len(t.bands)
		if r+1 < len(starts) {
			to = starts[r+1]
		}
		cells := make([][]ocr.Line, len(t.strips)+1)
		for _, b := range t.bands[from:to] {
			for c, words := range t.divide(b) {
				if len(words) > 0 {
					cells[c] = append(cells[c], ocr.Line{Box: ocr.Around(words), Block: block, Par: 1, Words: words, Cell: ocr.Cell{Table: number, Row: r + 1, Column: c + 1}})
				}
			}
		}
		out = append(out, slices.Concat(cells...)...)
	}
	return out
}

// divide returns the words of b by column, without rules.
func (t *table) divide(b band) [][]ocr.Word {
	out := make([][]ocr.Word, len(t.strips)+1)
	for i, w := range b.words {
		if !isRule(w) {
			c := t.column(b, i)
			out[c] = append(out[c], w)
		}
	}
	return out
}

// column returns the column of a word of b. Words that begin in the column of numbers
// and go on ("Tổng cộng") belong to the next.
func (t *table) column(b band, i int) int {
	c := columnOf(b.words[i], t.strips)
	if c == 0 && t.numbered && i+1 < len(b.words) && len(formula.Fold(b.words[i].Text)) > 1 {
		if w, next := b.words[i].Box, b.words[i+1].Box; float64(next.Min.X-w.Max.X) < stripWidth*float64(w.Dy()) {
			return 1
		}
	}
	return c
}

// isRule reports whether a word is what a reader makes of a rule: bars, or an I with a
// mark, too thin for that. No word is that letter alone.
func isRule(w ocr.Word) bool {
	return strings.Trim(w.Text, "|¦!") == "" ||
		len([]rune(w.Text)) == 1 && strings.ContainsAny(w.Text, "ÌÍỈĨỊÏÎìíỉĩịïî¡") && 4*w.Box.Dx() < w.Box.Dy()
}

// rows returns the bands with which rows begin. Where the first column counts its
// rows, one begins between a number and the next: at the widest white there, since
// the number may stand in the middle of its cell. Elsewhere one begins where the
// first column has text, or most have, or where it sums up, or white stands out.
func (t *table) rows() []int {
	numbers := make([]int, len(t.bands)) // in the first column, -1 without one
	for i, b := range t.bands {
		numbers[i] = -1
		if w := b.words[0]; columnOf(w, t.strips) == 0 && (len(b.words) == 1 || columnOf(b.words[1], t.strips) > 0) {
			if n, err := strconv.Atoi(strings.Trim(w.Text, ".|")); err == nil {
				numbers[i] = n
			}
		}
	}
	starts := []int{0}
	last := -1 // the band with the last number
	for i, n := range numbers {
		if n < 0 {
			continue
		}
		from := max(last, starts[len(starts)-1])
		if last < 0 && n <= 1 || last >= 0 && n == numbers[last]+1 {
			if k := t.widest(from+1, i); k > 0 {
				starts = append(starts, k)
			}
		} else {
			starts = append(starts, t.guess(from+1, i+1)...)
		}
		last = i
	}
	return append(starts, t.guess(max(last, starts[len(starts)-1])+1, len(t.bands))...)
}

// widest returns the band from..to with the widest white above it, the last of
// such; 0 without bands.
func (t *table) widest(from, to int) int {
	at, most := 0, 0
	for k := from; k <= to; k++ {
		if g := t.bands[k].top - t.bands[k-1].end; at == 0 || g >= most {
			at, most = k, g
		}
	}
	return at
}

// guess returns the bands from..to-1 that begin rows, by what is in them.
func (t *table) guess(from, to int) []int {
	var gaps []int
	for k := 1; k < len(t.bands); k++ {
		gaps = append(gaps, t.bands[k].top-t.bands[k-1].end)
	}
	slices.Sort(gaps)
	tight := max(gaps[len(gaps)/4], 1)
	var out []int
	for k := from; k < to; k++ {
		b := t.bands[k]
		n := b.columns(t.strips)
		if n > 1 && (formula.OpensTotal(texts(b.words)) || columnOf(b.words[0], t.strips) == 0 || 2*n > len(t.strips)+1) || b.top-t.bands[k-1].end > 2*tight {
			out = append(out, k)
		}
	}
	return out
}

// without returns lines without the words at boxes.
func without(lines []ocr.Line, boxes map[image.Rectangle]bool) []ocr.Line {
	var out []ocr.Line
	for _, l := range lines {
		kept := slices.DeleteFunc(slices.Clone(l.Words), func(w ocr.Word) bool { return boxes[w.Box] })
		if len(kept) < len(l.Words) {
			if len(kept) == 0 {
				continue
			}
			l.Words, l.Box = kept, ocr.Around(kept)
		}
		out = append(out, l)
	}
	return out
}

// merge puts the lines of tables where they stand among lines.
func merge(lines, cells []ocr.Line) []ocr.Line {
	var out []ocr.Line
	for len(cells) > 0 {
		n := 1
		for n < len(cells) && cells[n].Block == cells[0].Block {
			n++
		}
		top := cells[0].Box.Min.Y
		for _, c := range cells[:n] {
			top = min(top, c.Box.Min.Y)
		}
		k := above(lines, top)
		out = slices.Concat(out, lines[:k], cells[:n])
		lines, cells = lines[k:], cells[n:]
	}
	return append(out, lines...)
}

// above returns how many lines, from the first on, stand above a height: as many as leave
// the fewest on the wrong side of it, for readers give a line out of order now and then.
func above(lines []ocr.Line, y int) (k int) {
	more, most := 0, 0
	for i, l := range lines {
		if centreY(l.Box) > y {
			more--
		} else if more++; more > most {
			k, most = i+1, more
		}
	}
	return k
}

func centreY(r image.Rectangle) int { return (r.Min.Y + r.Max.Y) / 2 }
