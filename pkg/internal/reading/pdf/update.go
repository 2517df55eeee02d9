package pdf

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"strings"
)

// Updater appends an incremental update to a copy of a PDF. The pages stay as
// they are but for their text layer.
type Updater struct {
	r       *Reader
	w       *writer
	layer   *layer
	restore Ref // a content stream that saves the graphics state
	forms   map[int]bool
}

// NewUpdater copies the file that r reads to dst and gets ready to add to it.
func NewUpdater(dst io.Writer, r *Reader) (*Updater, error) {
	u := &Updater{r: r, w: newWriter(dst, r.next, r.stream || r.packs(), !r.stream), layer: newLayer(), forms: map[int]bool{}}
	u.w.at = -r.base
	if _, err := io.Copy(u.w, io.NewSectionReader(r.whole, 0, r.base+r.size)); err != nil {
		return nil, err
	}
	_, err := u.w.Write([]byte{'\n'})
	return u, err
}

// packs reports whether the file may hold object streams: its version has them.
// PDF/A-1, which does not allow them, is of an earlier one.
func (r *Reader) packs() bool {
	head := make([]byte, 8)
	if _, err := r.whole.ReadAt(head, r.base); err != nil {
		return false
	}
	return string(head) >= "%PDF-1.5" && string(head) <= "%PDF-1.9"
}

// Replace gives a page another text layer. Text that can be seen stays; a text
// layer that can't be seen is taken out.
func (u *Updater) Replace(p *Page, t Text) error {
	d := maps.Clone(p.dict)
	contents, open, err := u.strip(p)
	if err != nil {
		return err
	}
	resources := maps.Clone(p.resources)
	if resources == nil {
		resources = Dict{}
	}
	fonts := maps.Clone(u.r.dict(resources["Font"]))
	if fonts == nil {
		fonts = Dict{}
	}
	var names []string
	for k := range fonts {
		names = append(names, string(k))
	}
	content, used := u.layer.content(t, p.Box, p.Rotate, names, u.w.alloc)
	for _, i := range used {
		fonts[Name(fontName(names, i))] = u.layer.fonts[i].ref
	}
	if len(fonts) > 0 {
		resources["Font"] = fonts
	}
	d["Resources"] = resources
	if t.Turn%360 != 0 {
		d["Rotate"] = Int((p.Rotate + t.Turn) % 360)
	}
	ref := u.w.alloc()
	if len(contents) > 0 {
		if u.restore == (Ref{}) {
			u.restore = u.w.alloc()
			if err := u.w.putStream(u.restore, nil, []byte("q\n")); err != nil {
				return err
			}
		}
		content = append([]byte(strings.Repeat("Q ", open+1)), content...)
		contents = append(Array{u.restore}, contents...)
	}
	d["Contents"] = append(contents, ref)
	if err := u.w.putStream(ref, nil, content); err != nil {
		return err
	}
	return u.w.put(p.ref, d)
}

// strip returns the content streams of a page, rewritten without hidden text
// if there is any, and how many q they leave open.
func (u *Updater) strip(p *Page) (contents Array, open int, err error) {
	var all bytes.Buffer
	switch c := u.r.resolve(p.dict["Contents"]).(type) {
	case *stream:
		contents = Array{p.dict["Contents"]}
	case Array:
		contents = c
	}
	for _, o := range contents {
		s, ok := u.r.resolve(o).(*stream)
		if !ok {
			continue
		}
		data, err := u.r.data(s)
		if err != nil {
			return contents, 0, nil // content that we can't read stays as it is
		}
		all.Write(data)
		all.WriteByte('\n')
	}
	s := &stripper{r: u.r, page: p.Box, forms: map[int][]byte{}, seen: map[int]bool{}}
	out, open, changed := s.content(all.Bytes(), p.resources, state{ctm: Identity, clip: p.Box}, 0)
	for num, data := range s.forms {
		if u.forms[num] {
			continue
		}
		u.forms[num] = true
		if err := u.rewriteForm(num, data); err != nil {
			return nil, 0, err
		}
	}
	if !changed {
		return contents, open, nil
	}
	ref := u.w.alloc()
	return Array{ref}, open, u.w.putStream(ref, nil, out)
}

func (u *Updater) rewriteForm(num int, data []byte) error {
	ref := Ref{num, u.r.xref[num].gen}
	s, ok := u.r.resolve(ref).(*stream)
	if !ok {
		return fmt.Errorf("object %d: %w", num, errSyntax)
	}
	d := maps.Clone(s.dict)
	delete(d, "Filter")
	delete(d, "DecodeParms")
	return u.w.putStream(ref, d, data)
}

// Close writes fonts and cross-references.
func (u *Updater) Close() error {
	if err := u.layer.write(u.w); err != nil {
		return err
	}
	trailer := Dict{"Root": u.r.trailer["Root"], originalKey: Int(int(u.r.base + u.r.size))}
	if info, ok := u.r.trailer["Info"]; ok {
		trailer["Info"] = info
	}
	first := fileID(fmt.Sprint(u.r.size))
	if id := u.r.array(u.r.trailer["ID"]); len(id) == 2 {
		if s, ok := u.r.resolve(id[0]).(String); ok {
			first = s
		}
	}
	trailer["ID"] = Array{first, fileID(string(first), fmt.Sprint(u.w.at))}
	var old map[int]entry
	if u.r.start > 0 {
		trailer["Prev"] = Int(int(u.r.start))
	} else {
		old = u.r.xref
	}
	return u.w.finish(trailer, old)
}

// originalKey is the entry of our trailers that says how long the file was
// before the update, 0 in a file of our own making.
const originalKey = "CongvanSource"

// Original returns the size of the file before the last update by an Updater,
// or the whole size of a file that a Builder made. It reports false for files
// of others.
func (r *Reader) Original() (size int64, ok bool) {
	n, ok := r.trailer[originalKey].(Number)
	switch {
	case !ok || n.Int() < 0 || int64(n.Int()) > r.base+r.size:
		return 0, false
	case n.Int() == 0:
		return r.base + r.size, true
	}
	return int64(n.Int()), true
}
