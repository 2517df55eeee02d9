//go:build cgo

package tesseract

import (
	"context"
	"image"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging/leptonica"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Tesseract makes nonsense now and then of a line that it reads well when it is
// shown alone: a short line among others, the first one of a column, one whose
// neighbours reach into it. It does not trust such a reading itself. So these
// lines are read again, alone, and the reading it trusts more is kept.
const (
	doubtfulLine = 0.75 // confidence of a line below which it is read again
	doubtfulWord = 0.40 // the same of one of its words, from two letters on
	maxAgain     = 20   // lines a page: of one that holds no text, all are doubtful
)

// readAgain reads the doubtful lines of p again: those that follow each other
// as a block, since where one ends and the next begins may have been mistaken,
// and if that is no better, each line alone.
func (c *client) readAgain(ctx context.Context, img ocr.Image, pix *leptonica.Pix, p *ocr.Page) error {
	runs := doubtfulRuns(p.Lines)
	numbers := unread(img.Numbers, p.Lines)
	if len(runs)+len(img.Marks)+len(numbers)+len(passedOver(img.Cells, p.Lines)) == 0 && !slices.ContainsFunc(p.Lines, hasDoubtedDigits) {
		return nil
	}
	defer c.setMode(wholePage)
	a := again{client: c, pix: pix, page: p}
	for _, m := range img.Marks {
		if len(p.Lines) == 0 {
			break
		}
		if err := a.under(m); err != nil {
			return err
		}
	}
	for _, n := range numbers {
		if err := a.number(n); err != nil {
			return err
		}
	}
	runs = doubtfulRuns(p.Lines)
	var lines []ocr.Line
	done := 0
	for _, r := range runs {
		if err := ctx.Err(); err != nil {
			return err
		}
		better, err := a.run(p.Lines[r.from:r.to])
		if err != nil {
			return err
		}
		lines = append(append(lines, p.Lines[done:r.from]...), better...)
		done = r.to
	}
	p.Lines = withoutDirt(append(lines, p.Lines[done:]...))
	if err := a.digits(); err != nil {
		return err
	}
	return a.cells(img.Cells)
}

// unread are the places that no line touches, on a page that has some.
func unread(places []image.Rectangle, lines []ocr.Line) []image.Rectangle {
	return slices.DeleteFunc(slices.Clone(places), func(r image.Rectangle) bool {
		return len(lines) == 0 || slices.ContainsFunc(lines, func(l ocr.Line) bool { return l.Box.Overlaps(r) })
	})
}

// number reads the number of a page, which stands alone above or below its text.
func (a *again) number(place image.Rectangle) error {
	lines := a.page.Lines
	box := place.Inset(-place.Dy()).Intersect(image.Rectangle{Max: a.page.Size})
	read, err := a.readBox(box, ocr.Line{Block: 1, Par: 1}, oneLine)
	if err != nil || len(read) != 1 || !isNumber(read[0]) {
		return err
	}
	first, last := lines[0], lines[len(lines)-1]
	if place.Max.Y <= first.Box.Min.Y {
		read[0].Block = first.Block - 1
		a.page.Lines = slices.Insert(lines, 0, read...)
	} else {
		read[0].Block = last.Block + 1
		a.page.Lines = append(lines, read...)
	}
	return nil
}

// isNumber reports whether a line is digits that are as sure as those of a new line must
// be, with signs around them perhaps.
func isNumber(l ocr.Line) bool {
	digits := 0
	for _, w := range l.Words {
		for _, r := range w.Read {
			switch {
			case unicode.IsLetter(r):
				return false
			case unicode.IsDigit(r) || r == '§': // an 8 that stands alone
				digits++
			}
		}
	}
	sure, all := weight([]ocr.Line{l})
	return digits > 0 && digits <= 3 && sure >= newLine*all
}

// withoutDirt leaves dirt out, but on a page that holds no text to tell it from.
func withoutDirt(lines []ocr.Line) []ocr.Line {
	n := 0
	for i := range lines {
		if doubtful(&lines[i]) {
			n++
		}
	}
	if n > maxAgain {
		return lines
	}
	return slices.DeleteFunc(lines, dirt)
}

// dirt reports whether a line is what Tesseract makes of strokes and stamps:
// hardly a letter among signs, and not even that for sure.
func dirt(l ocr.Line) bool {
	letters, signs := 0, 0
	for _, w := range l.Words {
		for _, r := range w.Read {
			if isSign(r) {
				letters++
			} else {
				signs++
			}
		}
	}
	sure, all := weight([]ocr.Line{l})
	return letters <= 3 && signs >= letters && sure < 0.5*all
}

type span struct{ from, to int }

// doubtfulRuns returns the runs of doubtful lines in one block, nil if there
// are none or too many.
func doubtfulRuns(lines []ocr.Line) (runs []span) {
	n := 0
	for i := range lines {
		if !doubtful(&lines[i]) {
			continue
		}
		n++
		if k := len(runs) - 1; k >= 0 && runs[k].to == i && lines[i-1].Block == lines[i].Block {
			runs[k].to++
		} else {
			runs = append(runs, span{i, i + 1})
		}
	}
	if n > maxAgain {
		return nil
	}
	return runs
}

// again is the second reading of a page.
type again struct {
	client *client
	pix    *leptonica.Pix
	page   *ocr.Page // as first read
}

// run returns the better reading of some lines that follow each other. Lines
// that run across columns, as in the head and the foot of a letter, are taken
// column by column.
func (a *again) run(lines []ocr.Line) ([]ocr.Line, error) {
	cols := columns(lines)
	if len(cols) == 1 {
		out, _, err := a.column(lines)
		return out, err
	}
	var out []ocr.Line
	changed := false
	for _, col := range cols {
		if slices.ContainsFunc(col, func(l ocr.Line) bool { return doubtful(&l) }) {
			read, better, err := a.column(col)
			if err != nil {
				return nil, err
			}
			col, changed = read, changed || better
		}
		out = append(out, col...)
	}
	if !changed {
		out = lines
	}
	return out, nil
}

// column returns the better reading of some lines that stand one below the
// other, and whether it is a new one.
func (a *again) column(lines []ocr.Line) (out []ocr.Line, changed bool, err error) {
	if len(lines) > 1 {
		block, err := a.read(lines, oneBlock)
		if err != nil || better(block, lines) {
			return block, true, err
		}
	}
	for i := range lines {
		one := lines[i : i+1]
		line, err := a.read(one, oneLine)
		if err != nil {
			return nil, false, err
		}
		if better(line, one) {
			one, changed = line, true
		}
		out = append(out, one...)
	}
	return out, changed, nil
}

// Around a stamp this much of its width and height is looked at, too: the lines under it
// are longer than it, and one stands above it and one below.
const besideStamp, aboveStamp = 0.9, 0.35

// under reads the place of a stamp alone: Tesseract takes it for a picture on a page, and
// the lines under it with it.
func (a *again) under(mark image.Rectangle) error {
	w, h := int(besideStamp*float64(mark.Dx())), int(aboveStamp*float64(mark.Dy()))
	box := image.Rect(mark.Min.X-w, mark.Min.Y-h, mark.Max.X+w, mark.Max.Y+h).Intersect(image.Rectangle{Max: a.page.Size})
	isIn := func(r image.Rectangle) bool { in := r.Intersect(box); return 4*in.Dx()*in.Dy() > 3*r.Dx()*r.Dy() }
	a.page.Lines = parted(a.page.Lines, isIn)
	for _, l := range a.page.Lines { // others are not to be cut
		if o := l.Box; !isIn(o) && o.Overlaps(box) {
			box = apart(box, o, mark)
		}
	}
	if box.Dx() < mark.Dx()/2 || box.Dy() < mark.Dy()/2 {
		return nil
	}
	var inside, others []ocr.Line
	at := -1 // where those inside go
	for _, l := range a.page.Lines {
		if !isIn(l.Box) {
			others = append(others, l)
			continue
		}
		if at < 0 {
			at = len(others)
		}
		inside = append(inside, l)
	}
	block := ocr.Line{Block: a.page.Lines[len(a.page.Lines)-1].Block + 1, Par: 1}
	if at < 0 {
		at = len(others)
	} else {
		block = inside[0]
	}
	read, err := a.readBox(box, block, oneBlock)
	if err != nil {
		return err
	}
	for i, l := range read {
		if !doubtful(&l) || !slices.ContainsFunc(l.Words, isSeen) {
			continue
		}
		line, err := a.readBox(row(l).Intersect(box), block, oneLine)
		if err != nil {
			return err
		}
		if better(line, read[i:i+1]) {
			read[i] = line[0]
		}
	}
	a.page.Lines = slices.Insert(others, at, merged(inside, read)...)
	return nil
}

// parted cuts lines of which one end, far from the rest, lies in a place and is doubted:
// the names of who receives a letter stand beside the signature.
func parted(lines []ocr.Line, isIn func(image.Rectangle) bool) (out []ocr.Line) {
	for _, l := range lines {
		for k := 1; k < len(l.Words); k++ {
			first, last := withWords(l, l.Words[:k:k]), withWords(l, l.Words[k:])
			if last.Box.Min.X-first.Box.Max.X >= apartGap*l.Words[k-1].Box.Dy() &&
				(isIn(first.Box) && doubtful(&first) || isIn(last.Box) && doubtful(&last)) {
				out, l = append(out, first), last
				break
			}
		}
		out = append(out, l)
	}
	return out
}

// apartGap is how many heights of a word the columns stand apart at least.
const apartGap = 2

// isSeen reports whether a word is one that strokes over print may have spoilt.
func isSeen(w ocr.Word) bool {
	return w.Confidence >= doubtfulWord && utf8.RuneCountInString(w.Read) > 2
}

// row is the place of a line with half of its height around it, whatever a stroke that is
// taken for a word adds to that.
func row(l ocr.Line) image.Rectangle {
	var top, bottom []int
	for _, w := range l.Words {
		top, bottom = append(top, w.Box.Min.Y), append(bottom, w.Box.Max.Y)
	}
	slices.Sort(top)
	slices.Sort(bottom)
	box, n := l.Box, len(l.Words)
	box.Min.Y, box.Max.Y = top[n/2], bottom[n/2]
	return box.Inset(-box.Dy() / 2)
}

// trimmed is a line without the words at its ends that are hardly more than a guess: one
// under strokes is no worse for what they make of its neighbours.
func trimmed(l ocr.Line) ocr.Line {
	ws := l.Words
	for len(ws) > 0 && ws[0].Confidence < doubtfulWord {
		ws = ws[1:]
	}
	for len(ws) > 0 && ws[len(ws)-1].Confidence < doubtfulWord {
		ws = ws[:len(ws)-1]
	}
	return withWords(l, ws)
}

func withWords(l ocr.Line, ws []ocr.Word) ocr.Line {
	l.Words, l.Box = ws, ocr.Around(ws)
	return l
}

// newLine is the confidence of a line that was lost, from which it is taken for one.
const newLine = 0.6

// merged returns the lines of a place that was read twice: where both readings have
// lines, the better ones, and what only the second has and is sure of.
func merged(first, second []ocr.Line) []ocr.Line {
	out := slices.Clone(first)
	for _, l := range second {
		same := slices.DeleteFunc(slices.Clone(out), func(o ocr.Line) bool { return !beside(l.Box, o.Box) })
		sure, all := weight([]ocr.Line{trimmed(l)})
		switch {
		case len(same) == 0 && (all < 3 || sure < newLine*all):
		case len(same) == 0:
			out = append(out, l)
		case better([]ocr.Line{l}, same):
			out = slices.DeleteFunc(out, func(o ocr.Line) bool { return beside(l.Box, o.Box) })
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b ocr.Line) int { return a.Box.Min.Y - b.Box.Min.Y })
	return out
}

// beside reports whether two boxes share half of the height of the lower one, and some of
// their width.
func beside(a, b image.Rectangle) bool {
	in := a.Intersect(b)
	return 2*in.Dy() > min(a.Dy(), b.Dy()) && in.Dx() > 0
}

// apart returns box without what lies beside, above or below mark and touches another
// box.
func apart(box, other, mark image.Rectangle) image.Rectangle {
	switch {
	case other.Max.X <= mark.Min.X+mark.Dx()/4:
		box.Min.X = max(box.Min.X, other.Max.X)
	case other.Min.X >= mark.Max.X-mark.Dx()/4:
		box.Max.X = min(box.Max.X, other.Min.X)
	case other.Min.Y+other.Max.Y < mark.Min.Y+mark.Max.Y:
		box.Min.Y = max(box.Min.Y, other.Max.Y)
	default:
		box.Max.Y = min(box.Max.Y, other.Min.Y)
	}
	return box
}

// columns parts lines where none of them has a word over the width of three
// letters or more, from left to right.
func columns(lines []ocr.Line) [][]ocr.Line {
	var words []ocr.Word
	var heights []int
	for _, l := range lines {
		words = append(words, l.Words...)
		heights = append(heights, l.Box.Dy())
	}
	slices.SortFunc(words, func(a, b ocr.Word) int { return a.Box.Min.X - b.Box.Min.X })
	slices.Sort(heights)
	gap := 3 * heights[len(heights)/2]
	var starts []int // of the columns
	reach := 0
	for _, w := range words {
		if len(starts) == 0 || w.Box.Min.X > reach+gap {
			starts = append(starts, w.Box.Min.X)
		}
		reach = max(reach, w.Box.Max.X)
	}
	if len(starts) < 2 {
		return [][]ocr.Line{lines}
	}
	out := make([][]ocr.Line, len(starts))
	for _, l := range lines {
		for i, x := range starts {
			piece := ocr.Line{Block: l.Block, Par: l.Par}
			for _, w := range l.Words {
				if w.Box.Min.X >= x && (i+1 == len(starts) || w.Box.Min.X < starts[i+1]) {
					piece.Words = append(piece.Words, w)
					piece.Box = piece.Box.Union(w.Box)
				}
			}
			if len(piece.Words) > 0 {
				out[i] = append(out[i], piece)
			}
		}
	}
	return out
}

// read reads the place of some lines.
func (a *again) read(lines []ocr.Line, m mode) ([]ocr.Line, error) {
	return a.readBox(surroundings(a.page, lines), lines[0], m)
}

// readBox reads a part of the page as lines of a block.
func (a *again) readBox(box image.Rectangle, block ocr.Line, m mode) ([]ocr.Line, error) {
	part, err := a.pix.Clip(box)
	if err != nil {
		return nil, err
	}
	defer part.Free()
	return a.readPart(part, box.Min, block, m)
}

// readPart reads an image that shows the page from a point on as lines of a block.
func (a *again) readPart(part *leptonica.Pix, from image.Point, block ocr.Line, m mode) ([]ocr.Line, error) {
	a.client.setMode(m)
	q, err := a.client.read(part)
	if err != nil {
		return nil, err
	}
	for i := range q.Lines {
		l := &q.Lines[i]
		l.Box, l.Block, l.Par = l.Box.Add(from), block.Block, block.Par
		for j := range l.Words {
			l.Words[j].Box = l.Words[j].Box.Add(from)
		}
	}
	return q.Lines, nil
}

// better reports whether a is a better reading of a place than b: more certain,
// and with as much that is certain. What is lost may have been text.
func better(a, b []ocr.Line) bool {
	sureA, allA := weight(a)
	sureB, allB := weight(b)
	return allA > 0 && sureA/allA > sureB/max(allB, 1)+0.05 && sureA >= sureB
}

// weight returns the number of characters of some lines, and of those that are
// right as far as the reader knows.
func weight(lines []ocr.Line) (sure, all float64) {
	for _, l := range lines {
		for _, w := range l.Words {
			n := float64(utf8.RuneCountInString(w.Read))
			sure, all = sure+n*w.Confidence, all+n
		}
	}
	return sure, all
}

// doubtful reports whether a line is worth a second look.
func doubtful(l *ocr.Line) bool {
	sure, all := weight([]ocr.Line{*l})
	if all < 3 {
		return false // a speck, or the end of a stroke
	}
	return sure < doubtfulLine*all || slices.ContainsFunc(l.Words, func(w ocr.Word) bool {
		return w.Confidence < doubtfulWord && utf8.RuneCountInString(w.Read) > 1
	})
}

// surroundings returns the box of lines that follow each other with some of the
// paper around them, up to the words next to them: marks may have been left out.
func surroundings(p *ocr.Page, lines []ocr.Line) image.Rectangle {
	var inner image.Rectangle
	high := 0
	for i := range lines {
		inner = inner.Union(lines[i].Box)
		high = max(high, lines[i].Box.Dy())
	}
	r := inner.Inset(-max(high/2, 4)).Intersect(image.Rectangle{Max: p.Size})
	for _, l := range p.Lines {
		for _, w := range l.Words {
			o := w.Box
			if o.In(inner) || !o.Overlaps(r) {
				continue
			}
			switch {
			case o.Max.X <= inner.Min.X:
				r.Min.X = max(r.Min.X, o.Max.X)
			case o.Min.X >= inner.Max.X:
				r.Max.X = min(r.Max.X, o.Min.X)
			case o.Min.Y+o.Max.Y < inner.Min.Y+inner.Max.Y:
				r.Min.Y = max(r.Min.Y, min(o.Max.Y, inner.Min.Y))
			default:
				r.Max.Y = min(r.Max.Y, max(o.Min.Y, inner.Max.Y))
			}
		}
	}
	return r
}
