package batch

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// named returns input name = output base for a set of file names.
func named(t *testing.T, suffixes []string, names ...string) map[string]string {
	t.Helper()
	tr := &tree{}
	for _, n := range names {
		tr.files = append(tr.files, file{rel: n})
	}
	slices.SortFunc(tr.files, func(a, b file) int {
		return strings.Compare(a.dir()+"\x00"+a.name(), b.dir()+"\x00"+b.name())
	})
	tr.nameOutputs(suffixes)
	got := map[string]string{}
	for _, f := range tr.files {
		got[f.rel] = f.base
	}
	return got
}

// Documents that would meet in one name are told apart, always the same way.
func TestNames(t *testing.T) {
	long := strings.Repeat("ộ", 84) // 252 bytes
	for _, tt := range []struct {
		suffixes string
		in       string // names, and after = the base if it is not the short one
	}{
		{".txt", "a.pdf=a 2010/a.pdf=2010/a"},
		{".txt", "a.pdf=a.pdf a.tif=a.tif b.tif=b"},
		{".txt", "a.pdf=a.pdf a.tif=a.tif a.pdf.png=a.pdf.png"},                   // the short name of the third is the whole name of the first
		{".txt", "a.pdf=a.pdf a.txt/b.pdf=a.txt/b"},                               // a.txt is a folder
		{".txt", "a.pdf=a.pdf~2 a.txt/b.pdf=a.txt/b a.pdf.txt/b.pdf=a.pdf.txt/b"}, // and so is a.pdf.txt
		{".json .words.json", "a.pdf=a.pdf a.words.pdf=a.words.pdf"},              // a + .words.json = a.words + .json
		{".txt", "A.pdf=A a.pdf=a"},
		{".txt", "noext=noext -rf.pdf=-rf"},
		{".txt", "e\u0302.pdf=e\u0302 \u00ea.pdf=\u00ea"}, // ê decomposed and composed: two files, two names
		{".jsonl", "journal.pdf=journal.pdf"},             // that is the batch's own
		{".txt", long + ".a=?"},
		{".txt", long + ".a=? " + long + ".b=?"},
	} {
		want := map[string]string{}
		var names []string
		for _, f := range strings.Fields(tt.in) {
			name, base, _ := strings.Cut(f, "=")
			names = append(names, name)
			want[name] = base
		}
		suffixes := strings.Fields(tt.suffixes)
		seen := map[string]string{}
		for name, base := range named(t, suffixes, names...) {
			if want[name] != base && want[name] != "?" {
				t.Errorf("%q: %q is named %q, want %q", tt.in, name, base, want[name])
			}
			for _, s := range suffixes {
				out := base + s
				if seen[out] != "" || len(filepath.Base(out)) > maxName {
					t.Errorf("%q: output %q (%d bytes) of %q and %q", tt.in, out, len(out), name, seen[out])
				}
				seen[out] = name
			}
		}
	}
}

// Names are told apart whatever they are: no two outputs are one, none is a
// folder, none leaves the folder of its document.
func FuzzNames(f *testing.F) {
	f.Add("a.pdf\na.tif\na.pdf.txt/x", ".txt\n.pdf.txt")
	f.Add("journal.lock\njournal\n.\n..", ".lock\n.jsonl")
	f.Fuzz(func(t *testing.T, names, suffixes string) {
		var in []string
		for n := range strings.SplitSeq(names, "\n") {
			if filepath.IsLocal(n) && filepath.ToSlash(filepath.Clean(n)) == n && n != "." && !slices.Contains(in, n) && len(filepath.Base(n)) <= maxName {
				in = append(in, n)
			}
		}
		suf := strings.Split(suffixes, "\n")
		for i, s := range suf {
			if len(s) > 20 || strings.ContainsAny(s, "/\x00") || slices.Contains(suf[:i], s) {
				t.Skip()
			}
		}
		if len(in) == 0 {
			t.Skip()
		}
		seen := map[string]bool{}
		folders := map[string]bool{}
		for _, n := range in {
			for d := filepath.Dir(n); d != "."; d = filepath.Dir(d) {
				folders[d] = true
			}
		}
		for name, base := range named(t, suf, in...) {
			for _, s := range suf {
				out := base + s
				if seen[out] || folders[out] || filepath.Dir(out) != filepath.Dir(name) || reserved(out) {
					t.Errorf("%q: output %q of %q", in, out, name)
				}
				seen[out] = true
			}
		}
	})
}

