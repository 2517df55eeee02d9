package synth

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"math/rand/v2"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

//go:embed letters/*.letter
var letterFiles embed.FS

// A Letter is one of the project's test letters and how it was scanned.
type Letter struct {
	Name     string // of the files, without ending
	Family   string // typeface
	Size     float64
	Stacked  bool   // marks piled up as Times New Roman has them, see design
	Format   string // png, jpg, tif or pdf; "" if only the text is kept
	Quality  int    // of JPEG
	Wear     Wear
	LastPage *Wear    // of the last page, if it was scanned in another way
	Package  string   // Debian package of the typeface
	Readings []string // data sets of Tesseract that read it
}

// Letters returns the test letters: all kinds of official letter that
// archives are full of, in many typefaces and states.
func Letters() []Letter {
	scan := func(dpi, skew float64, w Wear) Wear {
		w.Placement = Placement{DPI: dpi, Skew: skew, Bend: 0.3, Phase: skew}
		return w
	}
	laser := Wear{Bilevel: true, Spread: 0.1, Rough: 0.3, Blur: 0.9, Noise: 0.04, Threshold: 0.55, Uneven: 0.02, Speckles: 0.2}
	office := Wear{Color: true, Spread: 0.05, Rough: 0.2, Blur: 0.7, Noise: 0.012, Paper: 0.04, Gradient: 0.05}
	fax := laser
	fax.Rough, fax.Blur, fax.Speckles = 0.25, 0.7, 0.8
	thin := laser // toner running out
	thin.Spread, thin.Threshold, thin.Fade, thin.Blotch = -0.08, 0.5, 0.1, 0.05
	fat := laser // a copy of a copy
	fat.Generations, fat.Spread, fat.Speckles = 1, 0.2, 1
	grey := office
	grey.Color = false
	soft := grey // out of focus, no noise: small files
	soft.Blur, soft.Noise, soft.Grain = 1.1, 0, 0
	tired := grey
	tired.Fade, tired.Paper, tired.Bleed, tired.Shadow, tired.Speckles = 0.25, 0.15, 0.1, 0.25, 1
	signed := scan(200, -0.3, office)
	const croscore, texgyre, freefont, noto = "fonts-croscore", "fonts-texgyre", "fonts-freefont-ttf", "fonts-noto-core"
	own := []string{"eng", "vie"}
	french, german, latin := []string{"eng", "vie", "fra"}, []string{"eng", "vie", "deu"}, []string{"eng", "vie", "Latin"}
	return []Letter{
		{Name: "cong-van", Family: "Tinos", Size: 13, Format: "png", Wear: scan(300, 0.5, laser), Package: croscore, Readings: latin},
		{Name: "quyet-dinh", Family: "TeX Gyre Termes", Size: 14, Format: "tif", Wear: scan(300, -0.4, laser), Package: texgyre, Readings: own},
		{Name: "thong-bao", Family: "FreeSerif", Size: 13, Format: "jpg", Quality: 42, Wear: scan(200, 0.8, office), Package: freefont, Readings: own},
		{Name: "to-trinh", Family: "Tinos", Size: 14, Format: "pdf", Quality: 40, Wear: scan(300, 0.3, laser), LastPage: &signed, Package: croscore, Readings: own},
		{Name: "giay-moi", Family: "Arimo", Size: 12.5, Format: "jpg", Quality: 25, Wear: scan(300, -0.7, grey), Package: croscore, Readings: own},
		{Name: "bao-cao", Family: "FreeSerif", Size: 13.5, Format: "png", Wear: scan(200, -0.5, fax), Package: freefont, Readings: french},
		{Name: "ke-hoach", Family: "Noto Serif", Size: 11.5, Format: "jpg", Quality: 38, Wear: scan(200, -0.9, office), Package: noto, Readings: own},
		{Name: "bien-ban", Family: "TeX Gyre Schola", Size: 12.5, Format: "jpg", Quality: 45, Wear: scan(200, 1.2, tired), Package: texgyre, Readings: own},

		{Name: "nghi-quyet", Family: "Tinos", Size: 13.5, Stacked: true, Format: "tif", Wear: scan(200, 0.3, laser), Package: croscore, Readings: german},
		{Name: "chi-thi", Family: "Tinos", Size: 13, Stacked: true, Format: "tif", Wear: scan(200, -0.6, fax), Package: croscore, Readings: latin},
		{Name: "quy-che", Family: "TeX Gyre Termes", Size: 13, Wear: scan(300, 0.2, laser), Package: texgyre, Readings: french},
		{Name: "quy-dinh", Family: "TeX Gyre Bonum", Size: 11.5, Format: "pdf", Wear: scan(200, -0.2, thin), Package: texgyre, Readings: own},
		{Name: "thong-cao", Family: "Arimo", Size: 12, Format: "tif", Wear: scan(200, 0.9, fat), Package: croscore, Readings: german},
		{Name: "huong-dan", Family: "Tinos", Size: 14, Stacked: true, Wear: scan(300, 0.4, laser), Package: croscore, Readings: latin},
		{Name: "chuong-trinh", Family: "Noto Serif", Size: 11.5, Format: "pdf", Wear: scan(200, 0.1, laser), Package: noto, Readings: own},
		{Name: "phuong-an", Family: "TeX Gyre Termes", Size: 13, Stacked: true, Wear: scan(300, -0.8, fax), Package: texgyre, Readings: french},
		{Name: "de-an", Family: "FreeSerif", Size: 13, Format: "tif", Wear: scan(200, 0.6, laser), Package: freefont, Readings: own},
		{Name: "du-an", Family: "Tinos", Size: 13, Stacked: true, Wear: scan(300, -0.3, grey), Package: croscore, Readings: german},
		{Name: "hop-dong", Family: "Tinos", Size: 13, Stacked: true, Format: "pdf", Quality: 30, Wear: scan(200, 0.7, fat), Package: croscore, Readings: own},
		{Name: "cong-dien", Family: "TeX Gyre Termes", Size: 13.5, Format: "tif", Wear: scan(200, -1.1, fax), Package: texgyre, Readings: own},
		{Name: "ban-ghi-nho", Family: "Noto Serif", Size: 11.5, Wear: scan(300, 0.2, grey), Package: noto, Readings: latin},
		{Name: "ban-thoa-thuan", Family: "TeX Gyre Schola", Size: 12.5, Format: "tif", Wear: scan(200, 0.5, thin), Package: texgyre, Readings: own},
		{Name: "giay-uy-quyen", Family: "TeX Gyre Termes", Size: 12.5, Stacked: true, Format: "png", Wear: scan(200, -0.4, laser), Package: texgyre, Readings: own},
		{Name: "giay-gioi-thieu", Family: "Tinos", Size: 14, Format: "jpg", Quality: 20, Wear: scan(150, 0.3, soft), Package: croscore, Readings: own},
		{Name: "giay-nghi-phep", Family: "Tinos", Size: 14, Stacked: true, Format: "png", Wear: scan(200, -0.5, fat), Package: croscore, Readings: own},
		{Name: "phieu-gui", Family: "TeX Gyre Termes", Size: 13.5, Format: "png", Wear: scan(200, 1, laser), Package: texgyre, Readings: own},
		{Name: "phieu-chuyen", Family: "FreeSerif", Size: 13.5, Stacked: true, Format: "png", Wear: scan(200, -0.7, thin), Package: freefont, Readings: own},
		{Name: "phieu-bao", Family: "Arimo", Size: 12, Format: "jpg", Quality: 20, Wear: scan(150, -0.2, soft), Package: croscore, Readings: own},
		{Name: "thu-cong", Family: "TeX Gyre Schola", Size: 13, Wear: scan(300, 0.6, grey), Package: texgyre, Readings: french},
		{Name: "sao-y", Family: "Cousine", Size: 10.5, Format: "tif", Wear: scan(200, 0.4, fat), Package: croscore, Readings: german},
		{Name: "cong-van-tay-nam", Family: "Tinos", Size: 13, Wear: scan(200, -0.3, office), Package: croscore, Readings: latin},
		{Name: "bien-ban-hop", Family: "FreeSerif", Size: 13, Wear: scan(300, -0.2, tired), Package: freefont, Readings: own},
	}
}

