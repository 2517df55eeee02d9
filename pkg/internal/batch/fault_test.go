package batch

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// stress makes the long tests as long as the promises they check.
var stress = flag.Bool("stress", false, "run the long tests in full")

// childEnv makes the test binary the program that the tests kill.
const childEnv = "BATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if dirs := os.Getenv(childEnv); dirs != "" {
		child(strings.Split(dirs, "\n"))
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

// child is a program with a batch in it, as small as can be.
func child(dirs []string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	f := newFake()
	if len(dirs) == 2 { // a third word asks for speed
		f.delay = time.Millisecond
	}
	_, err := Run(ctx, Config{Inputs: dirs[:1], Out: dirs[1], Jobs: 4}, f.job)
	switch {
	case ctx.Err() != nil:
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// sixty is a batch of 60 documents of 1 to 7 pages in a few folders, some bad.
func sixty() map[string]string {
	files := map[string]string{}
	for i := range 60 {
		name := fmt.Sprintf("%d/van ban %02d.pdf", i%4, i)
		switch i % 15 {
		case 3:
			files[name] = "!damaged"
		case 7:
			files[name] = "mot\n!crash\nba"
		default:
			files[name] = strings.Repeat(fmt.Sprintf("trang cua %d\n", i), 1+i%7)
		}
	}
	return files
}

// Killed with -9 at any moment, as often as you like, and started again, the
// batch makes the very outputs that an undisturbed run makes, and does again no
// more than what was in hand.
func TestKill9(t *testing.T) {
	kills := 10
	if testing.Short() {
		kills = 3
	}
	if *stress {
		kills = 100
	}
	b := newTestRun(t, sixty())
	old(t, b.in)
	start := func(out string) (*exec.Cmd, *bytes.Buffer) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+b.in+"\n"+out)
		stderr := new(bytes.Buffer)
		cmd.Stderr = stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, stderr
	}
	began := time.Now()
	cmd, stderr := start(b.out)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	undisturbed := time.Since(began)
	want := contents(t, b.out)
	if len(want) != 112 { // 4 of 60 damaged
		t.Fatalf("%d outputs", len(want))
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for killed := 0; killed < kills; {
		out := filepath.Join(t.TempDir(), "out")
		for again := true; again; {
			before := rowsDone(t, out)
			cmd, stderr := start(out)
			timer := time.AfterFunc(time.Duration(rnd.Int64N(int64(undisturbed))), func() { cmd.Process.Kill() })
			err := cmd.Wait()
			timer.Stop()
			again = err != nil
			if again {
				killed++
				if !strings.Contains(err.Error(), "killed") {
					t.Fatalf("%v: %s", err, stderr.String())
				}
			}
			if after := rowsDone(t, out); after < before {
				t.Errorf("%d documents were done before the kill, %d after", before, after)
			}
			complete(t, out, want)
		}
		if got := contents(t, out); !maps.Equal(got, want) {
			t.Fatalf("after %d kills: %d outputs, want %d", killed, len(got), len(want))
		}
		v, err := Verify(t.Context(), []string{out}, 2)
		if err != nil || len(v.Findings) != 0 || v.Documents != 60 {
			t.Fatalf("verify: %+v %v", v, err)
		}
	}
	t.Logf("an undisturbed run takes %v", undisturbed)
}

// rowsDone counts the documents that the journal calls done.
func rowsDone(t *testing.T, out string) int {
	n := 0
	if exists(filepath.Join(out, journalName)) {
		if err := Rows([]string{out}, func(r *Row) error {
			if r.State == Done {
				n++
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// complete makes sure that what is there is as it should be, though not all may be.
func complete(t *testing.T, out string, want map[string]string) {
	t.Helper()
	if !exists(out) {
		return
	}
	for name, text := range contents(t, out) {
		if !strings.HasPrefix(filepath.Base(name), ".part-") && want[name] != text {
			t.Errorf("after a kill %q holds %q, want %q", name, text, want[name])
		}
	}
}

// SIGINT and SIGTERM end the program within seconds; the journal is whole and
// no temporary file is left.
func TestSignals(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		b := newTestRun(t, map[string]string{"a.pdf": "mot", "b.pdf": "!hang", "c.pdf": "!deaf"})
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+b.in+"\n"+b.out)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for !exists(filepath.Join(b.out, "a.txt")) {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(50 * time.Millisecond)
		began := time.Now()
		cmd.Process.Signal(sig)
		cmd.Wait()
		if took := time.Since(began); took > 5*time.Second || cmd.ProcessState.ExitCode() != 130 {
			t.Errorf("%v: ended after %v with %v", sig, took, cmd.ProcessState)
		}
		b.want(map[string]string{"a.txt": "MOT\n", "a.n": "1\n"})
		if v, err := Verify(t.Context(), []string{b.out}, 1); err != nil || len(v.Findings) != 0 || v.Documents != 1 {
			t.Errorf("%+v %v", v, err)
		}
	}
}

// Whatever fails on the disk, and when: the run stops cleanly if the disk is
// full and goes on otherwise, nothing is half written, nothing that failed is
// called done, and a later run completes the work.
func TestBrokenDisk(t *testing.T) {
	for _, op := range []string{"create", "write", "sync", "rename", "journal"} {
		for _, fault := range []error{syscall.ENOSPC, syscall.EIO} {
			for _, after := range []int64{0, 31} {
				t.Run(fmt.Sprintf("%s/%v/%d", op, fault, after), func(t *testing.T) {
					t.Parallel()
					b := newTestRun(t, sixty())
					old(t, b.in)
					var n atomic.Int64
					broken := func(got, name string) error {
						if got == op && n.Add(1) > after {
							return &fs.PathError{Op: op, Path: name, Err: fault}
						}
						return nil
					}
					b.cfg.faults = &faultHooks{broken}
					s, _, err := b.run()
					switch {
					case op == "journal" && after > 0: // there may be fewer groups than that
					case fault == syscall.ENOSPC:
						if !errors.Is(err, ErrDiskFull) || s.Complete {
							t.Errorf("the disk is full and the error is %v", err)
						}
					case op == "journal":
						if !errors.Is(err, fault) {
							t.Errorf("the journal can't be written and the error is %v", err)
						}
					case err != nil:
						t.Error(err)
					}
					done := 0
					if err := Rows([]string{b.out}, func(r *Row) error {
						if r.State == Done {
							done++
						}
						return nil
					}); err != nil {
						t.Error(err)
					}
					v, err := Verify(t.Context(), []string{b.out}, 1)
					if err != nil || len(v.Findings) != 0 {
						t.Errorf("verify: %+v %v", v, err)
					}
					for name := range contents(t, b.out) {
						if strings.HasPrefix(filepath.Base(name), ".part-") {
							t.Errorf("%s is left over", name)
						}
					}
					b.cfg.faults = nil
					s, _ = b.must()
					if s.Done != 52-done || len(contents(t, b.out)) != 112 {
						t.Errorf("the later run: %+v after %d done", s, done)
					}
				})
			}
		}
	}
}

// A file system that is really full.
func TestFullFileSystem(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("SKIPPED: needs Linux and the superuser, to mount a small file system")
	}
	b := newTestRun(t, nil)
	os.MkdirAll(b.out, 0o777)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", b.out).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no mount here: %s", out)
	}
	defer exec.Command("umount", "-l", b.out).Run()
	for i := range 40 {
		writeFiles(t, b.in, map[string]string{fmt.Sprintf("%02d.pdf", i): strings.Repeat("mot hai ba bon nam\n", 1000)})
	}
	old(t, b.in)
	s, _, err := b.run()
	if !errors.Is(err, ErrDiskFull) || s.Done == 0 || s.Done == 40 {
		t.Fatalf("%v %+v", err, s)
	}
	v, err := Verify(t.Context(), []string{b.out}, 1)
	if err != nil || len(v.Findings) != 0 {
		t.Errorf("verify: %+v %v", v, err)
	}
	if out, err := exec.Command("mount", "-o", "remount,size=8m", b.out).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no remount here: %s", out)
	}
	if s2, _ := b.must(); s2.Done+s.Done != 40 {
		t.Errorf("first %d, then %d", s.Done, s2.Done)
	}
	if got := contents(t, b.out); len(got) != 80 {
		t.Errorf("%d outputs", len(got))
	}
}

// A read-only output folder stops the run at once, with its class and a hint.
func TestReadOnlyFolder(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("SKIPPED: needs Linux and the superuser, to mount read-only")
	}
	b := newTestRun(t, map[string]string{"a.pdf": "mot"})
	os.MkdirAll(b.out, 0o777)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", b.out).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no mount here: %s", out)
	}
	defer exec.Command("umount", "-l", b.out).Run()
	_, _, err := b.run()
	if class, hint := fault.ClassOf(err), fault.HintOf(err); class != fault.ReadOnly || hint == "" {
		t.Errorf("%v: class %q, hint %q", err, class, hint)
	}
}

// An input folder that goes away stops the run: it is not the documents' fault.
func TestInputFolderGone(t *testing.T) {
	b := newTestRun(t, sixty())
	var once sync.Once
	b.fake.hook = func(Input) { once.Do(func() { os.Rename(b.in, b.in+"~") }) }
	s, _, err := b.run()
	if err == nil || s.Complete {
		t.Errorf("%v %+v", err, s)
	}
	os.Rename(b.in+"~", b.in)
	b.fake.hook = nil
	b.must()
	if got := contents(t, b.out); len(got) != 112 {
		t.Errorf("%d outputs", len(got))
	}
}

// So does an output folder that goes away.
func TestOutputFolderGone(t *testing.T) {
	b := newTestRun(t, sixty())
	var once sync.Once
	b.fake.hook = func(Input) { once.Do(func() { os.RemoveAll(b.out) }) }
	s, _, err := b.run()
	if err == nil || s.Complete {
		t.Errorf("%v %+v", err, s)
	}
	b.fake.hook = nil
	b.must()
	if got := contents(t, b.out); len(got) != 112 {
		t.Errorf("%d outputs", len(got))
	}
}
