package conform

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
	"github.com/congvan-cli/congvan/pkg/internal/serve"
)

// A person searches by keyboard alone, opens a page, sees the words marked on its
// image, and turns the page.
func TestServeInBrowser(t *testing.T) {
	dir := t.TempDir()
	pages := []*output.Page{letterPage(1, "Mời dự hội thảo", "về quỹ đất <b>công</b>"), letterPage(2, "Nơi nhận")}
	doc := &output.Document{Path: "a.pdf", SHA256: strings.Repeat("ab", 32)}
	for _, f := range []string{"json", "pdf"} {
		if err := os.WriteFile(filepath.Join(dir, "a."+f), writePages(t, f, doc, pages, output.Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	x, err := index.Create(filepath.Join(dir, index.Name))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if _, err := x.Update(t.Context(), []string{dir}, nil); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(serve.New(serve.Options{Index: x, Hosts: []string{"127.0.0.1"}, Log: func(err error) { t.Error(err) }}))
	defer server.Close()

	ctx, downloads, troubles := browse(t)
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	// until waits for a new page to be there.
	until := func(js, want string) {
		t.Helper()
		got := ""
		for range 100 {
			got, _ = chromedp.Run(ctx, chromedp.Evaluate[string](js)) // fails while pages change
			if ready, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState`)); got == want && ready == "complete" {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%s is %q, want %q", js, got, want)
	}
	do(chromedp.Navigate(server.URL + "/?lang=en"))
	do(chromedp.KeyEvent("/"))
	until(`document.activeElement.id`, "q")
	do(chromedp.KeyEvent("quy dat\r"))
	until(`document.querySelector(".snippet mark")?.textContent ?? ""`, "quỹ đất")
	shot(ctx, t, "search.png")
	do(chromedp.KeyEvent("j"))
	until(`document.activeElement.className`, "hit")
	do(chromedp.KeyEvent("\r"))
	until(`[...document.querySelectorAll("pre mark")].map(e => e.textContent).join(" ")`, "quỹ đất")
	until(`String(document.querySelector("figure img").naturalWidth)`, "1240")
	until(`String(document.querySelectorAll("figure rect").length)`, "2")
	shot(ctx, t, "page.png")
	do(chromedp.KeyEvent("n"))
	until(`document.querySelector("pre")?.textContent ?? ""`, "Nơi nhận")
	do(chromedp.KeyEvent("p"))
	until(`document.querySelector("pre")?.textContent.split("\n")[1] ?? ""`, "về quỹ đất <b>công</b>")
	// An output is downloaded, and the page is in Vietnamese where that is asked for.
	user{ctx, t}.click(`a[href$="/pdf"]`)
	want, err := os.ReadFile(filepath.Join(dir, "a.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	for range 100 {
		if got, _ = os.ReadFile(filepath.Join(downloads, "a.pdf")); bytes.Equal(got, want) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d were downloaded", len(got), len(want))
	}
	user{ctx, t}.click(`a.lang`)
	until(`document.documentElement.lang + " " + document.querySelector("#next")?.textContent.trim()`, "vi Trang sau →")
	shot(ctx, t, "trang.png")
	if tr := troubles(); len(tr) > 0 {
		t.Errorf("the browser complains: %q", tr)
	}
}
