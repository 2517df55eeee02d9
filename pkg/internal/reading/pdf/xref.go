package pdf

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
)

// readXref reads the chain of cross-reference sections, the last one first.
func (r *Reader) readXref() error {
	tail, err := r.window(max(0, r.size-2048), 2048)
	if err != nil {
		return err
	}
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return errors.New("no startxref: not a PDF, or cut off")
	}
	o, err := (&lexer{buf: append(tail[i+len("startxref"):], ' ')}).object(false, 0)
	if err != nil {
		return err
	}
	n, ok := o.(Number)
	if !ok {
		return errSyntax
	}
	r.xref, r.start = map[int]entry{}, int64(n.Int())
	seen := map[int64]bool{}
	free := map[int]bool{}
	for at := r.start; !seen[at]; {
		seen[at] = true
		trailer, isStream, err := r.section(at, free)
		if err != nil {
			return err
		}
		if r.trailer == nil {
			r.trailer, r.stream = trailer, isStream
		}
		if x, ok := trailer["XRefStm"].(Number); ok && !isStream && !seen[int64(x.Int())] {
			seen[int64(x.Int())] = true
			if _, _, err := r.section(int64(x.Int()), free); err != nil {
				return err
			}
		}
		prev, ok := trailer["Prev"].(Number)
		if !ok {
			break
		}
		at = int64(prev.Int())
	}
	return nil
}

// section reads one section, table or stream. Entries that a later section
// set stay; free collects the numbers it freed.
func (r *Reader) section(at int64, free map[int]bool) (trailer Dict, isStream bool, err error) {
	head, err := r.window(at, 16)
	if err != nil {
		return nil, false, err
	}
	if bytes.HasPrefix(bytes.TrimLeft(head, " \r\n\t"), []byte("xref")) {
		trailer, err = r.table(at, free)
		return trailer, false, err
	}
	_, o, err := r.objectAt(at)
	if err != nil {
		return nil, false, err
	}
	s, ok := o.(*stream)
	if !ok || s.dict["Type"] != Name("XRef") {
		return nil, false, errSyntax
	}
	return s.dict, true, r.xrefStream(s, free)
}

func (r *Reader) set(num int, e entry, isFree bool, free map[int]bool) {
	if _, ok := r.xref[num]; ok || free[num] || num < 0 || num > 1<<23 {
		return
	}
	if isFree {
		free[num] = true
		return
	}
	r.xref[num] = e
}

func (r *Reader) table(at int64, free map[int]bool) (trailer Dict, err error) {
	type row struct {
		num    int
		e      entry
		isFree bool
	}
	var rows []row
	err = r.parse(at, func(l *lexer) error {
		rows = rows[:0]
		if o, err := l.object(false, 0); err != nil || o != Keyword("xref") {
			return errSyntax
		}
		for {
			o, err := l.object(false, 0)
			if err != nil {
				return err
			}
			if o == Keyword("trailer") {
				d, err := l.object(true, 0)
				if err != nil {
					return err
				}
				var ok bool
				if trailer, ok = d.(Dict); !ok {
					return errSyntax
				}
				return nil
			}
			first, ok1 := o.(Number)
			o, err = l.object(false, 0)
			if err != nil {
				return err
			}
			count, ok2 := o.(Number)
			if !ok1 || !ok2 {
				return errSyntax
			}
			for i := range count.Int() {
				var f [3]Object
				for j := range f {
					if f[j], err = l.object(false, 0); err != nil {
						return err
					}
				}
				off, ok1 := f[0].(Number)
				gen, ok2 := f[1].(Number)
				if !ok1 || !ok2 {
					return errSyntax
				}
				rows = append(rows, row{first.Int() + i, entry{offset: int64(off.Int()), gen: gen.Int()}, f[2] != Keyword("n")})
			}
		}
	})
	for _, row := range rows {
		r.set(row.num, row.e, row.isFree, free)
	}
	return trailer, err
}

