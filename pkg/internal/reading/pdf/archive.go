package pdf

import (
	"encoding/binary"
	"math"
	"os"
	"slices"
)

// What PDF/A-2b (ISO 19005-2) asks of a file of page images beyond PDF itself: what it
// says of itself as XMP, what its colours mean, fonts inside, no more than so large
// pages. Files that a Builder makes for an archive keep to PDF 1.4 besides, whose
// cross-references any program reads.

// outputIntent says that colours are those of sRGB.
func (b *Builder) outputIntent() (Array, error) {
	profile := b.w.alloc()
	if err := b.w.putStream(profile, Dict{"N": Int(3)}, srgb()); err != nil {
		return nil, err
	}
	const name = "sRGB IEC61966-2.1"
	return Array{Dict{"Type": Name("OutputIntent"), "S": Name("GTS_PDFA1"), "OutputConditionIdentifier": String(name), "Info": String(name),
		"DestOutputProfile": profile}}, nil
}

// Sides of a page, in points (ISO 32000-1, annex C).
const leastSide, mostSide = 3, 14400

// The primaries and the white of sRGB, adapted to the white D50 of profiles
// (IEC 61966-2-1).
var srgbXYZ = []struct {
	tag     string
	x, y, z float64
}{
	{"wtpt", 0.9642, 1, 0.8249}, {"rXYZ", 0.43607, 0.22249, 0.01392}, {"gXYZ", 0.38515, 0.71687, 0.09708}, {"bXYZ", 0.14307, 0.06061, 0.71410},
}

// srgb is an ICC profile of sRGB, of version 2.1 (ICC.1:1998-09).
func srgb() []byte {
	be := binary.BigEndian
	type tag struct {
		name string
		data []byte
	}
	const name = "sRGB"
	text := append([]byte("text\x00\x00\x00\x00"), "No copyright, use freely\x00"...)
	desc := be.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(name)+1))
	desc = append(append(desc, name...), make([]byte, 1+4+4+2+1+67)...)
	tags := []tag{{"cprt", text}, {"desc", desc}}
	for _, c := range srgbXYZ {
		data := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range []float64{c.x, c.y, c.z} {
			data = be.AppendUint32(data, uint32(math.Round(v*65536)))
		}
		tags = append(tags, tag{c.tag, data})
	}
	const points = 1024
	curve := be.AppendUint32([]byte("curv\x00\x00\x00\x00"), points)
	for i := range points {
		curve = be.AppendUint16(curve, uint16(math.Round(65535*linear(float64(i)/(points-1)))))
	}
	tags = append(tags, tag{"rTRC", curve}, tag{"gTRC", curve}, tag{"bTRC", curve})

	table := be.AppendUint32(nil, uint32(len(tags)))
	var body []byte
	from := 128 + 4 + 12*len(tags)
	at := 0
	for i, t := range tags {
		if i == 0 || string(t.data) != string(tags[i-1].data) { // the curves are one
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
			at = from + len(body)
			body = append(body, t.data...)
		}
		table = append(table, t.name...)
		table = be.AppendUint32(be.AppendUint32(table, uint32(at)), uint32(len(t.data)))
	}
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	head := make([]byte, 128)
	be.PutUint32(head, uint32(from+len(body)))
	be.PutUint32(head[8:], 0x02100000)
	copy(head[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{1998, 2, 9, 6, 49, 0} { // of the profile's standard
		be.PutUint16(head[24+2*i:], v)
	}
	copy(head[36:], "acsp")
	for i, v := range []float64{0.9642, 1, 0.8249} { // D50
		be.PutUint32(head[68+4*i:], uint32(math.Round(v*65536)))
	}
	return slices.Concat(head, table, body)
}

// linear is the light of a value of sRGB, both from 0 to 1.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// A Nature is what a PDF has that a file of its page images would lack, or says of
// itself.
type Nature struct {
	Archive bool     // it says that it is PDF/A
	Extras  []string // "links", "outlines", …
}

// NatureOf looks at the PDF at path. It reports false if it can't tell.
func NatureOf(path string) (n Nature, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return n, false
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return n, false
	}
	r, err := Open(f, st.Size())
	if err != nil {
		return n, false
	}
	packet, _ := r.metadata()
	n.Archive = claimsArchive(packet)
	leaves, err := r.Pages()
	if err != nil {
		return n, false
	}
	for _, l := range leaves {
		if len(r.array(r.dict(l.ref)["Annots"])) > 0 {
			n.Extras = append(n.Extras, "links and notes")
			break
		}
	}
	root := r.dict(r.trailer["Root"])
	for _, e := range []struct {
		key  Name
		what string
	}{{"Outlines", "outlines"}, {"AcroForm", "forms"}, {"Names", "names and attachments"}, {"PageLabels", "page labels"}} {
		if r.resolve(root[e.key]) != nil {
			n.Extras = append(n.Extras, e.what)
		}
	}
	return n, r.err == nil
}
