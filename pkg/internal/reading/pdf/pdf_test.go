package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// source writes a classic PDF, object by object, with a table of
// cross-references. Objects are numbered from 1; the first is the catalog.
func source(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	return b.Bytes()
}

func streamOf(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

const (
	catalog = "<</Type/Catalog/Pages 2 0 R>>"
	helv    = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
)

// line makes a line of words of the given height.
func line(x, y, height float64, text string) []Word {
	var ws []Word
	for w := range strings.FieldsSeq(text) {
		width := height / 2 * float64(utf8.RuneCountInString(w))
		ws = append(ws, Word{w, x, y, x + width, y + height})
		x += width + height/3
	}
	return ws
}

// update replaces the text of the pages of a PDF and checks the result.
func update(t *testing.T, src []byte, texts ...Text) []byte {
	t.Helper()
	r, err := Open(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := r.Pages()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	u, err := NewUpdater(&out, r)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		p, err := r.Page(leaves[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Replace(p, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out.Bytes(), src) {
		t.Error("the bytes of the source were changed")
	}
	qpdfCheck(t, out.Bytes())
	return out.Bytes()
}

// tool skips the test aloud when a program is not there.
func tool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("SKIPPED: %s is not installed", name)
	}
}

func run(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	tool(t, name)
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	complaints := strings.TrimSpace(strings.Replace(stderr.String(), "warning: ICC support is not available", "", 1))
	if err != nil || complaints != "" {
		t.Errorf("%s %v: %v\n%s%s", name, args, err, out, stderr.Bytes())
	}
	return string(out)
}

func qpdfCheck(t *testing.T, pdf []byte) {
	t.Helper()
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Log("NOT CHECKED: qpdf is not installed")
		return
	}
	run(t, pdf, "qpdf", "--check", "FILE")
}

// text is what pdftotext reads, words parted by single spaces.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(run(t, pdf, "pdftotext", "FILE", "-")), " ")
}

func TestUpdateKeepsVisibleText(t *testing.T) {
	src := source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F 5 0 R>>>>/MediaBox[0 0 600 800]>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
		// The content leaves two q open and its matrix changed.
		streamOf("", "q 2 0 0 2 0 0 cm q BT /F 8 Tf 100 350 Td (stamp) Tj ET"), helv)
	out := update(t, src, Text{Lines: [][]Word{line(100, 400, 40, "chữ đã sửa"), line(100, 460, 40, "nghiệm thu")}, Width: 1200, Height: 1600})
	if got, want := text(t, out), "stamp chữ đã sửa nghiệm thu"; got != want {
		t.Errorf("pdftotext reads %q, want %q", got, want)
	}
}

