package output

import (
	"bufio"
	"bytes"
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
	"strconv"
	"strings"

	"golang.org/x/image/draw"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

var (
	//go:embed report/report.css
	reportCSS string
	//go:embed report/report.js
	reportJS string
)

// report writes a page for checking by eye: every page image beside its text,
// uncertain words marked. It is one file that asks for nothing outside itself,
// and a content security policy sees to it that nothing in a document's text
// can run or load anything. Corrections made on it are downloaded as JSON, for
// Apply.
type report struct {
	w    *bufio.Writer
	opts Options
	doc  *Document
}

func newReport(w io.Writer, opts Options) Writer { return &report{w: bufio.NewWriter(w), opts: opts} }

// doubt is the confidence below which a word is marked, in percent. The reader
// of the report can move it.
const doubt = 80

func (r *report) Begin(d *Document) error {
	r.doc = d
	name := clean(path.Base(strings.ReplaceAll(d.Path, `\`, "/")))
	_, err := fmt.Fprintf(r.w, `<!DOCTYPE html>
<html lang="vi" data-document="%s" data-sha256="%s">
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
<header>
<h1 title="%s">%s</h1>
<p id="status" lang="en" role="status"></p>
<div class="tools" lang="en">
<label>Page <select id="jump"></select></label>
<label title="Words less certain than this are marked">Mark below <input id="doubt" type="range" min="0" max="100" value="%d"><output id="level">%d %%</output></label>
<button id="previous" title="Shift+N"><span aria-hidden="true">↑</span> Previous</button>
<button id="next" title="N">Next <span aria-hidden="true">↓</span></button>
<button id="download" class="main" disabled>Download corrections</button>
<button id="theme" aria-label="Light or dark" title="Light or dark">◐</button>
</div>
</header>
<main>
`, esc(clean(d.Path)), esc(clean(d.SHA256)), hashOf(reportCSS), hashOf(reportJS), esc(r.opts.generator()),
		esc(name), reportCSS, esc(clean(d.Path)), esc(name), doubt, doubt)
	return err
}

// hashOf names a style or script in a content security policy.
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func (r *report) Page(p *Page) error {
	size := p.size()
	fmt.Fprintf(r.w, `<section class="page" id="page-%d" data-page="%d" data-width="%d" data-height="%d" aria-label="Page %d">`+"\n",
		p.Number, p.Number, size.X, size.Y, p.Number)
	if p.Image != nil {
		if err := r.image(p); err != nil {
			return err
		}
	}
	lines := p.lines()
	fmt.Fprintf(r.w, "<article>\n<h2 lang=\"en\">Page %d</h2>\n", p.Number)
	if p.Err != nil {
		what := "This page could not be read"
		if len(lines) > 0 {
			what = "Parts of this page may be missing"
		}
		fmt.Fprintf(r.w, "<p class=\"error\" lang=\"en\">%s: %s</p>\n", what, esc(clean(p.Err.Error())))
	}
	line := 0
	for _, block := range blocks(lines) {
		for _, par := range block {
			r.w.WriteString("<p>")
			for _, l := range par {
				line++
				r.line(p.Number, line, l)
			}
			r.w.WriteString("</p>\n")
		}
	}
	if line == 0 && p.Err == nil {
		r.w.WriteString("<p class=\"none\" lang=\"en\">No text on this page.</p>\n")
	}
	r.w.WriteString("</article>\n</section>\n")
	return r.w.Flush()
}

// line writes the words of a line, each with what the script needs of it.
func (r *report) line(page, n int, l ocr.Line) {
	r.w.WriteString("<span class=\"line\">")
	for i, w := range l.Words {
		if i > 0 {
			r.w.WriteByte(' ')
		}
		b := w.Box
		fmt.Fprintf(r.w, `<span class="w" data-l="%d" data-w="%d" data-c="%d" data-b="%d %d %d %d"`,
			n, i+1, int(100*w.Confidence+0.5), b.Min.X, b.Min.Y, b.Dx(), b.Dy())
		if w.Read != "" && w.Read != w.Text {
			fmt.Fprintf(r.w, ` data-r="%s"`, esc(w.Read))
		}
		if len(w.Alternatives) > 0 {
			var alts []string
			for _, a := range w.Alternatives {
				if s := clean(a.Text); s != "" && s != w.Text {
					alts = append(alts, strconv.Itoa(int(100*probability(a.Confidence)+0.5))+" "+s)
				}
			}
			fmt.Fprintf(r.w, ` data-a="%s"`, esc(strings.Join(alts, "\n")))
		}
		fmt.Fprintf(r.w, ">%s</span>", esc(w.Text))
	}
	r.w.WriteString("</span>\n")
}

// image writes the page image, made smaller.
func (r *report) image(p *Page) error {
	src, err := p.Image()
	if err != nil {
		fmt.Fprintf(r.w, "<figure><p class=\"error\" lang=\"en\">No image: %s</p></figure>\n", esc(clean(err.Error())))
		return nil
	}
	data, kind, size, err := src.forReport(p.turn())
	if err != nil {
		fmt.Fprintf(r.w, "<figure><p class=\"error\" lang=\"en\">No image: %s</p></figure>\n", esc(clean(err.Error())))
		return nil
	}
	fmt.Fprintf(r.w, `<figure><div class="sheet"><img alt="Page %d as scanned" width="%d" height="%d" src="data:%s;base64,`, p.Number, size.X, size.Y, kind)
	enc := base64.NewEncoder(base64.StdEncoding, r.w)
	if _, err := enc.Write(data); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	_, err = r.w.WriteString("\"><div class=\"mark\" hidden></div></div></figure>\n")
	return err
}

func (r *report) End(d *Document) error {
	if l := d.Letter; l != nil {
		r.w.WriteString("<section id=\"letter\" aria-label=\"Letter\"><dl>\n")
		for _, f := range []struct {
			name  string
			value string
		}{
			{"Cơ quan chủ quản", l.Parent}, {"Cơ quan ban hành", l.Issuer}, {"Số, ký hiệu", l.Number}, {"Địa danh", l.Place},
			{"Ngày", l.Date}, {"Loại", l.Type}, {"Trích yếu", l.Subject}, {"Kính gửi", strings.Join(l.Addressees, "; ")},
			{"Thẩm quyền", l.Authority}, {"Chức vụ", l.Capacity}, {"Người ký", l.Signer}, {"Nơi nhận", strings.Join(l.Recipients, "; ")},
		} {
			if v := clean(f.value); v != "" {
				wide := ""
				if len(v) > 120 {
					wide = ` class="wide"`
				}
				fmt.Fprintf(r.w, "<div%s><dt>%s</dt><dd>%s</dd></div>\n", wide, f.name, esc(v))
			}
		}
		r.w.WriteString("</dl></section>\n")
	}
	fmt.Fprintf(r.w, "</main>\n%s<script>%s</script>\n</body>\n</html>\n", editorHTML, reportJS)
	return r.w.Flush()
}

const editorHTML = `<div id="editor" role="dialog" aria-label="Correct a word" lang="en" hidden>
<canvas id="crop" aria-hidden="true"></canvas>
<form autocomplete="off">
<input id="text" lang="vi" spellcheck="false" aria-label="Text of the word">
<div id="choices" role="group" aria-label="Other readings"></div>
<p id="facts"></p>
<div class="row"><button type="button" id="save" class="main" title="Enter">Save</button>
<button type="button" id="undo">As it was</button>
<button type="button" id="remove">Remove</button>
<button type="button" id="cancel" title="Esc">Cancel</button></div>
</form>
</div>
<details id="help" lang="en"><summary>Keys</summary><dl>
<div><dt><kbd>Tab</kbd></dt><dd>next marked word</dd></div>
<div><dt><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd></dt><dd>word by word, line by line</dd></div>
<div><dt><kbd>Enter</kbd></dt><dd>correct the word; once more to save and go on</dd></div>
<div><dt><kbd>N</kbd> <kbd>Shift</kbd>+<kbd>N</kbd></dt><dd>next, previous marked word</dd></div>
<div><dt><kbd>Esc</kbd></dt><dd>leave the word as it was</dd></div>
</dl></details>
`

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
