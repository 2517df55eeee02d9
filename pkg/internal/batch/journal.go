package batch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// The journal is a file of JSON lines in the output folder, journal.jsonl, or
// journal-I-of-N.jsonl for part I of N. A line is a Row: one document, as one
// run left it. Lines are only ever appended; of several lines on one document
// the latest counts, whichever journal it is in, so that a run may be cut into
// other parts than the last.
//
// A row says that a document is done only when its outputs are safe: outputs
// are written beside their final names and fsynced, renamed, their folders
// fsynced, and only then is the row appended and the journal fsynced. Documents
// that finish while the disk is busy go through these steps together, which
// makes the cost of a small document a fraction of a millisecond. After a power
// cut, then, the journal may lack the last documents, which are done again, but
// never claims one that is not there.
//
// A line that was cut off by a power cut or a full disk has no newline at its
// end; it is taken away when the next run opens the journal. A damaged line
// elsewhere is passed over, so its document is done again.
const (
	journalExt  = ".jsonl"
	journalName = journalPrefix + journalExt
)

// State is how a document ended.
type State string

// The states.
const (
	Done    State = "done"    // all pages are in the outputs
	Blank   State = "blank"   // they are, and there is not a word in them
	Partial State = "partial" // some pages are; Class and Error say why others are not
	Failed  State = "failed"  // no outputs were written
)

// Row is a line of the journal. Fields are only ever added.
type Row struct {
	Type    string    `json:"type"` // "document"
	Path    Name      `json:"path"` // below Root, with slashes
	Root    Name      `json:"root"`
	Size    int64     `json:"size"`
	ModTime time.Time `json:"mtime"`
	SHA256  string    `json:"sha256,omitempty"` // of the input
	Options string    `json:"options,omitempty"`
	Model   string    `json:"model,omitempty"`
	// Rendering is how it is written; Options and Model, what was read.
	Rendering string `json:"rendering,omitempty"`

	State       State   `json:"state"`
	Pages       int     `json:"pages"`
	FailedPages int     `json:"failed_pages,omitempty"`
	Blank       []int   `json:"blank,omitempty"`      // pages, from 1, on which nothing was read
	Confidence  float64 `json:"confidence,omitempty"` // mean over words, 0 to 1
	Words       int     `json:"words,omitempty"`      // in the outputs
	LeftOut     int     `json:"left_out,omitempty"`   // words that were read and taken for noise

	Output    Name         `json:"output,omitempty"` // name that the outputs have in common
	Outputs   []OutputFile `json:"outputs,omitempty"`
	Class     fault.Class  `json:"class,omitempty"`
	Error     string       `json:"error,omitempty"`
	Hint      string       `json:"hint,omitempty"`
	Notes     []string     `json:"notes,omitempty"` // what the outputs do not keep of it
	Retryable bool         `json:"retryable,omitempty"`

	Start   time.Time `json:"start"`
	Seconds float64   `json:"seconds"`
}

// end is when the document was over.
func (r *Row) end() time.Time { return r.Start.Add(time.Duration(r.Seconds * float64(time.Second))) }

// OutputFile is an output as the journal records it.
type OutputFile struct {
	Path   Name   `json:"path"` // below the output folder, with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// in is where the output is on this machine, below an output folder.
func (o *OutputFile) in(dir string) string {
	return filepath.Join(dir, filepath.FromSlash(string(o.Path)))
}

// Name is a file name. JSON strings are Unicode and file names need not be (the
// TCVN3 names of the nineties are not), so a name that is not UTF-8 is written
// as {"bytes": base64} and comes back as it was.
type Name string

type nameBytes struct {
	Bytes []byte `json:"bytes"`
}

// MarshalJSON implements json.Marshaler.
func (n Name) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(n)) {
		return json.Marshal(string(n))
	}
	return json.Marshal(nameBytes{[]byte(n)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Name) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var raw nameBytes
		err := json.Unmarshal(b, &raw)
		*n = Name(raw.Bytes)
		return err
	}
	var s string
	err := json.Unmarshal(b, &s)
	*n = Name(s)
	return err
}

// key stands for a path in the index: 16 bytes, however long the path.
type key [16]byte

func keyOf(rel string) key {
	sum := sha256.Sum256([]byte(rel))
	return key(sum[:16])
}

// place is where the latest row of a document lies.
type place struct {
	off  int64
	end  int64 // when the document was over, Unix nanoseconds
	size uint32
	file uint16
}

