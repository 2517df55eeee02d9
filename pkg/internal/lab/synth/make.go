package synth

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

// A Maker writes training pages as files.
type Maker struct {
	Composer
	Engine   ocr.Engine
	Readers  []string  // languages to read the pages with
	Commands []Command // other programs that read them
	Dir      string
	Images   bool // also write the page images
}

func pageName(seed uint64, n int) string { return fmt.Sprintf("s%d_%04d", seed, n) }

// Made reports whether a page was made before by Make.
func (m *Maker) Made(seed uint64, n int) bool {
	_, err := os.Stat(filepath.Join(m.Dir, pageName(seed, n)+".meta"))
	return err == nil
}

// Make composes, reads and writes page n of a seed: NAME.gold.txt, for each
// reader NAME.READER.txt and NAME.pairs.READER.tsv, truth and reading line by line,
// and last NAME.meta, so that a page that has it is whole.
func (m *Maker) Make(ctx context.Context, seed uint64, n int) error {
	name := pageName(seed, n)
	s, rng, err := m.Compose(seed, n)
	if err != nil {
		return err
	}
	img := s.Wear.Scan(s.Page, rng)
	var files []File
	add := func(suffix string, data []byte) { files = append(files, File{name + suffix, data}) }
	if m.Images {
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			return err
		}
		add(".png", buf.Bytes())
	}
	add(".gold.txt", []byte(s.Page.RowText()))
	scan := ocr.FromImage(img, int(s.Wear.DPI))
	for _, lang := range m.Readers {
		page, err := m.Engine.Read(ctx, scan, lang)
		if err != nil {
			return fmt.Errorf("reading %s with %s: %w", name, lang, err)
		}
		add("."+lang+".txt", []byte(page.Text()))
		add(".pairs."+lang+".tsv", TSV(PairLines(s.Page, &s.Wear.Placement, page)))
	}
	for _, c := range m.Commands {
		text, err := c.Read(ctx, img, int(s.Wear.DPI))
		if err != nil {
			return fmt.Errorf("reading %s with %s: %w", name, c.Name, err)
		}
		add("."+c.Name+".txt", []byte(text))
		add(".pairs."+c.Name+".tsv", TSV(AlignLines(Lines(s.Page.RowText()), Lines(text))))
	}
	add(".meta", []byte(s.Meta+"\n"))
	for _, f := range files {
		if err := f.Write(m.Dir); err != nil {
			return err
		}
	}
	return nil
}

// Lines returns the lines of a text, or of its pages, that are not empty.
func Lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\f' })
}

// TSV writes pairs one a line, truth and reading with a tab between.
func TSV(pairs []Pair) []byte {
	var b bytes.Buffer
	for _, p := range pairs {
		fmt.Fprintf(&b, "%s\t%s\n", strings.ReplaceAll(p.Gold, "\t", " "), strings.ReplaceAll(p.Read, "\t", " "))
	}
	return b.Bytes()
}

// A File is a file that was made, under its name in some folder.
type File struct {
	Name string
	Data []byte
}

// Write writes the file into a folder.
func (f File) Write(dir string) error { return whole.WriteBytes(filepath.Join(dir, f.Name), f.Data) }
