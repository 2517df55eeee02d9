package pdf

import "encoding/binary"

// emptyFont returns a TrueType font of 256 glyphs without outlines, one a code,
// with the widths given in thousandths of an em. The text layer is never
// painted, but PDF wants a font file all the same, and MuPDF takes a glyph that
// is narrower than its advance for one with a space behind it. In an archive the font
// has one table of codes, as PDF/A-1 wants it.
func emptyFont(widths [256]int, archive bool) []byte {
	be := binary.BigEndian
	u16 := func(vs ...int) []byte {
		var b []byte
		for _, v := range vs {
			b = be.AppendUint16(b, uint16(v))
		}
		return b
	}
	cat := func(parts ...[]byte) []byte {
		var b []byte
		for _, p := range parts {
			b = append(b, p...)
		}
		return b
	}
	head := cat(u16(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000), make([]byte, 16),
		u16(0, -240, 1000, 760, 0, 8, 2, 0, 0))
	hhea := cat(u16(1, 0, 760, -240, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 256))
	maxp := u16(1, 0, 256, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
	var hmtx []byte
	for _, w := range widths {
		hmtx = append(hmtx, u16(w, 0)...)
	}
	loca := make([]byte, 2*257)
	glyf := make([]byte, 4)
	post := cat(u16(3, 0), make([]byte, 28))
	// A (1,0) subtable of format 0, and a (3,0) one of format 4 that takes F000
	// to F0FF. Glyphs have the numbers of their codes.
	codes := make([]byte, 256)
	for i := range codes {
		codes[i] = byte(i)
	}
	mac := cat(u16(0, 262, 0), codes)
	win := u16(4, 32, 0, 4, 4, 1, 0, 0xf0ff, 0xffff, 0, 0xf000, 0xffff, 0x1000, 1, 0, 0)
	cmap := cat(u16(0, 2, 1, 0, 0, 20, 3, 0, 0, 20+len(mac)), mac, win)
	if archive {
		cmap = cat(u16(0, 1, 3, 0, 0, 12), win)
	}
	name := u16(0, 0, 6)

	tables := []struct {
		tag  string
		data []byte
	}{{"cmap", cmap}, {"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}, {"name", name}, {"post", post}}
	n := len(tables)
	out := u16(1, 0, n, 128, 3, 16*n-128)
	offset := 12 + 16*n
	var body []byte
	headAt := 0
	for _, t := range tables {
		if t.tag == "head" {
			headAt = offset + len(body)
		}
		out = append(out, t.tag...)
		out = be.AppendUint32(out, checksum(t.data))
		out = be.AppendUint32(out, uint32(offset+len(body)))
		out = be.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	be.PutUint32(out[headAt+8:], 0xb1b0afba-checksum(out))
	return out
}

func checksum(b []byte) (sum uint32) {
	for i := 0; i < len(b); i += 4 {
		var w [4]byte
		copy(w[:], b[i:])
		sum += binary.BigEndian.Uint32(w[:])
	}
	return sum
}