// journal is the rows of an output folder and the one file they are added to.
// Rows stay on disk; memory holds 50 bytes a document. Any number of lookups may
// run beside one append.
type journal struct {
	mu     sync.RWMutex // guards index and owners
	files  []*os.File
	index  map[key]place
	owners map[key]key // output: the document it belongs to
	sums   map[key]key // the beginning of a SHA-256: a document that had it
	out    *os.File    // nil: read only
	outNum uint16
	outLen int64
	bad    int // damaged lines
	notes  []string
}

func newJournal() *journal {
	return &journal{index: map[key]place{}, owners: map[key]key{}, sums: map[key]key{}}
}

// journalFiles lists the journals of an output folder, in order of name.
func journalFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if reserved(e.Name()) && filepath.Ext(e.Name()) == journalExt && e.Type().IsRegular() {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names, nil
}

// journalFor is the name of the journal that a part writes.
func journalFor(s Shard) string {
	if s.all() {
		return journalName
	}
	return fmt.Sprintf("%s-%d-of-%d%s", journalPrefix, s.Index, s.Count, journalExt)
}

// openJournal reads all journals in dir and opens that of the part s for
// appending, mended if its last line is torn. The caller holds the lock. With
// readOnly nothing is opened for writing nor mended.
func openJournal(root *os.Root, dir string, s Shard, readOnly bool) (*journal, error) {
	j := newJournal()
	if !readOnly {
		if st, err := root.Lstat(journalFor(s)); err == nil && !st.Mode().IsRegular() {
			return nil, fault.Errorf(fault.Unsafe, "%s is not a regular file", journalFor(s))
		}
		f, err := root.OpenFile(journalFor(s), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
		if err != nil {
			return nil, err
		}
		j.out = f
		if err := j.mend(); err != nil {
			f.Close()
			return nil, err
		}
	}
	names, err := journalFiles(dir)
	if err != nil {
		j.Close()
		return nil, err
	}
	for _, name := range names {
		if err := j.read(name, filepath.Base(name) == journalFor(s)); err != nil {
			j.Close()
			return nil, err
		}
	}
	return j, nil
}

// Close closes all files.
func (j *journal) Close() error {
	for _, f := range j.files {
		f.Close()
	}
	if j.out != nil {
		return j.out.Close()
	}
	return nil
}

// mend takes away a last line without its newline.
func (j *journal) mend() error {
	st, err := j.out.Stat()
	if err != nil {
		return err
	}
	size := st.Size()
	whole, err := lastNewline(j.out, size)
	if err != nil || whole == size {
		return err
	}
	j.notes = append(j.notes, fmt.Sprintf("the journal ended in a torn line of %d bytes, now removed; its document will be done again", size-whole))
	if err := j.out.Truncate(whole); err != nil {
		return err
	}
	return j.out.Sync()
}

// lastNewline returns the length of r up to and with its last newline.
func lastNewline(r io.ReaderAt, size int64) (int64, error) {
	buf := make([]byte, 64<<10)
	for end := size; end > 0; {
		from := max(0, end-int64(len(buf)))
		b := buf[:end-from]
		if _, err := r.ReadAt(b, from); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		end = from
	}
	return 0, nil
}

// read takes the rows of one file into the index.
func (j *journal) read(name string, own bool) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	num := uint16(len(j.files))
	j.files = append(j.files, f)
	end, err := scanLines(f, func(off int64, line []byte) {
		// Only what the index needs; the rest is read when it is asked for.
		var r struct {
			Type    string    `json:"type"`
			Path    Name      `json:"path"`
			SHA256  string    `json:"sha256"`
			Start   time.Time `json:"start"`
			Seconds float64   `json:"seconds"`
			Outputs []struct {
				Path Name `json:"path"`
			} `json:"outputs"`
		}
		if json.Unmarshal(line, &r) != nil {
			j.bad++
			return
		}
		if r.Type == "document" {
			row := Row{Path: r.Path, SHA256: r.SHA256, Start: r.Start, Seconds: r.Seconds}
			for _, o := range r.Outputs {
				row.Outputs = append(row.Outputs, OutputFile{Path: o.Path})
			}
			j.put(&row, off, len(line), num)
		}
	})
	if own {
		j.outNum, j.outLen = num, end
	}
	return err
}

