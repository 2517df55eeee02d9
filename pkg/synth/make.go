package synth

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"github.com/congvan-cli/congvan/pkg/ocr"
)

// A Maker writes training pages as files.
type Maker struct {
	Composer
	Engine  ocr.Engine
	Readers []string // languages to read the pages with
	Dir     string
	Images  bool // also write the page images
}

// Make composes, reads and writes page n of a seed: NAME.gold.txt, NAME.meta,
// and for each reader NAME.LANG.txt and NAME.pairs.LANG.tsv, truth and reading
// line by line. The pairs come last, so a page that has them is whole.
func (m *Maker) Make(ctx context.Context, seed uint64, n int) (name string, err error) {
	name = fmt.Sprintf("s%d_%04d", seed, n)
	s, rng, err := m.Compose(seed, n)
	if err != nil {
		return name, err
	}
	img := s.Wear.Scan(s.Page, rng)
	var files []file
	add := func(suffix string, data []byte) { files = append(files, file{name + suffix, data}) }
	if m.Images {
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			return name, err
		}
		add(".png", buf.Bytes())
	}
	add(".gold.txt", []byte(s.Page.Text()))
	add(".meta", []byte(s.Meta+"\n"))
	scan := ocr.FromImage(img, int(s.Wear.DPI))
	for _, lang := range m.Readers {
		page, err := m.Engine.Read(ctx, scan, lang)
		if err != nil {
			return name, fmt.Errorf("reading %s with %s: %w", name, lang, err)
		}
		add("."+lang+".txt", []byte(page.Text()))
		add(".pairs."+lang+".tsv", tsv(PairLines(s.Page, &s.Wear.Placement, page)))
	}
	for _, f := range files {
		if err := f.write(m.Dir); err != nil {
			return name, err
		}
	}
	return name, nil
}

func tsv(pairs []Pair) []byte {
	var b bytes.Buffer
	for _, p := range pairs {
		fmt.Fprintf(&b, "%s\t%s\n", strings.ReplaceAll(p.Gold, "\t", " "), strings.ReplaceAll(p.Read, "\t", " "))
	}
	return b.Bytes()
}

// file is written beside its final name and renamed.
type file struct {
	name string
	data []byte
}

func (f file) write(dir string) error {
	path := filepath.Join(dir, f.name)
	if err := os.WriteFile(path+".tmp", f.data, 0o666); err != nil {
		return fmt.Errorf("writing %s: %w", f.name, err)
	}
	return os.Rename(path+".tmp", path)
}
