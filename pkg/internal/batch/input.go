package batch

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
	"github.com/congvan-cli/congvan/pkg/internal/lazy"
)

// A file is an input found on disk.
type file struct {
	rel   string // below the root, with slashes
	base  string // of its outputs, below the output folder, without suffix
	fault error  // why it can't be read, if that is known already
}

// dir and name are the two parts of rel.
func (f *file) dir() string  { return f.rel[:strings.LastIndexByte(f.rel, '/')+1] }
func (f *file) name() string { return f.rel[len(f.dir()):] }

// A tree is the inputs of a run, in the order in which they are done: folder by
// folder, by name.
type tree struct {
	root    string // absolute; the deepest folder that holds all the inputs
	files   []file
	ignored map[string]int    // files in folders that are no documents, by their kinds
	streams map[string]string // the files of inputs that are none themselves, by rel
}

// path is the file of a document.
func (t *tree) path(rel string) string {
	if file, ok := t.streams[rel]; ok {
		return file
	}
	return filepath.Join(t.root, filepath.FromSlash(rel))
}

// findInputs lists the documents below the given paths.
//
// Files named outright are taken as they are. Folders are searched; what begins
// with a dot is left out, and so is the output folder. Links to folders are
// followed, after all real folders and only to folders not seen yet, so that a
// loop ends and nothing is read twice. Devices, pipes and sockets are never
// opened.
func findInputs(cfg *Config, accept func(string) bool) (*tree, error) {
	inputs, out := cfg.Inputs, cfg.Out
	if accept == nil {
		accept = func(string) bool { return true }
	}
	w := walker{tree: tree{ignored: map[string]int{}, streams: map[string]string{}}, accept: accept, seen: map[any]bool{}}
	abs := make([]string, len(inputs))
	dirs := make([]string, len(inputs))
	isDir := make([]bool, len(inputs))
	for i, in := range inputs {
		stream, piped := cfg.Streams[in]
		if piped {
			in = stream.Name
		}
		p, err := filepath.Abs(in)
		if err != nil {
			return nil, err
		}
		if abs[i] = p; piped {
			dirs[i] = filepath.Dir(p)
			continue
		}
		st, err := os.Stat(p)
		abs[i], dirs[i], isDir[i] = p, filepath.Dir(p), err == nil && st.IsDir()
		if isDir[i] {
			dirs[i] = p
		}
	}
	w.root = commonDir(dirs)
	if base, err := filepath.Abs(cfg.Root); err == nil && cfg.Root != "" && commonDir(append(dirs, base)) == base {
		w.root = base
	}
	if out != "" {
		if st, err := os.Stat(out); err == nil {
			for i, p := range abs {
				if isDir[i] && inside(p, st) {
					return nil, fmt.Errorf("%w: %s in %s", ErrNested, inputs[i], out)
				}
			}
			w.seen[dirID(out, st)] = true
		}
	}
	for i, p := range abs {
		stream, piped := cfg.Streams[inputs[i]]
		switch {
		case isDir[i]:
			w.folder(p)
		case piped:
			w.streams[w.add(p, nil)] = stream.File
		default:
			w.file(p, true)
		}
	}
	for len(w.links) > 0 {
		p := w.links[0]
		w.links = w.links[1:]
		w.folder(p)
	}
	slices.SortFunc(w.files, func(a, b file) int {
		return cmp.Or(cmp.Compare(a.dir(), b.dir()), cmp.Compare(a.name(), b.name()))
	})
	w.files = slices.CompactFunc(w.files, func(a, b file) bool { return a.rel == b.rel })
	return &w.tree, nil
}

// commonDir returns the deepest folder above all of dirs.
func commonDir(dirs []string) string {
	root := dirs[0]
	for _, d := range dirs[1:] {
		for {
			rel, err := filepath.Rel(root, d)
			if err == nil && filepath.IsLocal(rel) {
				break
			}
			up := filepath.Dir(root)
			if up == root {
				break
			}
			root = up
		}
	}
	return root
}

// inside tells whether p is the folder of st or lies below it.
func inside(p string, st fs.FileInfo) bool {
	if real, err := filepath.EvalSymlinks(p); err == nil {
		p = real
	}
	for {
		if s, err := os.Stat(p); err == nil && os.SameFile(s, st) {
			return true
		}
		up := filepath.Dir(p)
		if up == p {
			return false
		}
		p = up
	}
}

type walker struct {
	tree
	accept func(string) bool
	seen   map[any]bool // folders, by identity
	links  []string     // links to folders, still to be followed
}

// folder searches one folder. What can't be listed is reported as a document
// that failed, so that it is missed by nobody.
func (w *walker) folder(p string) {
	st, err := os.Stat(p)
	if err != nil {
		w.add(p, err)
		return
	}
	if id := dirID(p, st); w.seen[id] {
		return
	} else {
		w.seen[id] = true
	}
	entries, err := os.ReadDir(p)
	if err != nil {
		w.add(p, err)
	}
	for _, e := range entries {
		full := filepath.Join(p, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
			if !e.IsDir() {
				w.ignored[KindHidden]++
			}
		case e.IsDir():
			w.folder(full)
		case e.Type()&fs.ModeSymlink != 0:
			w.link(full)
		case e.Type().IsRegular():
			w.file(full, false)
		default:
			w.irregular(full, e.Type())
		}
	}
}

