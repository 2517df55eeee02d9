package restore_test

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

func TestNewUnknownSource(t *testing.T) {
	_, err := restore.New(shipped(), restore.Options{Source: "fra"})
	if err == nil || !strings.Contains(err.Error(), `"fra"`) || !strings.Contains(err.Error(), `"eng"`) {
		t.Errorf("error %v should name the source and those there are", err)
	}
	if got := restorer(t, "").Sources(); !reflect.DeepEqual(got, []string{"auto", "clean", "strip", "toneless", "broken", "eng", "vie", "any"}) {
		t.Errorf("Sources() = %q", got)
	}
}

// The offset of invalid UTF-8 counts from the start of the input; what stands
// in earlier blocks is given out before the error, and nothing after it.
func TestEncodingError(t *testing.T) {
	long := strings.Repeat("dé nghi cac don vi ", 600) // longer than a line may be
	for _, tt := range []struct {
		in     string
		offset int64
	}{
		{"\xc9n", 0},
		{"abc\xff", 3},
		{"cut off \xe1\xbb", 8},
		{"Kinh giti\n\ncdc \x80 huyén\n\nthi xa\n", int64(len("Kinh giti\n\ncdc "))},
		{"một\r\nhai \xc0\xafba", int64(len("một\r\nhai "))},
		{long + "\xfe" + long, int64(len(long))},
		{strings.Repeat("ư", 9000) + "\xfe", 18000},
	} {
		for _, one := range []bool{false, true} {
			var in io.Reader = strings.NewReader(tt.in)
			if one {
				if len(tt.in) > 1000 {
					continue
				}
				in = iotest.OneByteReader(in)
			}
			var bad *restore.EncodingError
			var seen int
			for res, err := range restorer(t, restore.Clean).Blocks(in) {
				switch {
				case bad != nil:
					t.Errorf("%.40q: a result after the error", tt.in)
				case err != nil:
					if !errors.As(err, &bad) {
						t.Fatalf("%.40q: error %v", tt.in, err)
					}
					if res.Text != "" {
						t.Errorf("%.40q: text %q with the error", tt.in, res.Text)
					}
				default:
					seen += len(res.Text)
				}
			}
			switch {
			case bad == nil:
				t.Errorf("%.40q: no error", tt.in)
			case bad.Offset != tt.offset:
				t.Errorf("%.40q: offset %d, want %d", tt.in, bad.Offset, tt.offset)
			case int64(seen) > bad.Offset:
				t.Errorf("%.40q: %d bytes were given out before the error at %d", tt.in, seen, bad.Offset)
			case len(bad.Data) == 0 || utf8.Valid(bad.Data):
				t.Errorf("%.40q: Data holds nothing to guess the encoding by", tt.in)
			}
			if _, err := restorer(t, restore.Clean).Text(tt.in); !errors.As(err, &bad) {
				t.Errorf("%.40q: Text: %v", tt.in, err)
			}
		}
	}
}

// An error of the reader comes through, after what was read before it.
func TestReadError(t *testing.T) {
	in := io.MultiReader(strings.NewReader("Kinh giti\n\nUy ban"), iotest.ErrReader(io.ErrClosedPipe))
	var out strings.Builder
	var last error
	for res, err := range restorer(t, "eng").Blocks(in) {
		out.WriteString(res.Text)
		last = err
	}
	if last != io.ErrClosedPipe {
		t.Errorf("error %v", last)
	}
	if !strings.HasPrefix(out.String(), "Kính gửi\n\n") {
		t.Errorf("before the error came %q", out.String())
	}
}

