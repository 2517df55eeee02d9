package synth

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The letters are written for this project: bodies, places, people and numbers
// are invented. The markup is a head of "key: value" lines (see paper), an empty
// line, and paragraphs, one a line:
//
//	= TEXT     centred, bold              # TEXT    heading, bold
//	== TEXT    the same with a rule       ~ TEXT    italic
//	>> TEXT    centred                    >- TEXT   indented to the middle
//	| a | b    a row of a table, the first its head
//	TEXT       justified, **bold** inside

// source returns head and body of the letter's markup.
func (l *Letter) source() (head, body string, err error) {
	src, err := letterFiles.ReadFile("letters/" + l.Name + ".letter")
	if err != nil {
		return "", "", err
	}
	head, body, _ = strings.Cut(string(src), "\n\n")
	return head, body, nil
}

// Typeset sets the letter.
func (l *Letter) Typeset(lib *Library) ([]*Page, error) {
	fam := lib.Family(l.Family)
	if fam == nil {
		return nil, fmt.Errorf("letter %s: typeface %s (Debian package %s) is missing: %w", l.Name, l.Family, l.Package, ErrNoFonts)
	}
	head, body, err := l.source()
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(7, uint64(len(head)+2+len(body))))
	if l.Stacked {
		if fam, err = fam.stacked(rng); err != nil {
			return nil, err
		}
	}
	st := Style{Family: fam, Size: l.Size}
	s := &Sheet{Left: 85, Right: 48, Top: 60, Bottom: 66, NumberStyle: st}
	p := parsePaper(head)
	s.Head(p.head, st.sized(min(st.Size, 13)))
	setMarkup(s, body, st)
	s.Foot(p.foot, st, rng)
	if c := p.copy; c != nil {
		s.Need(24 * st.Size)
		s.Skip(st.Size)
		s.Head(c.head, st.sized(min(st.Size, 13)))
		s.Foot(c.foot, st, rng)
	}
	return s.Pages, nil
}

// paper is what the head of a letter's markup says. Keys that begin with
// "copy-" are of the copy that was made of it: "SAO Y" and who says so.
type paper struct {
	head          Head
	foot          Foot
	kind, subject string // where the body does not say them as usual
	copy          *paper
}

func parsePaper(text string) *paper {
	p := &paper{foot: Foot{Pen: true}}
	for line := range strings.SplitSeq(text, "\n") {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if rest, ok := strings.CutPrefix(key, "copy-"); ok {
			if p.copy == nil {
				p.copy = &paper{foot: Foot{Pen: true}}
			}
			p.copy.set(rest, value)
			continue
		}
		p.set(key, value)
	}
	if p.copy != nil { // the stamp goes where the copy is certified
		p.copy.foot.Stamp, p.foot.Stamp, p.foot.Pen = p.foot.Stamp, "", false
	}
	return p
}

func (p *paper) set(key, value string) {
	h, f := &p.head, &p.foot
	switch key {
	case "parent":
		h.Parent = value
	case "body":
		h.Body = value
	case "number":
		h.Number = value
	case "about":
		h.About = value
	case "place":
		h.Place = value
	case "form":
		h.Form = value
	case "recipient":
		f.Recipients = append(f.Recipients, value)
	case "capacity":
		f.Capacity = append(f.Capacity, value)
	case "name":
		f.Name = value
	case "left-capacity":
		f.Left.Capacity = append(f.Left.Capacity, value)
	case "left-name":
		f.Left.Name = value
	case "stamp":
		f.Stamp = value
	case "type":
		p.kind = value
	case "subject":
		p.subject = value
	default:
		panic("synth: unknown key in a letter: " + key)
	}
}

func setMarkup(s *Sheet, text string, st Style) {
	var table [][]string
	flush := func() {
		if table != nil {
			s.Skip(3)
			s.Table(table, columnWidths(table, st), st.sized(st.Size-1.5))
			table = nil
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			flush()
		}
		mark, rest, _ := strings.Cut(line, " ")
		b := s.Body()
		b.Leading = 1.26
		switch mark {
		case "":
			s.Skip(4)
			continue
		case "=":
			b.Align = Center
			s.Para(b, Span{rest, st.bold()})
		case "==":
			b.Align = Center
			b.X0, b.X1 = b.X0+30, b.X1-30
			s.Para(b, Span{rest, st.bold()})
			s.ruleUnder(s.Body(), 0.2)
			s.Skip(5)
		case ">>":
			b.Align = Center
			s.Para(b, Span{rest, st})
		case ">-":
			b.Align = Left
			b.X0 += 150
			s.Para(b, Span{rest, st})
			continue
		case "#":
			b.Indent, b.Align = 36, Left
			s.Need(3 * b.leading(st.Size))
			s.Para(b, Span{rest, st.bold()})
		case "~":
			b.Indent = 36
			s.Para(b, Span{rest, st.italic()})
		case "|":
			var cells []string
			for _, c := range strings.Split(rest, "|") {
				cells = append(cells, strings.TrimSpace(c))
			}
			table = append(table, cells)
			continue
		default:
			b.Indent = 36
			s.Para(b, boldSpans(line, st)...)
		}
		s.Skip(3.5)
	}
	flush()
}

// boldSpans takes **text** as bold.
func boldSpans(text string, st Style) []Span {
	var out []Span
	for i, part := range strings.Split(text, "**") {
		if part == "" {
			continue
		}
		s := st
		if i%2 == 1 {
			s = st.bold()
		}
		out = append(out, Span{part, s})
	}
	return out
}

// columnWidths shares a table's width by what the columns hold.
func columnWidths(rows [][]string, st Style) []float64 {
	widths := make([]float64, len(rows[0]))
	total := 0.0
	for c := range widths {
		for _, r := range rows {
			longest := 0.0
			for _, w := range strings.Fields(r[c]) {
				longest = max(longest, st.bold().width(w))
			}
			widths[c] = max(widths[c], longest, 0.62*st.width(r[c]))
		}
		widths[c] += 12
		total += widths[c]
	}
	for c := range widths {
		widths[c] /= total
	}
	return widths
}
