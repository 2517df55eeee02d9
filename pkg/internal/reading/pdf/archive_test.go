package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// aboutLetter is what a letter says of itself, with all that XML and PDF find hard.
var aboutLetter = About{
	Title: "Công văn 12/SVH: “mượn” & trả < sách (1)", Lang: "vi", Creator: "SỞ VĂN HÓA", Date: "2024-04", Number: "12/SVH", Subject: "“mượn” & trả < sách (1)", Kind: "Công văn",
	Fields: []Property{{"issuer", []string{"SỞ VĂN HÓA"}, false}, {"recipients", []string{"Như trên", "Lưu: VT"}, true}},
}

// archiveOf makes PDF/A of images of all kinds.
func archiveOf(t *testing.T, about About) []byte {
	t.Helper()
	gray, bilevel, rgb := image.NewGray(image.Rect(0, 0, 80, 100)), image.NewGray(image.Rect(0, 0, 80, 100)), image.NewRGBA(image.Rect(0, 0, 80, 100))
	for i := range gray.Pix {
		gray.Pix[i], bilevel.Pix[i] = byte(i), byte(i/40%2*255)
		rgb.Set(i%80, i/80, color.RGBA{byte(i), byte(i / 7), byte(i / 3), 255})
	}
	var out bytes.Buffer
	b, err := NewBuilder(&out, "congvan (thử)", true)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		img *Image
		dpi float64
	}{
		{Encode(gray), 100}, {Encode(bilevel), 300}, {Encode(rgb), 100}, {nil, 72},
		{Encode(gray), 0.01}, {Encode(gray), 9000}, // larger and smaller than a page can be
	} {
		if err := b.Add(p.img, p.dpi, Text{Lines: [][]Word{line(2, 10, 8, "Kính gửi: Ủy ban ⟦½⟧")}, Width: 80, Height: 100}); err != nil {
			t.Fatal(err)
		}
	}
	b.Describe(about)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// PDF/A for an archive is what ISO 19005-2 asks of such files, level B, as far as a
// program can look, and as far as that goes PDF/A-1b in the eyes of Apache Preflight. veraPDF,
// which judges PDF/A-2, is not in Debian.
func TestArchive(t *testing.T) {
	for name, about := range map[string]About{"letter": aboutLetter, "nothing known": {}} {
		t.Run(name, func(t *testing.T) {
			file := archiveOf(t, about)
			qpdfCheck(t, file)
			asArchive(t, file)
			preflight(t, file)
			if got := run(t, file, "pdftotext", "FILE", "-"); strings.Count(got, "Kính gửi: Ủy ban") != 6 {
				t.Errorf("pdftotext reads %q", got)
			}
			if again := archiveOf(t, about); !bytes.Equal(again, file) {
				t.Error("the same pages give other bytes")
			}
		})
	}
}

// asArchive looks for what PDF/A-2b asks of the whole file and each object of it.
func asArchive(t *testing.T, file []byte) {
	t.Helper()
	r, err := Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(file, []byte("%PDF-1.")) || file[9] != '%' || slices.Min(file[10:14]) < 0x80 || !bytes.HasSuffix(file, []byte("%%EOF\n")) {
		t.Errorf("begins with %q", file[:16])
	}
	root := r.dict(r.trailer["Root"])
	if len(r.array(r.trailer["ID"])) != 2 || r.trailer["Encrypt"] != nil || root["AA"] != nil || root["OpenAction"] != nil {
		t.Errorf("trailer %v, catalog %v", r.trailer, root)
	}
	s, ok := r.resolve(root["Metadata"]).(*stream)
	if !ok || s.dict["Filter"] != nil || s.dict["Type"] != Name("Metadata") || s.dict["Subtype"] != Name("XML") {
		t.Fatalf("metadata %v", root["Metadata"])
	}
	packet, _ := r.metadata()
	if !wellFormed(packet) || !claimsArchive(packet) || !bytes.Contains(packet, []byte("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B<")) {
		t.Errorf("XMP %s", packet)
	}
	if title := r.text(r.dict(r.trailer["Info"])["Title"]); title != "" && !bytes.Contains(packet, []byte("<dc:title>")) {
		t.Error("the title is not that of the XMP")
	}
	intent := r.dict(r.array(root["OutputIntents"])[0])
	profile, ok := r.resolve(intent["DestOutputProfile"]).(*stream)
	if !ok || intent["S"] != Name("GTS_PDFA1") || profile.dict["N"] != Int(3) {
		t.Errorf("output intent %v", intent)
	}
	for num := range r.xref {
		o := r.resolve(Ref{num, 0})
		d, _ := o.(Dict)
		if s, ok := o.(*stream); ok {
			d = s.dict
			if d["F"] != nil || d["Filter"] == Name("LZWDecode") || d["SMask"] != nil || d["ColorSpace"] == Name("DeviceCMYK") || d["Interpolate"] == true {
				t.Errorf("stream %d: %v", num, d)
			}
		}
		switch d["Type"] {
		case Name("Font"):
			if r.dict(d["FontDescriptor"])["FontFile2"] == nil || d["ToUnicode"] == nil {
				t.Errorf("font %d is not embedded: %v", num, d)
			}
		case Name("Page"):
			box, ok := r.box(d["MediaBox"])
			if w, h := box[2]-box[0], box[3]-box[1]; !ok || min(w, h) < leastSide || max(w, h) > mostSide {
				t.Errorf("page %d is %v by %v", num, w, h)
			}
		}
	}
}

