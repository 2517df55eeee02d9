package pdf

import (
	"bytes"
	"maps"
	"slices"
)

// covering is the share of a page that an image must cover to hide what was
// painted before it.
const covering = 0.9

// stripper takes text that nobody can see off a page: what is shown in render
// mode 3 and what lies under an image that covers the page, the two ways in
// which OCR programs add their text. Visible text stays: under an image that is
// clipped, blended, overprinted or translucent, too.
type stripper struct {
	r     *Reader
	page  Box
	write func(of Ref, d Dict, data []byte) Ref // takes a form to be painted in place of another
	left  int                                   // how many more bytes of content are looked at
}

// maxContent bounds the content of a page with its forms, in bytes: those may
// paint each other, time and again.
const maxContent = 256 << 20

// stripped is what came of a content stream.
type stripped struct {
	content []byte
	changed bool
	hidden  bool // text that can't be seen was taken out
	painted Dict // forms to be painted in place of others, by name
	marks   int  // marked content left open
	text    bool // shows text that is seen
	shows   bool // shows anything that is no image
	odd     bool // can't be read to its end, and is unchanged
	lacks   bool // names something that is not there
}

// state is the part of the graphics state that matters here.
type state struct {
	ctm  Matrix
	mode int
	clip Box  // what may be painted on, at the most
	thin bool // what is painted may let through what is under it
}

// path is the path being made, as far as it may clip.
type path struct {
	box   Box
	parts int  // rectangles; more than one, or anything else, is not understood
	clips bool // it is to clip what is painted after it
}

// add follows an operator that makes a path.
func (p *path) add(op Keyword, operands []Object, ctm Matrix) {
	switch op {
	case "W", "W*":
		p.clips = true
	case "re":
		r, ok := numbers(operands)
		if p.parts++; ok && len(r) == 4 && ctm.upright() {
			p.box = ctm.around(Box{min(r[0], r[0]+r[2]), min(r[1], r[1]+r[3]), max(r[0], r[0]+r[2]), max(r[1], r[1]+r[3])})
			return
		}
		p.parts++
	default:
		p.parts += 2
	}
}

// clip returns what is left of a clip; what is not understood leaves nothing.
func (p *path) clip(old Box) Box {
	switch {
	case !p.clips:
		return old
	case p.parts != 1:
		return Box{}
	}
	return old.and(p.box)
}

// span is a text-showing operation, from its first operand to its operator,
// and what stands in its place without it.
type span struct {
	from, to int
	instead  string
}

// pass goes over one content stream.
type pass struct {
	*stripper
	resources Dict
	depth     int // of forms in forms
	lexer     *lexer
	cur       state
	stack     []state
	shape     path
	operands  []Object
	first     int // where the operation begins
	cut       []span
	visible   []span
	out       stripped
}

// content strips one content stream with its resources. On any doubt it returns
// the content unchanged.
func (s *stripper) content(b []byte, resources Dict, start state, depth int) stripped {
	p := &pass{stripper: s, resources: resources, depth: depth, lexer: &lexer{buf: b}, cur: start, out: stripped{painted: Dict{}}}
	if s.left -= len(b); s.left < 0 || !p.run() {
		return stripped{content: b, shows: true, odd: true}
	}
	p.out.content = b
	p.out.text = p.out.text || len(p.visible) > 0
	p.out.shows = p.out.shows || p.out.text
	maps.DeleteFunc(p.out.painted, func(_ Name, v Object) bool { return v == nil })
	if len(p.cut) > 0 {
		p.out.content = remove(b, p.cut)
	}
	p.out.changed = len(p.cut)+len(p.out.painted) > 0
	return p.out
}

// run reports whether the content could be followed to its end.
func (p *pass) run() bool {
	l := p.lexer
	for p.first = -1; ; p.operands, p.first = p.operands[:0], -1 {
		for {
			l.skip()
			if l.pos >= len(l.buf) {
				return true
			}
			if p.first < 0 {
				p.first = l.pos
			}
			o, err := l.object(false, 0)
			if err != nil || len(p.operands) > 1<<16 {
				return false
			}
			if op, ok := o.(Keyword); ok {
				if !p.do(op) {
					return false
				}
				break
			}
			p.operands = append(p.operands, o)
		}
	}
}

