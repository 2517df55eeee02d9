// Package layout puts the lines of a page in the order in which people read
// them. A reader of images runs the two columns at the head of a Vietnamese
// official letter (issuing body | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM) and at
// its foot (Nơi nhận | signature) into one line; Columns pulls them apart.
// Rows and Paragraphs serve the text writers. The package looks at boxes and a
// few fixed formulas only; what the parts of a letter mean is for package
// letter.
package layout

import (
	"image"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
)

// Columns returns p with the two columns of its head and of its foot as lines
// of their own, left column first, and with the tables between them cell by cell.
// Head and foot are only pulled apart beside a known formula. A page without
// columns, or without boxes, is returned as it is. What Columns returned is in
// order; a speck in it may go to the other column if it is put in order once more.
func Columns(p *ocr.Page) *ocr.Page {
	if p == nil {
		return nil
	}
	lines, layers := layersFirst(p)
	lines, moved := footLast(lines)
	lines, top, head := splitHead(lines)
	lines, end, foot := splitPair(lines)
	if !foot {
		lines, end, foot = splitFoot(lines)
	}
	end = max(end, top)
	body, tables := Tables(lines[top:end])
	if !head && !foot && !tables && !moved && len(layers) == 0 {
		return p
	}
	q := *p
	q.Lines = slices.Concat(layers, lines[:top], renumber(body, lines), lines[end:])
	return &q
}

// layersFirst takes from the lines of a page those that lie over its upper half in a
// layer of their own, each layer a block.
func layersFirst(p *ocr.Page) (lines, layers []ocr.Line) {
	block := 0
	for _, l := range p.Lines {
		block = max(block, l.Block)
	}
	for _, role := range []ocr.Role{ocr.RoleReceived, ocr.RoleOverlay} {
		block++
		for _, l := range p.Lines {
			if l.Role == role && 2*l.Box.Max.Y < p.Size.Y {
				l.Block, l.Par = block, 1
				layers = append(layers, l)
			}
		}
	}
	if len(layers) == 0 {
		return p.Lines, nil
	}
	return slices.DeleteFunc(slices.Clone(p.Lines), func(l ocr.Line) bool {
		return (l.Role == ocr.RoleReceived || l.Role == ocr.RoleOverlay) && 2*l.Box.Max.Y < p.Size.Y
	}), layers
}

// footLast puts the lines that stand above the recipients before them: readers take
// these for a column of the page now and then, and give them first. What comes after
// them rightly, the next page of a spread, does not cross the middle.
func footLast(lines []ocr.Line) (out []ocr.Line, moved bool) {
	at := recipients(lines)
	if at < 0 {
		return lines, false
	}
	signs, middle := signature(lines, lines[at]), centre(ocr.AroundLines(lines))
	var rest []ocr.Line
	for i, l := range lines {
		switch {
		case centreY(l.Box) >= lines[at].Box.Min.Y || signs(l):
			rest = append(rest, l)
		default:
			out = append(out, l)
			moved = moved || i > at && l.Box.Min.X < middle && l.Box.Max.X > middle
		}
	}
	if !moved {
		return lines, false
	}
	return append(out, rest...), true
}

// renumber gives the blocks of tables, which come after those of body, numbers after
// those of all lines.
func renumber(body, lines []ocr.Line) []ocr.Line {
	most := func(lines []ocr.Line) (n int) {
		for _, l := range lines {
			n = max(n, l.Block)
		}
		return n
	}
	first, all := 0, most(lines)
	for i, l := range body {
		if l.Cell.Table == 1 && first == 0 {
			first = l.Block
		}
		if first > 0 && l.Cell.Table > 0 && l.Block <= all {
			body[i].Block = all + 1 + l.Block - first
		}
	}
	return body
}

// headLines is how far down a page the head can start, in lines.
const headLines = 12

// splitHead pulls the head of a letter apart. It finds the line that holds the
// country's name, takes its left edge and centre for the right column's, and
// follows the lines below until one crosses both columns. What is printed over
// the right column, above the name ("SAO Y" and the lines of a digital
// signature), comes first, as a column of its own. top is how many lines of out the
// head takes.
func splitHead(lines []ocr.Line) (out []ocr.Line, top int, split bool) {
	at, word, to := findHead(lines)
	if at < 0 {
		return lines, 0, false
	}
	anchor := lines[at].Words[word:to]
	right := rightColumn(anchor)
	if right.Empty() {
		return lines, 0, false
	}
	h := medianHeight(anchor)
	leftCentre := (ocr.AroundLines(lines).Min.X + right.Min.X) / 2
	if word > 0 {
		leftCentre = centre(ocr.Around(lines[at].Words[:word]))
	}

	end, bottom := at, right.Max.Y
	var over, first, second []ocr.Line
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if len(l.Words) == 0 {
			if i > at {
				break
			}
			continue
		}
		k := word
		if i != at {
			k = headGap(l, right, h)
		}
		whole := k == 0 || k == len(l.Words)
		if whole && i > at {
			crosses := l.Box.Min.X < right.Min.X-h && l.Box.Max.X > right.Min.X+2*h
			c, middle := centre(l.Box), (leftCentre+centre(right))/2
			between := abs(c-middle) < min(abs(c-leftCentre), abs(c-centre(right)))
			if crosses || isAddress(l.Words) || between && l.Box.Min.Y > bottom || l.Box.Min.Y > bottom+3*h {
				break
			}
		}
		if l.Box.Min.Y > bottom+4*h {
			break
		}
		if whole && i < at && l.Box.Max.X > right.Min.X+2*h && l.Box.Min.X < (leftCentre+right.Min.X)/2 {
			return lines, 0, false // running text above the formula: not a head
		}
		end = i
		if i >= at {
			bottom = max(bottom, l.Box.Max.Y)
		}
		switch {
		case !whole:
			first = append(first, part(l, 0, k))
			second = append(second, part(l, k, len(l.Words)))
		case centre(l.Box) >= right.Min.X && i < at && 5*l.Box.Dx() < 4*right.Dx() && !formula.Country.Starts(texts(l.Words)):
			over = append(over, l)
		case centre(l.Box) >= right.Min.X || i == at:
			second = append(second, l)
		default:
			first = append(first, l)
		}
	}
	out, split = replace(lines, 0, end+1, over, first, second)
	return out, len(over) + len(first) + len(second), split
}

