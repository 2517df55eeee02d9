package document

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
)

// pdfPages are the pages of a PDF. What poppler says about them is asked for
// in runs of infoRun pages, and the last few runs are kept.
type pdfPages struct {
	d     *Document
	file  string // what is read: the document, or what qpdf made of it
	dir   string // of that; empty if there is none
	n     int
	first map[int]pdftools.Size // of the first run, by page from 1

	mu   sync.Mutex
	runs map[int]*pdfRun // by first page / infoRun
	old  []int           // keys of runs, oldest first
}

// infoRun is how many pages one call of pdfinfo and pdfimages covers: enough
// to make their start-up cheap, few enough to answer at once.
const (
	infoRun  = 32
	keepRuns = 4
)

type pdfRun struct {
	once  sync.Once
	pages []pdfPage
	err   error

	textOnce sync.Once
	texts    []*ocr.Page // nil: not to be had in one go
}

// pdfPage is a page as pdfinfo and pdfimages describe it.
type pdfPage struct {
	pdftools.Size
	images []pdftools.Image
}

// missing reports whether poppler finds no such page: any other has a size.
func (g pdfPage) missing() bool { return g.Width == 0 || g.Height == 0 }

func openPDF(ctx context.Context, d *Document) (pages, error) {
	p := &pdfPages{d: d, file: d.path, runs: map[int]*pdfRun{}}
	first, err := p.start(ctx)
	if !errors.Is(err, errEncrypted) && ctx.Err() == nil && (err != nil && (errors.Is(err, errNoPages) || fault.ClassOf(err) == fault.Other) || lacks(first)) {
		if info, e := p.mend(ctx); e == nil {
			first, err = info, nil
		}
	}
	switch {
	case errors.Is(err, errEncrypted):
		return nil, d.fail(0, fault.Encrypted, err, "remove the password: qpdf --decrypt --password=… in.pdf out.pdf")
	case errors.Is(err, errNoPages):
		return p, nil // of which Open makes an error
	case err != nil && fault.ClassOf(err) == fault.Other:
		return nil, d.fail(0, fault.Damaged, fmt.Errorf("damaged PDF, and qpdf cannot mend it: %w", err), "copy or export it again")
	case err != nil:
		return nil, err
	}
	p.n, p.first = first.Pages, first.Sizes
	return p, nil
}

// start asks about the document, and the first run of its pages.
func (p *pdfPages) start(ctx context.Context) (pdftools.Info, error) {
	info, err := pdftools.AskInfo(ctx, p.file, pdftools.Pages{First: 1, Last: infoRun}, p.d.opts.Timeout)
	return info, popplerError(err)
}

// lacks reports whether pages are counted that are not there.
func lacks(info pdftools.Info) bool {
	for n := 1; n <= min(info.Pages, infoRun); n++ {
		if (pdfPage{Size: info.Sizes[n]}).missing() {
			return true
		}
	}
	return false
}

// mend has qpdf write a damaged file anew. That is read from now on, if poppler finds
// nothing wrong with it.
func (p *pdfPages) mend(ctx context.Context) (info pdftools.Info, err error) {
	if p.dir, err = os.MkdirTemp("", "congvan-"); err != nil {
		return info, err
	}
	defer func() {
		if err != nil {
			p.close()
			p.dir, p.file = "", p.d.path
		}
	}()
	p.file = filepath.Join(p.dir, "mended.pdf")
	if err = pdftools.Mend(ctx, p.d.path, p.file); err != nil {
		return info, err
	}
	if info, err = p.start(ctx); err == nil && lacks(info) {
		err = errNoPages
	}
	return info, err
}

func (p *pdfPages) count() int { return p.n }
func (p *pdfPages) close() error {
	if p.dir == "" {
		return nil
	}
	return os.RemoveAll(p.dir)
}

// page returns what is known about a page.
func (p *pdfPages) page(ctx context.Context, page int) (pdfPage, error) {
	for {
		r := p.run(page / infoRun)
		r.once.Do(func() { r.pages, r.err = p.ask(ctx, page/infoRun*infoRun) })
		if r.err != nil {
			p.forget(page/infoRun, r)
			if ctx.Err() == nil && errors.Is(r.err, context.Canceled) {
				continue // it was another caller's context
			}
			return pdfPage{}, r.err
		}
		return r.pages[page%infoRun], nil
	}
}

