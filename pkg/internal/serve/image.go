package serve

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/image/draw"

	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/reading/document"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

const (
	imageWidth = 1240 // pixels: A4 at 150 dpi
	imageCount = 64   // images kept in memory, some 200 kB each
	imageJobs  = 2    // images drawn at a time
)

// images draws images of pages and keeps the last ones.
type images struct {
	jobs chan struct{}

	mu   sync.Mutex
	kept map[string][]byte
	old  []string // the keys of kept, the oldest first
}

func newImages() *images {
	return &images{jobs: make(chan struct{}, imageJobs), kept: map[string][]byte{}}
}

// get returns the image under a key, or makes it.
func (m *images) get(ctx context.Context, key string, draw func() ([]byte, error)) ([]byte, error) {
	select {
	case m.jobs <- struct{}{}:
		defer func() { <-m.jobs }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	m.mu.Lock()
	data, ok := m.kept[key]
	m.mu.Unlock()
	if ok {
		return data, nil
	}
	data, err := draw()
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.old) == imageCount {
		delete(m.kept, m.old[0])
		m.old = m.old[1:]
	}
	m.kept[key], m.old = data, append(m.old, key)
	return data, nil
}

func (s *Server) image(w http.ResponseWriter, r *http.Request) error {
	_, card, err := s.card(r)
	if err != nil {
		return err
	}
	path := s.source(card)
	if path == "" {
		return errNotFound
	}
	data, err := s.images.get(r.Context(), card.Path+"#"+r.PathValue("page"), func() ([]byte, error) {
		file, err := s.read(card)
		if err != nil {
			return nil, err
		}
		_, page := pageOf(file, r.PathValue("page"))
		if page == nil {
			return nil, errNotFound
		}
		return drawPage(r.Context(), path, page)
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, err = w.Write(data)
	return err
}

// source is the file that has the pages of a document: its PDF output, or else the
// document itself; empty if neither is here.
func (s *Server) source(c *index.Card) string {
	paths := []string{strings.TrimSuffix(s.opts.Index.File(c.Path), "json") + "pdf"}
	if s.opts.Scans != "" && filepath.IsLocal(filepath.FromSlash(c.Source)) {
		paths = append(paths, filepath.Join(s.opts.Scans, filepath.FromSlash(c.Source)))
	}
	for _, p := range paths {
		if st, err := os.Stat(p); err == nil && st.Mode().IsRegular() {
			return p
		}
	}
	return ""
}

// drawPage draws a page upright as a JPEG.
func drawPage(ctx context.Context, path string, p *output.FilePage) ([]byte, error) {
	doc, err := document.Open(ctx, path, document.Options{})
	if err != nil {
		return nil, err
	}
	defer doc.Close()
	full, err := doc.Image(ctx, p.Number-1)
	if err != nil {
		return nil, err
	}
	size := full.Bounds().Size()
	small := image.NewRGBA(image.Rect(0, 0, imageWidth, max(1, size.Y*imageWidth/size.X)))
	if size.X <= imageWidth {
		small = image.NewRGBA(image.Rectangle{Max: size})
	}
	draw.ApproxBiLinear.Scale(small, small.Rect, full, full.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, turned(small, p.Turn), &jpeg.Options{Quality: 80}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// turned turns an image clockwise by a number of degrees, a multiple of 90.
func turned(m *image.RGBA, degrees int) *image.RGBA {
	for range (degrees/90%4 + 4) % 4 {
		size := m.Rect.Size()
		t := image.NewRGBA(image.Rect(0, 0, size.Y, size.X))
		for y := range size.Y {
			for x := range size.X {
				t.SetRGBA(size.Y-1-y, x, m.RGBAAt(x, y))
			}
		}
		m = t
	}
	return m
}
