package pdf

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
)

// About is what a file says of itself, in its document information and as XMP
// (ISO 16684-1). The zero value says nothing.
type About struct {
	Title    string
	Lang     string // ISO 639
	Creator  string // the body that issued the letter
	Date     string // 2021-05-07, 2021-05 or 2021
	Number   string
	Subject  string
	Kind     string     // "Công văn"
	Fields   []Property // of the letter, in a namespace of ours
	Producer string     // the program; only in files that are made anew
}

// Property is a field of a letter: one value, or a list of them.
type Property struct {
	Name   string
	Values []string
	List   bool
}

// fieldsNamespace is that of the fields, and fieldsPrefix stands for it.
const (
	fieldsNamespace = "https://github.com/congvan-cli/congvan/ns/letter/"
	fieldsPrefix    = "congvan"
)

// known reports whether a letter is told of.
func (a *About) known() bool { return a.Title != "" || len(a.Fields) > 0 }

// packet is an XMP packet; archive has it say that the file is PDF/A-2b.
func (a *About) packet(archive bool) []byte {
	var b bytes.Buffer
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n" +
		"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n")
	if archive {
		b.WriteString("<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">" +
			"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>\n")
		if len(a.Fields) > 0 {
			a.extension(&b)
		}
	}
	if a.Producer != "" {
		b.WriteString("<rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">")
		element(&b, "pdf:Producer", a.Producer)
		b.WriteString("</rdf:Description>\n")
	}
	a.dublinCore(&b)
	a.letter(&b)
	b.WriteString("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return b.Bytes()
}

// dublinCore writes what others look for.
func (a *About) dublinCore(b *bytes.Buffer) {
	b.WriteString("<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">")
	b.WriteString("<dc:format>application/pdf</dc:format>")
	for _, e := range []struct{ name, kind, value string }{
		{"title", "Alt", a.Title}, {"description", "Alt", a.Subject},
		{"creator", "Seq", a.Creator}, {"date", "Seq", a.Date}, {"type", "Bag", a.Kind}, {"language", "Bag", a.Lang},
	} {
		if e.value != "" {
			array(b, "dc:"+e.name, e.kind, e.value)
		}
	}
	if a.Number != "" {
		element(b, "dc:identifier", a.Number)
	}
	b.WriteString("</rdf:Description>\n")
}

// letterOpens and letterCloses stand around what letter writes: it has no other
// rdf:Description in it.
const (
	letterOpens  = "<rdf:Description rdf:about=\"\" xmlns:" + fieldsPrefix + "=\"" + fieldsNamespace + "\">"
	letterCloses = "</rdf:Description>\n"
)

// letter writes the fields of the letter.
func (a *About) letter(b *bytes.Buffer) {
	if len(a.Fields) == 0 {
		return
	}
	b.WriteString(letterOpens)
	for _, f := range a.Fields {
		if f.List {
			array(b, fieldsPrefix+":"+f.Name, "Bag", f.Values...)
		} else {
			element(b, fieldsPrefix+":"+f.Name, f.Values[0])
		}
	}
	b.WriteString(letterCloses)
}

// extension describes the namespace of the fields, as PDF/A wants it (ISO 19005-2,
// 6.6.2.3.3).
func (a *About) extension(b *bytes.Buffer) {
	b.WriteString("<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"" +
		" xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">" +
		"<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">")
	element(b, "pdfaSchema:schema", "Fields of a Vietnamese official letter")
	element(b, "pdfaSchema:namespaceURI", fieldsNamespace)
	element(b, "pdfaSchema:prefix", fieldsPrefix)
	b.WriteString("<pdfaSchema:property><rdf:Seq>")
	for _, f := range a.Fields {
		kind := "Text"
		if f.List {
			kind = "bag Text"
		}
		b.WriteString("<rdf:li rdf:parseType=\"Resource\">")
		element(b, "pdfaProperty:name", f.Name)
		element(b, "pdfaProperty:valueType", kind)
		element(b, "pdfaProperty:category", "external")
		element(b, "pdfaProperty:description", f.Name+" of the letter, as it was read")
		b.WriteString("</rdf:li>")
	}
	b.WriteString("</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\n")
}

func element(b *bytes.Buffer, name, value string) {
	fmt.Fprintf(b, "<%s>", name)
	_ = xml.EscapeText(b, []byte(value))
	fmt.Fprintf(b, "</%s>", name)
}

func array(b *bytes.Buffer, name, kind string, values ...string) {
	item := "rdf:li"
	if kind == "Alt" {
		item = `rdf:li xml:lang="x-default"`
	}
	fmt.Fprintf(b, "<%s><rdf:%s>", name, kind)
	for _, v := range values {
		fmt.Fprintf(b, "<%s>", item)
		_ = xml.EscapeText(b, []byte(v))
		b.WriteString("</rdf:li>")
	}
	fmt.Fprintf(b, "</rdf:%s></%s>", kind, name)
}

var ourFields = lazy.Regexp(`(?s)` + regexp.QuoteMeta(letterOpens) + `.*?` + regexp.QuoteMeta(letterCloses))

// merged adds the fields to an XMP packet, in place of those that an earlier run
// added. It reports false where the packet is none that it knows how to add to, or says
// that the file is PDF/A: that would have to describe the fields, too.
func (a *About) merged(packet []byte) ([]byte, bool) {
	packet = ourFields().ReplaceAll(packet, nil)
	at := bytes.LastIndex(packet, []byte("</rdf:RDF>"))
	if at < 0 || !utf8.Valid(packet) || !wellFormed(packet) || claimsArchive(packet) {
		return nil, false
	}
	var b bytes.Buffer
	b.Write(packet[:at])
	a.letter(&b)
	b.Write(padding().ReplaceAll(packet[at:], []byte("\n<?xpacket end")))
	return b.Bytes(), true
}

// padding is room for those who change a packet in its place; an update does not, and
// the packet may be longer than the text of a page.
var padding = lazy.Regexp(`\s+<\?xpacket end`)

func wellFormed(packet []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(packet))
	for {
		if _, err := d.Token(); err != nil {
			return err == io.EOF
		}
	}
}

var archiveClaim = lazy.Regexp(`pdfaid:part\s*(>|=\s*["'])\s*[1-4]`)

// claimsArchive reports whether an XMP packet says that its file is PDF/A.
func claimsArchive(packet []byte) bool { return archiveClaim().Match(packet) }

// metadata is the XMP packet of the file, and where it is.
func (r *Reader) metadata() ([]byte, Ref) {
	ref, _ := r.dict(r.trailer["Root"])["Metadata"].(Ref)
	s, ok := r.resolve(ref).(*stream)
	if !ok {
		return nil, ref
	}
	packet, err := r.data(s)
	if err != nil {
		return nil, ref
	}
	return packet, ref
}

// text is a string that people read; empty if it is none.
func (r *Reader) text(o Object) string {
	s, _ := r.resolve(o).(String)
	if b, ok := strings.CutPrefix(string(s), "\xfe\xff"); ok && len(b)%2 == 0 {
		var units []uint16
		for i := 0; i < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return strings.TrimSpace(string(utf16.Decode(units)))
	}
	return strings.TrimSpace(string(s))
}

// textString writes a string that people read.
func textString(s string) String {
	if !slices.ContainsFunc([]byte(s), func(c byte) bool { return c < ' ' || c > '~' }) {
		return String(s)
	}
	b := []byte("\xfe\xff")
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return String(b)
}

// Describe says what the file is about, where it does not say so itself: a title, a
// language and metadata of its own stay, and the fields of the letter are added to
// them. What a Builder said is said anew. It comes before Close.
func (u *Updater) Describe(a About) error {
	if !a.known() {
		return nil
	}
	packet, at := u.r.metadata()
	title := u.r.text(u.r.dict(u.r.trailer["Info"])["Title"])
	described, ok := a.beside(packet, title)
	if n, built := u.r.Original(); built && n == u.r.size {
		a.Title, a.Lang = cmp.Or(a.Title, title), cmp.Or(a.Lang, "vi")
		a.Producer = u.r.text(u.r.dict(u.r.trailer["Info"])["Producer"])
		described, ok = a.packet(claimsArchive(packet)), true
	} else if title != "" {
		a.Title = ""
	}
	if !ok {
		return nil // nothing is said beside metadata that can't be added to
	}
	if a.Title == title {
		a.Title = ""
	}
	if err := u.setInfo(a.Title); err != nil {
		return err
	}
	return u.setCatalog(described, packet, at, a.Lang)
}

// beside is the XMP packet of a file that has one, or none, and a title.
func (a *About) beside(packet []byte, title string) ([]byte, bool) {
	if len(packet) > 0 {
		return a.merged(packet)
	}
	b := *a
	if b.Title = cmp.Or(title, a.Title); !utf8.ValidString(b.Title) {
		b.Title = ""
	}
	return b.packet(false), true
}

// setInfo gives the file a title, if there is one to give.
func (u *Updater) setInfo(title string) error {
	if title == "" {
		return nil
	}
	info := maps.Clone(u.r.dict(u.r.trailer["Info"]))
	if info == nil {
		info = Dict{}
	}
	info["Title"] = textString(title)
	ref, ok := u.r.trailer["Info"].(Ref)
	if !ok {
		ref = u.w.alloc()
	}
	u.info = ref
	return u.w.put(ref, info)
}

// setCatalog has the catalog name an XMP packet, in place of the old one at a
// reference, and a language, unless it has both.
func (u *Updater) setCatalog(packet, old []byte, at Ref, lang string) error {
	root, ok := u.r.trailer["Root"].(Ref)
	if !ok {
		return nil
	}
	catalog := maps.Clone(u.r.dict(root))
	if !bytes.Equal(packet, old) {
		if len(old) == 0 {
			at = u.w.alloc()
		}
		if err := u.putMetadata(at, packet); err != nil {
			return err
		}
	}
	if catalog["Metadata"] == at && (catalog["Lang"] != nil || lang == "") {
		return nil
	}
	if catalog["Metadata"] = at; catalog["Lang"] == nil && lang != "" {
		catalog["Lang"] = String(lang)
	}
	return u.w.put(root, catalog)
}

// putMetadata writes an XMP packet, so that programs that know no PDF find it.
func (w *writer) putMetadata(ref Ref, packet []byte) error {
	return w.putPlain(ref, metadataDict(), packet)
}

// putMetadata writes an XMP packet, compressed: programs that know no PDF would find the
// one before the update, and the packet may be longer than the text of a page. PDF/A
// has it as it is.
func (u *Updater) putMetadata(ref Ref, packet []byte) error {
	if claimsArchive(packet) {
		return u.w.putMetadata(ref, packet)
	}
	return u.w.putStream(ref, metadataDict(), packet)
}

func metadataDict() Dict { return Dict{"Type": Name("Metadata"), "Subtype": Name("XML")} }
