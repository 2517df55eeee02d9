package serve

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// server serves an index of one letter of two pages. Its scan, a page of 40 x 80 with
// a black upper half, was read turned by a quarter.
func server(t *testing.T) *Server {
	t.Helper()
	dir := t.TempDir()
	words := func(s string) (l output.FileLine) {
		for i, w := range strings.Fields(s) {
			l.Words = append(l.Words, output.FileWord{Text: w, Box: output.Box{10 * i, 20, 10*i + 8, 30}, Confidence: 1})
		}
		return l
	}
	f := &output.File{Schema: output.SchemaName, Version: output.SchemaVersion, Source: output.Source{Path: "a.png"},
		Letter: &letter.Letter{Number: "12/QĐ-UBND", Subject: "<script>alert(1)</script>", Date: "2021-05-07"},
		Pages: []output.FilePage{
			{Number: 1, Width: 80, Height: 40, Turn: 90, Lines: []output.FileLine{words("Mời dự hội"), words("thảo <b>số</b>")}},
			{Number: 2, Width: 80, Height: 40},
		}}
	var b bytes.Buffer
	if err := f.Encode(&b); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "out", "a.json"), b.Bytes())
	write(t, filepath.Join(dir, "out", "a.txt"), []byte("Mời dự hội thảo"))
	m := image.NewGray(image.Rect(0, 0, 40, 80))
	for y := 40; y < 80; y++ {
		for x := range 40 {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	b.Reset()
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "scans", "a.png"), b.Bytes())
	x, err := index.Create(filepath.Join(dir, "out", index.Name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	if _, err := x.Update(t.Context(), []string{filepath.Join(dir, "out")}, nil); err != nil {
		t.Fatal(err)
	}
	return New(Options{Index: x, Scans: filepath.Join(dir, "scans"), Hosts: []string{"localhost"}, Log: func(err error) { t.Error(err) }})
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func get(s *Server, method, host, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestServe(t *testing.T) {
	s := server(t)
	for _, tt := range []struct {
		method, host, path string
		status             int
		want               []string // in the answer
	}{
		{"GET", "localhost:8080", "/", 200, []string{`lang="vi"`, "Tra cứu văn bản", `name="q"`}},
		{"GET", "localhost", "/?lang=en", 200, []string{`lang="en"`, "Letters"}},
		{"GET", "localhost", "/?q=hoi+thao", 200, []string{"12/QĐ-UBND", "<mark>hội thảo</mark>", "&lt;b&gt;", "&lt;script&gt;", "/document/1/1?q=hoi%20thao"}},
		{"GET", "localhost", "/?q=khong", 200, []string{"Không tìm thấy."}},
		{"GET", "localhost", "/?q=%22", 200, []string{"Hãy nhập"}},
		{"GET", "localhost", "/?number=12&from=2021", 200, []string{"12/QĐ-UBND", "<details open>"}},
		{"GET", "localhost", "/document/1", 302, nil},
		{"GET", "localhost", "/document/1/1?q=hoi+thao", 200, []string{
			`<rect x="25.00" y="50.00" width="10.00" height="25.00"/>`, "<mark>hội</mark>", "<mark>thảo</mark>", `id="next"`, `href="/file/1/txt"`}},
		{"GET", "localhost", "/document/1/2", 200, []string{"Trang này không có chữ.", `id="previous"`}},
		{"GET", "localhost", "/document/1/3", 404, []string{"Không có trang này."}},
		{"GET", "localhost", "/document/2/1", 404, nil},
		{"GET", "localhost", "/document/x/1", 404, nil},
		{"GET", "localhost", "/file/1/txt", 200, []string{"Mời dự hội thảo"}},
		{"GET", "localhost", "/file/1/pdf", 404, nil},                     // not there
		{"GET", "localhost", "/file/1/..%2f..%2fscans%2fa.png", 404, nil}, // not an output
		{"GET", "localhost", "/style.css", 200, nil},
		{"GET", "localhost", "/search.html", 404, nil}, // a template
		{"POST", "localhost", "/", 405, nil},
		{"GET", "elsewhere.example", "/", 421, nil}, // a name bent to this address
	} {
		w := get(s, tt.method, tt.host, tt.path)
		if w.Code != tt.status {
			t.Errorf("%s %s: status %d, want %d", tt.method, tt.path, w.Code, tt.status)
		}
		for _, want := range tt.want {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: no %s in\n%s", tt.path, want, w.Body)
			}
		}
		if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: no content security policy", tt.path)
		}
	}
}

// The language that was asked for is kept in a cookie.
func TestLanguage(t *testing.T) {
	s := server(t)
	cookies := get(s, "GET", "localhost", "/?lang=en").Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies %v", cookies)
	}
	r := httptest.NewRequest("GET", "http://localhost/", nil)
	r.AddCookie(cookies[0])
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `lang="en"`) {
		t.Error("the language was forgotten")
	}
	for text := range vietnamese {
		if v := (view{Lang: "vi"}); v.T(text) == text {
			t.Errorf("%q is not translated", text)
		}
	}
}

// An image is upright: the black upper half of the scan is at the right after a
// quarter turn clockwise.
func TestImage(t *testing.T) {
	s := server(t)
	for range 2 { // drawn, then kept
		w := get(s, "GET", "localhost", "/image/1/1")
		m, err := jpeg.Decode(w.Body)
		if err != nil || w.Code != http.StatusOK {
			t.Fatalf("status %d, %v", w.Code, err)
		}
		if m.Bounds().Dx() != 80 || m.Bounds().Dy() != 40 {
			t.Errorf("size %v, want 80 x 40", m.Bounds())
		}
		left, _, _, _ := m.At(10, 20).RGBA()
		right, _, _, _ := m.At(70, 20).RGBA()
		if left < 0xf000 || right > 0x0fff {
			t.Errorf("left %x, right %x: want white, black", left, right)
		}
	}
	for n := range imageCount + 3 { // what is kept is bounded
		s.images.get(t.Context(), string(rune(n)), func() ([]byte, error) { return nil, nil })
	}
	if len(s.images.kept) != imageCount {
		t.Errorf("%d images kept, want %d", len(s.images.kept), imageCount)
	}
}

// A text of the pages stands in the list of translations.
func TestTranslations(t *testing.T) {
	names, err := files.ReadDir("web")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		text, _ := files.ReadFile("web/" + n.Name())
		for _, part := range strings.Split(string(text), `.T "`)[1:] {
			if key, _, _ := strings.Cut(part, `"`); vietnamese[key] == "" {
				t.Errorf("%s: %q is not translated", n.Name(), key)
			}
		}
	}
}