// preflight has Apache Preflight (Debian's libpdfbox2-java) look at a file. It knows
// PDF/A-1b, which forbids all that PDF/A-2b does: only the number is another.
func preflight(t *testing.T, file []byte) {
	t.Helper()
	var jars []string
	for _, name := range []string{"preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api"} {
		jar := "/usr/share/java/" + name + ".jar"
		if _, err := os.Stat(jar); err != nil {
			t.Logf("SKIPPED: Preflight: %v", err)
			return
		}
		jars = append(jars, jar)
	}
	if _, err := exec.LookPath("java"); err != nil {
		t.Logf("SKIPPED: Preflight: %v", err)
		return
	}
	file = bytes.Replace(file, []byte("%PDF-1.7"), []byte("%PDF-1.4"), 1)
	file = bytes.Replace(file, []byte("<pdfaid:part>2<"), []byte("<pdfaid:part>1<"), 1)
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("java", "-cp", strings.Join(jars, ":"), "org.apache.pdfbox.preflight.Validator_A1b", name).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "a.pdf is a valid PDF/A-1b file") {
		t.Errorf("Preflight: %v\n%s", err, out)
	}
}

// A copy says what the letter is about where its source does not say so itself: no word
// of the source's own is lost, and a second run adds nothing.
func TestDescribe(t *testing.T) {
	packet := func(inner string) string {
		return `<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + inner + `</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
	}
	own := packet(`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights>ta</dc:rights></rdf:Description>`)
	claim := packet(`<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="1" pdfaid:conformance="B"/>`)
	for _, tt := range []struct {
		name, catalog, info, packet string
		title                       string // of the copy
		has, not                    []string
	}{
		{"says nothing", "", "", "", aboutLetter.Title, []string{"<congvan:issuer>SỞ VĂN HÓA<", "&amp; trả &lt; sách", "<rdf:li>Lưu: VT</rdf:li>"}, []string{"pdfaid"}},
		{"has a title", "/Lang(en)", "/Title(Scan 12)/Author(me)", "", "Scan 12", []string{">Scan 12<", "congvan:issuer"}, nil},
		{"has metadata", "/Metadata 4 0 R", "", own, aboutLetter.Title, []string{"<dc:rights>ta<", "<congvan:recipients>"}, []string{"dc:title"}},
		{"has metadata with room", "/Metadata 4 0 R", "", strings.Replace(own, "<?xpacket end", strings.Repeat(" ", 2000)+"<?xpacket end", 1), aboutLetter.Title, []string{"<dc:rights>ta<", "</x:xmpmeta>\n<?xpacket end"}, nil},
		{"has metadata of an earlier run", "/Metadata 4 0 R", "", packet(letterOpens + "<congvan:issuer>SAI</congvan:issuer>" + letterCloses), aboutLetter.Title, []string{"SỞ VĂN HÓA"}, []string{"SAI"}},
		{"has metadata that is none", "/Metadata 4 0 R", "", "<rdf:RDF></rdf:RDF", "", []string{"<rdf:RDF></rdf:RDF"}, []string{"congvan"}},
		{"is PDF/A", "/Metadata 4 0 R", "", claim, "", []string{`pdfaid:part="1"`}, []string{"congvan"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			objects := letterPages(func(n int) string {
				return fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d1 0 R/Resources %d2 0 R>>", n, n)
			})
			objects[0] = "<</Type/Catalog/Pages 2 0 R" + tt.catalog + ">>"
			objects[3] = streamOf("/Type/Metadata/Subtype/XML", tt.packet)
			src := source(objects...)
			if tt.info != "" {
				src = bytes.Replace(src, []byte("/Root 1 0 R"), []byte("/Root 1 0 R/Info<<"+tt.info+">>"), 1)
			}
			describe := func(src []byte) []byte {
				var out bytes.Buffer
				file := filepath.Join(t.TempDir(), "x.pdf")
				if err := os.WriteFile(file, src, 0o600); err != nil {
					t.Fatal(err)
				}
				kept, err := AddText(t.Context(), &out, file, aboutLetter, func(yield func(int, Text) bool) {
					yield(1, Text{Lines: [][]Word{line(100, 100, 40, "dòng")}, Width: 600, Height: 800})
				})
				if err != nil || kept != Appended {
					t.Fatalf("kept as %d: %v", kept, err)
				}
				qpdfCheck(t, out.Bytes())
				return out.Bytes()
			}
			out := describe(src)
			if !bytes.HasPrefix(out, src) {
				t.Error("the source is no prefix of the copy")
			}
			check := func(out []byte) {
				r, err := Open(bytes.NewReader(out), int64(len(out)))
				if err != nil {
					t.Fatal(err)
				}
				info := r.dict(r.trailer["Info"])
				if got := r.text(info["Title"]); got != tt.title {
					t.Errorf("title %q, want %q", got, tt.title)
				}
				if strings.Contains(tt.info, "Author") && r.text(info["Author"]) != "me" {
					t.Errorf("information %v", info)
				}
				packet, _ := r.metadata()
				for _, s := range tt.has {
					if n := bytes.Count(packet, []byte(s)); n == 0 || strings.HasPrefix(s, "<congvan:") && n > 1 {
						t.Errorf("%d times %s in the metadata\n%s", n, s, packet)
					}
				}
				for _, s := range tt.not {
					if bytes.Contains(packet, []byte(s)) {
						t.Errorf("%s in the metadata\n%s", s, packet)
					}
				}
				if lang := r.dict(r.trailer["Root"])["Lang"]; strings.Contains(tt.catalog, "Lang") && lang != String("en") || tt.catalog == "" && lang != String("vi") {
					t.Errorf("language %v", lang)
				}
			}
			check(out)
			check(describe(out))
		})
	}
}