// findHead returns the line and the words of the formula that opens the right
// column, -1 without one.
func findHead(lines []ocr.Line) (line, from, to int) {
	for i, l := range lines[:min(len(lines), headLines)] {
		if from, to, ok := formula.Head(texts(l.Words)); ok {
			return i, from, to
		}
	}
	return -1, 0, 0
}

// isAddress reports whether a line opens with "Kính gửi", which ends the head.
func isAddress(words []ocr.Word) bool { return formula.To.Opens(texts(words)) > 0 }

// texts returns the texts of words.
func texts(words []ocr.Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}

// rightColumn returns the box of the right column that holds a formula. The
// country's name fills it; the motto, which is found where the name is printed
// over, is narrower by a third.
func rightColumn(anchor []ocr.Word) image.Rectangle {
	b := ocr.Around(anchor)
	if !b.Empty() && !formula.IsHeading(strings.Join(texts(anchor), " ")) {
		b.Min.X -= b.Dx() / 4
		b.Max.X += b.Dx() / 5
	}
	return b
}

// headGap returns the word with which the right column starts in a line of the
// head: after the widest gap that leaves the right part centred under the
// country's name. Gaps for digits to be written by hand may be wider. It returns
// len(l.Words) for an unbroken line.
func headGap(l ocr.Line, right image.Rectangle, h int) int {
	at, widest := len(l.Words), h-1
	for k := 1; k < len(l.Words); k++ {
		a, b := ocr.Around(l.Words[:k]), ocr.Around(l.Words[k:])
		gap := b.Min.X - a.Max.X
		if gap > widest && abs(centre(b)-centre(right)) <= right.Dx()/3 && b.Min.X >= right.Min.X-4*h && centre(a) < right.Min.X {
			at, widest = k, gap
		}
	}
	return at
}

// pairLines is how many lines from the end of a page two signatures can begin, and
// pairHeight how many lines they can take.
const (
	pairLines  = 30
	pairHeight = 8
)

// splitPair pulls apart the signatures of two that sign side by side: from the line
// in which two headings stand, one a capacity, up to the recipients. start is the
// line of out with which they begin.
func splitPair(lines []ocr.Line) (out []ocr.Line, start int, split bool) {
	for i := max(0, len(lines)-pairLines); i < len(lines); i++ {
		l := lines[i]
		k, gap, _ := widestGap(l.Words)
		if k == 0 || gap < 2*medianHeight(l.Words) || !isCapacity(l.Words[:k]) && !isCapacity(l.Words[k:]) || !isHeading(l.Words) || isRecipients(l.Words) {
			continue
		}
		middle := (l.Words[k-1].Box.Max.X + l.Words[k].Box.Min.X) / 2
		end := i
		var first, second []ocr.Line
		for ; end < len(lines) && !isRecipients(lines[end].Words); end++ {
			l := lines[end]
			n := slices.IndexFunc(l.Words, func(w ocr.Word) bool { return centre(w.Box) > middle })
			if k, gap, next := widestGap(l.Words); gap >= 2*medianHeight(l.Words) && gap > 2*next {
				n = k // names are not as wide as what stands over them
			}
			switch {
			case n < 0:
				first = append(first, l)
			case n == 0:
				second = append(second, l)
			default:
				first, second = append(first, part(l, 0, n)), append(second, part(l, n, len(l.Words)))
			}
		}
		if end-i > pairHeight {
			continue // the head of a table
		}
		out, split = replace(lines, i, end, first, second)
		return out, i, split
	}
	return lines, len(lines), false
}