// A paragraph goes out when it has ended, before the input does, if nothing may
// have to be restored again.
func TestStreams(t *testing.T) {
	pr, pw := io.Pipe()
	results := make(chan restore.Result)
	go func() {
		defer close(results)
		for res, err := range newRestorer(t, restore.Options{Source: "eng", NoAdapt: true}).Blocks(pr) {
			if err != nil {
				t.Error(err)
			}
			results <- res
		}
	}()
	for _, s := range []string{"Kinh giti: Uy ban nhan dan tinh.\n\n", "Noi nhan:\n- Nhu trén;\n\n"} {
		if _, err := io.WriteString(pw, s); err != nil {
			t.Fatal(err)
		}
		select {
		case res := <-results:
			if res.Text == "" || !strings.HasSuffix(res.Text, "\n\n") {
				t.Errorf("got %q", res.Text)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("nothing for %q while the input is open", s)
		}
	}
	pw.Close()
	if res, ok := <-results; ok {
		t.Errorf("more came: %q", res.Text)
	}
}

// The loop over blocks may end early.
func TestBlocksBreak(t *testing.T) {
	n := 0
	for range restorer(t, restore.Clean).Blocks(strings.NewReader("a\n\nb\n\nc\n")) {
		n++
		break
	}
	if n != 1 {
		t.Error("no block")
	}
}

// Long paragraphs, long lines and lines without a space are divided, so that
// memory does not grow with the input, and come together again.
func TestBoundedBlocks(t *testing.T) {
	for name, unit := range map[string]string{
		"lines":    "Đề nghị các đơn vị báo cáo.\n",
		"words":    "Đề nghị các đơn vị báo cáo ",
		"no space": "ưởờ",
		"ascii":    "0123456789",
	} {
		in := strings.Repeat(unit, 1<<20/len(unit))
		var out strings.Builder
		most := 0
		for res, err := range restorer(t, restore.Clean).Blocks(strings.NewReader(in)) {
			if err != nil {
				t.Fatal(err)
			}
			if res.Start.In != out.Len() || res.Start.Out != out.Len() {
				t.Fatalf("%s: block starts at %+v, want %d", name, res.Start, out.Len())
			}
			out.WriteString(res.Text)
			most = max(most, len(res.Text))
		}
		if out.String() != in {
			t.Errorf("%s: the blocks together are not the text", name)
		}
		if most > 32<<10 {
			t.Errorf("%s: a block of %d bytes", name, most)
		}
	}
}

// A line without a space is not divided between a letter and its marks.
func TestBlocksComposed(t *testing.T) {
	in := strings.Repeat("ưởờ", 1<<15)
	var out strings.Builder
	for res, err := range restorer(t, restore.Clean).Blocks(strings.NewReader(norm.NFD.String(in))) {
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(res.Text)
	}
	if out.String() != in {
		t.Error("the blocks of a decomposed text together are not the text composed")
	}
}

// How the input arrives makes no difference.
func TestOneByteReader(t *testing.T) {
	in := samples(t)[len(samples(t))-1]
	r := restorer(t, restore.Auto)
	var out strings.Builder
	for res, err := range r.Blocks(iotest.OneByteReader(strings.NewReader(in))) {
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(res.Text)
	}
	if want := text(t, r, in).Text; out.String() != want {
		t.Errorf("byte by byte:\n%s", diff(want, out.String()))
	}
}

// Goroutines share a Restorer and get the same results.
func TestConcurrent(t *testing.T) {
	r := newRestorer(t, restore.Options{Alternatives: 3})
	in := "Thuc hién Ké hoach s6 52/KH-UBND cua Uy ban nhan dan tinh, So Tai chinh dé nghi cac don vi bdo cdo.\n"
	want := text(t, r, in)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for range 3 {
				if got, err := r.Text(in); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, %v", got.Text, err)
					return
				}
				r.Text("Kinh gui cac don vi, de nghi bao cao.")
			}
		})
	}
	wg.Wait()
}