// Odd names are documents like others, and their rows name them exactly.
func TestOddNames(t *testing.T) {
	names := []string{
		"two words", "công văn số 5", "co\u0302ng va\u0306n", `"quoted" 'single'`, "line\nbreak", "tab\there",
		"-rf", "--out", "*?[x]", "$HOME `id`", "a\\b", "percent%20", "emoji 📄", "<&>", "trailing ", "dots...",
		strings.Repeat("ằ", 83), // 249 bytes
		"tcvn3 \xab\xb8\xdc",    // not UTF-8
		"\u202e gnp",            // writes backwards
	}
	files, want := map[string]string{}, map[string]string{}
	for i, n := range names {
		dir := fmt.Sprintf("%02d %s", i, n)
		if i == 16 {
			dir = "16"
		}
		files[dir+"/"+n+".pdf"] = n
		if !strings.Contains(n, "\n") {
			want[dir+"/"+n+".txt"], want[dir+"/"+n+".n"] = strings.ToUpper(n)+"\n", "1\n"
		} else {
			want[dir+"/"+n+".txt"], want[dir+"/"+n+".n"] = "LINE\nBREAK\n", "2\n"
		}
	}
	b := newTestRun(t, files)
	old(t, b.in)
	s, _ := b.must()
	if s.Done != len(names) {
		t.Errorf("%+v", s)
	}
	b.want(want)
	if s, _ := b.must(); s.Skipped != len(names) {
		t.Errorf("second run: %+v", s)
	}
	found, err := Verify(t.Context(), []string{b.out}, 2)
	if err != nil || found.Outputs != 2*len(names) || len(found.Findings) != 0 {
		t.Errorf("verify: %+v %v", found, err)
	}
}

// Links are followed once, loops end, and what is no file is not opened.
func TestLinksAndDevices(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no links on Windows")
	}
	b := newTestRun(t, map[string]string{"real/a.pdf": "mot", "b.pdf": "hai"})
	elsewhere := t.TempDir()
	writeFiles(t, elsewhere, map[string]string{"c.pdf": "ba"})
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(b.in, name)); err != nil {
			t.Fatal(err)
		}
	}
	link(".", "loop")            // a folder in itself
	link("../real", "real/up")   // and deeper
	link("real", "again")        // a folder that is there anyway
	link(elsewhere, "else")      // a folder outside: read
	link("b.pdf", "same.pdf")    // a file by another name: read
	link("nowhere", "gone.pdf")  // leads nowhere
	link("self.pdf", "self.pdf") // leads to itself
	link("/dev/zero", "zero.pdf")
	if err := mkfifo(filepath.Join(b.in, "pipe.pdf")); err != nil {
		t.Fatal(err)
	}
	s, h := b.must()
	b.want(map[string]string{
		"real/a.txt": "MOT\n", "real/a.n": "1\n", "b.txt": "HAI\n", "b.n": "1\n",
		"else/c.txt": "BA\n", "else/c.n": "1\n", "same.txt": "HAI\n", "same.n": "1\n",
	})
	for rel, class := range map[string]fault.Class{"gone.pdf": fault.Missing, "self.pdf": fault.Irregular, "zero.pdf": fault.Irregular, "pipe.pdf": fault.Irregular} {
		if r := h.row(t, rel); r.Class != class {
			t.Errorf("%s: %v %s, want %v", rel, r.Class, r.Error, class)
		}
	}
	if s.Done != 4 || s.Failed != 4 {
		t.Errorf("%+v", s)
	}
}

