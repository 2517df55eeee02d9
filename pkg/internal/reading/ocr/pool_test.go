//go:build unix

package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// The test binary is its own worker: with this variable set it serves a
// puppet.
const workerVar = "CONGVAN_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(workerVar) == "" {
		os.Exit(m.Run())
	}
	in, out := os.NewFile(WorkerIn, "in"), os.NewFile(WorkerOut, "out")
	s := Server{Engine: &puppet{}, Prepare: puppetPrepare, Gone: func() { os.Exit(0) }}
	if err := s.Serve(in, out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// puppetPrepare turns "turned …" upright.
func puppetPrepare(img Image) Prepared {
	if rest, ok := bytes.CutPrefix(img.Data, []byte("turned ")); ok {
		return Prepared{Image: Image{Data: rest, DPI: img.DPI}, Back: func(p *Page) { p.Turn = 90 }}
	}
	if rest, ok := bytes.CutPrefix(img.Data, []byte("wiped ")); ok {
		return Prepared{Image: Image{Data: rest[:5]}, Back: func(*Page) {}, Letters: len(rest)}
	}
	if bytes.Contains(img.Data, []byte("cleared")) {
		return Prepared{Image: Image{Data: []byte("sure 50 ")}, Back: func(*Page) {}}
	}
	if ways := strings.Split(string(img.Data), "|"); len(ways) > 1 {
		way := func(turn int, data string) Prepared {
			data, side := strings.CutPrefix(data, "side ") // lines along the page, turned first
			if side {
				turn += 270
			}
			return Prepared{Image: Image{Data: []byte(data)}, Back: func(p *Page) { p.Turn = turn % 360 }}
		}
		first := way(0, ways[0])
		first.Turned = func(yield func(Prepared) bool) {
			for i, w := range ways[1:] {
				if !yield(way(90*(i+1), w)) {
					return
				}
			}
		}
		return first
	}
	return Prepared{Image: img}
}

// puppet is an engine that does what the image tells it.
type puppet struct{ pages int }

func (p *puppet) Close() error { return nil }

func (p *puppet) Read(_ context.Context, img Image, lang string) (*Page, error) {
	p.pages++
	order, arg, _ := strings.Cut(string(img.Data), " ")
	say := func(format string, args ...any) (*Page, error) {
		w := Word{Text: fmt.Sprintf(format, args...), Box: image.Rect(1, 2, 3, 4), Confidence: 0.5}
		return &Page{DPI: img.DPI, Lines: []Line{{Words: []Word{w}}}}, nil
	}
	switch order {
	case "crash":
		fmt.Fprintln(os.Stderr, "something about pix")
		syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		select {}
	case "killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "crash-once": // arg is a file that remembers
		if _, err := os.Stat(arg); err != nil {
			os.WriteFile(arg, nil, 0o666)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	case "hang":
		select {}
	case "babble": // an answer that is none, and no end
		os.NewFile(WorkerOut, "out").Write([]byte("?\x00\x00\x00\x00"))
		select {}
	case "print": // as C libraries do
		fmt.Println(strings.Repeat("noise ", 100_000))
	case "refuse":
		return nil, errors.New("not an image")
	case "no-library":
		return nil, fault.Errorf(fault.Tool, "no such library")
	case "no-data":
		return nil, &DataError{Lang: lang, Dirs: []string{"/a", "/b"}, Err: errors.New("cut off")}
	case "pid":
		return say("%d %d", os.Getpid(), p.pages)
	case "lang":
		return say("%s", lang)
	case "env":
		return say("%s", os.Getenv(arg))
	case "sure": // of so many hundredths of the rest
		percent, text, _ := strings.Cut(arg, " ")
		page, err := say("%s", text)
		n, _ := strconv.Atoi(percent)
		page.Lines[0].Words[0].Confidence = float64(n) / 100
		return page, err
	}
	return say("%s", img.Data)
}

func newTestPool(t *testing.T, opts PoolOptions) *Pool {
	t.Helper()
	t.Setenv(workerVar, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	opts.Command = []string{self}
	p := NewPool(opts)
	t.Cleanup(func() { p.Close() })
	return p
}

func readText(t *testing.T, p *Pool, data string) string {
	t.Helper()
	page, err := p.Read(t.Context(), Image{Data: []byte(data), DPI: 300}, "vie")
	if err != nil {
		t.Fatalf("reading %.40q: %v", data, err)
	}
	return strings.TrimSpace(page.Text())
}

func TestPool(t *testing.T) {
	p := newTestPool(t, PoolOptions{Jobs: 1})
	if got := readText(t, p, "Điều 1."); got != "Điều 1." {
		t.Errorf("got %q", got)
	}
	if got := readText(t, p, "env OMP_THREAD_LIMIT"); got != "1" {
		t.Errorf("OMP_THREAD_LIMIT=%q in a worker, want 1", got)
	}
	if got := readText(t, p, strings.Repeat("x", 10<<20)); len(got) != 10<<20 {
		t.Errorf("%d bytes of a large image came back", len(got))
	}
	if got := readText(t, p, "print"); got != "print" {
		t.Errorf("after noise on standard output: %q", got)
	}
}

// Several readers read what one preparation made; boxes are taken back.
func TestPoolPrepares(t *testing.T) {
	p := newTestPool(t, PoolOptions{Jobs: 1})
	r, err := p.Do(t.Context(), Task{Image: Image{Data: []byte("turned lang"), DPI: 300}, Langs: []string{"vie", "eng"}, Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Pages) != 2 || r.Pages[0].Text() != "vie\n" || r.Pages[1].Text() != "eng\n" || r.Pages[1].Turn != 90 {
		t.Errorf("pages %+v, %+v", r.Pages[0], r.Pages[1])
	}
	if string(r.Prepared) != "lang" {
		t.Errorf("the image as seen is %q", r.Prepared)
	}
}

// A page of which preparation leaves less than the plain page has is read as it
// was.
func TestPoolPrefersPlain(t *testing.T) {
	p := newTestPool(t, PoolOptions{Jobs: 1})
	for in, want := range map[string]string{
		"wiped Kính gửi Sở Nội vụ":  "wiped Kính gửi Sở Nội vụ",
		"wiped Kính":                "Kính"[:5],
		"sure 90 cleared Sở Nội vụ": "cleared Sở Nội vụ",
		"sure 30 cleared dirt .,;-": "", // reads as text
	} {
		if got := readText(t, p, in); got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}

// A page of which little is sure is read the other ways up until one gives text
// that is, and stays if none does.
func TestPoolTurns(t *testing.T) {
	p := newTestPool(t, PoolOptions{Jobs: 1})
	for _, c := range []struct {
		in, want string
		turn     int
	}{
		{"sure 90 Kính gửi Sở|crash", "Kính gửi Sở", 0},                                      // no other way is tried
		{"sure 35 ,ọs !ửƃ ɥuịʞ|sure 90 Kính gửi Sở|crash", "Kính gửi Sở", 90},                // nor after one that is sure
		{"sure 35 ,ọs !ửƃ ɥuịʞ|sure 60 K1nh g.i Số|sure 90 Kính gửi Sở", "Kính gửi Sở", 180}, // better than a poor one
		{"sure 35 ,ọs !ửƃ ɥuịʞ|refuse|sure 60 Kinh gửi Sở", "Kinh gửi Sở", 180},              // a poor scan
		{"sure 60 Kính gửi Số|sure 70 ,ọs !ửƃ ɥuịʞ", "Kính gửi Số", 0},                       // not plainly better
		{"sure 20 ; :.,- ~~|sure 40 . .: ;,--", "; :.,- ~~", 0},                              // a picture
		{"side sure 30 ; :.,- ~~|side sure 40 . .: ;,--", ". .: ;,--", 0},                    // nor is that turned by its lines
		{"side sure 40 ; :.,- ~~|side refuse", "; :.,- ~~", 270},
		{"sure 60 Kính gửi Sở Nội vụ|sure 95 i:", "Kính gửi Sở Nội vụ", 0}, // what is lost may have been text
		{"sure 90 Số|sure 30 ọs", "Số", 0},                                 // a word
	} {
		page, err := p.Read(t.Context(), Image{Data: []byte(c.in)}, "vie")
		if err != nil {
			t.Fatalf("%s: %v", c.in, err)
		}
		if got := strings.TrimSpace(page.Text()); got != c.want || page.Turn != c.turn {
			t.Errorf("%s: %q, turned by %d; want %q, %d", c.in, got, page.Turn, c.want, c.turn)
		}
	}
}

// A page that fails leaves the worker as it is; one that kills it, or hangs,
// leaves the pool fit for the next page.
func TestPoolFaults(t *testing.T) {
	p := newTestPool(t, PoolOptions{Jobs: 1, Timeout: 2 * time.Second})
	read := func(data string) error {
		_, err := p.Read(t.Context(), Image{Data: []byte(data)}, "vie")
		return err
	}
	if err := read("refuse"); err == nil || err.Error() != "not an image" {
		t.Errorf("refused: %v", err)
	}
	var data *DataError
	if err := read("no-data"); !errors.As(err, &data) || data.Lang != "vie" || len(data.Dirs) != 2 || data.Err == nil {
		t.Errorf("no data: %v", err)
	}
	if err := read("no-library"); fault.ClassOf(err) != fault.Tool || err.Error() != "no such library" {
		t.Errorf("no library: class %s, %v", fault.ClassOf(err), err)
	}
	var crash *CrashError
	if err := read("crash"); !errors.As(err, &crash) || !strings.Contains(crash.Said, "segmentation") {
		t.Errorf("crash: %v", err)
	}
	if c := fault.ClassOf(crash); c != fault.Crash {
		t.Errorf("a crash is of class %s", c)
	}
	err := read("killed")
	if !errors.As(err, &crash) || fault.ClassOf(err) != fault.Memory {
		t.Errorf("killed: %v", err)
	}
	// A worker that is killed for its answer is not taken for one that was killed
	// for want of memory.
	if err := read("babble"); !errors.As(err, &crash) || fault.ClassOf(err) != fault.Crash || !strings.Contains(err.Error(), "where a page is expected") {
		t.Errorf("babble: class %s, %v", fault.ClassOf(err), err)
	}
	if got := readText(t, p, "crash-once "+t.TempDir()+"/seen"); !strings.HasPrefix(got, "crash-once") {
		t.Errorf("a page whose worker was killed once: %q", got)
	}
	var late *TimeoutError
	if err := read("hang"); !errors.As(err, &late) {
		t.Errorf("hang: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := p.Read(ctx, Image{Data: []byte("hang")}, "vie"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled: %v", err)
	}
	if got := readText(t, p, "still there"); got != "still there" {
		t.Errorf("after all that: %q", got)
	}
}

func TestPoolRecycles(t *testing.T) {
	p := newTestPool(t, PoolOptions{Jobs: 1, Recycle: 2})
	var pids []string
	for range 4 {
		pids = append(pids, strings.Fields(readText(t, p, "pid"))[0])
	}
	if pids[0] != pids[1] || pids[1] == pids[2] || pids[2] != pids[3] {
		t.Errorf("processes of four pages, two each: %v", pids)
	}
}

// Many readers share few workers, some of which die, and everybody gets the
// answer to the own page.
func TestPoolShared(t *testing.T) {
	p := newTestPool(t, PoolOptions{Jobs: 3})
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			data := fmt.Sprint("page ", i)
			if i%10 == 3 {
				data = fmt.Sprintf("crash-once %s/%d", dir, i)
			}
			page, err := p.Read(t.Context(), Image{Data: []byte(data)}, "vie")
			if err != nil || page.Lines[0].Words[0].Text != data {
				t.Errorf("page %d: %v, %v", i, page, err)
			}
		})
	}
	wg.Wait()
}

// A worker leaves when its supervisor is gone, even with a page in hand.
func TestWorkerLeaves(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("looks into /proc")
	}
	p := newTestPool(t, PoolOptions{Jobs: 1})
	pid := strings.Fields(readText(t, p, "pid"))[0]
	w := <-p.idle
	writeJSONFrame(w.in, frameRequest, request{})
	writeFrame(w.in, frameImage, []byte("hang"))
	w.in.Close() // what a dead supervisor's kernel does
	w.cmd.Wait()
	w.cmd = nil
	p.idle <- w
	if _, err := os.Stat("/proc/" + pid); err == nil {
		t.Errorf("process %s is still there", pid)
	}
}

// A server whose requests end while it reads need not be told what to do then.
func TestServeToTheEnd(t *testing.T) {
	var in, out bytes.Buffer
	writeJSONFrame(&in, frameRequest, request{Langs: []string{"vie"}})
	writeFrame(&in, frameImage, []byte("lang"))
	if err := (&Server{Engine: &puppet{}}).Serve(&in, &out); err != nil {
		t.Fatal(err)
	}
	if r, refused, err := readAnswer(&out, request{Langs: []string{"vie"}}); err != nil || refused != nil || r.Pages[0].Text() != "vie\n" {
		t.Errorf("%+v, %v, %v", r, refused, err)
	}
}

// No stream of bytes makes the reader of frames panic or take memory that it
// was not sent.
func FuzzFrames(f *testing.F) {
	var good bytes.Buffer
	writeJSONFrame(&good, frameRequest, request{Langs: []string{"vie"}, DPI: 300})
	writeFrame(&good, frameImage, []byte("P5 1 1 255 x"))
	f.Add(good.Bytes())
	good.Reset()
	writeJSONFrame(&good, framePages, []Page{{Lines: []Line{{Words: []Word{{Text: "Số"}}}}}})
	f.Add(good.Bytes())
	f.Add([]byte("E\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		readRequest(bytes.NewReader(data), nil)
		r1, refused, err := readAnswer(bytes.NewReader(data), request{Langs: []string{"vie"}, Keep: true})
		if err == nil && (r1 == nil) == (refused == nil) {
			t.Errorf("neither page nor error, or both: %v, %v", r1, refused)
		}
		r := bytes.NewReader(data)
		for {
			_, payload, err := readFrame(r, nil, 1<<20)
			if err != nil {
				if len(data) == 0 && err != io.EOF {
					t.Errorf("empty stream: %v, want EOF", err)
				}
				break
			}
			if len(payload) > len(data) {
				t.Fatal("a payload longer than the stream")
			}
		}
	})
}
