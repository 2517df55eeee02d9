package pdf

import (
	"io"
)

// Builder writes a PDF whose pages are images with a text layer.
type Builder struct {
	w     *writer
	layer *layer
	root  Ref
	pages Ref
	kids  Array
	about Dict
}

// NewBuilder starts a file. producer names the program that makes it.
func NewBuilder(dst io.Writer, producer string) (*Builder, error) {
	b := &Builder{w: newWriter(dst, 1, true, false), layer: newLayer(), about: Dict{"Producer": String(producer)}}
	b.root, b.pages = b.w.alloc(), b.w.alloc()
	// The second line tells programs that the file is binary.
	_, err := io.WriteString(b.w, "%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
	return b, err
}

// Add writes a page. dpi is the resolution of the image. A nil image makes a
// page that holds only text.
func (b *Builder) Add(img *Image, dpi float64, t Text) error {
	width, height := t.Width, t.Height
	turn := t.Turn
	if img != nil {
		width, height = float64(img.Width), float64(img.Height)
		turn += img.Turn
	} else if turn%180 != 0 {
		width, height = height, width
	}
	if dpi <= 0 {
		dpi = guessDPI(max(width, height))
	}
	box := Box{0, 0, max(width*72/dpi, 1), max(height*72/dpi, 1)}
	page, content := b.w.alloc(), b.w.alloc()
	// The layer looks at the page as the image is stored.
	layerText := t
	layerText.Turn = turn
	var ops []byte
	var used []int
	if len(t.Lines) > 0 {
		ops, used = b.layer.content(layerText, box, 0, nil, b.w.alloc)
	}
	fonts := Dict{}
	for _, i := range used {
		fonts[Name(fontName(nil, i))] = b.layer.fonts[i].ref
	}
	resources := Dict{}
	if len(fonts) > 0 {
		resources["Font"] = fonts
	}
	if img != nil {
		ref := b.w.alloc()
		resources["XObject"] = Dict{"I": ref}
		if err := b.w.putStream(ref, img.dict(), img.data); err != nil {
			return err
		}
		show := Append([]byte("q "), Real(box[2]))
		show = append(Append(append(show, " 0 0 "...), Real(box[3])), " 0 0 cm /I Do Q\n"...)
		ops = append(show, ops...)
	}
	if err := b.w.putStream(content, nil, ops); err != nil {
		return err
	}
	d := Dict{"Type": Name("Page"), "Parent": b.pages, "Contents": content, "Resources": resources,
		"MediaBox": Array{Int(0), Int(0), Real(box[2]), Real(box[3])}}
	if turn %= 360; turn != 0 {
		d["Rotate"] = Int(turn)
	}
	b.kids = append(b.kids, page)
	return b.w.put(page, d)
}

// guessDPI takes the longer side for that of A4.
func guessDPI(longer float64) float64 { return max(longer/11.69, 36) }

// Close writes fonts, page tree and cross-references.
func (b *Builder) Close() error {
	if err := b.layer.write(b.w); err != nil {
		return err
	}
	if err := b.w.put(b.pages, Dict{"Type": Name("Pages"), "Kids": b.kids, "Count": Int(len(b.kids))}); err != nil {
		return err
	}
	if err := b.w.put(b.root, Dict{"Type": Name("Catalog"), "Pages": b.pages, "Lang": String("vi")}); err != nil {
		return err
	}
	info := b.w.alloc()
	if err := b.w.put(info, b.about); err != nil {
		return err
	}
	if err := b.w.flushPacked(); err != nil {
		return err
	}
	id := fileID(string(Append(nil, b.about)), string(Append(nil, Array(b.kids))), string(Append(nil, Int(int(b.w.at)))))
	return b.w.finish(Dict{"Root": b.root, "Info": info, "ID": Array{id, id}, originalKey: Int(0)})
}
