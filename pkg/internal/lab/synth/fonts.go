package synth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// FontDirs are where Debian's font packages install.
var FontDirs = []string{"/usr/share/fonts", "/usr/share/texmf/fonts", "/usr/local/share/fonts"}

// families lists the families we set text in with their four files, and how
// often training pages use them: official letters are set in Times, so
// its metric twins weigh most. TeX Gyre Pagella is not here because the sfnt
// package can't read its outlines.
var families = []struct {
	name   string
	weight int
	files  [4]string // regular, bold, italic, bold italic
}{
	{"Tinos", 26, [4]string{"Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf"}},
	{"Liberation Serif", 14, [4]string{"LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf", "LiberationSerif-BoldItalic.ttf"}},
	{"TeX Gyre Termes", 14, [4]string{"texgyretermes-regular.otf", "texgyretermes-bold.otf", "texgyretermes-italic.otf", "texgyretermes-bolditalic.otf"}},
	{"FreeSerif", 12, [4]string{"FreeSerif.ttf", "FreeSerifBold.ttf", "FreeSerifItalic.ttf", "FreeSerifBoldItalic.ttf"}},
	{"Arimo", 4, [4]string{"Arimo-Regular.ttf", "Arimo-Bold.ttf", "Arimo-Italic.ttf", "Arimo-BoldItalic.ttf"}},
	{"Liberation Sans", 3, [4]string{"LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationSans-Italic.ttf", "LiberationSans-BoldItalic.ttf"}},
	{"Carlito", 3, [4]string{"Carlito-Regular.ttf", "Carlito-Bold.ttf", "Carlito-Italic.ttf", "Carlito-BoldItalic.ttf"}},
	{"Noto Serif", 4, [4]string{"NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf", "NotoSerif-Italic.ttf", "NotoSerif-BoldItalic.ttf"}},
	{"Charis SIL", 4, [4]string{"CharisSIL-Regular.ttf", "CharisSIL-Bold.ttf", "CharisSIL-Italic.ttf", "CharisSIL-BoldItalic.ttf"}},
	{"TeX Gyre Schola", 3, [4]string{"texgyreschola-regular.otf", "texgyreschola-bold.otf", "texgyreschola-italic.otf", "texgyreschola-bolditalic.otf"}},
	{"TeX Gyre Bonum", 2, [4]string{"texgyrebonum-regular.otf", "texgyrebonum-bold.otf", "texgyrebonum-italic.otf", "texgyrebonum-bolditalic.otf"}},
	{"TeX Gyre Heros", 2, [4]string{"texgyreheros-regular.otf", "texgyreheros-bold.otf", "texgyreheros-italic.otf", "texgyreheros-bolditalic.otf"}},
	{"FreeSans", 2, [4]string{"FreeSans.ttf", "FreeSansBold.ttf", "FreeSansOblique.ttf", "FreeSansBoldOblique.ttf"}},
	{"Noto Sans", 2, [4]string{"NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf", "NotoSans-BoldItalic.ttf"}},
	{"Roboto", 1, [4]string{"Roboto-Regular.ttf", "Roboto-Bold.ttf", "Roboto-Italic.ttf", "Roboto-BoldItalic.ttf"}},
	{"DejaVu Sans", 1, [4]string{"DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSans-BoldOblique.ttf"}},
	{"DejaVu Serif", 2, [4]string{"DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif-Italic.ttf", "DejaVuSerif-BoldItalic.ttf"}},
	{"Noto Serif Display", 2, [4]string{"NotoSerifDisplay-Regular.ttf", "NotoSerifDisplay-Bold.ttf", "NotoSerifDisplay-Italic.ttf", "NotoSerifDisplay-BoldItalic.ttf"}},
	{"Cousine", 2, [4]string{"Cousine-Regular.ttf", "Cousine-Bold.ttf", "Cousine-Italic.ttf", "Cousine-BoldItalic.ttf"}},
}

// timesWeight is the least weight of a twin of Times in families.
const timesWeight = 10

// FamilyNames returns the names of the families that this package knows.
func FamilyNames() []string {
	var names []string
	for _, f := range families {
		names = append(names, f.name)
	}
	return names
}

