// Package archive writes packages for handing documents over to an archive: a folder a
// document with its PDF, its text, and what is known of them.
//
//	NAME/METS.xml                              what is in the package, with checksums (METS)
//	NAME/metadata/descriptive/EAD.xml          what the document is (EAD3)
//	NAME/metadata/descriptive/EAD_doc.xml      the same in the words of Circular 05/2025/TT-BNV
//	NAME/metadata/preservation/PREMIS.xml      who read it, when and with what (PREMIS 3)
//	NAME/representations/rep1/METS.xml
//	NAME/representations/rep1/data/NAME.pdf, NAME.txt
//	NAME/schemas/EAD_doc.xsd
//
// The layout is that of the Common Specification for Information Packages (CSIP 2) of
// the DILCIS Board, which the circular follows; packages are of the type SIP. The forms
// of the files are in the folder forms. Dates in a package are those of the last change
// of what is in it, so that the same input makes the same bytes.
package archive

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// Options say where packages are written and what is known of how documents were read.
type Options struct {
	Dir          string // folder of the packages
	Organization string // that hands over; may be empty
	// Read tells how the document was read whose JSON output is in a file; nil: nothing
	// is known.
	Read func(json string) (How, bool)
}

// How is how a document was read, as the journal has it.
type How struct {
	When    time.Time
	Options string // "readers=vie prepare=auto"
	Model   string // fingerprint of models and data
}

// Changes counts what Write did, in packages.
type Changes struct {
	Written, Unchanged int
	Failed             []string // documents without a package, with the reason
}

// ErrNoPDF is the reason for a document that has no PDF output.
var ErrNoPDF = errors.New("there is no PDF output beside it")

// Write writes a package for every document of an index. A package that is there and
// would be the same is left alone; one that has changed is replaced as a whole.
// progress, if not nil, is called with the number of documents seen.
func Write(ctx context.Context, x *index.Index, o Options, progress func(done int)) (Changes, error) {
	if err := os.MkdirAll(o.Dir, 0o777); err != nil {
		return Changes{}, err
	}
	var c Changes
	var mu sync.Mutex
	done := 0
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	err := x.Archive(ctx, func(fields map[string]string) error {
		g.Go(func() error {
			written, err := o.write(x.File(fields["path"]), fields)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				c.Failed = append(c.Failed, fmt.Sprintf("%s: %v", fields["path"], err))
			case written:
				c.Written++
			default:
				c.Unchanged++
			}
			if done++; progress != nil {
				progress(done)
			}
			return ctx.Err()
		})
		return ctx.Err()
	})
	err = cmp.Or(g.Wait(), err)
	slices.Sort(c.Failed)
	return c, err
}

// Name is that of the package of a document, by the path of its JSON output: its own, and
// of one in a folder also the folder's with a sum that no other has.
func Name(json string) string {
	name := strings.TrimSuffix(json, ".json")
	if !strings.Contains(name, "/") {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.ReplaceAll(strings.ReplaceAll(name, "../", ""), "/", "_") + "-" + hex.EncodeToString(sum[:4])
}

// write writes the package of a document, and reports whether there was anything to
// write.
func (o *Options) write(json string, fields map[string]string) (bool, error) {
	p, err := o.pack(json, fields)
	if err != nil {
		return false, err
	}
	final := filepath.Join(o.Dir, p.ID)
	if p.isAt(final) {
		return false, nil
	}
	tmp, err := os.MkdirTemp(o.Dir, ".package-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return false, err
	}
	for _, f := range p.files {
		if err := f.writeBelow(tmp); err != nil {
			return false, err
		}
	}
	old := tmp + ".old"
	if err := os.Rename(final, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	defer os.RemoveAll(old)
	return true, os.Rename(tmp, final)
}

// file is one of a package.
type file struct {
	ID     string // in its METS
	Path   string // in the package, or for those of a representation in that
	Kind   string // attributes of a reference to metadata
	MIME   string
	Size   int64
	SHA256 string
	When   string // of its last change

	place string // its path in the package
	data  []byte // what is in it
	from  string // or the file that it is a copy of
}

func newFile(id, place, mime, when string, data []byte) *file {
	sum := sha256.Sum256(data)
	return &file{ID: id, Path: place, MIME: mime, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), When: when, place: place, data: data}
}

// copyOf makes a file of a package from another one.
func copyOf(id, place, mime, when, from string) (*file, error) {
	f, err := os.Open(from)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return nil, err
	}
	return &file{ID: id, Path: place, MIME: mime, Size: n, SHA256: hex.EncodeToString(h.Sum(nil)), When: when, place: place, from: from}, nil
}

