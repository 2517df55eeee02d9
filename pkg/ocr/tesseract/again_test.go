//go:build cgo

package tesseract

import (
	"reflect"
	"testing"

	"github.com/congvan-cli/congvan/pkg/imaging"
)

// Lines that are read again get no worse by Tesseract's own measure, stay in
// their places, and the others stay as they were.
func TestReadAgain(t *testing.T) {
	once := newEngine(t)
	twice, err := New(Options{Again: true})
	if err != nil {
		t.Fatal(err)
	}
	defer twice.Close()
	img := letter(t, "giay-moi.jpg")
	img.Data, _, err = imaging.Prepare(img.Data, imaging.Options{DPI: 300})
	if err != nil {
		t.Fatal(err)
	}
	a, b := read(t, once, img, "vie"), read(t, twice, img, "vie")
	if len(a.Lines) != len(b.Lines) {
		t.Fatalf("%d lines, and %d when doubtful ones are read again", len(a.Lines), len(b.Lines))
	}
	changed := 0
	for i, l := range b.Lines {
		if reflect.DeepEqual(l, a.Lines[i]) {
			continue
		}
		changed++
		if confidence(l.Words) <= confidence(a.Lines[i].Words) || !doubtful(&a.Lines[i]) {
			t.Errorf("%v became %v", a.Lines[i].Words, l.Words)
		}
		for _, w := range l.Words {
			if !w.Box.In(l.Box) || !l.Box.In(surroundings(a, &a.Lines[i])) {
				t.Errorf("%v is not in its line %v", w, l.Box)
			}
		}
	}
	if changed == 0 {
		t.Error("no line of this page was read again and better")
	}
}