// ErrNoFonts reports that a system has none of the fonts this package knows.
var ErrNoFonts = errors.New("no font found that holds the Vietnamese letters")

// A Library holds the font families found on a system. It is safe for
// concurrent use.
type Library struct {
	families []*Family
}

// A Family is a typeface in four styles.
type Family struct {
	Name   string
	weight int
	times  bool // a twin of Times
	paths  [4]string
	once   [4]sync.Once
	faces  [4]*face
	errs   [4]error
}

// OpenLibrary looks for the known families below the folders. Families named in exclude are left out.
func OpenLibrary(dirs []string, exclude ...string) (*Library, error) {
	found := map[string][]string{} // folders by file name
	for _, dir := range dirs {
		filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				found[d.Name()] = append(found[d.Name()], filepath.Dir(path))
			}
			return nil // a folder that can't be read holds no fonts for us
		})
	}
	lib := &Library{}
	for _, f := range families {
		if slices.ContainsFunc(exclude, func(x string) bool { return strings.EqualFold(x, f.name) }) {
			continue
		}
		for _, dir := range found[f.files[0]] {
			fam := &Family{Name: f.name, weight: f.weight, times: f.weight >= timesWeight}
			for i, name := range f.files {
				fam.paths[i] = filepath.Join(dir, name)
			}
			if fam.complete() {
				lib.families = append(lib.families, fam)
				break
			}
		}
	}
	if len(lib.families) == 0 {
		return nil, ErrNoFonts
	}
	return lib, nil
}

// Family returns a family by name, nil if the library lacks it.
func (l *Library) Family(name string) *Family {
	for _, f := range l.families {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Families returns the families of the library.
func (l *Library) Families() []*Family { return l.families }

// complete reports whether all four styles are there and hold Vietnamese: of
// the two versions of Liberation in Debian 12 only the second does.
func (f *Family) complete() bool {
	for _, path := range f.paths {
		if _, err := os.Stat(path); err != nil {
			return false
		}
	}
	regular, err := f.face(false, false)
	return err == nil && regular.has("ạảấầẩẫậắằẳẵặđơưừựỹ")
}

func (f *Family) face(bold, italic bool) (*face, error) {
	i := 0
	if bold {
		i++
	}
	if italic {
		i += 2
	}
	f.once[i].Do(func() { f.faces[i], f.errs[i] = openFace(f.paths[i]) })
	return f.faces[i], f.errs[i]
}

// A face is one font file with the outlines and widths used so far.
type face struct {
	font   *sfnt.Font
	em     float64 // font units an em
	mu     sync.Mutex
	buf    sfnt.Buffer
	glyphs map[rune]*glyph
	design *design // of the marks; nil for the font's own
}

// A glyph is an outline in font units, y downwards.
type glyph struct {
	index   sfnt.GlyphIndex
	advance float64
	path    sfnt.Segments
}

func openFace(path string) (*face, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading font: %w", err)
	}
	f, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: not a font we can read: %w", path, err)
	}
	return &face{font: f, em: float64(f.UnitsPerEm()), glyphs: map[rune]*glyph{}}, nil
}

// glyph returns the glyph of a character; index 0 is the font's "missing" box.
func (f *face) glyph(r rune) *glyph {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g := f.glyphs[r]; g != nil {
		return g
	}
	var g *glyph
	if f.design != nil {
		g = f.compose(r)
	}
	if g == nil {
		g = f.load(r)
	}
	f.glyphs[r] = g
	return g
}

// load reads a glyph from the font.
func (f *face) load(r rune) *glyph {
	g := &glyph{}
	ppem := fixed.I(int(f.em))
	index, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return g
	}
	segs, err := f.font.LoadGlyph(&f.buf, index, ppem, nil)
	if err != nil {
		return g
	}
	path := slices.Clone(segs)
	adv, err := f.font.GlyphAdvance(&f.buf, index, ppem, font.HintingNone)
	if err != nil {
		return g
	}
	g.index, g.advance, g.path = index, float64(adv)/64, path
	return g
}

// has reports whether the font can set every character of a text.
func (f *face) has(text string) bool {
	for _, r := range text {
		if f.glyph(r).index == 0 {
			return false
		}
	}
	return true
}
