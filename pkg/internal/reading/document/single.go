package document

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/reading/codec"
	"github.com/congvan-cli/congvan/pkg/internal/reading/imagefile"
)

// single is a document of one image.
type single struct{ d *Document }

func (s *single) count() int   { return 1 }
func (s *single) close() error { return nil }

// codecs are Go's own decoders. Kinds that are not here go to Options.Decode.
var codecs = map[Kind]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	PNG:  {png.DecodeConfig, png.Decode},
	JPEG: {jpeg.DecodeConfig, jpeg.Decode},
	BMP:  {bmp.DecodeConfig, bmp.Decode},
	WebP: {webp.DecodeConfig, webp.Decode},
	GIF:  {gif.DecodeConfig, gif.Decode},
}

func (s *single) image(ctx context.Context, _ int) (*Image, error) {
	d := s.d
	data, err := os.ReadFile(d.path)
	if err != nil {
		return nil, plain(err)
	}
	m, damage, err := d.decodeImage(ctx, data)
	if err != nil {
		return nil, err
	}
	img := &Image{Damage: damage}
	img.Image, img.DPI = readMeta(d.kind, data).upright(m)
	return img, nil
}

// decodeImage decodes data with Go's decoder, or with Options.Decode where there
// is none, or it does not know the variant, or holds it for damaged: the library
// may make something of it.
func (d *Document) decodeImage(ctx context.Context, data []byte) (m image.Image, damage, err error) {
	if d.kind == PNM {
		m, err = d.decodePNM(0, data)
	} else {
		m, err = d.decodeInGo(data)
	}
	if err == nil || errors.As(err, new(*fault.Error)) {
		return m, nil, err
	}
	if d.opts.Decode == nil {
		return nil, nil, d.decodeError(0, err)
	}
	m, damage, outside := d.decodeOutside(ctx, 0, 0)
	if outside != nil && ctx.Err() == nil && err != errNoCodec {
		outside = d.decodeError(0, err) // Go's words are the plainer ones
	}
	return m, damage, outside
}

// errNoCodec is a kind that Go has no decoder for.
var errNoCodec = errors.New("no decoder")

func (d *Document) decodeInGo(data []byte) (image.Image, error) {
	c, ok := codecs[d.kind]
	if !ok {
		return nil, errNoCodec
	}
	cfg, err := c.config(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if err := d.checkSize(0, cfg.Width, cfg.Height); err != nil {
		return nil, err
	}
	return decodeSafely(c.decode, data)
}

// decodeSafely turns a panic of a decoder into an error: it is the file's
// fault, not ours.
func decodeSafely(decode func(io.Reader) (image.Image, error), data []byte) (m image.Image, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("decoder: %v", r)
		}
	}()
	return decode(bufio.NewReader(bytes.NewReader(data)))
}

// unsupported reports whether err is a decoder's word for a variant that it
// does not know.
func unsupported(err error) bool {
	var (
		j jpeg.UnsupportedError
		p png.UnsupportedError
	)
	return errors.As(err, &j) || errors.As(err, &p) || err == errNoCodec || errors.Is(err, bmp.ErrUnsupported) || errors.Is(err, image.ErrFormat)
}

// cutOff knows the words of Go's decoders for data that end too early.
func cutOff(err error) bool {
	s := err.Error()
	return strings.Contains(s, "not enough pixel data") || strings.Contains(s, "short Huffman data")
}

func (d *Document) decodeError(page int, err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), cutOff(err):
		return d.fail(page+1, fault.Damaged, fmt.Errorf("damaged %s: the file is cut off", d.kind), "copy or scan it again")
	case unsupported(err):
		return d.fail(page+1, fault.Unsupported, fmt.Errorf("a variant of %s that is not known: %w", d.kind, err), "convert it to PNG")
	}
	if !errors.Is(err, imagefile.ErrTIFF) { // which says so itself
		err = fmt.Errorf("damaged %s: %w", d.kind, err)
	}
	return d.fail(page+1, fault.Damaged, err, "copy or scan it again")
}

// decodeOutside has Options.Decode decode a page.
func (d *Document) decodeOutside(ctx context.Context, page int, at int64) (m image.Image, damage, err error) {
	if d.opts.Decode == nil {
		return nil, nil, d.fail(page+1, fault.Unsupported, fmt.Errorf("a variant of %s that is not known", d.kind), "convert it to PNG")
	}
	late, cancel := context.WithTimeout(ctx, d.opts.Timeout)
	defer cancel()
	said, err := d.opts.Decode(late, d.path, at, func(r io.Reader) (err error) {
		m, err = decodePNM(r, func(w, h int) error { return d.checkSize(page, w, h) })
		return err
	})
	switch {
	case late.Err() != nil:
		return nil, nil, late.Err()
	case errors.Is(err, codec.ErrUnsupported):
		return nil, nil, d.fail(page+1, fault.Unsupported, fmt.Errorf("a variant of %s that is not known: %w", d.kind, err), "convert it to PNG")
	case errors.Is(err, codec.ErrDamaged):
		return nil, nil, d.fail(page+1, fault.Damaged, fmt.Errorf("damaged %s: %w", d.kind, err), "copy or scan it again")
	case err != nil:
		return nil, nil, d.fail(page+1, "", fmt.Errorf("decoding this %s: %w", d.kind, err), "")
	case said != "":
		damage = d.fail(page+1, fault.Damaged, fmt.Errorf("damaged %s: %s", d.kind, said), "copy or scan it again")
	}
	return m, damage, nil
}

func (d *Document) decodePNM(page int, data []byte) (image.Image, error) {
	return decodePNM(bytes.NewReader(data), func(w, h int) error { return d.checkSize(page, w, h) })
}