// Scan wears the pages down, the same way every time, and returns the
// resolution of each.
func (l *Letter) Scan(pages []*Page) (scans []image.Image, dpis []float64) {
	for i, p := range pages {
		w := l.Wear
		if i == len(pages)-1 && l.LastPage != nil {
			w = *l.LastPage
		}
		w.Skew += 0.15 * float64(i)
		scans = append(scans, w.Scan(p, rand.New(rand.NewPCG(uint64(40+len(l.Name)), uint64(i)))))
		dpis = append(dpis, w.DPI)
	}
	return scans, dpis
}

// Make typesets the letter and returns its files: the truth NAME.txt with a form
// feed between pages, the fields NAME.json, and the scan, unless the letter
// keeps none. A letter in a format without pages must fit one.
func (l *Letter) Make(lib *Library) ([]File, error) {
	pages, err := l.Typeset(lib)
	if err != nil {
		return nil, err
	}
	fields, err := l.Fields()
	if err != nil {
		return nil, err
	}
	files := []File{{l.Name + ".txt", truth(pages)}, {l.Name + ".json", fields.json()}}
	if l.Format == "" {
		return files, nil
	}
	data, err := l.encode(l.Scan(pages))
	if err != nil {
		return nil, fmt.Errorf("letter %s: %w", l.Name, err)
	}
	return append(files, File{l.Name + "." + l.Format, data}), nil
}

// Images returns the pages of the letter as a reader gets them: for a letter in
// a format without pages, with what the compression left.
func (l *Letter) Images(lib *Library) ([]ocr.Image, error) {
	pages, err := l.Typeset(lib)
	if err != nil {
		return nil, err
	}
	scans, dpis := l.Scan(pages)
	if l.Format == "png" || l.Format == "jpg" {
		data, err := l.encode(scans, dpis)
		return []ocr.Image{{Data: data, DPI: int(dpis[0])}}, err
	}
	var out []ocr.Image
	for i, scan := range scans {
		out = append(out, ocr.FromImage(scan, int(dpis[i])))
	}
	return out, nil
}

// truth returns the text of the pages, a form feed between them.
func truth(pages []*Page) []byte {
	var text bytes.Buffer
	for i, p := range pages {
		if i > 0 {
			text.WriteByte('\f')
		}
		text.WriteString(p.Text())
	}
	return text.Bytes()
}

func (l *Letter) encode(scans []image.Image, dpis []float64) ([]byte, error) {
	if len(scans) > 1 && (l.Format == "png" || l.Format == "jpg") {
		return nil, fmt.Errorf("it takes %d pages, its format holds one", len(scans))
	}
	dpi := dpis[0]
	switch l.Format {
	case "png":
		return encodePNG(scans[0], dpi, l.Wear.Bilevel)
	case "jpg":
		return encodeJPEG(scans[0], dpi, l.Quality)
	case "tif":
		return encodeTIFF(scans, dpi), nil
	case "pdf":
		return encodePDF(scans, dpis, l.Quality)
	}
	return nil, fmt.Errorf("unknown format %q", l.Format)
}