func TestUpdateTakesHiddenTextOut(t *testing.T) {
	img := streamOf("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "\xf0")
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents[4 0 R 7 0 R]/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R/X 8 0 R>>/ExtGState<</T<</ca .2>>/M<</BM/Multiply>>/O<</ca 1/BM/Normal/SMask/None>>>>>>>>"
	pages := "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	form := streamOf("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>", "BT /F 12 Tf 3 Tr 50 300 Td (t6 chirc) Tj ET")
	for _, tt := range []struct{ name, content, more, want string }{
		{"render mode 3", "q 600 0 0 800 0 0 cm /I Do Q BT 3 Tr /F 12 Tf 50 700 Td (V6inhirng) Tj [(gar) -20 (ble)] TJ ET", "", "mới"},
		{"under the image", "BT /F 12 Tf 50 700 Td (V6inhirng) Tj ET q 600 0 0 800 0 0 cm /I Do Q", "", "mới"},
		{"in a form", "q 600 0 0 800 0 0 cm /I Do Q /X Do", "", "mới"},
		{"in a second stream", "q 600 0 0 800 0 0 cm /I Do Q", "BT 3 Tr /F 12 Tf 50 700 Td (V6inhirng) ' ET", "mới"},
		{"a stamp over the image stays", "q 600 0 0 800 0 0 cm /I Do Q BT /F 12 Tf 50 700 Td (COPY) Tj ET", "", "COPY mới"},
		{"text over a small image stays", "BT /F 12 Tf 50 700 Td (letterhead) Tj ET q 60 0 0 80 0 0 cm /I Do Q", "", "letterhead mới"},
		{"text above an image of most of the page stays", "BT /F 12 Tf 50 770 Td (letterhead) Tj ET q 600 0 0 700 0 0 cm /I Do Q", "", "letterhead mới"},
		{"text under a clipped image stays", "BT /F 12 Tf 50 700 Td (seen) Tj ET q 0 0 50 50 re W n 600 0 0 800 0 0 cm /I Do Q", "", "seen mới"},
		{"text beside a clip that is no rectangle stays", "BT /F 12 Tf 50 700 Td (seen) Tj ET q 0 0 m 600 0 l 0 800 l h W n 600 0 0 800 0 0 cm /I Do Q", "", "seen mới"},
		{"under an image clipped to the page", "BT /F 12 Tf 50 700 Td (V6inhirng) Tj ET q 0 0 600 800 re W* n 600 0 0 800 0 0 cm /O gs /I Do Q", "", "mới"},
		{"a clip ends with Q", "BT /F 12 Tf 50 700 Td (V6inhirng) Tj ET q 0 0 50 50 re W n Q q 600 0 0 800 0 0 cm /I Do Q", "", "mới"},
		{"text under a translucent image stays", "BT /F 12 Tf 50 700 Td (seen) Tj ET q /T gs 600 0 0 800 0 0 cm /I Do Q", "", "seen mới"},
		{"text under a blended image stays", "BT /F 12 Tf 50 700 Td (seen) Tj ET q /M gs 600 0 0 800 0 0 cm /I Do Q", "", "seen mới"},
		{"letters through which an image is seen stay", "q BT 7 Tr /F 12 Tf 50 700 Td (seen) Tj ET 600 0 0 800 0 0 cm /I Do Q", "", "seen mới"},
		{"mode 3 ends with Q", "q 3 Tr Q BT /F 12 Tf 50 700 Td (seen) Tj ET", "", "seen mới"},
		{"operators inside strings and inline images", "BT /F 12 Tf 50 700 Td (3 Tr) Tj ET q 9 0 0 9 0 0 cm BI /W 1/H 1/CS/G/BPC 8 ID \xfe EI Q", "", "3 Tr mới"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := source(catalog, pages, page, streamOf("", tt.content), helv, img, streamOf("", tt.more), form)
			out := update(t, src, Text{Lines: [][]Word{line(100, 900, 40, "mới")}, Width: 1200, Height: 1600})
			if got := text(t, out); got != tt.want {
				t.Errorf("pdftotext reads %q, want %q", got, tt.want)
			}
		})
	}
}

var wordBox = regexp.MustCompile(`<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>`)

// Words are where their boxes are, on pages that are cropped, rotated, or were
// turned before they were read.
func TestPlaces(t *testing.T) {
	for _, rotate := range []int{0, 90, 180, 270} {
		for _, turn := range []int{0, 90, 180, 270} {
			t.Run(fmt.Sprintf("rotate %d turn %d", rotate, turn), func(t *testing.T) {
				src := source(catalog, fmt.Sprintf("<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[-10 -20 600 800]/CropBox[50 30 450 630]/Rotate %d>>", rotate-360),
					"<</Type/Page/Parent 2 0 R>>")
				w, h := 400.0, 600.0
				if (rotate+turn)%180 != 0 {
					w, h = h, w
				}
				// Two pixels a point.
				words := []Word{{"trên", 100, 60, 180, 90}, {"phải", 220, 60, 300, 90}}
				out := update(t, src, Text{Lines: [][]Word{words}, Width: 2 * w, Height: 2 * h, Turn: turn})
				// Where a box of the image that was read is on the page, in points.
				onPage := func(v Word) []float64 {
					x0, y0, x1, y1 := v.X0/2, v.Y0/2, v.X1/2, v.Y1/2
					switch turn {
					case 90:
						return []float64{y0, w - x1, y1, w - x0}
					case 180:
						return []float64{w - x1, h - y1, w - x0, h - y0}
					case 270:
						return []float64{h - y1, x0, h - y0, x1}
					}
					return []float64{x0, y0, x1, y1}
				}
				boxes := wordBox.FindAllStringSubmatch(run(t, out, "pdftotext", "-bbox", "-cropbox", "FILE", "-"), -1)
				if len(boxes) != len(words) {
					t.Fatalf("found %v", boxes)
				}
				for i, b := range boxes {
					want := onPage(words[i])
					for j := range want {
						if got, _ := strconv.ParseFloat(b[j+1], 64); math.Abs(got-want[j]) > 4 {
							t.Errorf("%s: box %v, want %v", b[5], b[1:5], want)
							break
						}
					}
					if b[5] != words[i].Text {
						t.Errorf("word %q, want %q", b[5], words[i].Text)
					}
				}
			})
		}
	}
}

