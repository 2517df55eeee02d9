package batch

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// manyDocs makes a corpus of one-line documents, 1000 a folder.
func manyDocs(t testing.TB, dir string, n int) {
	t.Helper()
	then := time.Now().Add(-time.Hour)
	for i := range n {
		d := filepath.Join(dir, fmt.Sprintf("%03d", i/1000))
		if i%1000 == 0 {
			if err := os.MkdirAll(d, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		p := filepath.Join(d, fmt.Sprintf("van ban so %06d.pdf", i))
		if err := os.WriteFile(p, fmt.Appendf(nil, "van ban so %d\n", i), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(p, then, then); err != nil {
			t.Fatal(err)
		}
	}
}

// One-line documents, 100,000 with -stress: the program stays small and does
// not grow, and every one has its row. How much work they are, done and done
// before, is counted by TestGrowth (lab/growth).
func TestScale(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	n := 2000
	if *stress {
		n = 100_000
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	manyDocs(t, in, n)
	var peaks []int // MB, as the last run went on
	run := func() (peakMB int) {
		peaks = nil
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+in+"\n"+out+"\nfast")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				return peakMB
			case <-tick.C:
				peakMB = max(peakMB, peakRSS(cmd.Process.Pid))
				peaks = append(peaks, peakMB)
			}
		}
	}
	mb := run()
	if *stress {
		if half := peaks[len(peaks)/2]; mb > half+25 {
			t.Errorf("memory grows: %d MB half way through, %d MB at the end", half, mb)
		}
	}
	again := run()
	t.Logf("%d documents: at most %d MB, %d MB where nothing is left to do", n, mb, again)
	if !raceOn && max(mb, again) > 120 {
		t.Errorf("%d MB and %d MB, more than 120 MB", mb, again)
	}
	done := 0
	if err := Rows([]string{out}, func(*Row) error { done++; return nil }); err != nil || done != n {
		t.Errorf("%d rows, %v", done, err)
	}
}

// peakRSS is the highest memory use of a process in MB; 0 if unknown.
func peakRSS(pid int) int {
	if runtime.GOOS != "linux" {
		return 0
	}
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if v, ok := strings.CutPrefix(s.Text(), "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(v), " kB"))
			return kb / 1024
		}
	}
	return 0
}
