package restore_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/tools/txtar"

	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// samples are the inputs of the golden files and some odd texts.
func samples(t testing.TB) []string {
	out := []string{
		"", "\n", " \t\r\n\r\n", "a", "6", "?", "~", "¥ €", "…", "\u00a0", "\u2000\n", "\ufeffKinh giti", "Kinh\u0301 gti", "e\u0302\u0301", "\u0301",
		"Kinh giti:\r\nUy ban nhan dan\r\n\r\ncdc huyén",
		"tinh thanhpho ngay07thang 5nam 2021", "tha nh ph6 H a N6i", "tht? qu'c di? ligu", "HDND va UBND cdc cip",
		"Kinh giti\tUy ban   nhan dan , thi xa .  ", "中国 và Việt Nam", "\u200bngay\u200b", "x\x00y", "ngàỷ ủỳ",
		strings.Repeat("dé nghi cdc don vi ", 12),
	}
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(ar.Files[0].Data))
	}
	return out
}

// sound checks what holds for every text and every source: the output is NFC,
// spans are in order and name the bytes they should, what stands between tokens
// is untouched, and so is the division into lines.
func sound(t *testing.T, in string, res restore.Result) {
	t.Helper()
	if !norm.NFC.IsNormalString(res.Text) {
		t.Errorf("%+q: output is not NFC: %+q", in, res.Text)
	}
	if a, b := strings.Count(in, "\n"), strings.Count(res.Text, "\n"); a != b {
		t.Errorf("%+q: %d line breaks in, %d out", in, a, b)
	}
	lastIn, lastOut := 0, 0
	gap := func(from, to, outFrom, outTo int) {
		a, b := norm.NFC.String(in[from:to]), res.Text[outFrom:outTo]
		if a != b && !(a == "" && b == " ") {
			t.Errorf("%+q: %+q between tokens became %+q", in, a, b)
		}
	}
	for _, tok := range res.Tokens {
		if tok.In.Start < lastIn || tok.In.End < tok.In.Start || tok.In.End > len(in) ||
			tok.Out.Start < lastOut || tok.Out.End < tok.Out.Start || tok.Out.End > len(res.Text) {
			t.Fatalf("%+q: span of %+v after %d and %d", in, tok, lastIn, lastOut)
		}
		if got := norm.NFC.String(in[tok.In.Start:tok.In.End]); got != tok.Read {
			t.Errorf("%+q: %+v is said to have been read, the input has %+q", in, tok, got)
		}
		if got := res.Text[tok.Out.Start:tok.Out.End]; got != tok.Text {
			t.Errorf("%+q: %+v, the output has %+q", in, tok, got)
		}
		if tok.Confidence < 0 || tok.Confidence > 1 {
			t.Errorf("%+q: confidence of %+v", in, tok)
		}
		gap(lastIn, tok.In.Start, lastOut, tok.Out.Start)
		lastIn, lastOut = tok.In.End, tok.Out.End
	}
	gap(lastIn, len(in), lastOut, len(res.Text))
}

var sources = []string{restore.Auto, restore.Clean, restore.Strip, "eng", "vie"}

func TestSound(t *testing.T) {
	for _, source := range sources {
		r := restorer(t, source)
		for _, in := range samples(t) {
			if len(in) < 400 || source == restore.Auto { // a channel takes long over other languages
				sound(t, in, text(t, r, in))
			}
		}
	}
}

// Whatever valid UTF-8 comes in, what goes out is sound.
func FuzzSound(f *testing.F) {
	for i, in := range samples(f) {
		f.Add(in, i)
	}
	f.Fuzz(func(t *testing.T, in string, source int) {
		if len(in) > 600 || !utf8.ValidString(in) {
			return
		}
		r := restorer(t, sources[uint(source)%uint(len(sources))])
		sound(t, in, text(t, r, in))
	})
}

// Restoring stripped text adds marks and nothing else: the letters under them,
// their case and the layout stay.
func stripped(t *testing.T, in string) {
	t.Helper()
	in = norm.NFC.String(in)
	got := text(t, restorer(t, restore.Strip), in).Text
	if a, b := viet.Strip(in), viet.Strip(got); a != b {
		t.Errorf("letters changed: %+q became %+q", a, b)
	}
}

func TestStripKeepsLetters(t *testing.T) {
	for _, in := range samples(t) {
		stripped(t, in)
		stripped(t, viet.Strip(in))
		stripped(t, strings.ToUpper(in))
	}
	if got, want := text(t, restorer(t, restore.Strip), "UBND Tinh AN Ha va cAc hUYEN").Text, "cÁc hUYỆN"; !strings.HasSuffix(got, want) {
		t.Errorf("odd case was not kept: %q", got)
	}
}

func FuzzStripKeepsLetters(f *testing.F) {
	for _, in := range samples(f) {
		f.Add(viet.Strip(in))
	}
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) < 600 && utf8.ValidString(in) {
			stripped(t, in)
		}
	})
}

// NFC(Restore(NFD(s))) equals Restore(NFC(s)): how the input composes its
// letters makes no difference.
func composed(t *testing.T, in string) {
	t.Helper()
	r := restorer(t, restore.Auto)
	a, b := norm.NFC.String(text(t, r, norm.NFD.String(in)).Text), text(t, r, norm.NFC.String(in)).Text
	if a != b {
		t.Errorf("decomposed %+q, composed %+q", a, b)
	}
}

func TestComposition(t *testing.T) {
	for _, in := range samples(t) {
		composed(t, in)
		sound(t, norm.NFD.String(in), text(t, restorer(t, restore.Auto), norm.NFD.String(in)))
	}
}

func FuzzComposition(f *testing.F) {
	for _, in := range samples(f) {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) < 600 && utf8.ValidString(in) {
			composed(t, in)
		}
	})
}

// What was restored once is not changed by restoring it again.
func TestTwice(t *testing.T) {
	r := restorer(t, restore.Auto)
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		once := text(t, r, string(ar.Files[0].Data)).Text
		if twice := text(t, r, once).Text; twice != once {
			t.Errorf("%s: restored twice:\n%s", file, diff(once, twice))
		}
	}
}

// White space outside of words that were divided or joined is kept to the byte.
func TestLayout(t *testing.T) {
	for _, in := range []string{
		"  Kinh giti:\tUy ban nhan dan tinh   \r\n\r\n\tcdc huyén ,  thi xa\u00a0. \n\n\n ngay 5\n",
		"Noi nhan:                                CHU TICH\n- Nhu trén;\n",
		"\ufeffKinh giti: Uy ban nhan dan tinh\n",
	} {
		for _, source := range sources {
			got := text(t, restorer(t, source), in).Text
			if a, b := spaces(in), spaces(got); a != b {
				t.Errorf("%s: white space %+q became %+q in %+q", source, a, b, got)
			}
		}
	}
}

func spaces(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\ufeff' {
			return r
		}
		return -1
	}, s)
}
