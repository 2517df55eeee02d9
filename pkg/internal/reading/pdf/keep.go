package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
)

// Kept says how AddText kept a source.
type Kept int

const (
	// Appended: every byte is as it was, and the text comes after.
	Appended Kept = iota
	// Mended: the file is damaged, and qpdf has written it anew.
	Mended
	// Reencrypted: the file is encrypted, and qpdf has written it anew, under the
	// same passwords and permissions.
	Reencrypted
)

// ErrNotKept reports a PDF to which no text could be added without a page lost or
// changed.
var ErrNotKept = errors.New("no copy of the PDF keeps its pages")

// AddText writes a copy of the PDF at path with other text layers on some of its
// pages, counted from 1, that says what it is about. Each copy is compared with the source before it is
// taken, by what poppler makes of the two: first the source with an update after
// it, then what qpdf makes of it, as it is, without what comes after its end, and
// without its cross-references. The error is ErrNotKept if none will do, and nothing has been
// written then.
func AddText(ctx context.Context, dst io.Writer, path string, about About, texts iter.Seq2[int, Text]) (Kept, error) {
	dir, err := os.MkdirTemp("", "congvan-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	k := &keeper{ctx: ctx, dir: dir, source: path, about: about, texts: texts}
	if k.view, err = lookAt(ctx, path); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNotKept, err)
	}
	var why []error
	for _, base := range []func() (string, error){k.itself, k.mended, k.cut, k.found} {
		out, err := k.try(base)
		if err == nil {
			return k.how(), copyFile(dst, out)
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		why = append(why, err)
	}
	return 0, fmt.Errorf("%w: %w; mended by qpdf: %w", ErrNotKept, why[0], why[1])
}

// keeper makes copies of a PDF with text.
type keeper struct {
	ctx     context.Context
	dir     string // for files that don't last
	source  string
	view    *view // of the source
	about   About
	texts   iter.Seq2[int, Text]
	rebuilt bool // what is added to is qpdf's
}

func (k *keeper) how() Kept {
	switch {
	case k.view.encrypted != "":
		return Reencrypted
	case k.rebuilt:
		return Mended
	}
	return Appended
}

func (k *keeper) file(name string) string { return filepath.Join(k.dir, name) }

// itself is a sound file.
func (k *keeper) itself() (string, error) { return k.source, nil }

// mended is the file as qpdf reads it, with a page tree made anew.
func (k *keeper) mended() (string, error) { return k.qpdf(k.source) }

// cut is the file as qpdf reads it without what comes after its last end.
func (k *keeper) cut() (string, error) {
	return k.edited(func(b []byte) []byte {
		if i := bytes.LastIndex(b, []byte("%%EOF")); i >= 0 {
			return b[:i+len("%%EOF")]
		}
		return b
	})
}

// found is the file as qpdf reads it when it has to look for the objects, because
// no cross-references can be found.
func (k *keeper) found() (string, error) {
	return k.edited(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("startxref"), []byte("%%%%%%%%%")) })
}

func (k *keeper) edited(edit func([]byte) []byte) (string, error) {
	b, err := os.ReadFile(k.source)
	if err != nil {
		return "", err
	}
	name := k.file("edited.pdf")
	if err := os.WriteFile(name, edit(b), 0o600); err != nil {
		return "", err
	}
	return k.qpdf(name)
}

// qpdf has a file written anew, decrypted, and returns the name of that.
func (k *keeper) qpdf(from string) (string, error) {
	k.rebuilt = true
	name := k.file("base.pdf")
	return name, pdftools.Mend(k.ctx, from, name, "--decrypt")
}

// try adds the texts to a base and returns the name of a copy that is good.
func (k *keeper) try(base func() (string, error)) (string, error) {
	from, err := base()
	if err != nil {
		return "", err
	}
	name := k.file("out.pdf")
	drawn, err := k.add(name, from)
	if err != nil {
		return "", err
	}
	if k.view.encrypted != "" {
		name = k.file("encrypted.pdf")
		source, err := filepath.Abs(k.source)
		if err != nil {
			return "", err
		}
		if err := pdftools.QPDF(k.ctx, k.file("out.pdf"), []string{"--copy-encryption=" + source, "--stream-data=preserve"}, name); err != nil {
			return "", err
		}
	}
	if k.rebuilt {
		drawn = k.view.all()
	}
	return name, k.view.compare(k.ctx, name, drawn)
}

// add writes a copy of the file from with the texts, and returns the pages that
// have to be drawn to be compared, from 1.
func (k *keeper) add(to, from string) (drawn []int, err error) {
	src, err := os.Open(from)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	st, err := src.Stat()
	if err != nil {
		return nil, err
	}
	r, err := Open(src, st.Size())
	if err != nil {
		return nil, err
	}
	r = k.before(r)
	leaves, err := r.Pages()
	if err != nil {
		return nil, err
	}
	if len(leaves) != k.view.pages {
		return nil, fmt.Errorf("%d pages, where poppler finds %d", len(leaves), k.view.pages)
	}
	dst, err := os.Create(to)
	if err != nil {
		return nil, err
	}
	defer dst.Close()
	u, err := NewUpdater(dst, r)
	if err != nil {
		return nil, err
	}
	for n, text := range k.texts {
		if n < 1 || n > len(leaves) {
			return nil, fmt.Errorf("no page %d, of %d", n, len(leaves))
		}
		p, err := r.Page(leaves[n-1])
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", n, err)
		}
		sure, err := u.Replace(p, text)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", n, err)
		}
		if !sure {
			drawn = append(drawn, n)
		}
	}
	if err := u.Describe(k.about); err != nil {
		return nil, err
	}
	if !u.changed() {
		return nil, errors.Join(u.w.w.Flush(), dst.Truncate(r.size), dst.Close())
	}
	if err := u.Close(); err != nil {
		return nil, err
	}
	return drawn, dst.Close()
}

// before returns the file that r reads without the text that an earlier run put at its
// end, so that runs do not pile up and give the same bytes. If that run gave text to a
// page that gets none now, it returns r.
func (k *keeper) before(r *Reader) *Reader {
	size, ok := r.Original()
	if !ok || size == r.size {
		return r
	}
	old, err := Open(r.src, size)
	if err != nil {
		return r
	}
	leaves, err := r.Pages()
	if err != nil {
		return r
	}
	first, err := old.Pages()
	if err != nil || len(first) != len(leaves) {
		return r
	}
	replaced := map[int]bool{}
	for n := range k.texts {
		replaced[n] = true
	}
	for i, l := range leaves {
		if now, then := r.resolve(l.ref), old.resolve(first[i].ref); !replaced[i+1] && !bytes.Equal(Append(nil, now), Append(nil, then)) {
			return r
		}
	}
	return old
}

func copyFile(dst io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(dst, f)
	return err
}

// Signed reports whether the PDF at path says that it is signed. A copy that was
// written anew is not, whatever it says.
func Signed(path string) bool {
	b, err := os.ReadFile(path)
	return err == nil && bytes.Contains(b, []byte("/ByteRange"))
}
