package conform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// chromium opens a report in a headless browser, or skips the test aloud.
func chromium(t *testing.T, report []byte) (context.Context, string, func() []string) {
	t.Helper()
	ctx, dir, troubles := browse(t)
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, report, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	return ctx, dir, troubles
}

// browse starts a headless browser with a folder for what it downloads, or skips the
// test aloud. It returns what the browser had to complain of so far.
func browse(t *testing.T) (context.Context, string, func() []string) {
	t.Helper()
	bin := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			bin = p
			break
		}
	}
	if bin == "" {
		t.Skip("SKIPPED: chromium is not installed")
	}
	if testing.Short() {
		t.Skip("SKIPPED: a browser takes long to start")
	}
	dir, err := os.MkdirTemp("", "report")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the browser's processes may still write for a moment
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(bin), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WindowSize(1400, 900),
		chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	var troubles []string
	var mu sync.Mutex
	err = chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			troubles = append(troubles, fmt.Sprintf("%+v", *ev.ExceptionDetails))
		case *log.EventEntryAdded:
			troubles = append(troubles, ev.Entry.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, runtime.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir}); err != nil {
		t.Fatal(err)
	}
	return ctx, dir, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(troubles)
	}
}

// letterPage is a page whose words are black boxes where their boxes say.
func letterPage(number int, rows ...string) *output.Page {
	p := page(number, rows...)
	img := image.NewGray(image.Rect(0, 0, p.Size.X, p.Size.Y))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, l := range p.Lines {
		for _, w := range l.Words {
			for y := w.Box.Min.Y + 8; y < w.Box.Max.Y-8; y++ {
				for x := w.Box.Min.X; x < w.Box.Max.X-4; x++ {
					img.SetGray(x, y, color.Gray{40})
				}
			}
		}
	}
	p.Image = func() (output.Image, error) { return output.Image{Pixels: img, DPI: p.DPI}, nil }
	return p
}

