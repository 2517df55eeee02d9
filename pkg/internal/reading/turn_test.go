package reading

import (
	"fmt"
	"image"
	"image/draw"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/imaging"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr/tesseract"
)

// asWorker in the environment has the test binary serve as a worker.
const asWorker = "CONGVAN_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(asWorker) == "" {
		os.Exit(m.Run())
	}
	w := Worker{Tesseract: tesseract.Options{Again: true}, Prepare: imaging.All}
	if err := w.Serve(os.NewFile(ocr.WorkerIn, "in"), os.NewFile(ocr.WorkerOut, "out")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A page of a few lines is read upright, whichever way it lies; one that stands
// upright stays as it is.
func TestShortPages(t *testing.T) {
	if _, err := tesseract.FindData("", "vie"); !tesseract.Available || err != nil {
		t.Skip("SKIPPED: needs Tesseract with Vietnamese data")
	}
	t.Setenv(asWorker, "yes")
	pool := ocr.NewPool(ocr.PoolOptions{Command: []string{os.Args[0]}, Jobs: 1})
	defer pool.Close()
	letter := testLetter(t)
	for _, c := range []struct {
		name   string
		rows   [2]int // of the letter, at 300 dpi
		shrunk int
		words  string
	}{
		{"a line", [2]int{930, 1005}, 1, "hoạch số"},
		{"a strip", [2]int{930, 1005}, 2, "hoạch số"}, // too small for preparation
		{"five lines", [2]int{930, 1294}, 1, "phối hợp thực hiện"},
	} {
		m := image.NewGray(image.Rect(0, 0, letter.Rect.Dx(), c.rows[1]-c.rows[0]))
		draw.Draw(m, m.Rect, letter, image.Pt(0, c.rows[0]), draw.Src)
		m = shrunk(m, c.shrunk)
		for quarters := range 4 {
			p, err := pool.Read(t.Context(), ocr.FromImage(turned(m, quarters), 300/c.shrunk), "vie")
			if err != nil {
				t.Fatal(err)
			}
			if text := p.Text(); !strings.Contains(text, c.words) || p.Turn != (360-90*quarters)%360 || p.Size != m.Rect.Max {
				t.Errorf("%s, turned by %d quarters: turned by %d degrees to %v and read as %q", c.name, quarters, p.Turn, p.Size, text)
			}
		}
	}
}

// shrunk returns m, n times smaller.
func shrunk(m *image.Gray, n int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Rect.Dx()/n, m.Rect.Dy()/n))
	for i := range out.Pix {
		x, y, sum := i%out.Stride*n, i/out.Stride*n, 0
		for j := range n * n {
			sum += int(m.GrayAt(x+j%n, y+j/n).Y)
		}
		out.Pix[i] = byte(sum / (n * n))
	}
	return out
}

func TestWays(t *testing.T) {
	for _, c := range []struct {
		across, along, quarters int
		want                    []int
	}{
		{20, 0, 0, []int{4, 2}},
		{90, 2, 2, []int{2, 4}}, // turned by its letters already
		{1, 20, 0, []int{1, 3, 4}},
		{2, 90, 3, []int{3, 1, 4}},
		{5, 0, 0, []int{4, 1, 3, 2}}, // too little to tell by
		{20, 10, 0, []int{4, 1, 3, 2}},
	} {
		rep := &imaging.Report{Measure: imaging.Measure{Components: 100, Across: c.across, Along: c.along}, Quarters: c.quarters}
		if got := ways(rep); !slices.Equal(got, c.want) {
			t.Errorf("%d pairs across, %d along, %d quarters: %v, want %v", c.across, c.along, c.quarters, got, c.want)
		}
	}
}