// A folder that can't be listed is a failure that is told.
func TestUnreadableFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("the superuser can read everything")
	}
	b := newTestRun(t, map[string]string{"a.pdf": "mot", "shut/b.pdf": "hai"})
	os.Chmod(filepath.Join(b.in, "shut"), 0)
	defer os.Chmod(filepath.Join(b.in, "shut"), 0o777)
	_, h := b.must()
	if r := h.row(t, "shut"); r.Class != fault.Permission {
		t.Errorf("%+v", r)
	}
}

// The output folder inside the input folder is not read; the other way round,
// and one folder for both, is refused.
func TestOutputInsideInput(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	b.out = filepath.Join(b.in, "out")
	b.cfg.Out = b.out
	b.fake.job.Accept = nil
	b.must()
	s, _ := b.must()
	if s.Documents != 1 || len(contents(t, b.out)) != 2 {
		t.Errorf("%+v %v", s, contents(t, b.out))
	}
	for _, in := range []string{b.out, b.in, filepath.Join(b.in, "sub")} {
		os.MkdirAll(in, 0o777)
		b.cfg.Inputs, b.cfg.Out = []string{in}, b.in
		if in == b.out {
			b.cfg.Out = b.out
		}
		if _, _, err := b.run(); err == nil {
			t.Errorf("input %s, output %s: no error", in, b.cfg.Out)
		}
	}
}

// An input that lies in the output folder is not replaced by its own output.
func TestInputIsOutput(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.txt": "mot"})
	p := filepath.Join(b.in, "a.txt")
	b.cfg.Inputs, b.cfg.Out = []string{p}, b.in
	_, h := b.must()
	if r := h.row(t, "a.txt"); r.Class != fault.Collision {
		t.Errorf("%+v", r)
	}
	if got, _ := os.ReadFile(p); string(got) != "mot" {
		t.Errorf("the input is now %q", got)
	}
}