// writeBelow writes the file below a folder, and sees that a copy is of what was
// described.
func (f *file) writeBelow(dir string) error {
	name := filepath.Join(dir, filepath.FromSlash(f.place))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	to, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer to.Close()
	var from io.Reader = bytes.NewReader(f.data)
	if f.from != "" {
		src, err := os.Open(f.from)
		if err != nil {
			return err
		}
		defer src.Close()
		from = src
	}
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, h), from); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%s changed while it was packed; run again", f.from)
	}
	if err := to.Sync(); err != nil {
		return err
	}
	return to.Close()
}

// isAt reports whether a package is there already: its METS.xml has the sums of all
// files, so the same one means the same package, if none was taken away.
func (p *pack) isAt(dir string) bool {
	for _, f := range p.files {
		name := filepath.Join(dir, filepath.FromSlash(f.place))
		st, err := os.Stat(name)
		if err != nil || st.Size() != f.Size {
			return false
		}
		if f.place == metsName {
			if data, err := os.ReadFile(name); err != nil || !bytes.Equal(data, f.data) {
				return false
			}
		}
	}
	return true
}

const (
	metsName = "METS.xml"
	rep      = "representations/rep1/"
)

// pack makes the package of a document.
func (o *Options) pack(json string, fields map[string]string) (*pack, error) {
	st, err := os.Stat(json)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(json)
	if err != nil {
		return nil, err
	}
	f, err := output.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	p := newPack(o, fields, f)
	if o.Read != nil {
		if how, ok := o.Read(json); ok {
			p.how = how
		}
	}
	if p.how.When.IsZero() || len(f.Corrections) > 0 {
		p.When = stamp(st.ModTime())
	} else {
		p.When = stamp(p.how.When)
	}
	if p.how.When.IsZero() {
		p.how.When = st.ModTime()
	}
	if err := p.addData(strings.TrimSuffix(json, ".json")); err != nil {
		return nil, err
	}
	p.describe()
	return p, p.addForms()
}

// stamp writes a time as XML Schema has it.
func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// addData adds the PDF and the text of a document, base being what its outputs have in
// common. A text is made from the JSON output where there is none.
func (p *pack) addData(base string) error {
	name := path.Base(filepath.ToSlash(base))
	pdf, err := copyOf("file-pdf", rep+"data/"+name+".pdf", "application/pdf", p.When, base+".pdf")
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoPDF
	}
	if err != nil {
		return err
	}
	text, err := copyOf("file-txt", rep+"data/"+name+".txt", "text/plain", p.When, base+".txt")
	if errors.Is(err, fs.ErrNotExist) {
		var b bytes.Buffer
		if err := output.Write(&b, "txt", p.json.Document(), p.json.PageSeq(), output.Options{}); err != nil {
			return err
		}
		text, err = newFile("file-txt", rep+"data/"+name+".txt", "text/plain", p.When, b.Bytes()), nil
	}
	if err != nil {
		return err
	}
	for _, f := range []*file{pdf, text} {
		f.Path = strings.TrimPrefix(f.place, rep)
		p.Data = append(p.Data, f)
		p.files = append(p.files, f)
	}
	return nil
}

// addForms fills in the forms, those with the sums of others last.
func (p *pack) addForms() error {
	for _, f := range []struct {
		form, id, place, kind string
		to                    func(*file)
	}{
		{"EAD.xml", "dmd-ead", "metadata/descriptive/EAD.xml", `MDTYPE="EAD"`, func(f *file) { p.Descriptive = append(p.Descriptive, f) }},
		{"EAD_doc.xml", "dmd-doc", "metadata/descriptive/EAD_doc.xml", `MDTYPE="OTHER" OTHERMDTYPE="EAD_doc"`, func(f *file) { p.Descriptive = append(p.Descriptive, f) }},
		{"PREMIS.xml", "premis", "metadata/preservation/PREMIS.xml", `MDTYPE="PREMIS"`, func(f *file) { p.Preservation = f }},
		{"EAD_doc.xsd", "file-xsd", "schemas/EAD_doc.xsd", "", func(f *file) { p.Schema = f }},
		{"rep.xml", "file-rep", rep + metsName, "", func(f *file) { p.Representation = f }},
		{"METS.xml", "", metsName, "", func(*file) {}},
	} {
		var b bytes.Buffer
		if err := forms().ExecuteTemplate(&b, f.form, p); err != nil {
			return err
		}
		made := newFile(f.id, f.place, "application/xml", p.When, b.Bytes())
		made.Kind = f.kind
		f.to(made)
		p.files = append(p.files, made)
	}
	return nil
}
