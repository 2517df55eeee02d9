package conform

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/congvan-cli/congvan/pkg/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"congvan": func() { os.Exit(cli.Main(os.Args[1:], cli.Std())) }})
}

// TestScripts runs the program as a user does. Each script in testdata/script
// is headed by the promise it keeps. They have, beside testscript's own,
//
//	exits STATUS COMMAND…   run a command that must end with that status
//	picture FILE W H        write a white PNG
//	jpegtiff FILE JPEG      write the JPEG file as a grey TIFF with JPEG inside
//	bomb FILE               write a PNG of a few bytes that claims 60,000 x 60,000 pixels
//	pagelesspdf FILE        write a sound PDF of no pages
//	killworker              end one worker process of a congvan in the background, as by kill -9
//	noworker                fail if a worker has been left behind
//	sleep DURATION
//
// the conditions [tesseract] (this program can read images and the data for
// Vietnamese are installed) and [root], and $LETTERS, the folder of test
// letters.
func TestScripts(t *testing.T) {
	letters, err := filepath.Abs("../../../testdata/letters")
	if err != nil {
		t.Fatal(err)
	}
	reads := readsImages()
	if !reads {
		t.Log("Tesseract or its data are not installed: scripts that read images are skipped")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../../testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LETTERS", letters)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "tesseract":
				return reads, nil
			case "root":
				return os.Getuid() == 0, nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":       exits,
			"picture":     picture,
			"jpegtiff":    jpegTIFF,
			"bomb":        bomb,
			"pagelesspdf": pagelessPDF,
			"killworker":  killWorker,
			"noworker":    noWorker,
			"sleep":       sleep,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func whitePNG(w, h int) []byte {
	m := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func write(ts *testscript.TestScript, name string, data []byte) {
	ts.Check(os.WriteFile(ts.MkAbs(name), data, 0o666))
}

func picture(ts *testscript.TestScript, _ bool, args []string) {
	w, err := strconv.Atoi(args[1])
	ts.Check(err)
	h, err := strconv.Atoi(args[2])
	ts.Check(err)
	write(ts, args[0], whitePNG(w, h))
}

// jpegTIFF writes a TIFF of one strip that is a whole JPEG file, a kind that
// Go's decoder does not know.
func jpegTIFF(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Open(ts.MkAbs(args[1]))
	ts.Check(err)
	defer f.Close()
	m, err := jpeg.Decode(f)
	ts.Check(err)
	gray := image.NewGray(m.Bounds())
	draw.Draw(gray, gray.Rect, m, image.Point{}, draw.Src)
	var strip bytes.Buffer
	ts.Check(jpeg.Encode(&strip, gray, &jpeg.Options{Quality: 90}))
	le := binary.LittleEndian
	b := append([]byte("II*\x00"), 0, 0, 0, 0)
	b = append(b, strip.Bytes()...)
	if len(b)%2 != 0 {
		b = append(b, 0)
	}
	le.PutUint32(b[4:], uint32(len(b)))
	entries := [][3]int{ // tag, type, value
		{256, 4, gray.Rect.Dx()}, {257, 4, gray.Rect.Dy()}, {258, 3, 8}, {259, 3, 7}, {262, 3, 1},
		{273, 4, 8}, {277, 3, 1}, {278, 4, gray.Rect.Dy()}, {279, 4, strip.Len()},
	}
	b = le.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = le.AppendUint16(b, uint16(e[0]))
		b = le.AppendUint16(b, uint16(e[1]))
		b = le.AppendUint32(b, 1)
		b = le.AppendUint32(b, uint32(e[2]))
	}
	write(ts, args[0], le.AppendUint32(b, 0))
}

func bomb(ts *testscript.TestScript, _ bool, args []string) {
	b := whitePNG(8, 8)
	binary.BigEndian.PutUint32(b[16:], 60_000)
	binary.BigEndian.PutUint32(b[20:], 60_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	write(ts, args[0], b)
}

func pagelessPDF(ts *testscript.TestScript, _ bool, args []string) {
	write(ts, args[0], []byte(`%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Count 0 /Kids [] >>
endobj
xref
0 3
0000000000 65535 f 
0000000009 00000 n 
0000000058 00000 n 
trailer
<< /Size 3 /Root 1 0 R >>
startxref
110
%%EOF
`))
}

// killWorker kills a worker that runs in the script's folder, once one has had
// time to start on a page.
func killWorker(ts *testscript.TestScript, _ bool, _ []string) {
	for range 400 {
		time.Sleep(50 * time.Millisecond)
		pids := workers(ts)
		if len(pids) == 0 {
			continue
		}
		time.Sleep(300 * time.Millisecond)
		proc, err := os.FindProcess(pids[0])
		ts.Check(err)
		if proc.Kill() == nil {
			ts.Logf("killed worker %d", pids[0])
			return
		}
	}
	ts.Fatalf("no worker to kill")
}

// noWorker fails if a worker of the script is still there.
func noWorker(ts *testscript.TestScript, _ bool, _ []string) {
	if pids := workers(ts); len(pids) > 0 {
		ts.Fatalf("workers left behind: %v", pids)
	}
}

// workers returns the worker processes that run in the script's folder.
func workers(ts *testscript.TestScript) (pids []int) {
	procs, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range procs {
		cwd, _ := os.Readlink(filepath.Join(p, "cwd"))
		cmdline, _ := os.ReadFile(filepath.Join(p, "cmdline"))
		pid, err := strconv.Atoi(filepath.Base(p))
		if err == nil && cwd == ts.Getenv("WORK") && bytes.Contains(cmdline, []byte("\x00__worker\x00")) {
			pids = append(pids, pid)
		}
	}
	return pids
}

func sleep(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	time.Sleep(d)
}
