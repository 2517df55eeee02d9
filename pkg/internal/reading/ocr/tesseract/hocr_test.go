package tesseract

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

const sample = `<?xml version="1.0" encoding="UTF-8"?>
<div class='ocr_page' id='page_1' title='image ""; bbox 0 0 400 300; ppageno 0; scan_res 300 300'>
 <div class='ocr_carea' title="bbox 10 10 390 60">
  <p class='ocr_par' lang='vie' title="bbox 10 10 390 60">
   <span class='ocr_line' title="bbox 10 10 390 30; baseline 0.01 -2; x_size 20">
    <span class='ocrx_word' title='bbox 10 11 60 30; x_wconf 96'>Kính</span>
    <span class='ocrx_word' title='bbox 70 12 120 30; x_wconf 41'><strong>gu&#x309;i &amp; &lt;</strong></span>
   </span>
   <span class='ocr_header' title="bbox 10 40 390 60">
    <span class='ocrx_word' title='bbox 10 40 60 60; x_wconf 95'> </span>
   </span>
  </p>
  <p class='ocr_par' title="bbox 10 70 390 90">
   <span class='ocr_caption' title="bbox 10 70 390 90">
    <span class='ocrx_word' title='bbox 10 70 60 90; x_wconf 120'>Số</span>
   </span>
  </p>
 </div>
</div>`

func TestParseHOCR(t *testing.T) {
	p, err := parseHOCR([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	if p.Size != image.Pt(400, 300) || len(p.Lines) != 2 {
		t.Fatalf("size %v, %d lines; want (400,300), 2 (the one without text is left out)", p.Size, len(p.Lines))
	}
	first, second := p.Lines[0], p.Lines[1]
	if first.Box != image.Rect(10, 10, 390, 30) || first.Block != 1 || first.Par != 1 || second.Par != 2 {
		t.Errorf("lines %+v, %+v", first, second)
	}
	for i, want := range []ocr.Word{
		{Box: image.Rect(10, 11, 60, 30), Read: "Kính", Text: "Kính", Confidence: 0.96},
		{Box: image.Rect(70, 12, 120, 30), Read: "gủi & <", Text: "gủi & <", Confidence: 0.41}, // composed
	} {
		if got := first.Words[i]; got.Box != want.Box || got.Read != want.Read || got.Text != want.Text || got.Confidence != want.Confidence {
			t.Errorf("word %d = %+v, want %+v", i, got, want)
		}
	}
	if c := second.Words[0].Confidence; c != 1 {
		t.Errorf("a confidence of 120 %% is taken for %v", c)
	}
}

// What Tesseract never writes is an error, not a panic; what is accepted holds
// words in lines.
func FuzzParseHOCR(f *testing.F) {
	f.Add(sample)
	f.Add("<div class='ocr_page' title='bbox 0 0 1'>")
	f.Add("<span class='ocrx_word' title='bbox 0 0 1 1'>a</span>")
	f.Add(strings.ReplaceAll(sample, "Kính", "\xff\x00"))
	f.Fuzz(func(t *testing.T, data string) {
		p, err := parseHOCR([]byte(data))
		if err != nil {
			return
		}
		for _, l := range p.Lines {
			for _, w := range l.Words {
				if strings.TrimSpace(w.Text) == "" || !(w.Confidence >= 0 && w.Confidence <= 1) {
					t.Errorf("word %+v", w)
				}
			}
			if len(l.Words) == 0 {
				t.Error("a line without words")
			}
		}
	})
}

func TestFindData(t *testing.T) {
	t.Setenv("TESSDATA_PREFIX", "")
	dir := t.TempDir()
	write := func(name string, n int) {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, n), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("vie.traineddata", minData)
	write("eng.traineddata", 10) // cut off
	if got, err := FindData(dir, "vie"); err != nil || got != dir {
		t.Errorf("FindData = %q, %v", got, err)
	}
	for _, tt := range []struct{ lang, want string }{
		{"fra", "no trained data for fra"},
		{"eng", "cannot be used"},
	} {
		_, err := FindData(dir, "vie", tt.lang)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("FindData(%s) = %v, want %q", tt.lang, err, tt.want)
		}
	}
	t.Setenv("TESSDATA_PREFIX", dir)
	if got, err := FindData("", "vie"); err != nil || got != dir {
		t.Errorf("with TESSDATA_PREFIX: %q, %v", got, err)
	}
}