// Outputs of one run are not replaced by those of another document.
func TestOthersOutputs(t *testing.T) {
	b := newTestRun(t, map[string]string{"2010/a.pdf": "mot", "2011/a.pdf": "hai hai", "2011/a.tif": "ba"})
	one := func(name string) *Row {
		b.cfg.Inputs = []string{filepath.Join(b.in, name)}
		_, h := b.must()
		return h.row(t, filepath.Base(name))
	}
	one("2010/a.pdf")
	for _, name := range []string{"2011/a.pdf", "2011/a.tif"} {
		if r := one(name); r.Class != fault.Collision || !strings.Contains(r.Error, "2010") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	b.want(map[string]string{"a.txt": "MOT\n", "a.n": "1\n"})
	os.Rename(filepath.Join(b.in, "2010"), filepath.Join(b.in, "moved"))
	b.cfg.Inputs = []string{filepath.Join(b.in, "moved")}
	if s, _ := b.must(); s.Skipped != 1 {
		t.Errorf("the archive was moved, and done again: %+v", s)
	}
}

// When a second document brings the first another name, the first moves to it.
func TestOtherName(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	b.must()
	writeFiles(t, b.in, map[string]string{"a.tif": "hai"})
	b.must()
	both := map[string]string{"a.pdf.txt": "MOT\n", "a.pdf.n": "1\n", "a.tif.txt": "HAI\n", "a.tif.n": "1\n"}
	b.want(both)
	os.Remove(filepath.Join(b.in, "a.pdf"))
	writeFiles(t, b.out, map[string]string{"a.tif.txt": "corrected by hand\n"})
	b.must()
	both["a.tif.txt"] = "corrected by hand\n" // an output that a person has changed stays
	delete(both, "a.tif.n")
	both["a.txt"], both["a.n"] = "HAI\n", "1\n"
	b.want(both)
}

// An output that a person has changed is not written again, whatever the reason.
func TestChangedByHand(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot", "b.pdf": "hai"})
	b.must()
	writeFiles(t, b.out, map[string]string{"a.txt": "sửa tay\n"})
	b.fake.job.Options = "others"
	for range 2 {
		s, h := b.must()
		if r := h.row(t, "a.pdf"); s.Failed != 1 || r.Class != fault.Collision || !strings.Contains(r.Error, "a.txt was changed") {
			t.Errorf("%+v, %+v", s, r)
		}
		b.want(map[string]string{"a.txt": "sửa tay\n", "a.n": "1\n", "b.txt": "HAI\n", "b.n": "1\n"})
	}
	b.cfg.Redo = true
	b.must()
	b.want(map[string]string{"a.txt": "MOT\n", "a.n": "1\n", "b.txt": "HAI\n", "b.n": "1\n"})
}

// Another format is written beside the first; both stay.
func TestOtherFormat(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	b.must()
	b.fake.job.Suffixes = []string{".txt", ".n", ".html"}
	b.fake.job.Options = "html"
	open := b.fake.job.Open
	b.fake.job.Open = func(ctx context.Context, in Input, out *Outputs) (Document, error) {
		d, err := open(ctx, in, out)
		if doc, ok := d.(*fakeDoc); ok {
			doc.w, err = out.Create(".html")
		}
		return d, err
	}
	if s, _ := b.must(); s.Done != 1 {
		t.Errorf("%+v", s)
	}
	b.want(map[string]string{"a.txt": "MOT\n", "a.n": "1\n", "a.html": "MOT\n"})
}

// Several inputs mirror what lies below their common folder.
func TestSeveralInputs(t *testing.T) {
	b := newTestRun(t, map[string]string{"x/a.pdf": "mot", "y/a.pdf": "hai", "z.pdf": "ba", "y/deep/b.pdf": "bon"})
	b.cfg.Inputs = []string{filepath.Join(b.in, "x"), filepath.Join(b.in, "y"), filepath.Join(b.in, "y", "a.pdf"), filepath.Join(b.in, "y", "deep")}
	s, _ := b.must()
	if s.Done != 3 {
		t.Errorf("%+v", s)
	}
	b.want(map[string]string{"x/a.txt": "MOT\n", "x/a.n": "1\n", "y/a.txt": "HAI\n", "y/a.n": "1\n", "y/deep/b.txt": "BON\n", "y/deep/b.n": "1\n"})
}

// A file named on the command line that is not there fails alone.
func TestMissingInput(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	b.cfg.Inputs = []string{filepath.Join(b.in, "a.pdf"), filepath.Join(b.in, "b.pdf")}
	s, h := b.must()
	if r := h.row(t, "b.pdf"); s.Done != 1 || r.Class != fault.Missing {
		t.Errorf("%+v %+v", s, r)
	}
}

// Links in the output folder lead nothing out of it.
func TestNothingOutside(t *testing.T) {
	b := newTestRun(t, map[string]string{"sub/a.pdf": "mot", "b.pdf": "hai", "c.pdf": "ba", "d.pdf": "bon"})
	outside := t.TempDir()
	writeFiles(t, outside, map[string]string{"victim": "untouched", "b.txt": "untouched"})
	os.MkdirAll(b.out, 0o777)
	for link, to := range map[string]string{"sub": outside, "b.txt": filepath.Join(outside, "victim"), tempName("c.txt", Shard{}): filepath.Join(outside, "victim")} {
		if err := os.Symlink(to, filepath.Join(b.out, link)); err != nil {
			t.Skip(err)
		}
	}
	os.MkdirAll(filepath.Join(b.out, "d.txt", "x"), 0o777)
	_, h := b.must()
	if r := h.row(t, "sub/a.pdf"); r.Class != fault.Unsafe {
		t.Errorf("%+v", r)
	}
	if r := h.row(t, "d.pdf"); r.Class != fault.Collision {
		t.Errorf("%+v", r)
	}
	if got := contents(t, outside); len(got) != 2 || got["victim"] != "untouched" || got["b.txt"] != "untouched" {
		t.Errorf("outside: %v", got)
	}
	if h.row(t, "b.pdf").State != Done || h.row(t, "c.pdf").State != Done {
		t.Error("the links in the place of the outputs are replaced, not followed")
	}
	os.RemoveAll(b.out)
	os.MkdirAll(b.out, 0o777)
	os.Symlink(filepath.Join(outside, "journal"), filepath.Join(b.out, journalName))
	if _, _, err := b.run(); err == nil {
		t.Error("the journal is a link and nobody minds")
	}
}

// A file that changes, or is replaced, while it is read is not taken.
func TestChangesWhileRead(t *testing.T) {
	for _, change := range []func(p string) error{
		func(p string) error { return os.WriteFile(p, []byte("hai hai"), 0o666) },
		os.Remove,
		func(p string) error { os.Rename(p, p+"~"); return os.WriteFile(p, []byte("mot"), 0o666) },
	} {
		b := newTestRun(t, map[string]string{"a.pdf": "mot"})
		once := false
		b.fake.delay = 0
		b.fake.hook = func(in Input) {}
		b.fake.job.Suffixes = []string{".txt", ".n"}
		open := b.fake.job.Open
		b.fake.job.Open = func(ctx context.Context, in Input, out *Outputs) (Document, error) {
			d, err := open(ctx, in, out)
			if !once {
				once = true
				change(in.Path)
			}
			return d, err
		}
		_, h := b.must()
		if r := h.row(t, "a.pdf"); r.State != Failed || r.Class != fault.Changed && r.Class != fault.Missing {
			t.Errorf("%+v", r)
		}
		b.want(map[string]string{})
	}
}

// What came through a pipe is a document like others, under the name that it goes by,
// and known again by its bytes.
func TestStreams(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	t.Chdir(filepath.Dir(b.in))
	spooled := filepath.Join(t.TempDir(), "0")
	if err := os.WriteFile(spooled, []byte("hai\nba"), 0o666); err != nil {
		t.Fatal(err)
	}
	b.cfg.Inputs = []string{"-", b.in}
	b.cfg.Streams = map[string]Stream{"-": {Name: "stdin", File: spooled}}
	b.fake.from = 6 // only its last pages are read
	b.must()
	b.want(map[string]string{"stdin.txt": "HAI\nBA\n", "stdin.n": "2\n", "in/a.txt": "MOT\n", "in/a.n": "1\n"})
	old(t, b.in)
	if s, _ := b.must(); s.Skipped != 2 {
		t.Errorf("again: %+v", s)
	}
	if err := os.WriteFile(spooled, []byte("hai\n!holes"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, h := b.must(); !strings.HasPrefix(h.row(t, "stdin").Error, "page 8: ") {
		t.Errorf("the second of the pages from 7: %s", h.row(t, "stdin").Error)
	}
}

// Names begin at the root that is set, if all inputs lie below it.
func TestRoot(t *testing.T) {
	b := newTestRun(t, map[string]string{"2010/01/a.pdf": "mot"})
	b.cfg.Inputs, b.cfg.Root = []string{filepath.Join(b.in, "2010/01/a.pdf")}, b.in
	b.must()
	b.want(map[string]string{"2010/01/a.txt": "MOT\n", "2010/01/a.n": "1\n"})
	b.cfg.Root, b.cfg.Out = filepath.Join(b.in, "2011"), filepath.Join(t.TempDir(), "out")
	b.out = b.cfg.Out
	b.must()
	b.want(map[string]string{"a.txt": "MOT\n", "a.n": "1\n"})
}

// What is no document is counted by the ending of its name.
func TestIgnored(t *testing.T) {
	b := newTestRun(t, map[string]string{"a.pdf": "mot", "b.docx": "", "c/d.DOCX": "", "c/e.zip": "", "c/README": "", ".hidden.pdf": "", "c/.DS_Store": "", ".git/x.pdf": ""})
	s, _ := b.must()
	want := map[string]int{".docx": 2, ".zip": 1, KindPlain: 1, KindHidden: 2}
	if s.Documents != 1 || s.Ignored != 6 || !maps.Equal(s.IgnoredAs, want) {
		t.Errorf("%d documents, %d ignored: %v, want %v", s.Documents, s.Ignored, s.IgnoredAs, want)
	}
}
