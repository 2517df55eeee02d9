package output

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
)

// chromium opens a report in a headless browser, or skips the test aloud.
func chromium(t *testing.T, report []byte) (context.Context, string, func() []string) {
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
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, report, 0o600); err != nil {
		t.Fatal(err)
	}
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
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	return ctx, dir, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(troubles)
	}
}

// letterPage is a page whose words are black boxes where their boxes say.
func letterPage(number int, rows ...string) *Page {
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
	p.Image = func() (Image, error) { return Image{Pixels: img, DPI: p.DPI}, nil }
	return p
}

func TestReportInBrowser(t *testing.T) {
	one := letterPage(1, "Chào bán cô phần riêng lẻ", "theo quy đjnh của Luật")
	doubt := func(p *Page, line, word int, c float64, alts ...string) {
		w := &p.Lines[line].Words[word]
		w.Confidence = c
		for _, a := range alts {
			w.Alternatives = append(w.Alternatives, alternative(a))
		}
	}
	doubt(one, 0, 2, 0.4, "cổ", "<img src=x onerror=alert(1)>")
	doubt(one, 1, 2, 0.6)
	two := letterPage(2, "<script>document.title='owned'</script> \"'> rác")
	doubt(two, 0, 2, 0.7)
	doc := &Document{Path: "thu/<b>\"công văn\".pdf", SHA256: strings.Repeat("ab", 32)}
	pages := []*Page{one, two}
	var file *File
	{
		f, err := Decode(bytes.NewReader(write(t, "json", doc, pages, Options{})))
		if err != nil {
			t.Fatal(err)
		}
		file = f
	}
	ctx, dir, troubles := chromium(t, write(t, "html", doc, pages, Options{}))

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
	c, err := DecodeCorrections(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := file.Apply(c); n != 3 || err != nil {
		t.Fatalf("applied %d, %v\n%s", n, err, data)
	}
	var out bytes.Buffer
	if err := Write(&out, "txt", file.Document(), file.PageSeq(), Options{}); err != nil {
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

// Without a browser: nothing from a document stands in the report unescaped.
func TestReportEscapes(t *testing.T) {
	doc, pages := sample()
	pages[0].Lines[3].Words[0].Text = `"><script>alert(1)</script>`
	pages[0].Lines[0].Words[1].Read = `"><script>alert(2)</script>`
	doc.Path = `"><script>alert(3)</script>`
	doc.Letter.Subject = `<script>alert(4)</script>`
	out := string(write(t, "html", doc, pages, Options{Generator: `"><script>alert(5)</script>`}))
	if n := strings.Count(out, "<script"); n != 1 {
		t.Errorf("%d scripts, want 1", n)
	}
	if strings.Contains(out, "http://") || strings.Contains(out, "https://") || strings.Contains(out, "url(") {
		t.Error("the report refers to something outside itself")
	}
	if strings.Contains(reportJS, "innerHTML") || strings.Contains(reportJS, "</") || strings.Contains(reportCSS, "</") {
		t.Error("the script or the style is not safe to embed")
	}
}

func TestTurnedImages(t *testing.T) {
	src := image.NewGray(image.Rect(5, 7, 8, 9)) // 3 by 2, its first pixel white
	src.SetGray(5, 7, color.Gray{255})
	for _, tt := range []struct {
		turn int
		size image.Point
		at   image.Point // of the white pixel
	}{{0, image.Pt(3, 2), image.Pt(0, 0)}, {90, image.Pt(2, 3), image.Pt(1, 0)}, {180, image.Pt(3, 2), image.Pt(2, 1)}, {270, image.Pt(2, 3), image.Pt(0, 2)}, {450, image.Pt(2, 3), image.Pt(1, 0)}} {
		got := turned(src, tt.turn)
		b := got.Bounds()
		if r, _, _, _ := got.At(b.Min.X+tt.at.X, b.Min.Y+tt.at.Y).RGBA(); b.Size() != tt.size || r != 0xffff {
			t.Errorf("turned by %d: %v, white elsewhere", tt.turn, b)
		}
	}
}
