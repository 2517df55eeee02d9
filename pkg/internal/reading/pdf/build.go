package pdf

import (
	"cmp"
	"io"
)

// Builder writes a PDF whose pages are images with a text layer.
type Builder struct {
	w       *writer
	layer   *layer
	root    Ref
	pages   Ref
	kids    Array
	about   About
	archive bool
}

// NewBuilder starts a file. producer names the program that makes it; archive makes
// it PDF/A-2b.
func NewBuilder(dst io.Writer, producer string, archive bool) (*Builder, error) {
	b := &Builder{w: newWriter(dst, 1, !archive, archive), layer: newLayer(), about: About{Producer: producer, Lang: "vi"}, archive: archive}
	b.layer.archive = archive
	b.root, b.pages = b.w.alloc(), b.w.alloc()
	version := "1.5"
	if archive {
		version = "1.7"
	}
	// The second line tells programs that the file is binary.
	_, err := io.WriteString(b.w, "%PDF-"+version+"\n%\xe2\xe3\xcf\xd3\n")
	return b, err
}

// Describe says what the file is about. It comes before Close.
func (b *Builder) Describe(a About) {
	a.Producer, a.Lang = b.about.Producer, cmp.Or(a.Lang, b.about.Lang)
	b.about = a
}

// Add writes a page. dpi is the resolution of the image. A nil image makes a
// page that holds only text.
func (b *Builder) Add(img *Image, dpi float64, t Text) error {
	width, height := t.Width, t.Height
	if img != nil {
		width, height = float64(img.Width), float64(img.Height)
	} else if t.Turn%180 != 0 {
		width, height = height, width
	}
	if dpi <= 0 {
		dpi = guessDPI(max(width, height))
	}
	return b.AddSized(img, width*72/dpi, height*72/dpi, t)
}

// AddSized writes a page of so many points.
func (b *Builder) AddSized(img *Image, width, height float64, t Text) error {
	turn := t.Turn
	if img != nil {
		turn += img.Turn
	}
	scale := min(1, mostSide/max(width, height))
	box := Box{0, 0, max(width*scale, leastSide), max(height*scale, leastSide)}
	page, content := b.w.alloc(), b.w.alloc()
	// The layer looks at the page as the image is stored.
	layerText := t
	layerText.Turn = turn
	var ops []byte
	var used []int
	if len(t.Lines) > 0 {
		var rest []byte
		ops, rest, used = b.layer.content(layerText, box, 0, nil, b.w.alloc)
		ops = append(ops, rest...)
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
	catalog := Dict{"Type": Name("Catalog"), "Pages": b.pages, "Lang": String(b.about.Lang), "Metadata": b.w.alloc()}
	if err := b.w.putMetadata(catalog["Metadata"].(Ref), b.about.packet(b.archive)); err != nil {
		return err
	}
	if b.archive {
		intents, err := b.outputIntent()
		if err != nil {
			return err
		}
		catalog["OutputIntents"] = intents
	}
	if err := b.w.put(b.root, catalog); err != nil {
		return err
	}
	info, about := b.w.alloc(), Dict{"Producer": textString(b.about.Producer)}
	if b.about.Title != "" {
		about["Title"] = textString(b.about.Title)
	}
	if err := b.w.put(info, about); err != nil {
		return err
	}
	if err := b.w.flushPacked(); err != nil {
		return err
	}
	id := fileID(string(Append(nil, about)), string(Append(nil, Array(b.kids))), string(Append(nil, Int(int(b.w.at)))))
	return b.w.finish(Dict{"Root": b.root, "Info": info, "ID": Array{id, id}, originalKey: Int(0)})
}
