package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
)

// ErrEncrypted reports a file whose objects are encrypted.
var ErrEncrypted = errors.New("the PDF is encrypted")

// Reader reads the objects of a file one at a time. It reads sound files only:
// whatever it finds is not as the standard wants it is an error, and for others
// to mend.
type Reader struct {
	src     io.ReaderAt
	size    int64
	xref    map[int]entry
	trailer Dict
	start   int64                 // of the last cross-reference section
	stream  bool                  // the last cross-reference section is a stream
	next    int                   // the first object number not in use
	objstm  map[int]*objectStream // nil: being read
	err     error                 // the first object that could not be read
	looked  int64                 // bytes read so far
}

// entry says where an object is: at an offset, or as the index-th object of an
// object stream.
type entry struct {
	offset int64
	gen    int
	inside int // number of the object stream; 0: none
	index  int
}

const (
	maxWindow  = 64 << 20  // of the file, for one object without its stream
	maxStream  = 256 << 20 // of a stream, decoded or not
	maxObjects = 1 << 23   // as implementations have it (ISO 32000-1, annex C)
)

// Open reads the cross-reference sections of a PDF. The error is ErrEncrypted
// where there is nothing else wrong.
func Open(src io.ReaderAt, size int64) (*Reader, error) {
	r := &Reader{src: src, size: size, objstm: map[int]*objectStream{}}
	head, err := r.window(0, len("%PDF-"))
	if err != nil || string(head) != "%PDF-" {
		return nil, fmt.Errorf("no %%PDF- at the start: %w", errSyntax)
	}
	if err := r.readXref(); err != nil {
		return nil, err
	}
	if r.trailer["Encrypt"] != nil {
		return nil, ErrEncrypted
	}
	for num := range r.xref {
		r.next = max(r.next, num+1)
	}
	if n, ok := r.trailer["Size"].(Number); ok && n.Int() <= maxObjects {
		r.next = max(r.next, n.Int())
	}
	return r, nil
}

func (r *Reader) window(off int64, n int) ([]byte, error) {
	if off < 0 || off >= r.size {
		return nil, fmt.Errorf("an offset outside the file: %w", errSyntax)
	}
	n = int(min(int64(n), r.size-off))
	buf := make([]byte, n)
	r.looked += int64(n)
	if _, err := r.src.ReadAt(buf, off); err != nil && err != io.EOF {
		return nil, err
	}
	return buf, nil
}

// parse calls f with a lexer at off, over more and more of the file until f
// has enough of it.
func (r *Reader) parse(off int64, f func(*lexer) error) error {
	for n := 2 << 10; ; n *= 8 {
		buf, err := r.window(off, n)
		if err != nil {
			return err
		}
		err = f(&lexer{buf: buf})
		if !errors.Is(err, io.ErrUnexpectedEOF) || off+int64(n) >= r.size || n > maxWindow {
			return err
		}
	}
}

// stream is a stream object: its dictionary and where its data start.
type stream struct {
	dict   Dict
	offset int64
}

// objectAt reads the indirect object at off and returns its number. A stream
// comes as *stream.
func (r *Reader) objectAt(off int64) (num int, o Object, err error) {
	err = r.parse(off, func(l *lexer) error {
		head := [3]Object{}
		for i := range head {
			if head[i], err = l.object(false, 0); err != nil {
				return err
			}
		}
		n, ok := head[0].(Number)
		if !ok || head[2] != Keyword("obj") {
			return errSyntax
		}
		num = n.Int()
		if o, err = l.object(true, 0); err != nil {
			return err
		}
		d, ok := o.(Dict)
		if !ok {
			return nil
		}
		l.skip()
		if len(l.buf)-l.pos < len("stream\r\n") {
			return io.ErrUnexpectedEOF
		}
		if bytes.HasPrefix(l.buf[l.pos:], []byte("stream")) {
			l.pos += len("stream")
			if l.buf[l.pos] == '\r' {
				l.pos++
			}
			if l.buf[l.pos] == '\n' {
				l.pos++
			}
			o = &stream{d, off + int64(l.pos)}
		}
		return nil
	})
	if d, ok := o.(Dict); ok && errors.Is(err, io.ErrUnexpectedEOF) {
		return num, d, nil // at the very end of the file
	}
	return num, o, err
}

// object returns the object that a reference leads to, nil if there is none.
func (r *Reader) object(ref Ref) (Object, error) {
	e, ok := r.xref[ref.Num]
	if !ok {
		return nil, nil
	}
	if e.inside != 0 {
		s, err := r.objectStream(e.inside)
		if err != nil {
			return nil, err
		}
		return s.object(ref.Num)
	}
	num, o, err := r.objectAt(e.offset)
	if err != nil {
		return nil, fmt.Errorf("object %d: %w", ref.Num, err)
	}
	if num != ref.Num {
		return nil, fmt.Errorf("object %d: %w", ref.Num, errSyntax)
	}
	return o, nil
}

