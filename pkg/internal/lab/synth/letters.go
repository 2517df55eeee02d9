package synth

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
)

// The letters are written for this project: bodies, places, people and numbers
// are invented. The markup is a head of "key: value" lines, an empty line, and
// paragraphs, one a line:
//
//	= TEXT     centred, bold              # TEXT    heading, bold
//	== TEXT    the same with a rule       ~ TEXT    italic
//	>> TEXT    centred                    >- TEXT   indented to the middle
//	| a | b    a row of a table, the first its head
//	TEXT       justified, **bold** inside
//
//go:embed letters/*.letter
var letterFiles embed.FS

// A Letter is one of the project's test letters and how it was scanned.
type Letter struct {
	Name     string // of the files, without ending
	Family   string // typeface
	Size     float64
	Format   string // png, jpg, tif or pdf
	Quality  int    // of JPEG
	Wear     Wear
	LastPage *Wear  // of the last page, if it was scanned in another way
	Package  string // Debian package of the typeface
	Garbled  bool   // also kept as an English reader garbles it
}

// Letters returns the test letters: all kinds of official letter that
// archives are full of, each in its own typeface and state.
func Letters() []Letter {
	scan := func(dpi, skew float64, w Wear) Wear {
		w.Placement = Placement{DPI: dpi, Skew: skew, Bend: 0.3, Phase: skew}
		return w
	}
	laser := Wear{Bilevel: true, Spread: 0.1, Rough: 0.3, Blur: 0.9, Noise: 0.04, Threshold: 0.55, Uneven: 0.02, Speckles: 0.2}
	office := Wear{Color: true, Spread: 0.05, Rough: 0.2, Blur: 0.7, Noise: 0.012, Paper: 0.04, Gradient: 0.05}
	fax := laser
	fax.Rough, fax.Blur, fax.Speckles = 0.25, 0.7, 0.8
	grey := office
	grey.Color = false
	tired := grey
	tired.Fade, tired.Paper, tired.Bleed, tired.Shadow, tired.Speckles = 0.25, 0.15, 0.1, 0.25, 1
	signed := scan(200, -0.3, office)
	return []Letter{
		{Name: "cong-van", Family: "Tinos", Size: 13, Format: "png", Wear: scan(300, 0.5, laser), Package: "fonts-croscore", Garbled: true},
		{Name: "quyet-dinh", Family: "TeX Gyre Termes", Size: 14, Format: "tif", Wear: scan(300, -0.4, laser), Package: "fonts-texgyre"},
		{Name: "thong-bao", Family: "FreeSerif", Size: 13, Format: "jpg", Quality: 42, Wear: scan(200, 0.8, office), Package: "fonts-freefont-ttf"},
		{Name: "to-trinh", Family: "Tinos", Size: 14, Format: "pdf", Quality: 40, Wear: scan(300, 0.3, laser), LastPage: &signed, Package: "fonts-croscore"},
		{Name: "giay-moi", Family: "Arimo", Size: 12.5, Format: "jpg", Quality: 25, Wear: scan(300, -0.7, grey), Package: "fonts-croscore"},
		{Name: "bao-cao", Family: "FreeSerif", Size: 13.5, Format: "png", Wear: scan(200, -0.5, fax), Package: "fonts-freefont-ttf"},
		{Name: "ke-hoach", Family: "Noto Serif", Size: 11.5, Format: "jpg", Quality: 38, Wear: scan(200, -0.9, office), Package: "fonts-noto-core"},
		{Name: "bien-ban", Family: "TeX Gyre Schola", Size: 12.5, Format: "jpg", Quality: 45, Wear: scan(200, 1.2, tired), Package: "fonts-texgyre"},
	}
}

// Typeset sets the letter.
func (l *Letter) Typeset(lib *Library) ([]*Page, error) {
	fam := lib.Family(l.Family)
	if fam == nil {
		return nil, fmt.Errorf("letter %s: typeface %s (Debian package %s) is missing: %w", l.Name, l.Family, l.Package, ErrNoFonts)
	}
	src, err := letterFiles.ReadFile("letters/" + l.Name + ".letter")
	if err != nil {
		return nil, err
	}
	head, body, _ := strings.Cut(string(src), "\n\n")
	st := Style{Family: fam, Size: l.Size}
	s := &Sheet{Left: 85, Right: 48, Top: 60, Bottom: 66, NumberStyle: st}
	h, f := letterHead(head)
	s.Head(h, st.sized(min(st.Size, 13)))
	setMarkup(s, body, st)
	s.Foot(f, st, rand.New(rand.NewPCG(7, uint64(len(src)))))
	return s.Pages, nil
}

func letterHead(text string) (Head, Foot) {
	h, f := Head{}, Foot{Pen: true}
	for _, line := range strings.Split(text, "\n") {
		key, value, _ := strings.Cut(line, ": ")
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
		case "recipient":
			f.Recipients = append(f.Recipients, value)
		case "capacity":
			f.Capacity = append(f.Capacity, value)
		case "name":
			f.Name = value
		case "stamp":
			f.Stamp = value
		}
	}
	return h, f
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

// Scan wears the pages down, the same way every time, and returns the
// resolution of each.
func (l *Letter) Scan(pages []*Page) (scans []image.Image, dpis []float64) {
	for i, p := range pages {
		w := l.Wear
		if i == len(pages)-1 && l.LastPage != nil {
			w = *l.LastPage
		}
		w.Skew += 0.15 * float64(i)
		scans = append(scans, w.Scan(p, rand.New(rand.NewPCG(uint64(40+len(l.Name)), uint64(i)))))
		dpis = append(dpis, w.DPI)
	}
	return scans, dpis
}

// Files typesets and scans the letter and returns its files: the scan and its
// truth, NAME.txt, with a form feed between pages. A letter of one page in a
// format without pages must fit one.
func (l *Letter) Files(lib *Library) ([]File, error) {
	pages, err := l.Typeset(lib)
	if err != nil {
		return nil, err
	}
	if len(pages) > 1 && (l.Format == "png" || l.Format == "jpg") {
		return nil, fmt.Errorf("letter %s takes %d pages, its format holds one", l.Name, len(pages))
	}
	var text bytes.Buffer
	for i, p := range pages {
		if i > 0 {
			text.WriteByte('\f')
		}
		text.WriteString(p.Text())
	}
	scans, dpis := l.Scan(pages)
	data, err := l.encode(scans, dpis)
	if err != nil {
		return nil, fmt.Errorf("letter %s: %w", l.Name, err)
	}
	return []File{{l.Name + "." + l.Format, data}, {l.Name + ".txt", text.Bytes()}}, nil
}

func (l *Letter) encode(scans []image.Image, dpis []float64) ([]byte, error) {
	dpi := dpis[0]
	switch l.Format {
	case "png":
		return encodePNG(scans[0], dpi, l.Wear.Bilevel)
	case "jpg":
		return encodeJPEG(scans[0], dpi, l.Quality)
	case "tif":
		return encodeTIFF(scans, dpi), nil
	case "pdf":
		return encodePDF(scans, dpis, l.Quality)
	}
	return nil, fmt.Errorf("unknown format %q", l.Format)
}
