package pdf

import (
	"bytes"
	"errors"
	"fmt"
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
	seen, free := map[int64]bool{}, map[int]bool{}
	for at, more := r.start, true; more; {
		trailer, isStream, err := r.section(at, seen, free)
		if err != nil {
			return err
		}
		if r.trailer == nil {
			r.trailer, r.stream = trailer, isStream
		}
		if x, ok := trailer["XRefStm"].(Number); ok && !isStream {
			if _, _, err := r.section(int64(x.Int()), seen, free); err != nil {
				return err
			}
		}
		var prev Number
		prev, more = trailer["Prev"].(Number)
		at = int64(prev.Int())
	}
	return nil
}

// section reads one section, table or stream. Entries that a later section
// set stay; free collects the numbers it freed. A chain of sections that leads
// round in circles, or over the same bytes again and again, is an error.
func (r *Reader) section(at int64, seen map[int64]bool, free map[int]bool) (trailer Dict, isStream bool, err error) {
	if seen[at] || r.looked > 16<<20+8*r.size {
		return nil, false, fmt.Errorf("cross-references lead round in circles: %w", errSyntax)
	}
	seen[at] = true
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
	if _, ok := r.xref[num]; ok || free[num] || num < 0 || num > maxObjects {
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
	r.looked += int64(len(data))
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
	if width == 0 || int64(len(data)/width) > max(r.size, 1<<10) { // an object takes a byte or more
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