// do follows an operator. It reports false where the content can't be followed.
func (p *pass) do(op Keyword) bool {
	switch op {
	case "q":
		if len(p.stack) >= 1<<12 {
			return false
		}
		p.stack = append(p.stack, p.cur)
	case "Q":
		p.restore()
	case "BMC", "BDC":
		p.out.marks++
	case "EMC":
		if p.out.marks--; p.out.marks < 0 {
			if p.depth == 0 { // it would end what is put around the content
				p.cut = append(p.cut, span{p.first, p.lexer.pos, ""})
			}
			p.out.marks = 0
		}
	case "cm":
		if m, ok := matrix(p.operands); ok {
			p.cur.ctm = m.Mul(p.cur.ctm)
		}
	case "gs":
		if len(p.operands) == 1 {
			p.setState(p.operands[0])
		}
	case "Tf":
		if len(p.operands) == 2 {
			p.resource("Font", p.operands[0])
		}
	case "re", "m", "l", "c", "v", "y", "h", "W", "W*":
		p.shape.add(op, p.operands, p.cur.ctm)
	case "n", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*":
		p.cur.clip = p.shape.clip(p.cur.clip)
		p.shape = path{}
		p.out.shows = p.out.shows || op != "n"
	case "sh":
		p.out.shows = true
	case "Tr":
		if len(p.operands) == 1 {
			if n, ok := p.operands[0].(Number); ok {
				p.cur.mode = n.Int()
			}
		}
	case "Tj", "TJ", "'", `"`:
		p.showText(op)
	case "Do":
		if len(p.operands) == 1 && p.paint(p.operands[0]) {
			p.out.hidden = p.out.hidden || len(p.visible) > 0
			p.cut = append(p.cut, p.visible...)
			p.visible = nil
		}
	case "ID":
		// Inline image: its data end at white space, EI, white space.
		i := inlineEnd(p.lexer.buf[p.lexer.pos:])
		if i < 0 {
			return false
		}
		p.lexer.pos += i
		p.out.shows = true
	}
	return true
}

// restore follows the operator Q. One without its q does nothing.
func (p *pass) restore() {
	if n := len(p.stack); n > 0 {
		p.cur, p.stack = p.stack[n-1], p.stack[:n-1]
	}
}

func (p *pass) showText(op Keyword) {
	sp := span{p.first, p.lexer.pos, ""}
	if op == "'" {
		sp.instead = "T*"
	}
	if op == `"` && len(p.operands) == 3 {
		sp.instead = string(Append(Append(nil, p.operands[0]), Keyword(" Tw "))) + string(Append(Append(nil, p.operands[1]), Keyword(" Tc T*")))
	}
	switch {
	case p.cur.mode == 3:
		p.cut, p.out.hidden = append(p.cut, sp), true
	case p.cur.mode > 3: // what is painted next is seen through these letters, and covers nothing
		p.out.text, p.cur.clip = true, Box{}
	default:
		p.visible = append(p.visible, sp)
	}
}

// paint follows the operator Do. It reports whether it paints an image that
// covers the page.
func (p *pass) paint(name Object) bool {
	o := p.resource("XObject", name)
	x, ok := p.r.resolve(o).(*stream)
	if !ok {
		return false
	}
	switch x.dict["Subtype"] {
	case Name("Image"):
		if x.dict["ImageMask"] == true || x.dict["SMask"] != nil || x.dict["Mask"] != nil {
			return false
		}
		return !p.cur.thin && p.cur.ctm.around(Box{0, 0, 1, 1}).and(p.cur.clip).area() > covering*p.page.area()
	case Name("Form"):
		if ref, ok := o.(Ref); ok {
			instead := p.form(ref, x)
			// One form has one look, here, that it must do for.
			key := name.(Name)
			if old, again := p.out.painted[key]; again && old != instead {
				instead = nil
			}
			p.out.painted[key] = instead
		}
	}
	return false
}

