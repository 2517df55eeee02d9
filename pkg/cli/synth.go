package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/internal/lab/synth"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// synthOptions are the flags of "congvan synth".
type synthOptions struct {
	texts        []string // FILE or FILE=WEIGHT
	out          string
	pages, first int
	seed         uint64
	readers      []string
	programs     []string // NAME=PROGRAM ARG…
	commands     []synth.Command
	fontDirs     []string
	exclude      []string
	only         []string
	images       bool
	with         []string
	jobs         int
	tessdata     string
}

func newSynthCmd(std *Streams, run func(context.Context, *Streams, synthOptions) error) *cobra.Command {
	o := synthOptions{pages: 10, seed: 1, readers: []string{"eng", "vie"}, fontDirs: synth.FontDirs, jobs: runtime.NumCPU()}
	cmd := &cobra.Command{
		Use:   "synth --text FILE[=WEIGHT]... --out DIR",
		Short: "Make worn training pages and what readers make of them",
		Long: `Synth sets Vietnamese text in the fonts of this system as pages of letters,
wears them down as print, copies, fax and scanners do, reads them with Tesseract
and pairs the lines with the truth. "congvan train channel" learns from the
pairs.

For every page it writes NAME.gold.txt (the truth), NAME.READER.txt (a reading),
NAME.pairs.READER.tsv (truth, tab, reading, a line each) and NAME.meta (typeface,
size, state, layout, text). A reader is a language of Tesseract or the name of
another program. Pages follow from the seed and their number: a
second run makes what is missing.

Exit status: 0 done; 1 the run failed; 4 mistake on the command line; 5
Tesseract's data missing; 130 interrupted.`,
		Example: `  congvan synth --text legal.txt=6 --text news.txt=4 --pages 300 --out pages/
  congvan synth --text news.txt --fonts-only "DejaVu Serif" --out heldout/
  congvan synth --text legal.txt --with stamp,overlay --images --readers= --out today/
  congvan synth --text news.txt --readers fra --program "ocrad=ocrad -F utf8 {}" --out pages/`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return run(cmd.Context(), std, o)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.texts, "text", nil, "UTF-8 text to set, a paragraph a line; =WEIGHT says how often it is taken against the others")
	f.StringVarP(&o.out, "out", "o", "", "folder for the pages")
	f.IntVar(&o.pages, "pages", o.pages, "how many pages")
	f.IntVar(&o.first, "first", 0, "number of the first page")
	f.Uint64Var(&o.seed, "seed", o.seed, "what everything random follows from")
	f.StringSliceVar(&o.readers, "readers", o.readers, "who reads: eng, vie, or other languages of Tesseract; empty for nobody")
	f.StringArrayVar(&o.programs, "program", nil, "another OCR program that reads, as NAME=PROGRAM ARG…; {} stands for the image, a PGM, {dpi} for its resolution; it writes text to standard output")
	f.StringSliceVar(&o.exclude, "fonts-exclude", nil, "typefaces to leave out")
	f.StringSliceVar(&o.only, "fonts-only", nil, "typefaces to use, leaving out all others")
	f.StringSliceVar(&o.fontDirs, "font-dir", o.fontDirs, "where fonts are")
	f.BoolVar(&o.images, "images", false, "also write the page images, NAME.png")
	f.StringSliceVar(&o.with, "with", nil, "what every page bears: "+strings.Join(synth.Extras, ", "))
	f.IntVarP(&o.jobs, "jobs", "j", o.jobs, "pages made at a time")
	f.StringVar(&o.tessdata, "tessdata", "", "folder with Tesseract's trained data (default: where packages put it)")
	cmd.AddCommand(newSynthLettersCmd(std), newSynthAlignCmd(std))
	return cmd
}