// Words that are less sure stay as they were read, those in pieces as a whole.
func TestMinConfidence(t *testing.T) {
	const in = "Kinh giti: Uy ban nhan dan thanhph6 , ban doc thi xa, tinh Ding.\n"
	for _, least := range []float64{0, 0.5, 0.9, 0.999, 1} {
		r := newRestorer(t, restore.Options{Source: "eng", MinConfidence: least, Alternatives: 2})
		res := text(t, r, in)
		sound(t, in, res)
		for _, tok := range res.Tokens {
			if tok.Text != tok.Read && tok.Confidence < least {
				t.Errorf("min %v: %q became %q with %v", least, tok.Read, tok.Text, tok.Confidence)
			}
		}
	}
	all := text(t, newRestorer(t, restore.Options{Source: "eng"}), in)
	sure := text(t, newRestorer(t, restore.Options{Source: "eng", MinConfidence: 0.9}), in)
	if all.Text == sure.Text {
		t.Errorf("nothing was left as read in %q", all.Text)
	}
	if !strings.HasPrefix(sure.Text, "Kính gửi: Ủy ban nhân dân") {
		t.Errorf("sure words were left as read: %q", sure.Text)
	}
}

// The tone of open oa, oe, uy goes where it is wanted, in text that was garbled
// and in text that was right; by default all stays where it is and what is
// restored follows the text before it.
func TestTone(t *testing.T) {
	for _, tt := range []struct {
		tone     viet.Style
		in, want string
	}{
		{viet.Keep, "Cộng hòa, sức khoẻ, thủy lợi và hoà bình.", "Cộng hòa, sức khoẻ, thủy lợi và hoà bình."},
		{viet.Old, "Cộng hòa, sức khoẻ, thủy lợi và hoà bình.", "Cộng hòa, sức khỏe, thủy lợi và hòa bình."},
		{viet.New, "Cộng hòa, sức khoẻ, thủy lợi và hoà bình.", "Cộng hoà, sức khoẻ, thuỷ lợi và hoà bình."},
		{viet.New, "CỘNG HÒA", "CỘNG HOÀ"},
		{viet.New, "Trường, quý, hoàn, thuế, của", "Trường, quý, hoàn, thuế, của"},
		{viet.Old, "CONG HOA XA HOI CHU NGHIA VIET NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{viet.New, "CONG HOA XA HOI CHU NGHIA VIET NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{viet.Keep, "CONG HOA XA HOI CHU NGHIA VIET NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{viet.Keep, "Số hoá hồ sơ, toà nhà.\n\nCONG HOA XA HOI CHU NGHIA VIET NAM", "Số hoá hồ sơ, toà nhà.\n\nCỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
	} {
		res := text(t, newRestorer(t, restore.Options{Tone: tt.tone}), tt.in)
		sound(t, tt.in, res)
		if res.Text != tt.want {
			t.Errorf("tone %v: %q became %q, want %q", tt.tone, tt.in, res.Text, tt.want)
		}
	}
}

// What the alternatives and the word itself come to is at most one.
func TestAlternatives(t *testing.T) {
	const in = "d) Thong ké luot ban doc theo biéu mau; Ding Thi My Duyén, bdo cdo qua thy.\n"
	res := text(t, newRestorer(t, restore.Options{Source: "eng", Alternatives: 3}), in)
	some := false
	for _, tok := range res.Tokens {
		if len(tok.Alternatives) > 3 {
			t.Errorf("%q has %d alternatives", tok.Text, len(tok.Alternatives))
		}
		sum, last := tok.Confidence, 1.0
		for _, a := range tok.Alternatives {
			some = true
			if a.Text == tok.Text || a.Confidence > last {
				t.Errorf("%q: alternative %+v", tok.Text, a)
			}
			sum, last = sum+a.Confidence, a.Confidence
		}
		if sum > 1.001 {
			t.Errorf("%q: confidences come to %v", tok.Text, sum)
		}
	}
	if !some {
		t.Error("no alternatives at all")
	}
	for _, tok := range text(t, restorer(t, "eng"), in).Tokens {
		if len(tok.Alternatives) > 0 {
			t.Errorf("%q has alternatives that nobody asked for", tok.Text)
		}
	}
}