// resource returns what a name stands for among the resources of a kind.
func (p *pass) resource(kind Name, name Object) Object {
	key, _ := name.(Name)
	o := p.r.dict(p.resources[kind])[key]
	p.out.lacks = p.out.lacks || p.r.resolve(o) == nil
	return o
}

// form follows a form and returns the one that is to be painted in its place, nil
// if none.
func (p *pass) form(ref Ref, x *stream) Object {
	p.out.shows = true
	if p.depth > 8 || p.left <= 0 {
		return nil
	}
	data, err := p.r.data(x)
	if err != nil {
		return nil
	}
	start := p.cur
	if m, ok := matrix(p.r.array(x.dict["Matrix"])); ok {
		start.ctm = m.Mul(start.ctm)
	}
	if b, ok := numbers(p.r.array(x.dict["BBox"])); ok && len(b) == 4 {
		start.clip = start.clip.and(start.ctm.around(Box(b)))
	}
	resources := p.r.dict(x.dict["Resources"])
	if resources == nil {
		resources = p.resources
	}
	in := p.content(data, resources, start, p.depth+1)
	p.out.text, p.out.hidden = p.out.text || in.text, p.out.hidden || in.hidden
	p.out.lacks = p.out.lacks || in.lacks || in.odd
	if !in.changed {
		return nil
	}
	d := maps.Clone(x.dict)
	delete(d, "Filter")
	delete(d, "DecodeParms")
	if len(in.painted) > 0 {
		d["Resources"] = p.r.painting(resources, in.painted)
	}
	return p.write(ref, d, in.content)
}

// painting returns resources with other forms in them.
func (r *Reader) painting(resources, forms Dict) Dict {
	out, x := maps.Clone(resources), maps.Clone(r.dict(resources["XObject"]))
	maps.Copy(x, forms)
	out["XObject"] = x
	return out
}

// setState follows the operator gs.
func (p *pass) setState(name Object) {
	gs := p.r.dict(p.resource("ExtGState", name))
	if alpha, ok := p.r.number(gs["ca"]); ok && alpha < 1 {
		p.cur.thin = true
	}
	if mask := p.r.resolve(gs["SMask"]); mask != nil && mask != Name("None") {
		p.cur.thin = true
	}
	if blend := p.r.resolve(gs["BM"]); blend != nil && blend != Name("Normal") && blend != Name("Compatible") {
		p.cur.thin = true
	}
	if p.r.resolve(gs["op"]) == true || gs["op"] == nil && p.r.resolve(gs["OP"]) == true {
		p.cur.thin = true
	}
}

func matrix(a []Object) (m Matrix, ok bool) {
	n, ok := numbers(a)
	if !ok || len(n) != len(m) {
		return m, false
	}
	return Matrix(n), true
}

func numbers(a []Object) (out []float64, ok bool) {
	for _, o := range a {
		n, ok := o.(Number)
		if !ok {
			return nil, false
		}
		out = append(out, n.Float())
	}
	return out, true
}

// inlineEnd returns where the data of an inline image end, after EI, or -1.
func inlineEnd(b []byte) int {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("EI"))
		if i < 0 {
			return -1
		}
		i += at
		if i > 0 && isSpace(b[i-1]) && (i+2 == len(b) || isSpace(b[i+2])) && printable(b[min(i+2, len(b)):min(i+16, len(b))]) {
			return i + 2
		}
		at = i + 2
	}
}

func printable(b []byte) bool {
	for _, c := range b {
		if c >= 0x7f || c < ' ' && !isSpace(c) {
			return false
		}
	}
	return true
}

// remove returns b with spans taken out.
func remove(b []byte, cut []span) []byte {
	slices.SortFunc(cut, func(x, y span) int { return x.from - y.from })
	keep := make([]byte, 0, len(b))
	at := 0
	for _, c := range cut {
		keep = append(append(keep, b[at:c.from]...), c.instead...)
		at = c.to
	}
	return append(keep, b[at:]...)
}
