package output

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/draw"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

var (
	//go:embed report/report.css
	reportCSS string
	//go:embed report/report.js
	reportJS string
	// reportHTML is what stands over the pages; the script fills in its texts.
	//go:embed report/report.html
	reportHTML string
)

// report writes a page for checking by eye: every page image beside its text, uncertain
// words marked. It is one file that asks for nothing outside itself, and a content
// security policy sees to it that nothing in a document's text can run or load anything.
// Corrections made on it are downloaded as JSON, for Apply.
//
// Of a document of many pages a browser could not show all at once. So a page is two
// blocks of data, its words (a reportPage as JSON, deflated) and its image, both in
// base64, and the script makes elements of the pages that are looked at.
type report struct {
	w    *bufio.Writer
	opts Options
}

func newReport(w io.Writer, opts Options) Writer { return &report{w: bufio.NewWriter(w), opts: opts} }

// doubt is the confidence below which a word is marked, in percent. The reader
// of the report can move it.
const doubt = 80

// ReportLanguages are those that the report is written in, the first being the usual one.
var ReportLanguages = []string{"vi", "en"}

func (r *report) Begin(d *Document) error {
	name := clean(path.Base(strings.ReplaceAll(d.Path, `\`, "/")))
	_, err := fmt.Fprintf(r.w, `<!DOCTYPE html>
<html lang="%s" data-document="%s" data-sha256="%s" data-base="%d" data-doubt="%d">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="%s">
<title>%s</title>
<style>%s</style>
</head>
<body>
%s<main>
`, cmp.Or(r.opts.Lang, ReportLanguages[0]), esc(clean(d.Path)), esc(clean(d.SHA256)), len(d.Corrections), doubt, hashOf(reportCSS), hashOf(reportJS), esc(r.opts.generator()),
		esc(name), reportCSS, reportHTML)
	return err
}

// hashOf names a style or script in a content security policy.
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// reportPage is what the script needs of a page. Its names are short: there are many.
type reportPage struct {
	Number int          `json:"n"`
	Width  int          `json:"w"` // of the page as read
	Height int          `json:"h"`
	Error  string       `json:"e,omitempty"`
	Image  [2]int       `json:"i,omitzero"` // its size
	Kind   string       `json:"k,omitempty"`
	NoImg  string       `json:"x,omitempty"` // why there is no image
	Lines  []reportLine `json:"l,omitempty"`

	Regions []reportRegion `json:"g,omitempty"`
}

// reportRegion is a place that is no print.
type reportRegion struct {
	Kind ocr.RegionKind `json:"k"`
	Box  [4]int         `json:"b"` // left, top, width, height
}

// reportLine is a line; New says that a paragraph begins.
type reportLine struct {
	New   bool         `json:"p,omitempty"`
	Role  ocr.Role     `json:"o,omitempty"`
	Words []reportWord `json:"w"`
}

// reportWord is a word.
type reportWord struct {
	Text string   `json:"t"`
	Sure int      `json:"c"` // percent
	Box  [4]int   `json:"b"` // left, top, width, height
	Read string   `json:"r,omitempty"`
	Alts []string `json:"a,omitempty"` // other readings, each with its percents before it
}

func (r *report) Page(p *Page) error {
	size := p.size()
	out := reportPage{Number: p.Number, Width: size.X, Height: size.Y, Lines: reportLines(p.lines())}
	if p.Err != nil {
		out.Error = clean(p.Err.Error())
	}
	if p.Page != nil {
		for _, r := range p.Regions {
			out.Regions = append(out.Regions, reportRegion{r.Kind, boxOf(r.Box)})
		}
	}
	var data []byte
	if p.Image != nil {
		src, err := p.Image()
		if err == nil {
			var at image.Point
			data, out.Kind, at, err = src.forReport(p.turn())
			out.Image = [2]int{at.X, at.Y}
		}
		if err != nil {
			data, out.NoImg = nil, clean(err.Error())
		}
	}
	var words bytes.Buffer
	if err := pack64(&words, out); err != nil {
		return err
	}
	fmt.Fprintf(r.w, `<section id="page-%d"><script type="text/plain">%s</script><script type="text/plain">`, p.Number, words.Bytes())
	enc := base64.NewEncoder(base64.StdEncoding, r.w)
	if _, err := enc.Write(data); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	r.w.WriteString("</script></section>\n")
	return r.w.Flush()
}

// reportLines are the lines of a page as the script takes them.
func reportLines(lines []ocr.Line) (out []reportLine) {
	for i, l := range lines {
		rl := reportLine{New: i == 0 || l.Block != lines[i-1].Block || l.Par != lines[i-1].Par || l.Role != lines[i-1].Role, Role: l.Role}
		for _, w := range l.Words {
			rw := reportWord{Text: w.Text, Sure: int(100*w.Confidence + 0.5), Box: boxOf(w.Box)}
			if w.Read != w.Text {
				rw.Read = w.Read
			}
			for _, a := range w.Alternatives {
				if s := clean(a.Text); s != "" && s != w.Text {
					rw.Alts = append(rw.Alts, strconv.Itoa(int(100*probability(a.Confidence)+0.5))+" "+s)
				}
			}
			rl.Words = append(rl.Words, rw)
		}
		out = append(out, rl)
	}
	return out
}

// boxOf is a box as the script takes it.
func boxOf(r image.Rectangle) [4]int { return [4]int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} }

// pack64 writes a value as JSON, deflated, in base64.
func pack64(w io.Writer, v any) error {
	enc := base64.NewEncoder(base64.StdEncoding, w)
	z, err := flate.NewWriter(enc, flate.BestCompression)
	if err != nil {
		return err
	}
	if err := encode(z, v); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return enc.Close()
}

// reportField is a field of a letter.
type reportField struct {
	Letter int            `json:"letter"`
	Name   string         `json:"name"`
	Value  string         `json:"value"`
	Read   string         `json:"read,omitempty"` // what is doubtful of it
	Found  *letter.Source `json:"found,omitempty"`
	Set    bool           `json:"set,omitempty"` // by a person
}

func (r *report) End(d *Document) error {
	var fields []reportField
	if d.Letter != nil {
		for i, l := range append([]*letter.Letter{d.Letter}, d.Letter.More...) {
			fields = append(fields, fieldsOf(i, l)...)
		}
	} else {
		fields = fieldsOf(0, &letter.Letter{})
	}
	fmt.Fprintf(r.w, `</main>
<script type="text/plain" id="fields">`)
	if err := pack64(r.w, fields); err != nil {
		return err
	}
	fmt.Fprintf(r.w, "</script>\n<script>%s</script>\n</body>\n</html>\n", reportJS)
	return r.w.Flush()
}

func fieldsOf(n int, l *letter.Letter) (out []reportField) {
	for _, f := range letter.Fields() {
		rf := reportField{Letter: n, Name: f.Name, Value: clean(f.Of(l)), Set: slices.Contains(l.Corrected, f.Name)}
		if from := l.Found[f.Name]; len(from) > 0 {
			rf.Found = &from[0]
		}
		rf.Read = map[string]string{"number": l.NumberRead, "date": l.DateRead}[f.Name]
		out = append(out, rf)
	}
	return out
}

// reportWidth is that of page images in a report, in pixels: enough to read
// 13-point text at ease.
const reportWidth = 1240

// shrink scales an image down to a width; smaller ones stay.
func shrink(src image.Image, width int) image.Image {
	b := src.Bounds()
	if b.Dx() <= width || b.Dx() == 0 {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, width, max(1, b.Dy()*width/b.Dx())))
	draw.BiLinear.Scale(dst, dst.Bounds(), src, b, draw.Src, nil)
	return dst
}

// forReport returns the image encoded anew and no wider than reportWidth, or as
// it is if it is small and upright already.
func (i Image) forReport(turn int) (data []byte, kind string, size image.Point, err error) {
	turn += i.exifTurn()
	if cfg, name, err := image.DecodeConfig(bytes.NewReader(i.Data)); err == nil && turn%360 == 0 && cfg.Width <= reportWidth && (name == "png" || name == "jpeg") {
		return i.Data, "image/" + name, image.Pt(cfg.Width, cfg.Height), nil
	}
	pix, err := i.decode()
	if err != nil {
		return nil, "", size, err
	}
	small := shrink(turned(pix, turn), reportWidth)
	data, kind, err = pack(small)
	return data, kind, small.Bounds().Size(), err
}

// pack encodes a page image: greys as PNG of 16 shades, which for clean text is
// smaller than JPEG and without its shadows; colours and grainy greys as JPEG.
func pack(img image.Image) (data []byte, kind string, err error) {
	b := img.Bounds()
	shades := make(color.Palette, 16)
	for i := range shades {
		shades[i] = color.Gray{uint8(17 * i)}
	}
	gray := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), shades)
	coloured := 0
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			if max(r, g, bl)-min(r, g, bl) > 0x3000 {
				coloured++
			}
			v := (299*r + 587*g + 114*bl) / 1000
			gray.SetColorIndex(x, y, uint8((v+0x888)*15/0xffff%16))
		}
	}
	var asPNG, asJPEG bytes.Buffer
	if 1000*coloured <= b.Dx()*b.Dy() {
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&asPNG, gray); err != nil {
			return nil, "", err
		}
		if asPNG.Len() < b.Dx()*b.Dy()/12 {
			return asPNG.Bytes(), "image/png", nil
		}
	}
	err = jpeg.Encode(&asJPEG, img, &jpeg.Options{Quality: 70})
	return asJPEG.Bytes(), "image/jpeg", err
}

// turned returns an image turned clockwise.
func turned(src image.Image, degrees int) image.Image {
	degrees = (degrees%360 + 360) % 360
	if degrees == 0 {
		return src
	}
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if degrees != 180 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			c := src.At(b.Min.X+x, b.Min.Y+y)
			switch degrees {
			case 90:
				dst.Set(h-1-y, x, c)
			case 180:
				dst.Set(w-1-x, h-1-y, c)
			case 270:
				dst.Set(y, w-1-x, c)
			}
		}
	}
	return dst
}