// A file that we made says anew what the letter is about when that was corrected, and is
// PDF/A as before.
func TestDescribeBuilt(t *testing.T) {
	file := archiveOf(t, aboutLetter)
	corrected := aboutLetter
	corrected.Title, corrected.Fields = "Công văn 13/SVH", []Property{{"issuer", []string{"SỞ NỘI VỤ"}, false}}
	r, err := Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	u, err := NewUpdater(&out, r)
	if err == nil {
		err = errors.Join(u.Describe(corrected), u.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	qpdfCheck(t, out.Bytes())
	asArchive(t, out.Bytes())
	if r, err = Open(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
		t.Fatal(err)
	}
	packet, _ := r.metadata()
	if title := r.text(r.dict(r.trailer["Info"])["Title"]); title != corrected.Title || !bytes.Contains(packet, []byte("SỞ NỘI VỤ")) ||
		bytes.Contains(packet, []byte("VĂN HÓA</congvan")) || !bytes.Contains(packet, []byte("<pdf:Producer>congvan (thử)<")) {
		t.Errorf("title %q\n%s", title, packet)
	}
}

// A PDF says whether it is PDF/A, and what images of its pages would lack.
func TestNature(t *testing.T) {
	dir := t.TempDir()
	at := func(name string, file []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	objects := letterPages(func(n int) string {
		return fmt.Sprintf("<</Type/Page/Parent 2 0 R/Annots[3 0 R]/Contents %d1 0 R>>", n)
	})
	objects[0] = "<</Type/Catalog/Pages 2 0 R/PageLabels<</Nums[0<</S/r>>]>>>>"
	for _, tt := range []struct {
		file, want string
	}{
		{at("a", archiveOf(t, About{})), "{true []} true"},
		{at("b", source(objects...)), "{false [links and notes page labels]} true"},
		{at("c", []byte("%PDF-1.4 no more")), "{false []} false"},
		{at("d", nil) + "/gone", "{false []} false"},
	} {
		n, ok := NatureOf(tt.file)
		if got := fmt.Sprint(n, ok); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.file, got, tt.want)
		}
	}
}

// Fields are added to a packet once, however often, and leave it well-formed.
func FuzzMerged(f *testing.F) {
	about := &About{Title: "Công văn", Fields: []Property{{Name: "number", Values: []string{"12/UBND", "<&>"}, List: true}}}
	f.Add(about.packet(false))
	f.Add(about.packet(true))
	f.Add([]byte("<rdf:RDF></rdf:RDF>" + strings.Repeat(" ", 40) + "<?xpacket end='w'?>"))
	f.Add([]byte(letterOpens + "</rdf:RDF>" + letterCloses))
	f.Fuzz(func(t *testing.T, packet []byte) {
		once, ok := about.merged(packet)
		if !ok {
			return
		}
		if !wellFormed(once) {
			t.Errorf("%q became %q", packet, once)
		}
		if twice, ok := about.merged(once); !ok || !bytes.Equal(once, twice) {
			t.Errorf("%q, and once more %q", once, twice)
		}
	})
}
