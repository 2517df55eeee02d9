package tesseract

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

func letter(t testing.TB, name string) ocr.Image {
	t.Helper()
	data, err := os.ReadFile("../../../../../testdata/letters/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return ocr.Image{Data: data, DPI: 200}
}

func newEngine(t testing.TB) ocr.Engine {
	t.Helper()
	if _, err := FindData("", "vie", "eng"); !Available || err != nil {
		t.Skipf("SKIPPED: no Tesseract, or no data for it: %v", err)
	}
	eng, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eng.Close() })
	return eng
}

func read(t testing.TB, eng ocr.Engine, img ocr.Image, lang string) *ocr.Page {
	t.Helper()
	p, err := eng.Read(t.Context(), img, lang)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A page reads the same whatever has been read before, by this reader or by
// the other; boxes lie inside the page and words inside their lines.
func TestEngine(t *testing.T) {
	eng := newEngine(t)
	img := letter(t, "bao-cao.png")
	first := read(t, eng, img, "vie")
	if !strings.Contains(first.Text(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") {
		t.Errorf("read:\n%s", first.Text())
	}
	for _, l := range first.Lines {
		for _, w := range l.Words {
			if w.Box.Empty() || !w.Box.In(l.Box) || w.Box.Max.X > first.Size.X || w.Box.Max.Y > first.Size.Y || w.Confidence < 0 || w.Confidence > 1 {
				t.Errorf("word %+v in line %v of a page of %v", w, l.Box, first.Size)
			}
		}
	}
	if other := read(t, eng, img, "eng"); strings.Contains(other.Text(), "Ộ") {
		t.Errorf("the English reader knows Vietnamese:\n%s", other.Text())
	}
	if again := read(t, eng, img, "vie"); !reflect.DeepEqual(first, again) {
		t.Error("the same page reads otherwise the second time")
	}
}

func TestEngineErrors(t *testing.T) {
	eng := newEngine(t)
	if _, err := eng.Read(t.Context(), ocr.Image{Data: []byte("not an image")}, "vie"); err == nil {
		t.Error("text is read as an image")
	}
	if _, err := eng.Read(t.Context(), ocr.Image{}, "vie"); err == nil {
		t.Error("nothing is read as an image")
	}
	var data *ocr.DataError
	if _, err := eng.Read(t.Context(), letter(t, "bao-cao.png"), "xxx"); !errors.As(err, &data) || data.Lang != "xxx" {
		t.Errorf("a language that is not there: %v", err)
	}
	read(t, eng, letter(t, "bao-cao.png"), "vie")
	if _, err := eng.Read(t.Context(), ocr.Image{Data: []byte("not an image")}, "vie"); err == nil {
		t.Error("text is read as an image, after a page")
	}
}

func BenchmarkRead(b *testing.B) {
	eng := newEngine(b)
	img := letter(b, "bao-cao.png")
	read(b, eng, img, "vie") // loads the data
	for b.Loop() {
		read(b, eng, img, "vie")
	}
}
