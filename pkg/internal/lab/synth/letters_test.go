package synth

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const lettersDir = "../../../../testdata/letters"

// The committed letters are what this package makes. Encoders of other Go
// versions may pack the same pixels in other bytes, and other processors may
// round differently, so the truth is compared by bytes and the scans by eye:
// size, and pixels up to a little noise.
func TestLettersAreCommitted(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	lib := library(t)
	total := 0
	for _, l := range Letters() {
		t.Run(l.Name, func(t *testing.T) {
			if lib.Family(l.Family) == nil {
				t.Skipf("SKIPPED: %s is not installed (Debian package %s)", l.Family, l.Package)
			}
			files, err := l.Files(lib)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				want, err := os.ReadFile(filepath.Join(lettersDir, f.Name))
				if err != nil {
					t.Fatal(err)
				}
				total += len(want)
				if bytes.Equal(f.Data, want) {
					continue
				}
				if strings.HasSuffix(f.Name, ".txt") {
					t.Errorf("%s differs from the committed one; go generate renews it", f.Name)
				} else if err := similar(f.Data, want); err != nil {
					t.Errorf("%s: %v; go generate renews it", f.Name, err)
				}
			}
		})
	}
	if total > 4<<20 {
		t.Errorf("the letters take %d bytes, more than 4 MB", total)
	}
}

// similar compares two scans by their mean difference; formats that the
// standard library does not decode by their length.
func similar(got, want []byte) error {
	a, _, err := image.Decode(bytes.NewReader(got))
	b, _, err2 := image.Decode(bytes.NewReader(want))
	if err != nil || err2 != nil {
		if d := float64(len(got)) / float64(len(want)); d < 0.95 || d > 1.05 {
			return fmt.Errorf("%d bytes, committed are %d", len(got), len(want))
		}
		return nil
	}
	if a.Bounds() != b.Bounds() {
		return fmt.Errorf("size %v, committed is %v", a.Bounds(), b.Bounds())
	}
	sum, n := 0, 0
	for y := 0; y < a.Bounds().Dy(); y += 7 {
		for x := 0; x < a.Bounds().Dx(); x += 7 {
			d := int(color.GrayModel.Convert(a.At(x, y)).(color.Gray).Y) - int(color.GrayModel.Convert(b.At(x, y)).(color.Gray).Y)
			sum, n = sum+max(d, -d), n+1
		}
	}
	if mean := float64(sum) / float64(n); mean > 2 {
		return fmt.Errorf("pixels differ by %.1f on average", mean)
	}
	return nil
}

func TestLettersHoldWhatTheyPromise(t *testing.T) {
	var all strings.Builder
	formats := map[string]int{}
	for _, l := range Letters() {
		formats[l.Format]++
		truth, err := os.ReadFile(filepath.Join(lettersDir, l.Name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		text := string(truth)
		if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) {
			t.Errorf("%s.txt is not NFC", l.Name)
		}
		// The source of the letter, word by word, is in the truth.
		src, err := letterFiles.ReadFile("letters/" + l.Name + ".letter")
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(string(src), "\n\n")
		for _, w := range strings.Fields(strings.NewReplacer("**", "", "\u00a0", " ").Replace(body)) {
			if strings.Trim(w, "=#~>|-") != "" && !strings.Contains(text, w) {
				t.Errorf("%s.txt lacks %q", l.Name, w)
			}
		}
		for _, part := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: ", "Nơi nhận:", "- Lưu: "} {
			if !strings.Contains(text, part) {
				t.Errorf("%s.txt lacks %q", l.Name, part)
			}
		}
		all.WriteString(text)
	}
	if len(Letters()) < 8 || formats["tif"] != 1 || formats["pdf"] != 1 || formats["png"] == 0 || formats["jpg"] == 0 {
		t.Errorf("%d letters in formats %v", len(Letters()), formats)
	}
	// What restoring must leave alone or tell apart is there to test with.
	for _, want := range []string{
		"/NĐ-CP", "UBND", "HĐND", "đ) ", "(iii)", "@", "https://", "0255.3712.468", "18.750.000.000", "22/3/2024",
		"Dublin Core", "Jean-Pierre Moreau", "65%", "“", "Ê Đê", "Y Bhăm Niê", "COVID-19", "\f",
	} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no letter holds %q", want)
		}
	}
}

func TestLetterScansAreScans(t *testing.T) {
	open := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(lettersDir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	bw, err := png.Decode(bytes.NewReader(open("cong-van.png")))
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := bw.(*image.Paletted); !ok || len(p.Palette) != 2 {
		t.Errorf("cong-van.png is a %T, not black and white", bw)
	}
	colour, err := jpeg.Decode(bytes.NewReader(open("thong-bao.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	red := 0
	for y := range colour.Bounds().Dy() {
		for x := range colour.Bounds().Dx() {
			if r, g, b, _ := colour.At(x, y).RGBA(); r > 0x8000 && g < 0x7000 && b < 0x7000 {
				red++
			}
		}
	}
	if red < 2000 {
		t.Errorf("thong-bao.jpg has %d red pixels; its stamp needs more", red)
	}
	if n := bytes.Count(open("to-trinh.pdf"), []byte("/Subtype /Image")); n != 2 {
		t.Errorf("to-trinh.pdf has %d images, want 2", n)
	}
}

// A reader gets a clean print right: the letters are drawn as they should be.
func TestCleanLetterIsReadable(t *testing.T) {
	tesseract, err := exec.LookPath("tesseract")
	if err != nil {
		t.Skip("SKIPPED: the tesseract program is not installed")
	}
	if langs, err := exec.Command(tesseract, "--list-langs").CombinedOutput(); err != nil || !strings.Contains(string(langs), "vie") {
		t.Skip("SKIPPED: Tesseract has no Vietnamese data")
	}
	lib := library(t)
	l := Letters()[0]
	if lib.Family(l.Family) == nil {
		t.Skipf("SKIPPED: %s is not installed (Debian package %s)", l.Family, l.Package)
	}
	pages, err := l.Typeset(lib)
	if err != nil {
		t.Fatal(err)
	}
	page := pages[0]
	page.marks = nil // a signature over the name is no clean print
	page.glyphs = clean(page.glyphs)
	w := Wear{Placement: Placement{DPI: 200}}
	data, err := encodePNG(w.Scan(page, rand.New(rand.NewPCG(1, 1))), 200, false)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), tesseract, "stdin", "stdout", "-l", "vie")
	cmd.Stdin, cmd.Env = bytes.NewReader(data), append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	pairs := AlignLines(strings.Split(page.RowText(), "\n"), strings.Split(string(out), "\n"))
	wrong, all := 0, len([]rune(page.RowText()))
	covered := 0
	for _, p := range pairs {
		g, r := joinLines([]string{p.Gold}), joinLines([]string{p.Read})
		for _, s := range align(g, r) {
			if s.g < 0 || s.r < 0 || g.text[s.g] != r.text[s.r] {
				wrong++
			}
		}
		covered += len(g.text)
	}
	if acc := 1 - float64(wrong+all-covered)/float64(all); acc < 0.97 {
		t.Errorf("Tesseract reads %.3f of the characters, want 0.97:\n%s", acc, out)
	} else {
		t.Logf("Tesseract reads %.4f of the characters", acc)
	}
}

func clean(glyphs []placedGlyph) []placedGlyph {
	var out []placedGlyph
	for _, g := range glyphs {
		if g.ink == inkBlack {
			out = append(out, g)
		}
	}
	return out
}
