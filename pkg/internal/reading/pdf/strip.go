package pdf

import (
	"bytes"
)

// covering is the share of a page that an image must cover to hide what was
// painted before it.
const covering = 0.9

// stripper takes text that nobody can see off a page: what is shown in render
// mode 3 and what lies under an image that covers the page, the two ways in
// which OCR programs add their text. Visible text stays: under an image that is
// clipped, blended or translucent, too.
type stripper struct {
	r      *Reader
	page   Box
	forms  map[int][]byte // rewritten content of form XObjects, by object number
	seen   map[int]bool
	cutAny bool
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

// content strips one content stream with its resources. It returns the
// content, the number of q left open, and whether the content changed. On any
// doubt it returns the content unchanged.
func (s *stripper) content(b []byte, resources Dict, start state, depth int) (out []byte, open int, changed bool) {
	l := &lexer{buf: b}
	cur, stack := start, []state(nil)
	var shape path
	var operands []Object
	var cut, visible []span
	first := -1
	for {
		l.skip()
		if l.pos >= len(b) {
			break
		}
		at := l.pos
		o, err := l.object(false, 0)
		if err != nil {
			return b, len(stack), false
		}
		op, ok := o.(Keyword)
		if !ok {
			if first < 0 {
				first = at
			}
			if operands = append(operands, o); len(operands) > 1<<16 {
				return b, len(stack), false
			}
			continue
		}
		if first < 0 {
			first = at
		}
		switch op {
		case "q":
			if len(stack) < 1<<12 {
				stack = append(stack, cur)
			}
		case "Q":
			if n := len(stack); n > 0 {
				cur, stack = stack[n-1], stack[:n-1]
			}
		case "cm":
			if m, ok := matrix(operands); ok {
				cur.ctm = m.Mul(cur.ctm)
			}
		case "gs":
			if len(operands) == 1 {
				s.setState(operands[0], resources, &cur)
			}
		case "re":
			if shape.parts++; len(operands) == 4 && cur.ctm.upright() {
				if r, ok := numbers(operands); ok {
					shape.box = cur.ctm.around(Box{min(r[0], r[0]+r[2]), min(r[1], r[1]+r[3]), max(r[0], r[0]+r[2]), max(r[1], r[1]+r[3])})
					break
				}
			}
			shape.parts++
		case "m", "l", "c", "v", "y", "h":
			shape.parts += 2
		case "W", "W*":
			shape.clips = true
		case "n", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*":
			cur.clip = shape.clip(cur.clip)
			shape = path{}
		case "Tr":
			if len(operands) == 1 {
				if n, ok := operands[0].(Number); ok {
					cur.mode = n.Int()
				}
			}
		case "Tj", "TJ", "'", `"`:
			sp := span{first, l.pos, ""}
			if op == "'" {
				sp.instead = "T*"
			}
			if op == `"` && len(operands) == 3 {
				sp.instead = string(Append(Append(nil, operands[0]), Keyword(" Tw "))) + string(Append(Append(nil, operands[1]), Keyword(" Tc T*")))
			}
			if cur.mode == 3 {
				cut = append(cut, sp)
			} else {
				visible = append(visible, sp)
			}
		case "Do":
			if len(operands) == 1 && s.do(operands[0], resources, cur, depth) {
				cut = append(cut, visible...)
				visible = nil
			}
		case "ID":
			// Inline image: its data end at white space, EI, white space.
			i := inlineEnd(b[l.pos:])
			if i < 0 {
				return b, len(stack), false
			}
			l.pos += i
		}
		operands, first = operands[:0], -1
	}
	if len(cut) == 0 {
		return b, len(stack), false
	}
	s.cutAny = true
	return remove(b, cut), len(stack), true
}

// do follows a painted XObject. It reports whether that is an image that
// covers the page.
func (s *stripper) do(name Object, resources Dict, cur state, depth int) bool {
	key, ok := name.(Name)
	if !ok {
		return false
	}
	o := s.r.dict(resources["XObject"])[key]
	x, ok := s.r.resolve(o).(*stream)
	if !ok {
		return false
	}
	switch x.dict["Subtype"] {
	case Name("Image"):
		if x.dict["ImageMask"] == true || x.dict["SMask"] != nil || x.dict["Mask"] != nil {
			return false
		}
		return !cur.thin && cur.ctm.around(Box{0, 0, 1, 1}).and(cur.clip).area() > covering*s.page.area()
	case Name("Form"):
		ref, ok := o.(Ref)
		if !ok || depth > 8 || s.seen[ref.Num] {
			return false
		}
		s.seen[ref.Num] = true
		data, err := s.r.data(x)
		if err != nil {
			return false
		}
		if a := s.r.array(x.dict["Matrix"]); a != nil {
			if m, ok := matrix(a); ok {
				cur.ctm = m.Mul(cur.ctm)
			}
		}
		if b, ok := numbers(s.r.array(x.dict["BBox"])); ok && len(b) == 4 {
			cur.clip = cur.clip.and(cur.ctm.around(Box(b)))
		}
		inner := s.r.dict(x.dict["Resources"])
		if inner == nil {
			inner = resources
		}
		if out, _, changed := s.content(data, inner, cur, depth+1); changed {
			s.forms[ref.Num] = out
		}
	}
	return false
}

// setState follows the operator gs.
func (s *stripper) setState(name Object, resources Dict, cur *state) {
	key, _ := name.(Name)
	gs := s.r.dict(s.r.dict(resources["ExtGState"])[key])
	if alpha, ok := s.r.number(gs["ca"]); ok && alpha < 1 {
		cur.thin = true
	}
	if mask := s.r.resolve(gs["SMask"]); mask != nil && mask != Name("None") {
		cur.thin = true
	}
	if blend := s.r.resolve(gs["BM"]); blend != nil && blend != Name("Normal") && blend != Name("Compatible") {
		cur.thin = true
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

func remove(b []byte, cut []span) []byte {
	// Spans come in two sorted runs that may interleave.
	keep := make([]byte, 0, len(b))
	next := map[int]span{}
	for _, c := range cut {
		next[c.from] = c
	}
	for i := 0; i < len(b); {
		if c, ok := next[i]; ok {
			keep = append(keep, c.instead...)
			i = c.to
			continue
		}
		keep = append(keep, b[i])
		i++
	}
	return keep
}