func TestReportInBrowser(t *testing.T) {
	one := letterPage(1, "Chào bán cô phần riêng lẻ", "theo quy đjnh của Luật")
	doubt := func(p *output.Page, line, word int, c float64, alts ...string) {
		w := &p.Lines[line].Words[word]
		w.Confidence = c
		for _, a := range alts {
			w.Alternatives = append(w.Alternatives, ocr.Alternative{Text: a, Confidence: 0.2})
		}
	}
	doubt(one, 0, 2, 0.4, "cổ", "<img src=x onerror=alert(1)>")
	doubt(one, 1, 2, 0.6)
	two := letterPage(2, "<script>document.title='owned'</script> \"'> rác")
	doubt(two, 0, 2, 0.7)
	doc := &output.Document{Path: "thu/<b>\"công văn\".pdf", SHA256: strings.Repeat("ab", 32)}
	pages := []*output.Page{one, two}
	var file *output.File
	{
		f, err := output.Decode(bytes.NewReader(writePages(t, "json", doc, pages, output.Options{})))
		if err != nil {
			t.Fatal(err)
		}
		file = f
	}
	ctx, dir, troubles := chromium(t, writePages(t, "html", doc, pages, output.Options{}))

	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	eval := func(js string) string {
		t.Helper()
		s, err := chromedp.Run(ctx, chromedp.Evaluate[string](js))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	focus := func() string { t.Helper(); return eval(`document.activeElement.textContent`) }
	status := func() string { t.Helper(); return eval(`document.getElementById("status").textContent`) }
	key := chromedp.KeyEvent
	click := func(selector string) {
		t.Helper()
		var p struct{ X, Y float64 }
		at := eval(`(() => {
			const e = document.querySelector(` + strconv.Quote(selector) + `);
			e.scrollIntoView({block: "center"});
			const r = e.getBoundingClientRect();
			return JSON.stringify({X: r.x + r.width / 2, Y: r.y + r.height / 2});
		})()`)
		if err := json.Unmarshal([]byte(at), &p); err != nil {
			t.Fatal(err)
		}
		do(chromedp.MouseClickXY(p.X, p.Y))
	}
	expect("at the start", status(), "3 words are marked")

	// By keyboard: N goes to the first marked word, and its place shows.
	do(key("n"))
	expect("after N", focus(), "cô")
	var mark struct{ X, Y, W, H float64 }
	if err := json.Unmarshal([]byte(eval(`(() => {
		const m = document.querySelector(".mark:not([hidden])").getBoundingClientRect(), i = document.querySelector(".sheet img").getBoundingClientRect();
		const k = 1654 / i.width;
		return JSON.stringify({X: (m.x - i.x) * k, Y: (m.y - i.y) * k, W: m.width * k, H: m.height * k});
	})()`)), &mark); err != nil {
		t.Fatal(err)
	}
	if b := one.Lines[0].Words[2].Box; mark.X > float64(b.Min.X) || mark.X < float64(b.Min.X)-20 || mark.Y > float64(b.Min.Y) || mark.X+mark.W < float64(b.Max.X) || mark.Y+mark.H > float64(b.Max.Y)+20 {
		t.Errorf("the mark is at %+v, the word at %v", mark, b)
	}
	// Arrows go word by word and line by line; Tab goes to the next marked word.
	do(key(kb.ArrowRight))
	expect("after an arrow to the right", focus(), "phần")
	do(key(kb.ArrowDown))
	expect("after an arrow down", focus(), "của")
	do(key(kb.ArrowLeft), key(kb.ArrowUp))
	expect("after arrows to the left and up", focus(), "cô")
	do(key(kb.Tab))
	expect("after Tab", focus(), "đjnh")

	// Enter opens, typing replaces, Enter saves and goes on.
	do(key(kb.Enter))
	if _, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: "định"}); err != nil {
		t.Fatal(err)
	}
	do(key(kb.Enter))
	expect("after typing", status(), "2 words are marked · 1 corrected, not downloaded yet")
	expect("the next word", focus(), "rác")
	// Esc leaves things as they are.
	do(key(kb.Enter), key("xyz"), key(kb.Escape))
	expect("after Esc", focus(), "rác")
	// A removed word and, by mouse, an alternative.
	do(key(kb.Enter))
	click("#remove")
	expect("from the last marked word to the first", focus(), "cô")
	click(`.w[data-l="1"][data-w="3"]`)
	shot(ctx, t, "editor.png")
	click("#choices button")
	expect("after all corrections", status(), "0 words are marked · 3 corrected, not downloaded yet")

	// Nothing in the text ran, and nothing was loaded.
	expect("the title", eval("document.title"), `<b>"công văn".pdf`)
	if tr := troubles(); len(tr) > 0 {
		t.Errorf("the browser complains: %q", tr)
	}

	click("#theme")
	shot(ctx, t, "dark.png")
	click("#download")
	var found []string
	for range 100 {
		if found, _ = filepath.Glob(filepath.Join(dir, "*.corrections.json")); len(found) > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if len(found) != 1 {
		t.Fatal("nothing was downloaded")
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	c, err := output.DecodeCorrections(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := file.Apply(c); n != 3 || err != nil {
		t.Fatalf("applied %d, %v\n%s", n, err, data)
	}
	var out bytes.Buffer
	if err := output.Write(&out, "txt", file.Document(), file.PageSeq(), output.Options{}); err != nil {
		t.Fatal(err)
	}
	expect("the corrected text", out.String(), "Chào bán cổ phần riêng lẻ\ntheo quy định của Luật\n\f<script>document.title='owned'</script> \"'>\n")
}

// shot saves a screenshot where CONGVAN_SHOTS says.
func shot(ctx context.Context, t *testing.T, name string) {
	dir := os.Getenv("CONGVAN_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o600); err != nil {
		t.Fatal(err)
	}
}