// splitFoot pulls the recipients and the signature at the end of a letter
// apart, from the line of "Nơi nhận" on. start is the line of out with which they
// begin.
func splitFoot(lines []ocr.Line) (out []ocr.Line, start int, split bool) {
	at := recipients(lines)
	if at < 0 {
		return lines, len(lines), false
	}
	h := medianHeight(lines[at].Words)
	page := ocr.AroundLines(lines)
	left := lines[at].Box.Min.X
	if left > centre(page) {
		return lines, len(lines), false
	}
	// The signature may start a line or two above the recipients.
	start = at
	for signs := signature(lines, lines[at]); start > 0 && at-start < 3 && signs(lines[start-1]); {
		start--
	}
	var first, second []ocr.Line
	for _, l := range lines[start:] {
		k, gap, rest := widestGap(l.Words)
		wide := gap >= 4*h || gap >= 3*h/2 && gap >= 3*rest && isCapacity(l.Words[k:])
		switch {
		case k > 0 && wide && ocr.Around(l.Words[:k]).Min.X < centre(page):
			first = append(first, part(l, 0, k))
			second = append(second, part(l, k, len(l.Words)))
		case l.Box.Min.X > left+page.Dx()/3:
			second = append(second, l)
		default:
			first = append(first, l)
		}
	}
	out, split = replace(lines, start, len(lines), first, second)
	return out, start, split
}

// recipients returns the line with which the list of recipients opens, -1 without one
// that has a box.
func recipients(lines []ocr.Line) int {
	at := -1
	for i, l := range lines {
		if isRecipients(l.Words) {
			at = i
		}
	}
	if at < 0 { // the heading may be misread
		at = slices.IndexFunc(lines, func(l ocr.Line) bool { return isFirstRecipient(l.Words) })
	}
	if at < 0 || lines[at].Box.Empty() {
		return -1
	}
	return at
}

// signature tells the lines that may belong to a signature beside the recipients, from
// some way above them on.
func signature(lines []ocr.Line, recipients ocr.Line) func(ocr.Line) bool {
	h := medianHeight(recipients.Words)
	middle := centre(ocr.AroundLines(lines))
	return func(l ocr.Line) bool {
		return l.Cell.Table == 0 && l.Box.Min.X > middle-2*h && l.Box.Max.Y > recipients.Box.Min.Y-6*h
	}
}

// isRecipients reports whether a line opens the list of recipients.
func isRecipients(words []ocr.Word) bool { return formula.Copies.Opens(texts(words)) > 0 }

// isFirstRecipient reports whether a line is the item that nearly always comes
// first, "- Như trên".
func isFirstRecipient(words []ocr.Word) bool {
	return len(words) > 2 && formula.Fold(words[0].Text) == "" && formula.AsAbove.Opens(texts(words[1:])) > 0
}

func isCapacity(words []ocr.Word) bool { return formula.OpensCapacity(texts(words)) }

// replace puts the lines of columns in the place of lines[from:to], each column
// from top to bottom and in a block of its own. It reports whether that changed
// anything; there must be lines in two columns at least.
func replace(lines []ocr.Line, from, to int, columns ...[]ocr.Line) ([]ocr.Line, bool) {
	byTop := func(a, b ocr.Line) int { return a.Box.Min.Y + a.Box.Max.Y - b.Box.Min.Y - b.Box.Max.Y }
	columns = slices.DeleteFunc(columns, func(c []ocr.Line) bool { return len(c) == 0 })
	for _, c := range columns {
		slices.SortStableFunc(c, byTop)
	}
	all := slices.Concat(columns...)
	if len(columns) < 2 || sameLines(all, lines[from:to]) {
		return lines, false
	}
	block := 0
	for _, l := range lines {
		block = max(block, l.Block)
	}
	for _, c := range columns {
		block++
		for i := range c {
			c[i].Block, c[i].Par = block, 1
		}
	}
	return slices.Concat(lines[:from], slices.Concat(columns...), lines[to:]), true
}

func sameLines(a, b []ocr.Line) bool {
	return slices.EqualFunc(a, b, func(x, y ocr.Line) bool {
		return x.Box == y.Box && len(x.Words) == len(y.Words)
	})
}

// part returns words i to j of a line as a line.
func part(l ocr.Line, i, j int) ocr.Line {
	l.Words = slices.Clone(l.Words[i:j])
	l.Box = ocr.Around(l.Words)
	return l
}

// widestGap returns the word after the widest gap of a line, the width of that
// gap, and of the next widest. k is 0 when there is no gap.
func widestGap(words []ocr.Word) (k, gap, next int) {
	for i := 1; i < len(words); i++ {
		if words[i].Box.Empty() || words[i-1].Box.Empty() {
			return 0, 0, 0
		}
		switch g := words[i].Box.Min.X - words[i-1].Box.Max.X; {
		case g > gap:
			k, gap, next = i, g, gap
		case g > next:
			next = g
		}
	}
	return k, gap, next
}

// medianHeight of the boxes of words, at least 1.
func medianHeight(words []ocr.Word) int {
	hs := make([]int, len(words))
	for i, w := range words {
		hs[i] = w.Box.Dy()
	}
	slices.Sort(hs)
	return max(1, hs[len(hs)/2])
}

func centre(r image.Rectangle) int { return (r.Min.X + r.Max.X) / 2 }

func abs(x int) int { return max(x, -x) }
