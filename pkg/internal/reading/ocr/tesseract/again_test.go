//go:build cgo

package tesseract

import (
	"fmt"
	"image"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
)

// Lines that are read again get better by Tesseract's own measure, their words
// lie on them, and the other lines stay as they were.
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
	before, after := doubtfulRuns(a.Lines), doubtfulRuns(b.Lines)
	if len(before) == 0 || len(after) >= len(before) {
		t.Errorf("%d places were doubtful, and %d are after they were read again", len(before), len(after))
	}
	sureA, allA := weight(a.Lines)
	sureB, allB := weight(b.Lines)
	if sureB < sureA || sureB/allB <= sureA/allA {
		t.Errorf("%.0f of %.0f characters are right, and %.0f of %.0f when doubtful lines are read again", sureA, allA, sureB, allB)
	}
	rest := map[string]int{}
	for i := range a.Lines {
		if l := &a.Lines[i]; !doubtful(l) && !dirt(*l) {
			rest[fmt.Sprint(*l)]++
		}
	}
	for _, l := range b.Lines {
		rest[fmt.Sprint(l)]--
		for _, w := range l.Words {
			if !w.Box.Overlaps(l.Box) || !w.Box.In(image.Rectangle{Max: b.Size}) {
				t.Errorf("%v is not in its line %v", w, l.Box)
			}
		}
	}
	for l, n := range rest {
		if n > 0 {
			t.Errorf("a line that was not doubtful is gone: %s", l)
		}
	}
}