// put takes a row into the index unless a later one is there.
func (j *journal) put(r *Row, off int64, size int, file uint16) {
	k, end := keyOf(string(r.Path)), r.end().UnixNano()
	if old, ok := j.index[k]; ok && old.end > end {
		return
	}
	j.index[k] = place{off, end, uint32(size), file}
	for _, o := range r.Outputs {
		j.owners[keyOf(string(o.Path))] = k
	}
	if sum, ok := sumKey(r.SHA256); ok && len(r.Outputs) > 0 {
		j.sums[sum] = k
	}
}

// sumKey is the beginning of a SHA-256 in hexadecimal.
func sumKey(sum string) (k key, ok bool) {
	if len(sum) < hex.EncodedLen(len(k)) {
		return k, false
	}
	_, err := hex.Decode(k[:], []byte(sum[:hex.EncodedLen(len(k))]))
	return k, err == nil
}

// bySum returns the latest row of a document with that SHA-256, or nil.
func (j *journal) bySum(sum string) *Row {
	s, ok := sumKey(sum)
	if !ok {
		return nil
	}
	j.mu.RLock()
	p, ok := j.index[j.sums[s]]
	j.mu.RUnlock()
	if !ok {
		return nil
	}
	if r, err := j.at(p); err == nil && r.SHA256 == sum {
		return r
	}
	return nil
}

// owner returns the row of the document that made an output, if that is its
// latest and it is another than k.
func (j *journal) owner(output string, k key) *Row {
	j.mu.RLock()
	o, ok := j.owners[keyOf(output)]
	p := j.index[o]
	j.mu.RUnlock()
	if !ok || o == k {
		return nil
	}
	r, err := j.at(p)
	if err != nil || !slices.ContainsFunc(r.Outputs, func(f OutputFile) bool { return string(f.Path) == output }) {
		return nil
	}
	return r
}

// scanLines calls do for every line that ends in a newline, without it, and
// returns the offset after the last one.
func scanLines(r io.Reader, do func(off int64, line []byte)) (int64, error) {
	br := bufio.NewReaderSize(r, 256<<10)
	var off int64
	var long []byte
	for {
		part, err := br.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, part...)
			continue
		case err == io.EOF:
			return off, nil
		case err != nil:
			return off, err
		}
		line := part
		if len(long) > 0 {
			line = append(long, part...)
		}
		do(off, bytes.TrimSuffix(line, []byte("\n")))
		off += int64(len(line))
		long = long[:0]
	}
}

// row returns the latest row of a document, or nil.
func (j *journal) row(rel string) *Row {
	k := keyOf(rel)
	j.mu.RLock()
	p, ok := j.index[k]
	j.mu.RUnlock()
	if !ok {
		return nil
	}
	r, err := j.at(p)
	if err != nil || string(r.Path) != rel {
		return nil
	}
	return r
}

func (j *journal) at(p place) (*Row, error) {
	b := make([]byte, p.size)
	if _, err := j.files[p.file].ReadAt(b, p.off); err != nil {
		return nil, err
	}
	r := new(Row)
	return r, json.Unmarshal(b, r)
}

// append adds rows with one write and waits until they are on disk. If that
// fails, what was written of them is taken back.
func (j *journal) append(rows []*Row, f *faultHooks) error {
	if len(rows) == 0 {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	ends := make([]int, len(rows))
	for i, r := range rows {
		if err := enc.Encode(r); err != nil {
			return err
		}
		ends[i] = b.Len()
	}
	err := f.check("journal", j.out.Name())
	if err == nil {
		if _, err = j.out.Write(b.Bytes()); err == nil {
			err = j.out.Sync()
		}
	}
	if err != nil {
		_ = j.out.Truncate(j.outLen)
		return fmt.Errorf("writing the journal: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	from := 0
	for i, r := range rows {
		j.put(r, j.outLen+int64(from), ends[i]-from-1, j.outNum)
		from = ends[i]
	}
	j.outLen += int64(b.Len())
	return nil
}

// latest returns the places of the rows that count, in order of path.
func (j *journal) latest() ([]place, error) {
	type named struct {
		path string
		place
	}
	rows := make([]named, 0, len(j.index))
	for _, p := range j.index {
		r, err := j.at(p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, named{string(r.Path), p})
	}
	slices.SortFunc(rows, func(a, b named) int { return strings.Compare(a.path, b.path) })
	places := make([]place, len(rows))
	for i := range rows {
		places[i] = rows[i].place
	}
	return places, nil
}