func (o *synthOptions) check() error {
	switch {
	case len(o.texts) == 0:
		return usageErrorf("no text: say --text FILE")
	case o.out == "":
		return usageErrorf("no output: say --out DIR")
	case o.pages < 1:
		return usageErrorf("--pages must be at least 1")
	case o.first < 0:
		return usageErrorf("--first must not be negative")
	case o.jobs < 1:
		return usageErrorf("--jobs must be at least 1")
	}
	for _, name := range o.with {
		if !slices.Contains(synth.Extras, name) {
			return usageErrorf("--with %s: expected %s", name, strings.Join(synth.Extras, ", "))
		}
	}
	for _, p := range o.programs {
		c, err := synth.ParseCommand(p)
		if err != nil {
			return usageErrorf("--program: %v", err)
		}
		o.commands = append(o.commands, c)
	}
	for _, name := range append(slices.Clone(o.exclude), o.only...) {
		if !slices.ContainsFunc(synth.FamilyNames(), func(f string) bool { return strings.EqualFold(f, name) }) {
			return usageErrorf("unknown typeface %q: expected %s", name, strings.Join(synth.FamilyNames(), ", "))
		}
	}
	return nil
}

// sources opens the texts. A weight is what follows the last "=".
func (o *synthOptions) sources() ([]*synth.Source, error) {
	var out []*synth.Source
	for _, t := range o.texts {
		path, weight := t, 1.0
		if i := strings.LastIndexByte(t, '='); i >= 0 {
			if w, err := strconv.ParseFloat(t[i+1:], 64); err == nil && w > 0 {
				path, weight = t[:i], w
			}
		}
		s, err := synth.NewSource(path, weight)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (o *synthOptions) library() (*synth.Library, error) {
	exclude := o.exclude
	if len(o.only) > 0 {
		for _, f := range synth.FamilyNames() {
			if !slices.ContainsFunc(o.only, func(x string) bool { return strings.EqualFold(x, f) }) {
				exclude = append(exclude, f)
			}
		}
	}
	lib, err := synth.OpenLibrary(o.fontDirs, exclude...)
	return lib, fontError(err)
}

func fontError(err error) error {
	if errors.Is(err, synth.ErrNoFonts) {
		return &StatusError{Status: ExitFailed, Err: err, Hint: "install fonts-croscore, fonts-freefont-ttf, fonts-texgyre and fonts-noto-core, or point --font-dir at fonts"}
	}
	return err
}

// runSynth makes the pages that are not there yet.
func runSynth(ctx context.Context, std *Streams, o synthOptions) error {
	sources, err := o.sources()
	if err != nil {
		return err
	}
	lib, err := o.library()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return fmt.Errorf("making the output folder: %w", err)
	}
	m := &synth.Maker{
		Composer: synth.Composer{Library: lib, Sources: sources, With: o.with},
		Readers:  o.readers, Commands: o.commands, Dir: o.out, Images: o.images,
	}
	if len(o.readers) > 0 {
		pool, err := readerPool(o.tessdata, o.jobs, o.readers)
		if err != nil {
			return err
		}
		defer pool.Close()
		m.Engine = pool
	}
	var made atomic.Int64
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(o.jobs)
	for n := o.first; n < o.first+o.pages && gctx.Err() == nil; n++ {
		if m.Made(o.seed, n) {
			continue
		}
		g.Go(func() error {
			if err := m.Make(gctx, o.seed, n); err != nil {
				return err
			}
			if k := made.Add(1); k%10 == 0 {
				fmt.Fprintf(std.Err, "congvan: %d pages made\n", k)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	fmt.Fprintf(std.Err, "congvan: %d pages made, %d were there\n", made.Load(), int64(o.pages)-made.Load())
	return ctx.Err()
}

// readerPool starts readers; languages are checked before anything is read.
func readerPool(tessdata string, jobs int, langs []string) (*ocr.Pool, error) {
	data, err := readerData(tessdata, langs...)
	if err != nil {
		return nil, err
	}
	command, err := workerCommand(data, imaging.None, false)
	if err != nil {
		return nil, err
	}
	return ocr.NewPool(ocr.PoolOptions{Command: command, Jobs: jobs, Timeout: time.Hour}), nil
}

// newSynthLettersCmd makes the test letters of this project.
func newSynthLettersCmd(std *Streams) *cobra.Command {
	var out, tessdata string
	fontDirs := synth.FontDirs
	cmd := &cobra.Command{
		Use:   "letters --out DIR [NAME...]",
		Short: "Make the test letters of testdata/letters",
		Long: `Letters typesets and scans the letters that the tests of this project use, or
only the named ones: the scan, its truth NAME.txt with a form feed between
pages, its fields NAME.json, and what Tesseract reads with several data sets,
NAME.eng.txt and others. The same fonts and the same Tesseract give the same
bytes.

Exit status: 0 done; 1 the run failed, as when a font is missing; 4 mistake on
the command line; 5 Tesseract's data missing.`,
		Example: "  congvan synth letters --out testdata/letters",
		RunE: func(cmd *cobra.Command, names []string) error {
			if out == "" {
				return usageErrorf("no output: say --out DIR")
			}
			letters, err := namedLetters(names)
			if err != nil {
				return err
			}
			return runSynthLetters(cmd.Context(), std, letters, out, fontDirs, tessdata)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "folder for the letters")
	f.StringSliceVar(&fontDirs, "font-dir", fontDirs, "where fonts are")
	f.StringVar(&tessdata, "tessdata", "", "folder with Tesseract's trained data (default: where packages put it)")
	return cmd
}

// namedLetters returns the letters of these names, all for none.
func namedLetters(names []string) ([]synth.Letter, error) {
	all := synth.Letters()
	if len(names) == 0 {
		return all, nil
	}
	var out []synth.Letter
	for _, name := range names {
		i := slices.IndexFunc(all, func(l synth.Letter) bool { return l.Name == name })
		if i < 0 {
			return nil, usageErrorf("no letter is named %q", name)
		}
		out = append(out, all[i])
	}
	return out, nil
}

func runSynthLetters(ctx context.Context, std *Streams, letters []synth.Letter, out string, fontDirs []string, tessdata string) error {
	lib, err := synth.OpenLibrary(fontDirs)
	if err != nil {
		return fontError(err)
	}
	var langs []string
	for _, l := range letters {
		langs = append(langs, l.Readings...)
	}
	slices.Sort(langs)
	pool, err := readerPool(tessdata, 1, slices.Compact(langs))
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := os.MkdirAll(out, 0o777); err != nil {
		return fmt.Errorf("making the output folder: %w", err)
	}
	for _, l := range letters {
		files, err := l.Make(lib)
		if err != nil {
			return fontError(err)
		}
		readings, err := readLetter(ctx, pool, &l, lib)
		if err != nil {
			return err
		}
		for _, f := range append(files, readings...) {
			if err := f.Write(out); err != nil {
				return err
			}
			fmt.Fprintf(std.Err, "%9d %s\n", len(f.Data), filepath.Join(out, f.Name))
		}
	}
	return nil
}

// readLetter returns what readers make of a letter, a file a reader.
func readLetter(ctx context.Context, pool *ocr.Pool, l *synth.Letter, lib *synth.Library) ([]synth.File, error) {
	images, err := l.Images(lib)
	if err != nil {
		return nil, err
	}
	var files []synth.File
	for _, lang := range l.Readings {
		var pages []string
		for i, image := range images {
			page, err := pool.Read(ctx, image, lang)
			if err != nil {
				return nil, fmt.Errorf("reading letter %s, page %d, with %s: %w", l.Name, i+1, lang, err)
			}
			pages = append(pages, page.Text())
		}
		files = append(files, synth.File{Name: l.Name + "." + lang + ".txt", Data: []byte(strings.Join(pages, "\f"))})
	}
	return files, nil
}

// newSynthAlignCmd pairs texts that are there already.
func newSynthAlignCmd(std *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "align GOLD READ",
		Short: "Pair the lines of a page's truth with those of its reading",
		Long: `Align finds which lines of a reading stand for which lines of the truth, however
the reader broke or joined them, and prints truth, tab, reading. Lines that one
of them lacks are left out.

Exit status: 0 done; 1 a file could not be read; 4 mistake on the command line.`,
		Example: "  congvan synth align page.gold.txt page.eng.txt > page.pairs.eng.tsv",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageErrorf("align needs two files, the truth and the reading")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var lines [2][]string
			for i, path := range args {
				data, err := os.ReadFile(path)
				if err != nil {
					return fmt.Errorf("reading text: %w", err)
				}
				lines[i] = synth.Lines(string(data))
			}
			_, err := std.Out.Write(synth.TSV(synth.AlignLines(lines[0], lines[1])))
			return err
		},
	}
}