// Kinds of files that are left out and have no ending to go by.
const (
	KindHidden = "hidden"
	KindPlain  = "no ending"
)

// ignore counts a file that is no document.
func (w *walker) ignore(p string) {
	kind := strings.ToLower(filepath.Ext(p))
	if kind == "" || kind == "." {
		kind = KindPlain
	}
	w.ignored[kind]++
}

func (w *walker) link(p string) {
	st, err := os.Stat(p)
	switch {
	case err == nil && st.IsDir():
		w.links = append(w.links, p)
	case err == nil && st.Mode().IsRegular():
		w.file(p, false)
	case err == nil:
		w.irregular(p, st.Mode())
	case !w.accept(filepath.Base(p)):
		w.ignore(p)
	case errors.Is(err, fs.ErrNotExist):
		w.add(p, fault.Errorf(fault.Missing, "link to a file that does not exist"))
	default:
		w.add(p, err)
	}
}

func (w *walker) irregular(p string, mode fs.FileMode) {
	if !w.accept(filepath.Base(p)) {
		w.ignore(p)
		return
	}
	w.add(p, fault.Errorf(fault.Irregular, "not a regular file (%v)", mode.Type()))
}

func (w *walker) file(p string, named bool) {
	if !named && !w.accept(filepath.Base(p)) {
		w.ignore(p)
		return
	}
	w.add(p, nil)
}

// add lists a document and returns its rel.
func (w *walker) add(p string, fault error) string {
	rel, err := filepath.Rel(w.root, p)
	if err != nil {
		rel, fault = filepath.Base(p), err
	}
	rel = filepath.ToSlash(rel)
	w.files = append(w.files, file{rel: rel, fault: fault})
	return rel
}

// maxName is the longest name that file systems in use allow, in bytes.
const maxName = 255

// journalPrefix begins the names that the output folder keeps for the batch.
const journalPrefix = "journal"

// nameOutputs gives every document the base name of its outputs.
//
// The outputs mirror the input tree: 2010/a.pdf becomes 2010/a.txt. Where that
// would give one name to two documents, or the name of a folder to a document,
// they keep their whole names: a.pdf and a.tif become a.pdf.txt and a.tif.txt.
// The names depend on what lies in the folder and on nothing else. In the odd
// folder where even whole names meet, a number is added.
func (t *tree) nameOutputs(suffixes []string) {
	folders := map[string]bool{}
	for i := range t.files {
		for d := t.files[i].dir(); d != "" && !folders[d]; d = d[:strings.LastIndexByte(d[:len(d)-1], '/')+1] {
			folders[d] = true
		}
	}
	for from := 0; from < len(t.files); {
		to := from + 1
		for to < len(t.files) && t.files[to].dir() == t.files[from].dir() {
			to++
		}
		nameFolder(t.files[from:to], suffixes, folders)
		from = to
	}
}

// nameFolder names the outputs of the documents of one folder: all begin with
// the short name, and whoever meets another takes the next longer one.
func nameFolder(files []file, suffixes []string, folders map[string]bool) {
	level := make([]int, len(files))
	for i := range files {
		files[i].base = baseName(&files[i], 0, suffixes)
	}
	dir := files[0].dir()
	owner := make(map[string]int, len(files)*len(suffixes))
	for again := true; again; {
		again = false
		clear(owner)
		bump := map[int]bool{}
		for i := range files {
			for _, s := range suffixes {
				full := files[i].base + s
				if folders[full+"/"] || dir == "" && reserved(full) {
					bump[i] = true
				}
				j, taken := owner[full]
				switch {
				case !taken:
					owner[full] = i
				case level[i] <= level[j]:
					bump[i] = true
					bump[j] = bump[j] || level[i] == level[j]
				default:
					bump[j] = true
				}
			}
		}
		for i := range bump {
			if bump[i] {
				level[i]++
				files[i].base = baseName(&files[i], level[i], suffixes)
				again = true
			}
		}
	}
}

var reservedName = lazy.Regexp(`^` + journalPrefix + `(-\d+-of-\d+)?(\` + journalExt + `|\` + lockExt + `)$`)

// reserved tells whether a name at the top of the output folder is the batch's.
func reserved(name string) bool {
	return strings.HasPrefix(name, journalPrefix) && reservedName().MatchString(name)
}

// baseName is the level-th choice of a name: short, whole, whole~2, whole~3, …
// A name too long for the file system is cut and ends in a hash of the whole.
func baseName(f *file, level int, suffixes []string) string {
	name := f.name()
	switch level {
	case 0:
		if stem := name[:len(name)-len(path.Ext(name))]; stem != "" {
			name = stem
		}
	case 1:
	default:
		name = fmt.Sprintf("%s~%d", name, level)
	}
	longest := 0
	for _, s := range suffixes {
		longest = max(longest, len(s))
	}
	if len(name)+longest > maxName {
		sum := fmt.Sprintf("~%016x", pathHash(fmt.Sprint(level, f.name())))
		name = strings.ToValidUTF8(name[:maxName-longest-len(sum)], "") + sum
	}
	if level == 0 && strings.HasPrefix(f.name(), name) {
		return f.rel[:len(f.dir())+len(name)] // shares memory with rel
	}
	return f.dir() + name
}