func (r *Reader) xrefStream(s *stream, free map[int]bool) error {
	data, err := r.data(s)
	if err != nil {
		return err
	}
	var w [3]int
	width := 0
	for i, o := range r.array(s.dict["W"]) {
		n, ok := o.(Number)
		if !ok || i > 2 || n.Int() < 0 || n.Int() > 8 {
			return errSyntax
		}
		w[i] = n.Int()
		width += w[i]
	}
	if width == 0 {
		return errSyntax
	}
	index := r.array(s.dict["Index"])
	if index == nil {
		index = Array{Int(0), s.dict["Size"]}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(Number)
		count, ok2 := index[i+1].(Number)
		if !ok1 || !ok2 {
			return errSyntax
		}
		for num := first.Int(); num < first.Int()+count.Int() && len(data) >= width; num++ {
			f := [3]int64{1, 0, 0}
			for j, n := range w {
				if n > 0 {
					f[j] = 0
				}
				for _, c := range data[:n] {
					f[j] = f[j]<<8 | int64(c)
				}
				data = data[n:]
			}
			switch f[0] {
			case 0:
				r.set(num, entry{}, true, free)
			case 1:
				r.set(num, entry{offset: f[1], gen: int(f[2])}, false, free)
			case 2:
				r.set(num, entry{inside: int(f[1]), index: int(f[2])}, false, free)
			}
		}
	}
	return nil
}

var objectHead = regexp.MustCompile(`(?:^|[\r\n\t \x00>])(\d{1,8})[\r\n\t ]+(\d{1,5})[\r\n\t ]+obj\b`)

// rebuild finds the objects of a file whose cross-references are damaged, by
// looking for "12 0 obj" all through it, and the last trailer.
func (r *Reader) rebuild() error {
	r.xref, r.trailer, r.start, r.stream = map[int]entry{}, nil, 0, false
	clear(r.objstm)
	const step, overlap = 1 << 20, 64
	var trailers []int64
	for off := int64(0); off < r.size; off += step {
		buf, err := r.window(off, step+overlap)
		if err != nil {
			return err
		}
		for _, m := range objectHead.FindAllSubmatchIndex(buf, -1) {
			num, _ := strconv.Atoi(string(buf[m[2]:m[3]]))
			gen, _ := strconv.Atoi(string(buf[m[4]:m[5]]))
			if num <= 1<<23 {
				r.xref[num] = entry{offset: off + int64(m[2]), gen: gen}
			}
		}
		for at := 0; ; {
			i := bytes.Index(buf[at:], []byte("trailer"))
			if i < 0 {
				break
			}
			trailers = append(trailers, off+int64(at+i))
			at += i + 7
		}
	}
	if len(r.xref) == 0 {
		return errors.New("no objects: not a PDF")
	}
	r.unpackAll()
	r.trailer = Dict{}
	for _, at := range trailers {
		_ = r.parse(at+7, func(l *lexer) error {
			o, err := l.object(true, 0)
			if err != nil {
				return err
			}
			if d, ok := o.(Dict); ok {
				for k, v := range d {
					r.trailer[k] = v
				}
			}
			return nil
		})
	}
	delete(r.trailer, "Prev")
	delete(r.trailer, "XRefStm")
	if r.dict(r.trailer["Root"]) == nil {
		r.findRoot()
	}
	return nil
}

// unpackAll adds the objects in object streams, and takes encryption and root
// from cross-reference streams.
func (r *Reader) unpackAll() {
	for num, e := range r.xref {
		_, o, err := r.objectAt(e.offset)
		s, ok := o.(*stream)
		if err != nil || !ok || s.dict["Type"] != Name("ObjStm") {
			continue
		}
		os, err := r.objectStream(num)
		if err != nil {
			continue
		}
		for n := range os.offsets {
			if _, ok := r.xref[n]; !ok {
				r.xref[n] = entry{inside: num}
			}
		}
	}
}

func (r *Reader) findRoot() {
	for num, e := range r.xref {
		o := r.resolve(Ref{num, e.gen})
		switch d := o.(type) {
		case Dict:
			if d["Type"] == Name("Catalog") && r.trailer["Root"] == nil {
				r.trailer["Root"] = Ref{num, e.gen}
			}
		case *stream:
			if d.dict["Type"] == Name("XRef") {
				for _, k := range []Name{"Root", "Info", "ID", "Encrypt"} {
					if v, ok := d.dict[k]; ok {
						r.trailer[k] = v
					}
				}
			}
		}
	}
}
