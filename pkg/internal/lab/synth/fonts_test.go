package synth

import (
	"errors"
	"testing"
)

// letters are all that Vietnamese is written with beyond ASCII, and the signs
// that official letters use.
const letters = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ" +
	"ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ" +
	" “”‘’–…%/@°"

func library(t *testing.T) *Library {
	t.Helper()
	lib, err := OpenLibrary(FontDirs)
	if errors.Is(err, ErrNoFonts) {
		t.Skip("SKIPPED: none of the fonts of the Debian packages fonts-croscore, fonts-liberation, fonts-texgyre… is installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func TestFamiliesHoldVietnamese(t *testing.T) {
	for _, fam := range library(t).Families() {
		for style := range 4 {
			f, err := fam.face(style&1 == 1, style&2 == 2)
			if err != nil {
				t.Errorf("%s, style %d: %v", fam.Name, style, err)
				continue
			}
			for _, r := range letters {
				if g := f.glyph(r); g.index == 0 || g.advance == 0 {
					t.Errorf("%s, style %d: no glyph for %+q", fam.Name, style, r)
				}
			}
		}
	}
}
