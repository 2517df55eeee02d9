package reading

import (
	"image"
	"slices"
	"strings"
	"unicode"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Not all that is printed on a letter is its text. Who receives it stamps a form on it
// and fills that in; the system that signs it prints who and when over its head; and
// every sheet has its number. Their lines are known by their words and their place.
const (
	headShare   = 0.2  // of the page's height: where a copy says that it is one
	stampWide   = 0.5  // of the page's width: no stamp of who received is wider,
	stampHigh   = 0.25 // nor higher against the page,
	stampBelow  = 0.5  // nor begins lower on it: it has the free space beside the head
	stampWords  = 6    // in its title, with those of dirt
	asideGap    = 3    // line heights between print and what stands beside it
	formGap     = 1.5  // the same from one line of a form to the next
	numberLines = 3    // that a page has besides its number
)

var (
	// These run on stripped lower case.
	receivedTitle = lazy.Regexp(`^(?:\S\s+)*\W*(?:cong )?van (?:ban )?den\b|^\W*den\W*$|^\W*den\W+(?:so|ngay)\b`)
	receivedLabel = lazy.Regexp(`^\W*(?:den\W+)?(?:so|so va ky hieu|ngay|gio|chuyen|kinh chuyen|luu ho so|luu)\b`)
	signedAt      = lazy.Regexp(`^\W*(?:thoi gian ky|(?:ngay|gio) ky|(?:nguoi )?ky (?:so )?boi|nguoi ky|signed by|digitally signed by|date)\s*:`)
	signedBy      = lazy.Regexp(`^\W*(?:email|co quan|to chuc|don vi|chuc vu|location|reason)\s*:`)
	copyTitle     = lazy.Regexp(`^\W*(?:sao y|sao luc|trich sao|ban sao)\b`)
	pageNumber    = lazy.Regexp(`^[-–—.\s]*(?:[Tt]rang\s*)?[0-9]{1,3}(?:\s*/\s*[0-9]{1,3})?[-–—.\s]*$`)
)

// alone8 mends an 8 that stands alone.
var alone8 = strings.NewReplacer("§", "8")

// markRoles says which lines of a page are no running text, and where they stand.
func markRoles(p *ocr.Page) {
	p.Lines = partAside(p.Lines)
	markReceived(p)
	markOverlay(p)
	markNumber(p)
}

// partAside cuts from lines what belongs to a form beside them, and is read with them.
func partAside(lines []ocr.Line) []ocr.Line {
	var out []ocr.Line
	for _, l := range lines {
		for k := 1; k < len(l.Words); k++ {
			if l.Cell.Table > 0 || l.Words[k].Box.Min.X-l.Words[k-1].Box.Max.X < asideGap*l.Words[k-1].Box.Dy() {
				continue
			}
			if a, b := partOf(l, 0, k), partOf(l, k, len(l.Words)); isForm(a) || isForm(b) {
				out = append(out, a)
				l, k = b, 0
			}
		}
		out = append(out, l)
	}
	return out
}

func partOf(l ocr.Line, from, to int) ocr.Line {
	l.Words = slices.Clone(l.Words[from:to])
	l.Box = ocr.Around(l.Words)
	return l
}

func isForm(l ocr.Line) bool {
	s := plainOf(l)
	return isReceivedTitle(l) || signedAt().MatchString(s) || copyTitle().MatchString(s)
}

// plainOf is the text of a line, stripped and in lower case.
func plainOf(l ocr.Line) string { return strings.ToLower(viet.Strip(textOf(l.Words))) }

// isReceivedTitle reports whether a line is what such a stamp has in capitals.
func isReceivedTitle(l ocr.Line) bool {
	return len(l.Words) <= stampWords && receivedTitle().MatchString(plainOf(l)) &&
		!slices.ContainsFunc(l.Words, func(w ocr.Word) bool {
			return strings.EqualFold(viet.Strip(w.Text), "den") && strings.ContainsFunc(w.Text, unicode.IsLower)
		})
}

// markReceived marks the stamp of who received a letter: a title, and below it one of its
// labels at least.
func markReceived(p *ocr.Page) {
	for _, title := range p.Lines {
		if title.Cell.Table > 0 || !isReceivedTitle(title) {
			continue
		}
		box, labels := title.Box, 0
		for grown := true; grown; {
			grown = false
			for _, l := range p.Lines {
				if l.Cell.Table > 0 || l.Box.In(box) || !follows(box, l.Box, title.Box.Dy()) {
					continue
				}
				if all := box.Union(l.Box); receivedLabel().MatchString(plainOf(l)) && isStampSized(all, p.Size) {
					box, grown = all, true
					labels++
				}
			}
		}
		if i := slices.IndexFunc(p.Regions, func(r ocr.Region) bool { return r.Kind == ocr.Received && r.Box.Overlaps(box) }); i >= 0 && labels > 0 {
			box = box.Union(p.Regions[i].Box) // its frame: all that is in it
			p.Regions = slices.Delete(p.Regions, i, i+1)
		}
		if labels > 0 && float64(box.Min.Y) < stampBelow*float64(p.Size.Y) {
			mark(p, box, ocr.Received, ocr.RoleReceived)
		}
	}
}

// isStampSized reports whether a box is no larger than a stamp of who received a letter.
func isStampSized(box image.Rectangle, page image.Point) bool {
	return float64(box.Dx()) < stampWide*float64(page.X) && float64(box.Dy()) < stampHigh*float64(page.Y)
}

// follows reports whether a line of a form comes after what box holds of it, or stands
// beside; h is the height of its lines.
func follows(box, line image.Rectangle, h int) bool {
	gap := int(formGap * float64(h))
	wide := image.Rect(box.Min.X-h, box.Min.Y-gap, box.Max.X+h, box.Max.Y+gap)
	return line.Overlaps(wide)
}

// mark gives the lines in a box a role, and the box a region.
func mark(p *ocr.Page, box image.Rectangle, kind ocr.RegionKind, role ocr.Role) {
	for i := range p.Lines {
		in := p.Lines[i].Box.Intersect(box)
		if 2*in.Dx()*in.Dy() > p.Lines[i].Box.Dx()*p.Lines[i].Box.Dy() {
			p.Lines[i].Role = role
		}
	}
	p.Regions = append(p.Regions, ocr.Region{Kind: kind, Box: box})
}

// markOverlay marks what a system has printed on a signed copy: who signed it and when,
// and in the head that it is a copy.
func markOverlay(p *ocr.Page) {
	head := headShare * float64(p.Size.Y)
	for i, l := range p.Lines {
		if s := plainOf(l); l.Role == "" && l.Cell.Table == 0 && (isSigned(s) || isCopy(l, s) && float64(l.Box.Max.Y) < head) {
			p.Lines[i].Role = ocr.RoleOverlay
		}
	}
	for grown := true; grown; {
		grown = false
		for i, l := range p.Lines {
			if l.Role == "" && l.Cell.Table == 0 && (signedBy().MatchString(plainOf(l)) && besideOverlay(p.Lines, l) || float64(l.Box.Max.Y) < head && goesOn(p.Lines, l)) {
				p.Lines[i].Role, grown = ocr.RoleOverlay, true
			}
		}
	}
	var box image.Rectangle
	for _, l := range p.Lines {
		switch {
		case l.Role != ocr.RoleOverlay:
		case box.Empty() || follows(box, l.Box, l.Box.Dy()):
			box = box.Union(l.Box)
		default:
			p.Regions = append(p.Regions, ocr.Region{Kind: ocr.Overlay, Box: box})
			box = l.Box
		}
	}
	if !box.Empty() {
		p.Regions = append(p.Regions, ocr.Region{Kind: ocr.Overlay, Box: box})
	}
}

// besideOverlay reports whether a line stands next to one of an overlay.
func besideOverlay(lines []ocr.Line, l ocr.Line) bool {
	return slices.ContainsFunc(lines, func(o ocr.Line) bool {
		return o.Role == ocr.RoleOverlay && follows(o.Box, l.Box, l.Box.Dy())
	})
}

// goesOn reports whether a line stands close below one of an overlay, of its height, and
// begins where that does.
func goesOn(lines []ocr.Line, l ocr.Line) bool {
	_, _, isHead := formula.Head(strings.Fields(textOf(l.Words)))
	return !isHead && slices.ContainsFunc(lines, func(o ocr.Line) bool {
		h := o.Box.Dy()
		left, high, gap := o.Box.Min.X-l.Box.Min.X, h-l.Box.Dy(), l.Box.Min.Y-o.Box.Max.Y
		return o.Role == ocr.RoleOverlay && 2*max(left, -left) < h && 2*max(high, -high) < h && gap > -h/2 && gap < h
	})
}

// isSigned reports whether a line says when or by whom a file was signed, and then says
// it.
func isSigned(s string) bool {
	m := signedAt().FindStringIndex(s)
	return m != nil && m[1] < len(s)
}

// isCopy reports whether a line says in capitals that this is a copy.
func isCopy(l ocr.Line, s string) bool {
	return len(l.Words) > 1 && copyTitle().MatchString(s) && !strings.ContainsFunc(l.Words[0].Text, unicode.IsLower)
}

// markNumber marks the number of a page, above or below all of its text.
func markNumber(p *ocr.Page) {
	var text image.Rectangle
	var numbers []*ocr.Line
	n := 0
	for i := range p.Lines {
		switch l := &p.Lines[i]; {
		case l.Role != "" || l.Box.Empty():
		case l.Cell.Table == 0 && pageNumber().MatchString(alone8.Replace(textOf(l.Words))):
			numbers = append(numbers, l)
		case len(l.Words) > 1:
			text = text.Union(l.Box)
			n++
		}
	}
	for _, l := range numbers {
		if n >= numberLines && (l.Box.Max.Y <= text.Min.Y || l.Box.Min.Y >= text.Max.Y) {
			l.Role = ocr.RoleNumber
			for i, w := range l.Words {
				if text := alone8.Replace(w.Text); text != w.Text {
					l.Words[i].Text, l.Words[i].Confidence = text, min(w.Confidence, doubted)
				}
			}
		}
	}
}