// resolve follows references. What can't be read is null, and Err says so.
func (r *Reader) resolve(o Object) Object {
	for range 32 {
		ref, ok := o.(Ref)
		if !ok {
			return o
		}
		var err error
		if o, err = r.object(ref); err != nil {
			r.fail(err)
			return nil
		}
	}
	return nil
}

func (r *Reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *Reader) dict(o Object) Dict {
	switch o := r.resolve(o).(type) {
	case Dict:
		return o
	case *stream:
		return o.dict
	}
	return nil
}

func (r *Reader) array(o Object) Array {
	a, _ := r.resolve(o).(Array)
	return a
}

func (r *Reader) number(o Object) (float64, bool) {
	n, ok := r.resolve(o).(Number)
	return n.Float(), ok
}

// raw returns the data of a stream as they are in the file.
func (r *Reader) raw(s *stream) ([]byte, error) {
	n, ok := r.number(s.dict["Length"])
	if !ok || n < 0 || n > maxStream || s.offset+int64(n) > r.size {
		return nil, fmt.Errorf("a stream of no length: %w", errSyntax)
	}
	tail, err := r.window(s.offset+int64(n), 32)
	if err != nil || !bytes.HasPrefix(bytes.TrimLeft(tail, "\r\n\t \x00"), []byte("endstream")) {
		return nil, fmt.Errorf("a stream of another length than it says: %w", errSyntax)
	}
	return r.window(s.offset, int(n))
}

// data returns the decoded data of a stream. That it can't be decoded is no fault of
// the file as a whole, and not for Err.
func (r *Reader) data(s *stream) ([]byte, error) {
	raw, err := r.raw(s)
	if err != nil {
		r.fail(err)
		return nil, err
	}
	filters, parms := Array{}, Array{}
	switch f := r.resolve(s.dict["Filter"]).(type) {
	case Name:
		filters, parms = Array{f}, Array{s.dict["DecodeParms"]}
	case Array:
		filters, parms = f, r.array(s.dict["DecodeParms"])
	}
	for i, f := range filters {
		name, _ := r.resolve(f).(Name)
		var p Dict
		if i < len(parms) {
			p = r.dict(parms[i])
		}
		if raw, err = decode(raw, name, func(k Name, def int) int {
			if n, ok := r.number(p[k]); ok {
				return int(n)
			}
			return def
		}); err != nil {
			return nil, err
		}
	}
	return raw, nil
}

// objectStream holds the decoded objects of an object stream.
type objectStream struct {
	data    []byte
	offsets map[int]int
}

// maxObjectStreams is how many object streams are kept decoded.
const maxObjectStreams = 16

func (r *Reader) objectStream(num int) (*objectStream, error) {
	if s, ok := r.objstm[num]; ok {
		if s == nil {
			return nil, fmt.Errorf("object stream %d needs an object of its own: %w", num, errSyntax)
		}
		return s, nil
	}
	e, ok := r.xref[num]
	if !ok || e.inside != 0 {
		return nil, errSyntax
	}
	if len(r.objstm) >= maxObjectStreams {
		maps.DeleteFunc(r.objstm, func(_ int, s *objectStream) bool { return s != nil })
	}
	r.objstm[num] = nil
	s, err := r.readObjectStream(e)
	if err != nil {
		delete(r.objstm, num)
		return nil, err
	}
	r.objstm[num] = s
	return s, nil
}

func (r *Reader) readObjectStream(e entry) (*objectStream, error) {
	_, o, err := r.objectAt(e.offset)
	if err != nil {
		return nil, err
	}
	st, ok := o.(*stream)
	if !ok {
		return nil, errSyntax
	}
	data, err := r.data(st)
	if err != nil {
		return nil, err
	}
	n, _ := r.number(st.dict["N"])
	first, _ := r.number(st.dict["First"])
	s := &objectStream{data, map[int]int{}}
	l := &lexer{buf: data}
	for range int(n) {
		num, err1 := l.object(false, 0)
		off, err2 := l.object(false, 0)
		a, ok1 := num.(Number)
		b, ok2 := off.(Number)
		if err1 != nil || err2 != nil || !ok1 || !ok2 {
			return nil, errSyntax
		}
		s.offsets[a.Int()] = int(first) + b.Int()
	}
	return s, nil
}

func (s *objectStream) object(num int) (Object, error) {
	off, ok := s.offsets[num]
	if !ok || off < 0 || off >= len(s.data) {
		return nil, nil
	}
	// A space lets a number at the very end be a number.
	l := &lexer{buf: append(s.data[off:len(s.data):len(s.data)], ' ')}
	return l.object(true, 0)
}