func (p *pdfPages) run(key int) *pdfRun {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.runs[key]
	if r == nil {
		if len(p.old) >= keepRuns {
			delete(p.runs, p.old[0])
			p.old = p.old[1:]
		}
		r = &pdfRun{}
		p.runs[key] = r
		p.old = append(p.old, key)
	}
	return r
}

func (p *pdfPages) forget(key int, r *pdfRun) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.runs[key] == r {
		p.runs[key] = &pdfRun{}
	}
}

// ask describes the pages from first on.
func (p *pdfPages) ask(ctx context.Context, first int) ([]pdfPage, error) {
	out := make([]pdfPage, min(infoRun, p.n-first))
	span := pdftools.Pages{First: first + 1, Last: first + len(out)}
	sizes := p.first
	if first > 0 {
		info, err := pdftools.AskInfo(ctx, p.file, span, p.d.opts.Timeout)
		if err != nil {
			return nil, popplerError(err)
		}
		sizes = info.Sizes
	}
	for i := range out {
		out[i].Size = sizes[span.First+i]
	}
	err := pdftools.AskImages(ctx, p.file, span, p.d.opts.Timeout, func(page int, m pdftools.Image) {
		if i := page - span.First; i >= 0 && i < len(out) && len(out[i].images) < maxListed {
			out[i].images = append(out[i].images, m)
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil { // no list of images: the pages will be drawn
		for i := range out {
			out[i].images = nil
		}
	}
	return out, nil
}

// maxListed images are enough to see that a page is not one scan.
const maxListed = 1000

// scan returns the index of the image that is the whole page, and whether
// there is one: it fills the crop box, and what else there is (a stamp of the
// archive, a watermark) is small.
func (g pdfPage) scan() (int, bool) {
	const off = 0.03 // of the side
	best, others := -1, 0.0
	for i, m := range g.images {
		if m.XPPI <= 0 || m.YPPI <= 0 {
			return 0, false
		}
		w, h := 72*float64(m.Width)/m.XPPI, 72*float64(m.Height)/m.YPPI
		fills := near(w, g.Width, off) && near(h, g.Height, off) || near(w, g.Height, off) && near(h, g.Width, off)
		if fills && m.Kind == "image" && best < 0 {
			best = i
		} else {
			others += w * h
		}
	}
	return best, best >= 0 && others < 0.1*g.Width*g.Height
}

func near(a, b, off float64) bool { return math.Abs(a-b) <= off*b }

func (p *pdfPages) image(ctx context.Context, page int) (*Image, error) {
	var damage error
	img, err := p.see(ctx, page, &damage)
	if img != nil && damage != nil {
		img.Damage = p.pageError(page, damage)
	}
	return img, err
}

// see makes the image of a page, and damage what is wrong with its data.
func (p *pdfPages) see(ctx context.Context, page int, damage *error) (*Image, error) {
	g, err := p.page(ctx, page)
	if err != nil {
		return nil, err
	}
	if g.missing() {
		return nil, p.d.fail(page+1, fault.Damaged, errors.New("damaged PDF: the page is counted, and cannot be found"), "copy or export it again")
	}
	if i, ok := g.scan(); ok {
		m, err := p.extract(ctx, page, g, i, damage)
		if err != nil || m != nil {
			return m, err
		}
		return p.drawScan(ctx, page, g, i, damage)
	}
	return p.draw(ctx, page, g, p.resolution(ctx, page, g), damage)
}

// shown draws a page that is one scan with all that is printed over it.
func (p *pdfPages) shown(ctx context.Context, page int) (*Image, error) {
	g, err := p.page(ctx, page)
	if err != nil {
		return nil, err
	}
	i, _ := g.scan()
	return p.drawScan(ctx, page, g, i, new(error))
}

// drawScan draws a page at the resolution of the scan that it shows.
func (p *pdfPages) drawScan(ctx context.Context, page int, g pdfPage, scan int, damage *error) (*Image, error) {
	return p.draw(ctx, page, g, int(math.Round(max(g.images[scan].XPPI, g.images[scan].YPPI))), damage)
}

// resolution is that at which a page is drawn that is not one scan: that of its
// images where they are most of what it shows, for there is nothing finer to see,
// and a poster drawn at 300 dpi takes gigabytes.
func (p *pdfPages) resolution(ctx context.Context, page int, g pdfPage) int {
	finest, area := 0.0, 0.0
	for _, m := range g.images {
		if m.XPPI <= 0 || m.YPPI <= 0 {
			return p.d.opts.DPI
		}
		finest = max(finest, m.XPPI, m.YPPI)
		area += 72 * 72 * float64(m.Width) / m.XPPI * float64(m.Height) / m.YPPI
	}
	if area < g.Width*g.Height/2 || finest >= float64(p.d.opts.DPI) {
		return p.d.opts.DPI
	}
	if text, err := p.words(ctx, page, g); err != nil || len(text.Lines) > 0 {
		return p.d.opts.DPI
	}
	return int(math.Round(finest))
}

// draw renders a page. A sheet too large for MaxPixels is drawn more coarsely
// as long as its letters stay readable.
func (p *pdfPages) draw(ctx context.Context, page int, g pdfPage, dpi int, damage *error) (*Image, error) {
	dpi = min(max(dpi, 150), 600)
	const coarsest = 100
	for area := g.Width * g.Height / (72 * 72); dpi > coarsest && area*float64(dpi*dpi) > float64(p.d.opts.MaxPixels); {
		dpi -= 10
	}
	w, h := int(g.Width/72*float64(dpi)), int(g.Height/72*float64(dpi))
	if err := p.d.checkSize(page, max(w, 1), max(h, 1)); err != nil {
		return nil, err
	}
	m, err := p.render(ctx, page, g, dpi, false, damage)
	if err != nil {
		return nil, err
	}
	return &Image{Image: normal(m), DPI: dpi}, nil
}

func (p *pdfPages) render(ctx context.Context, page int, g pdfPage, dpi int, gray bool, damage *error) (m image.Image, err error) {
	n := strconv.Itoa(page + 1)
	options := []string{"-f", n, "-l", n, "-singlefile", "-r", strconv.Itoa(dpi)}
	if gray {
		options = append(options, "-gray")
	}
	if !g.Uncropped {
		options = append(options, "-cropbox")
	}
	err = p.poppler(ctx, pdftools.Cmd{Program: "pdftoppm", Options: options, Use: func(r io.Reader) error {
		m, err = decodePNM(r, func(w, h int) error { return p.d.checkSize(page, w, h) })
		if err != nil && !errors.As(err, new(*fault.Error)) {
			err = fmt.Errorf("the page cannot be drawn: %w", err)
		}
		return err
	}}, damage)
	if err != nil {
		return nil, p.pageError(page, err)
	}
	return m, nil
}

func (p *pdfPages) pageError(page int, err error) error {
	if fault.ClassOf(err) != fault.Other {
		return err
	}
	return p.d.fail(page+1, fault.Damaged, fmt.Errorf("damaged PDF: %w", err), "")
}

// extract takes the image that is the whole page out of the file, at its own
// resolution. It returns nil if that is not what the page shows: its image is
// turned in a way we do not follow, or text has been put over it.
func (p *pdfPages) extract(ctx context.Context, page int, g pdfPage, index int, damage *error) (*Image, error) {
	listed := g.images[index]
	if err := p.d.checkSize(page, listed.Width, listed.Height); err != nil {
		return nil, err
	}
	m, err := p.take(ctx, page, index, listed)
	if err != nil || m == nil {
		return nil, err
	}
	view, err := p.render(ctx, page, g, viewDPI, true, damage)
	if err != nil {
		return nil, err
	}
	gray, ok := view.(*image.Gray)
	if !ok {
		return nil, nil
	}
	o, differ, ok := matchView(m, gray)
	over := &ocr.Page{}
	if ok && len(differ) > 0 {
		over, ok, err = p.explained(ctx, page, g, differ)
	}
	if err != nil || !ok {
		return nil, err
	}
	img := &Image{Image: o.apply(m), DPI: int(math.Round(listed.YPPI))}
	if len(over.Lines)+len(over.Regions) > 0 {
		over.Size = image.Pt(toPixels(g.Width), toPixels(g.Height))
		if g.Rotate == 90 || g.Rotate == 270 {
			over.Size.X, over.Size.Y = over.Size.Y, over.Size.X
		}
		over = over.Resize(img.Bounds().Size())
		img.Over, img.Regions = over.Lines, over.Regions
	}
	return img, nil
}

// explained reports whether what a page shows beside its scan is known without it: lines
// of text, which it returns, a watermark, of which it returns the region, and the small images listed with it. What an
// earlier reader made of the scan lies under it and shows nowhere, or only where another
// line is printed over it.
func (p *pdfPages) explained(ctx context.Context, page int, g pdfPage, differ []image.Rectangle) (over *ocr.Page, ok bool, err error) {
	text, err := p.words(ctx, page, g)
	if err != nil {
		return nil, false, err
	}
	over = &ocr.Page{}
	marks := watermarks(text)
	var mark image.Rectangle    // in pixels of the text layer
	var shown []image.Rectangle // words, in pixels of the view
	for i, l := range text.Lines {
		var boxes []image.Rectangle
		marked := false
		for j, w := range l.Words {
			boxes = append(boxes, inView(w.Box))
			marked = marked || marks[place{i, j}]
		}
		switch {
		case marked:
			for _, b := range boxes { // letters aslant hang out of theirs
				shown = append(shown, b.Inset(-b.Dy()/3))
			}
			mark = mark.Union(l.Box.Inset(-l.Box.Dy() / 3))
		case covered(l.Box, differ):
			shown, over.Lines = append(shown, boxes...), append(over.Lines, l)
		}
	}
	for _, block := range differ {
		if !slices.ContainsFunc(shown, block.Overlaps) && (len(g.images) < 2 || slices.ContainsFunc(text.Lines, func(l ocr.Line) bool { return inView(l.Box).Overlaps(block) })) {
			return nil, false, nil
		}
	}
	if mark = mark.Intersect(image.Rectangle{Max: text.Size}); slices.ContainsFunc(differ, inView(mark).Overlaps) {
		over.Regions = []ocr.Region{{Kind: ocr.Watermark, Box: mark}}
	}
	if text := over.Text(); len(over.Lines) > 0 && (p.d.opts.Sound == nil || !p.d.opts.Sound(text)) {
		return nil, false, nil
	}
	return over, true, nil
}

// inView takes a box of the text layer to the view.
func inView(r image.Rectangle) image.Rectangle {
	return image.Rectangle{r.Min.Mul(viewDPI).Div(layerDPI), r.Max.Mul(viewDPI).Div(layerDPI)}
}

// overShare is how much of the width of a line over a scan differs from that at least:
// thin letters do not show.
const overShare = 0.6

// covered reports whether most of the width of a line is where a page differs from its
// scan.
func covered(line image.Rectangle, differ []image.Rectangle) bool {
	line = inView(line)
	n := 0
	for x := line.Min.X; x < line.Max.X; x++ {
		column := image.Rect(x, line.Min.Y, x+1, line.Max.Y)
		if slices.ContainsFunc(differ, column.Overlaps) {
			n++
		}
	}
	return float64(n) >= overShare*float64(line.Dx())
}

// take runs pdfimages and reads the one image wanted. nil means that it could
// not be had.
func (p *pdfPages) take(ctx context.Context, page, index int, listed pdftools.Image) (image.Image, error) {
	dir, err := os.MkdirTemp("", "congvan-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	n := strconv.Itoa(page + 1)
	err = p.poppler(ctx, pdftools.Cmd{Program: "pdfimages", Options: []string{"-f", n, "-l", n}, Output: []string{"image"}, Dir: dir}, nil)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, nil
	}
	names, _ := filepath.Glob(filepath.Join(dir, fmt.Sprintf("image-%03d.*", index)))
	if len(names) != 1 {
		return nil, nil
	}
	f, err := os.Open(names[0])
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	m, err := decodePNM(f, func(w, h int) error { return p.d.checkSize(page, w, h) })
	if err != nil || m.Bounds().Dx() != listed.Width || m.Bounds().Dy() != listed.Height {
		return nil, nil
	}
	return m, nil
}
