package pdf

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Updater appends an incremental update to a copy of a PDF. The pages stay as
// they are but for their text layer.
type Updater struct {
	r       *Reader
	w       *writer
	layer   *layer
	streams map[string]Ref // content streams that pages share
	forms   map[string]Ref // written in place of others
	info    Ref            // of new document information; zero: as it was
	err     error          // of writing those
}

// NewUpdater copies the file that r reads to dst and gets ready to add to it.
func NewUpdater(dst io.Writer, r *Reader) (*Updater, error) {
	u := &Updater{r: r, w: newWriter(dst, r.next, r.stream || r.packs(), !r.stream), layer: newLayer(),
		streams: map[string]Ref{}, forms: map[string]Ref{}}
	if _, err := io.Copy(u.w, io.NewSectionReader(r.src, 0, r.size)); err != nil {
		return nil, err
	}
	_, err := u.w.Write([]byte{'\n'})
	return u, err
}

// packs reports whether the file may hold object streams: its version has them.
// PDF/A-1, which does not allow them, is of an earlier one.
func (r *Reader) packs() bool {
	head := make([]byte, 8)
	if _, err := r.src.ReadAt(head, 0); err != nil {
		return false
	}
	return string(head) >= "%PDF-1.5" && string(head) <= "%PDF-1.9"
}

// Replace gives a page another text layer. Text that can be seen stays, and is
// hidden from those who look for text if t.Over says so; a text layer that can't
// be seen is taken out. It reports whether the page is sure to look as before, if
// only it paints the same images: all that it names is there, and if something was
// taken out it shows nothing but images. The error is that of the Reader where the
// page can't be read.
func (u *Updater) Replace(p *Page, t Text) (sure bool, err error) {
	old, resources, err := u.strip(p)
	if err != nil {
		return false, err
	}
	if len(t.Lines) == 0 && !old.hidden {
		return true, nil // nothing to do
	}
	fonts := maps.Clone(u.r.dict(resources["Font"]))
	if fonts == nil {
		fonts = Dict{}
	}
	var names []string
	for k := range fonts {
		names = append(names, string(k))
	}
	first, content, used := u.layer.content(t, p.Box, p.Rotate, names, u.w.alloc)
	for _, i := range used {
		fonts[Name(fontName(names, i))] = u.layer.fonts[i].ref
	}
	if len(fonts) > 0 {
		resources["Font"] = fonts
	}
	// What is not finished, or can't be followed, swallows what comes after it: the text
	// comes first.
	ref, mark := u.w.alloc(), Dict(nil)
	contents := append(Array{ref}, old.contents...)
	if old.odd {
		mark, content = Dict{layerKey: true}, append(first, content...)
	} else {
		start, err := u.shared(string(first))
		if err != nil {
			return false, err
		}
		contents = slices.Insert(contents, 0, Object(start))
	}
	if t.Over && old.text && !old.odd {
		content = append(content, unread...)
		end, err := u.shared(strings.Repeat("\nEMC", old.marks+1))
		if err != nil {
			return false, err
		}
		contents = append(contents, end)
	}
	d := maps.Clone(p.dict)
	d["Resources"], d["Contents"] = resources, contents
	if err := u.w.putStream(ref, mark, content); err != nil {
		return false, err
	}
	return !old.odd && !old.lacks && !(old.changed && old.shows), u.w.put(p.ref, d)
}

// layerKey marks our streams before contents that we can't read, so that the next
// update can take them out.
const layerKey = "CongvanLayer"

// unread opens marked content that is read as nothing but a space
// (ISO 32000-1, 14.9.4).
const unread = "/Span<</ActualText( )>>BDC "

// shared returns the content stream with some operators, of which pages have the same.
func (u *Updater) shared(ops string) (ref Ref, err error) {
	ref, ok := u.streams[ops]
	if !ok {
		ref = u.w.alloc()
		u.streams[ops] = ref
		err = u.w.putStream(ref, nil, []byte(ops))
	}
	return ref, err
}

// pageContents are the content streams of a page.
type pageContents struct {
	stripped
	contents Array
}

// strip returns the contents of a page, rewritten without hidden text if there is
// any, and a copy of its resources. Contents that we can't decode stay as they
// are.
func (u *Updater) strip(p *Page) (out pageContents, resources Dict, err error) {
	var all bytes.Buffer
	resources = maps.Clone(p.resources)
	if resources == nil {
		resources = Dict{}
	}
	switch c := u.r.resolve(p.dict["Contents"]).(type) {
	case *stream:
		out.contents = Array{p.dict["Contents"]}
	case Array:
		out.contents = slices.Clone(c)
	}
	out.contents = slices.DeleteFunc(out.contents, func(o Object) bool { return u.r.dict(o)[layerKey] == true })
	for _, o := range out.contents {
		s, ok := u.r.resolve(o).(*stream)
		if !ok {
			continue
		}
		data, err := u.r.data(s)
		if err != nil {
			out.shows, out.odd = true, true
			return out, resources, u.r.err
		}
		all.Write(data)
		all.WriteByte('\n')
	}
	s := &stripper{r: u.r, page: p.Box, write: u.form, left: maxContent}
	out.stripped = s.content(all.Bytes(), p.resources, state{ctm: Identity, clip: p.Box}, 0)
	if len(out.painted) > 0 {
		resources = u.r.painting(resources, out.painted)
	}
	if err := cmp.Or(u.err, u.r.err); err != nil || !out.changed {
		return out, resources, err
	}
	ref := u.w.alloc()
	out.contents = Array{ref}
	return out, resources, u.w.putStream(ref, nil, out.content)
}

// form writes a form that stands on some pages in place of another one. Pages on
// which the same becomes of it share it.
func (u *Updater) form(of Ref, d Dict, data []byte) Ref {
	key := fmt.Sprint(of, sha256.Sum256(fmt.Appendf(nil, "%s %s", Append(nil, d), data)))
	ref, ok := u.forms[key]
	if !ok {
		ref = u.w.alloc()
		u.forms[key] = ref
		u.err = cmp.Or(u.err, u.w.putStream(ref, d, data))
	}
	return ref
}

// changed reports whether there is anything in the update.
func (u *Updater) changed() bool { return u.err != nil || len(u.w.entries)+len(u.w.pendingN) > 0 }

// Close writes fonts and cross-references.
func (u *Updater) Close() error {
	if err := u.layer.write(u.w); err != nil {
		return err
	}
	trailer := Dict{"Root": u.r.trailer["Root"], originalKey: Int(int(u.r.size)), "Prev": Int(int(u.r.start))}
	if info, ok := u.r.trailer["Info"]; ok {
		trailer["Info"] = info
	}
	if u.info != (Ref{}) {
		trailer["Info"] = u.info
	}
	first := fileID(fmt.Sprint(u.r.size))
	if id := u.r.array(u.r.trailer["ID"]); len(id) == 2 {
		if s, ok := u.r.resolve(id[0]).(String); ok {
			first = s
		}
	}
	trailer["ID"] = Array{first, fileID(string(first), fmt.Sprint(u.w.at))}
	if err := cmp.Or(u.err, u.r.err); err != nil {
		return err
	}
	return u.w.finish(trailer)
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
	case !ok || n.Int() < 0 || int64(n.Int()) > r.size:
		return 0, false
	case n.Int() == 0:
		return r.size, r.trailer["Prev"] == nil
	}
	// An update by others that kept the entry comes after ours.
	prev, ok := r.trailer["Prev"].(Number)
	return int64(n.Int()), ok && prev.Int() < n.Int()
}