// A line that runs uphill is found as one line.
func TestSkewedLine(t *testing.T) {
	var words []Word
	for i := range 10 {
		x, y := 100+float64(i)*100, 500-float64(i)*3
		words = append(words, Word{fmt.Sprintf("so%d", i), x, y, x + 70, y + 30})
	}
	src := source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>", "<</Type/Page/Parent 2 0 R>>")
	out := update(t, src, Text{Lines: [][]Word{words}, Width: 1200, Height: 1600})
	if got, want := text(t, out), "so0 so1 so2 so3 so4 so5 so6 so7 so8 so9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The words of a page that was scanned askew are where they stand in the image.
func TestSkewedPage(t *testing.T) {
	var lines [][]Word
	want := map[string]Word{}
	for j := range 12 {
		var words []Word
		for i := range 9 {
			x := 100 + float64(i)*110
			y := 300 + float64(j)*90 + 0.02*x // runs downhill
			v := Word{fmt.Sprintf("b%d.%d", j, i), x, y - 24, x + 80, y + 1.6}
			words, want[v.Text] = append(words, v), v
		}
		lines = append(lines, words)
	}
	src := source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>", "<</Type/Page/Parent 2 0 R>>")
	out := update(t, src, Text{Lines: lines, Width: 1200, Height: 1600})
	boxes := wordBox.FindAllStringSubmatch(run(t, out, "pdftotext", "-bbox", "FILE", "-"), -1)
	if len(boxes) != len(want) {
		t.Fatalf("%d words, want %d", len(boxes), len(want))
	}
	for _, b := range boxes {
		v := want[b[5]]
		for j, w := range []float64{v.X0 / 2, v.Y0 / 2, v.X1 / 2, v.Y1 / 2} {
			if got, _ := strconv.ParseFloat(b[j+1], 64); math.Abs(got-w) > 6 { // half of the type's size
				t.Errorf("%s: box %v, want %v", b[5], b[1:5], v)
				break
			}
		}
	}
}

// More characters than a simple font has codes for, one outside the BMP, and
// the delimiters of strings.
func TestCharacters(t *testing.T) {
	src := source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>", "<</Type/Page/Parent 2 0 R>>")
	var lines [][]Word
	want := ""
	add := func(s string) {
		lines = append(lines, line(40, 30+40*float64(len(lines)), 30, s))
		want = strings.TrimSpace(want + " " + s)
	}
	add(`(a) b\c ((d e\) <f> /g [h]`)
	add("𝔸 ệ “ngoặc” – 100% …")
	for i := range 30 {
		s := ""
		for j := range 20 {
			s += string(rune(0x1ea0 + (20*i+j)%90))
			if j%5 == 4 {
				s += string(rune(0x410+i*2)) + " "
			}
		}
		add(strings.TrimSpace(s))
	}
	out := update(t, src, Text{Lines: lines, Width: 1200, Height: 1600})
	if got := strings.Join(strings.Fields(run(t, out, "pdftotext", "-raw", "FILE", "-")), " "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The text of a scanned page of 40 lines takes little more than its letters do: scans in
// black and white have 25 kB a page.
func TestLayerIsSmall(t *testing.T) {
	const pages = 12
	r := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("ủy ban nhân dân tỉnh về việc thực hiện kế hoạch năm học theo quy định tại khoản 2 điều 15 của thông tư " +
		"sở giáo dục và đào tạo đề nghị các đơn vị báo cáo kết quả trước ngày 30 tháng 6 gửi hồ sơ công chức, viên chức: " +
		"Căn cứ Nghị quyết số Luật Tổ chức chính quyền địa phương; xét tờ trình đường thủy nội địa những trường hợp khác")
	kids, objects := "", []string{catalog, ""}
	texts := make([]Text, pages)
	letters := 0
	for n := range pages {
		kids += fmt.Sprintf("%d 0 R ", 3+n)
		objects = append(objects, "<</Type/Page/Parent 2 0 R>>")
		texts[n] = Text{Width: 1654, Height: 2339}
		for j := range 40 {
			var words []Word
			y := 200 + 50*float64(j) + float64(r.IntN(3))
			for x := 160 + float64(r.IntN(4)+80*(r.IntN(4)/3)); x < 1400; {
				w := vocabulary[r.IntN(len(vocabulary))]
				width := naturalWidth(w)*36 + float64(r.IntN(3))
				words = append(words, Word{w, x, y, x + width, y + 34})
				x += width + 9 + float64(r.IntN(3))
				letters += len([]rune(w)) + 1
			}
			texts[n].Lines = append(texts[n].Lines, words)
		}
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>", kids, pages)
	src := bytes.Replace(source(objects...), []byte("PDF-1.4"), []byte("PDF-1.6"), 1)
	out := update(t, src, texts...)
	if each := float64(len(out)-len(src)) / float64(letters); each > 0.53 {
		t.Errorf("%.3f bytes a letter", each)
	}
}

// A second update of a file takes the layer of the first one out. From version
// 1.5 on pages are packed, with a stream of cross-references beside the table.
func TestUpdateTwice(t *testing.T) {
	for _, version := range []string{"1.4", "1.6"} {
		src := source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>", "<</Type/Page/Parent 2 0 R>>")
		src = bytes.Replace(src, []byte("PDF-1.4"), []byte("PDF-"+version), 1)
		one := update(t, src, Text{Lines: [][]Word{line(100, 100, 40, "cô phân")}, Width: 1200, Height: 1600})
		two := update(t, one, Text{Lines: [][]Word{line(100, 100, 40, "cổ phần")}, Width: 1200, Height: 1600})
		if got := text(t, two); got != "cổ phần" {
			t.Errorf("version %s: got %q", version, got)
		}
		if packed := bytes.Contains(two, []byte("/XRefStm")); packed != (version != "1.4") {
			t.Errorf("version %s: packed %t", version, packed)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	encrypted := bytes.Replace(source(catalog, "<</Type/Pages/Kids[]/Count 0>>"), []byte("/Root"), []byte("/Encrypt<</V 1>>/Root"), 1)
	for name, tt := range map[string]struct {
		in   []byte
		want error
	}{
		"empty":     {nil, nil},
		"no PDF":    {[]byte("Kính gửi: quý cơ quan"), nil},
		"encrypted": {encrypted, ErrEncrypted},
		"shifted":   {append([]byte("HTTP/1.1 200 OK\r\n\r\n"), source(catalog, "<</Type/Pages/Kids[]/Count 0>>")...), nil},
		"loop":      {[]byte("%PDF-1.4\nxref\n0 0\ntrailer <</Prev 9>>\nstartxref\n9\n%%EOF"), nil},
	} {
		_, err := Open(bytes.NewReader(tt.in), int64(len(tt.in)))
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An object stream whose length is one of its own objects is an error, not a loop.
func TestObjectStreamInItself(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	var rows []byte // of the cross-references: type, offset or stream, index
	at := func(s string) {
		rows = binary.BigEndian.AppendUint32(append(rows, 1), uint32(b.Len()))
		rows = append(rows, 0)
		b.WriteString(s + "\nendobj\n")
	}
	rows = append(rows, 0, 0, 0, 0, 0, 255)
	at("1 0 obj\n" + catalog)
	at("2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>")
	at("3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources 5 0 R>>")
	at("4 0 obj\n<</Type/ObjStm/N 2/First 8/Length 6 0 R>>\nstream\n5 0 6 5 <<>> 16 \nendstream")
	rows = append(rows, 2, 0, 0, 0, 4, 0, 2, 0, 0, 0, 4, 1)
	xref := b.Len()
	fmt.Fprintf(&b, "7 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", len(rows), rows, xref)
	r, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := r.Pages()
	if err != nil {
		t.Fatal(err)
	}
	if p, err := r.Page(leaves[0]); err == nil {
		t.Errorf("the page is %+v", p)
	}
}

// pattern is an image with detail in every row.
func pattern(w, h int, colour bool) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(x * y), uint8(x * y), uint8(x * y), 255}
			if colour {
				c.G, c.B = uint8(x+y), uint8(3*x)
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// build makes a PDF of one image and returns what pdfimages takes out of it.
func build(t *testing.T, img *Image, format string) (pdf, extracted []byte) {
	t.Helper()
	var out bytes.Buffer
	b, err := NewBuilder(&out, "test", false)
	if err != nil {
		t.Fatal(err)
	}
	layer := Text{Lines: [][]Word{line(2, 10, 8, "Kính gửi")}, Width: float64(img.Width), Height: float64(img.Height)}
	if img.Turn%180 != 0 {
		layer.Width, layer.Height = layer.Height, layer.Width
	}
	if err := b.Add(img, 100, layer); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	qpdfCheck(t, out.Bytes())
	if got := text(t, out.Bytes()); got != "Kính gửi" {
		t.Errorf("pdftotext reads %q", got)
	}
	dir := t.TempDir()
	run(t, out.Bytes(), "pdfimages", format, "FILE", filepath.Join(dir, "i"))
	files, _ := filepath.Glob(filepath.Join(dir, "i-000.*"))
	if len(files) != 1 {
		t.Fatal("pdfimages found no image")
	}
	extracted, err = os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), extracted
}

func TestBuildCopiesJPEG(t *testing.T) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, pattern(300, 200, true), nil); err != nil {
		t.Fatal(err)
	}
	img, err := Copy(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if _, got := build(t, img, "-j"); !bytes.Equal(got, file.Bytes()) {
		t.Error("the JPEG was changed")
	}
}

func TestJPEGOrientation(t *testing.T) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, pattern(300, 200, false), nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"
	turned := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	turned = append(turned, file.Bytes()[2:]...)
	img, err := Copy(turned)
	if err != nil || img.Turn != 90 {
		t.Fatalf("%+v, %v", img, err)
	}
	out, _ := build(t, img, "-j")
	if info := run(t, out, "pdfinfo", "FILE"); !regexp.MustCompile(`Page rot:\s+90`).MatchString(info) {
		t.Errorf("pdfinfo says\n%s", info)
	}
}

func TestBuildPNG(t *testing.T) {
	paletted := image.NewPaletted(image.Rect(0, 0, 70, 50), color.Palette{color.White, color.Black, color.RGBA{200, 0, 0, 255}})
	for i := range paletted.Pix {
		paletted.Pix[i] = uint8(i % 3)
	}
	gray16 := image.NewGray16(image.Rect(0, 0, 64, 48))
	for name, src := range map[string]image.Image{"colour": pattern(64, 48, true), "paletted": paletted, "16 bits": gray16} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			if err := png.Encode(&file, src); err != nil {
				t.Fatal(err)
			}
			img, err := Copy(file.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			pdf, got := build(t, img, "-png")
			same(t, got, src)
			if extra := len(pdf) - file.Len(); extra > 3000 {
				t.Errorf("%d bytes more than the PNG", extra)
			}
		})
	}
	transparent := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	var file bytes.Buffer
	if err := png.Encode(&file, transparent); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(file.Bytes()); err == nil {
		t.Error("a transparent PNG was taken over as it is")
	}
	_, got := build(t, Encode(transparent), "-png")
	same(t, got, image.NewUniform(color.White))
}

func TestEncode(t *testing.T) {
	bw := image.NewGray(image.Rect(3, 5, 103, 85)) // an origin that is not 0,0
	for i := range bw.Pix {
		if i%7 < 4 {
			bw.Pix[i] = 255
		}
	}
	for name, src := range map[string]image.Image{"bilevel": bw, "grey": pattern(64, 48, false), "colour": pattern(64, 48, true)} {
		t.Run(name, func(t *testing.T) {
			_, got := build(t, Encode(src), "-png")
			same(t, got, src)
		})
	}
}

// same compares a PNG with an image, from the origin of each.
func same(t *testing.T, file []byte, want image.Image) {
	t.Helper()
	got, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	b := got.Bounds()
	o := want.Bounds().Min
	if _, ok := want.(*image.Uniform); ok {
		o = image.Point{}
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := got.At(b.Min.X+x, b.Min.Y+y).RGBA()
			wr, wg, wb, _ := want.At(o.X+x, o.Y+y).RGBA()
			if r>>8 != wr>>8 || g>>8 != wg>>8 || bl>>8 != wb>>8 {
				t.Fatalf("pixel %d,%d is %x %x %x, want %x %x %x", x, y, r>>8, g>>8, bl>>8, wr>>8, wg>>8, wb>>8)
			}
		}
	}
}

// A damaged file gives an error or a file, and never a panic or a hang.
func FuzzUpdate(f *testing.F) {
	f.Add(source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>", streamOf("", "BT 3 Tr /F 9 Tf 30 30 Td (seen) Tj ET"), helv))
	var built bytes.Buffer
	b, _ := NewBuilder(&built, "x", false)
	b.Add(Encode(pattern(8, 8, true)), 72, Text{Lines: [][]Word{line(1, 1, 3, "a")}, Width: 8, Height: 8})
	b.Close()
	f.Add(built.Bytes())
	f.Fuzz(func(t *testing.T, src []byte) {
		c := &counted{Reader: bytes.NewReader(src)}
		defer c.check(t, src)
		r, err := Open(c, int64(len(src)))
		if err != nil {
			return
		}
		leaves, err := r.Pages()
		if err != nil || len(leaves) == 0 {
			return
		}
		var out bytes.Buffer
		u, err := NewUpdater(&out, r)
		if err != nil {
			return
		}
		if p, err := r.Page(leaves[0]); err == nil {
			if _, err := u.Replace(p, Text{Lines: [][]Word{line(1, 1, 3, "a")}, Width: 100, Height: 100}); err != nil {
				return
			}
		}
		if err := u.Describe(About{Title: "Công văn", Fields: []Property{{Name: "number", Values: []string{"12/UBND"}}}}); err != nil {
			return
		}
		if err := u.Close(); err != nil {
			return
		}
		if _, err := Open(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
			t.Errorf("the update can't be opened: %v", err)
		}
	})
}

// Every reader of PDF has its own idea of what a space is: each must find the
// same words, in a line as a scanner sees it, with uneven gaps.
func TestOtherReaders(t *testing.T) {
	var lines [][]Word
	want := "Nhằm đảm bảo một Đảm Quy HOẠCH mềm nghiệm MƯỜI ương, WWW iii lập–trình 12.345 (mm)"
	for i, gap := range []float64{4, 7, 12, 30} {
		x := 100.0
		var ws []Word
		for j, s := range strings.Fields(want) {
			n := 13 * float64(utf8.RuneCountInString(s))
			ws = append(ws, Word{s, x, 100 + 60*float64(i) + float64(j%3), x + n, 134 + 60*float64(i)})
			x += n + gap + float64(j*7%5)
		}
		lines = append(lines, ws)
	}
	src := source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 900 800]>>", "<</Type/Page/Parent 2 0 R>>")
	out := update(t, src, Text{Lines: lines, Width: 1800, Height: 1600})
	for _, tt := range [][]string{
		{"pdftotext", "-raw", "FILE", "-"},
		{"mutool", "draw", "-q", "-F", "txt", "FILE"},
		{"gs", "-q", "-sDEVICE=txtwrite", "-dTextFormat=3", "-o", "-", "FILE"},
	} {
		t.Run(tt[0], func(t *testing.T) {
			got := strings.Join(strings.Fields(run(t, out, tt[0], tt[1:]...)), " ")
			if all := strings.TrimSpace(strings.Repeat(want+" ", len(lines))); got != all {
				t.Errorf("got\n%s\nwant\n%s", got, all)
			}
		})
	}
}

// Text that is no good is not found beside the one that stands for it, and is seen
// as before, whatever marked content there is.
func TestOver(t *testing.T) {
	for _, content := range []string{
		"BT /F 12 Tf 50 700 Td (S- 123?QD) Tj ET",
		"/P <</MCID 0>> BDC BT /F 12 Tf 50 700 Td (S- 123?QD) Tj ET EMC EMC",
		"/P BMC /Q BMC q BT /F 12 Tf 50 700 Td (S- 123?QD) Tj ET",
		"/X Do",
	} {
		src := source(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>",
			"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
			streamOf("", content), helv, streamOf("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>", "BT /F 12 Tf 50 700 Td (S- 123?QD) Tj ET"))
		out := update(t, src, Text{Lines: [][]Word{line(100, 200, 24, "Số 123/QĐ")}, Width: 1200, Height: 1600, Over: true})
		if got, want := text(t, out), "Số 123/QĐ"; got != want {
			t.Errorf("%s: pdftotext reads %q, want %q", content, got, want)
		}
		sameLook(t, src, out)
	}
}

// What is hidden on one page and seen on another, by the same form, is taken out of
// the one and stays on the other; so it is on one page that paints it twice.
func TestSharedForm(t *testing.T) {
	form := streamOf("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>", "BT /F 12 Tf 50 700 Td (shared) Tj ET")
	outer := streamOf("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 6 0 R>>>>", "/X Do")
	page := "<</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</XObject<</X 6 0 R/Y 10 0 R>>>>>>"
	for _, tt := range []struct{ first, second, want string }{
		{"3 Tr /X Do", "/X Do", "một | shared hai"},
		{"3 Tr /Y Do", "/Y Do", "một | shared hai"},
		{"/X Do", "3 Tr /X Do", "shared một | hai"},
		{"3 Tr /X Do 0 Tr /X Do", "3 Tr /X Do", "shared một | hai"},
	} {
		src := source(catalog, "<</Type/Pages/Kids[3 0 R 7 0 R]/Count 2/MediaBox[0 0 600 800]>>", fmt.Sprintf(page, 4), streamOf("", tt.first), helv,
			form, fmt.Sprintf(page, 8), streamOf("", tt.second), "null", outer)
		texts := func(s string) Text { return Text{Lines: [][]Word{line(100, 400, 24, s)}, Width: 1200, Height: 1600} }
		out := update(t, src, texts("một"), texts("hai"))
		var got []string
		for _, p := range strings.Split(strings.TrimSuffix(run(t, out, "pdftotext", "FILE", "-"), "\f"), "\f") {
			got = append(got, strings.Join(strings.Fields(p), " "))
		}
		if s := strings.Join(got, " | "); s != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.first, tt.second, s, tt.want)
		}
		sameLook(t, src, out)
	}
}

// Opening a file costs no more than a few times its size, whatever its
// cross-references lead to.
func TestOpenIsLinear(t *testing.T) {
	// Each section's trailer holds, in a string, all that follow.
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for range 3000 {
		at = append(at, b.Len())
		b.WriteString("xref 0 0 trailer<</Prev 0000000/A(")
	}
	b.WriteString(strings.Repeat(")>>", len(at)))
	fmt.Fprintf(&b, "startxref %d %%%%EOF", at[0])
	file := b.Bytes()
	for i, off := range at[:len(at)-1] {
		copy(file[off+len("xref 0 0 trailer<</Prev "):], fmt.Sprintf("%07d", at[i+1]))
	}
	r := &Reader{src: bytes.NewReader(file), size: int64(len(file)), objstm: map[int]*objectStream{}}
	if err := r.readXref(); err == nil || r.looked > 20<<20+16*r.size {
		t.Errorf("%d bytes: %d read, %v", len(file), r.looked, err)
	}
}
