package conform

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
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

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
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

// isReady waits until a report has made its first pages.
func isReady(ctx context.Context, t *testing.T) {
	t.Helper()
	for range 200 {
		if s, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.dataset.ready || ""`)); err == nil && s == "true" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the report does not get ready")
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

// user is somebody in front of a report.
type user struct {
	ctx context.Context
	t   *testing.T
}

func (u user) do(actions ...chromedp.Action[chromedp.Void]) {
	u.t.Helper()
	if err := chromedp.Do(u.ctx, actions...); err != nil {
		u.t.Fatal(err)
	}
}

// keys presses keys one after the other.
func (u user) keys(keys ...string) {
	u.t.Helper()
	for _, k := range keys {
		u.do(chromedp.KeyEvent(k))
	}
}

// write types text over what is in an input.
func (u user) write(text string) {
	u.t.Helper()
	u.eval(`(document.activeElement.select(), "")`)
	if _, err := chromedp.Call(u.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		u.t.Fatal(err)
	}
}

func (u user) eval(js string) string {
	u.t.Helper()
	s, err := chromedp.Run(u.ctx, chromedp.Evaluate[string](js))
	if err != nil {
		u.t.Fatal(err)
	}
	return s
}

// place is where an element is in the window, after scrolling to it.
func (u user) place(selector string) (p struct{ X, Y, W, H float64 }) {
	u.t.Helper()
	at := u.eval(`(() => {
		const e = document.querySelector(` + strconv.Quote(selector) + `);
		e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect();
		return JSON.stringify({X: r.x, Y: r.y, W: r.width, H: r.height});
	})()`)
	if err := json.Unmarshal([]byte(at), &p); err != nil {
		u.t.Fatal(err)
	}
	return p
}

func (u user) click(selector string) {
	u.t.Helper()
	p := u.place(selector)
	u.do(chromedp.MouseClickXY(p.X+p.W/2, p.Y+p.H/2))
}

// draw draws a box on an element, from and to in parts of its sizes.
func (u user) draw(selector string, x0, y0, x1, y1 float64) {
	u.t.Helper()
	u.place(selector)
	time.Sleep(100 * time.Millisecond) // until it has scrolled
	p := u.place(selector)
	for _, e := range []struct {
		kind input.DispatchMouseEventType
		x, y float64
	}{{input.DispatchMouseEventTypeMousePressed, x0, y0}, {input.DispatchMouseEventTypeMouseMoved, x1, y1}, {input.DispatchMouseEventTypeMouseReleased, x1, y1}} {
		_, err := chromedp.Call(u.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: e.kind, X: p.X + e.x*p.W, Y: p.Y + e.y*p.H, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1})
		if err != nil {
			u.t.Fatal(err)
		}
	}
}

// download takes the corrections.
func (u user) download(dir string) *output.Corrections {
	u.t.Helper()
	u.click("#download")
	// Chromium makes the file before it writes it: wait until it is whole.
	var (
		c   *output.Corrections
		err error
	)
	for range 100 {
		time.Sleep(100 * time.Millisecond)
		found, _ := filepath.Glob(filepath.Join(dir, "*.corrections.json"))
		if len(found) != 1 {
			err = fmt.Errorf("%d files were downloaded", len(found))
			continue
		}
		var data []byte
		if data, err = os.ReadFile(found[0]); err != nil {
			continue
		}
		if c, err = output.DecodeCorrections(bytes.NewReader(data)); err == nil {
			break
		}
	}
	if err != nil {
		u.t.Fatal(err)
	}
	return c
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
	ctx, dir, troubles := chromium(t, writePages(t, "html", doc, pages, output.Options{Lang: "en"}))

	u := user{ctx, t}
	do, eval, click := u.do, u.eval, u.click
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	focus := func() string { t.Helper(); return eval(`document.activeElement.textContent`) }
	status := func() string { t.Helper(); return eval(`document.getElementById("status").textContent`) }
	key := chromedp.KeyEvent
	isReady(ctx, t)
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
	c := u.download(dir)
	if n, err := file.Apply(c); n != 3 || err != nil {
		t.Fatalf("applied %d, %v\n%+v", n, err, c)
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
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A report of many pages shows quickly, has elements only of what is looked at, and is
// hardly larger than its images.
func TestReportOfManyPages(t *testing.T) {
	const count = 300
	scan := smallScan(t)
	line := strings.Repeat("Thực hiện kế hoạch số 12/KH-UBND của tỉnh ", 2)
	pages := make([]*output.Page, count)
	for i := range pages {
		pages[i] = page(i+1, slices.Repeat([]string{line}, 26)...)
		pages[i].Image = func() (output.Image, error) { return output.Image{Data: scan}, nil }
		for _, l := range pages[i].Lines {
			for k := range l.Words {
				l.Words[k].Confidence = 0.9 + float64((i+k)%7)/100
			}
		}
		doubtful := &pages[i].Lines[3].Words[2]
		doubtful.Text, doubtful.Read, doubtful.Confidence = "kế", "kê", 0.5
	}
	report := writePages(t, "html", &output.Document{Path: "a.pdf"}, pages, output.Options{})
	images := count * base64.StdEncoding.EncodedLen(len(scan))
	if float64(len(report)) > 1.1*float64(images) {
		t.Errorf("%d bytes, and %d of images", len(report), images)
	}
	ctx, dir, troubles := chromium(t, report)
	u := user{ctx, t}
	paint := 0.0
	for range 3 { // others may be at work
		isReady(ctx, t)
		paint, _ = strconv.ParseFloat(u.eval(`String(performance.getEntriesByName("first-contentful-paint")[0].startTime)`), 64)
		if paint > 0 && paint <= 2000 {
			break
		}
		u.do(chromedp.Navigate("file://" + filepath.Join(dir, "report.html")))
	}
	if paint > 2000 {
		t.Errorf("first paint after %.0f ms", paint)
	}
	most := 0
	elements := func() {
		t.Helper()
		time.Sleep(100 * time.Millisecond)
		n, _ := strconv.Atoi(u.eval(`String(document.getElementsByTagName("*").length)`))
		most = max(most, n)
	}
	elements()
	shot(ctx, t, "pages.png")
	for range 12 { // pages that were never looked at
		u.keys("n")
		elements()
	}
	if at := u.eval(`document.activeElement.closest("section").id`); at != "page-12" {
		t.Errorf("after twelve marked words on %s", at)
	}
	for _, at := range []string{"150", "300", "7"} {
		u.eval(`(() => { const j = document.getElementById("jump"); j.value = ` + at + `; j.dispatchEvent(new Event("change")); return ""; })()`)
		elements()
		if s := u.eval(`String(document.querySelectorAll("#page-` + at + ` .w").length)`); s == "0" {
			t.Errorf("page %s is not there", at)
		}
	}
	if most > 3000 {
		t.Errorf("%d elements at a time", most)
	}
	t.Logf("first paint after %.0f ms, %d elements at most, %.3f of the images", paint, most, float64(len(report))/float64(images))
	if tr := troubles(); len(tr) > 0 {
		t.Errorf("the browser complains: %q", tr)
	}
}

// smallScan is a test letter, small enough to go into a report as it is.
func smallScan(t *testing.T) []byte {
	t.Helper()
	f, err := os.Open("../../../testdata/letters/bao-cao.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	src, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := src.Bounds()
	small := image.NewGray(image.Rect(0, 0, 1000, 1000*b.Dy()/b.Dx()))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			small.Set(x, y, src.At(b.Min.X+x*b.Dx()/small.Rect.Dx(), b.Min.Y+y*b.Dy()/small.Rect.Dy()))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, small); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is right is confirmed, what is missing is added, fields are corrected, and apply
// takes it all back, once; in Vietnamese.
func TestReviewAll(t *testing.T) {
	doc := &output.Document{Path: "thu/a.pdf", SHA256: strings.Repeat("ab", 32),
		Letter: &letter.Letter{Number: "?/KH-UBND", NumberRead: "12", Issuer: "SỞ XÂY DỰNG", Found: map[string][]letter.Source{
			"number": {{Position: letter.Position{Page: 1, Line: 1}, Box: &[4]int{80, 100, 400, 140}, Confidence: 0.4}}}}}
	one := letterPage(1, "Số 12/KH-UBND ngày 7", "theo quy đjnh của Luật", "Nơi nhận")
	one.Lines[0].Words[2].Confidence, one.Lines[1].Words[2].Confidence = 0.6, 0.5
	pages := []*output.Page{one}
	file, err := output.Decode(bytes.NewReader(writePages(t, "json", doc, pages, output.Options{})))
	if err != nil {
		t.Fatal(err)
	}
	ctx, dir, troubles := chromium(t, writePages(t, "html", doc, pages, output.Options{}))
	u := user{ctx, t}
	isReady(ctx, t)
	expect := func(what, js, want string) {
		t.Helper()
		if got := u.eval(js); got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	const status, focus = `document.getElementById("status").textContent`, `document.activeElement.textContent`
	expect("at the start", status, "2 từ cần xem")
	u.keys("n", " ")
	expect("after Space", status, "1 từ cần xem · 1 chỗ đã sửa, chưa tải về")
	u.keys("f")
	expect("the next figure is found from the end on", focus, "12/KH-UBND")
	u.keys("f")
	expect("the next figure", focus, "7")
	u.keys("a")
	u.write("tháng 5")
	u.keys(kb.Enter, "l")
	u.write("V/v nhà ở")
	u.keys(kb.Enter)
	expect("added words", `document.querySelector("#page-1 p").textContent.replace(/\s+/g, " ").trim()`, "Số 12/KH-UBND ngày 7 tháng 5 V/v nhà ởtheo quy đjnh của Luật Nơi nhận")
	// Zoomed, and a box drawn under the last line.
	u.keys("+")
	u.draw(".sheet", 0.05, 0.3, 0.25, 0.33)
	shot(ctx, t, "drawn.png")
	u.write("- Lưu VT.")
	u.keys(kb.Enter)
	// A field.
	u.click("#letter label:nth-child(2) input")
	shot(ctx, t, "fields.png")
	u.write("12/KH-UBND")
	u.keys(kb.Enter, kb.Tab)
	expect("at the end", status, "1 từ cần xem · 5 chỗ đã sửa, chưa tải về")
	// Another window knows what was typed.
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	u = user{ctx, t}
	u.do(chromedp.Navigate("file://" + filepath.Join(dir, "report.html")))
	isReady(ctx, t)
	expect("opened again", status, "1 từ cần xem · 5 chỗ đã sửa, chưa tải về")
	shot(ctx, t, "review.png")

	c := u.download(dir)
	for _, want := range []int{5, 0} {
		if n, err := file.Apply(c); n != want || err != nil {
			t.Fatalf("applied %d, %v\n%+v", n, err, c)
		}
	}
	var text bytes.Buffer
	if err := output.Write(&text, "txt", file.Document(), file.PageSeq(), output.Options{}); err != nil {
		t.Fatal(err)
	}
	if got, want := text.String(), "Số 12/KH-UBND ngày 7 tháng 5\nV/v nhà ở\ntheo quy đjnh của Luật\nNơi nhận\n- Lưu VT.\n"; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	if l := file.Letter; l.Number != "12/KH-UBND" || l.NumberRead != "" || !slices.Equal(l.Corrected, []string{"number"}) {
		t.Errorf("the letter is %+v", l)
	}
	if w := file.Pages[0].Lines[0].Words[2]; w.Confidence != 1 || !w.Corrected {
		t.Errorf("what was confirmed is %+v", w)
	}
	if b := file.Pages[0].Lines[4].Box; b[0] < 70 || b[0] > 95 || b[1] < 650 || b[1] > 750 {
		t.Errorf("the line that was drawn is at %v", b)
	}
	if tr := troubles(); len(tr) > 0 {
		t.Errorf("the browser complains: %q", tr)
	}
}
