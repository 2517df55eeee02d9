package synth

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

const lettersDir = "../../../../testdata/letters"

// The committed letters are what this package makes: all truths and fields, and
// every third scan. Encoders of other Go versions may pack the same pixels in
// other bytes, and other processors may round differently, so scans are compared
// by eye: size, and pixels up to a little noise.
func TestLettersAreCommitted(t *testing.T) {
	lib := library(t)
	for i, l := range Letters() {
		t.Run(l.Name, func(t *testing.T) {
			if lib.Family(l.Family) == nil {
				t.Skipf("SKIPPED: %s is not installed (Debian package %s)", l.Family, l.Package)
			}
			t.Parallel()
			if i%3 != 0 || testing.Short() {
				l.Format = "" // the text alone
			}
			files, err := l.Make(lib)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				want, err := os.ReadFile(filepath.Join(lettersDir, f.Name))
				if err != nil {
					t.Fatal(err)
				}
				if bytes.Equal(f.Data, want) {
					continue
				}
				if ext := filepath.Ext(f.Name); ext == ".txt" || ext == ".json" {
					t.Errorf("%s differs from the committed one; go generate renews it", f.Name)
				} else if err := similar(f.Data, want); err != nil {
					t.Errorf("%s: %v; go generate renews it", f.Name, err)
				}
			}
		})
	}
}

// similar compares two scans by their mean difference; formats that the
// standard library does not decode by their length.
func similar(got, want []byte) error {
	a, _, err := image.Decode(bytes.NewReader(got))
	b, _, err2 := image.Decode(bytes.NewReader(want))
	if err != nil || err2 != nil {
		if d := float64(len(got)) / float64(len(want)); d < 0.95 || d > 1.05 {
			return fmt.Errorf("%d bytes, committed are %d", len(got), len(want))
		}
		return nil
	}
	if a.Bounds() != b.Bounds() {
		return fmt.Errorf("size %v, committed is %v", a.Bounds(), b.Bounds())
	}
	sum, n := 0, 0
	for y := 0; y < a.Bounds().Dy(); y += 7 {
		for x := 0; x < a.Bounds().Dx(); x += 7 {
			d := int(color.GrayModel.Convert(a.At(x, y)).(color.Gray).Y) - int(color.GrayModel.Convert(b.At(x, y)).(color.Gray).Y)
			sum, n = sum+max(d, -d), n+1
		}
	}
	if mean := float64(sum) / float64(n); mean > 2 {
		return fmt.Errorf("pixels differ by %.1f on average", mean)
	}
	return nil
}

func TestLettersHoldWhatTheyPromise(t *testing.T) {
	var all strings.Builder
	formats, kinds := map[string]int{}, map[string]bool{}
	for _, l := range Letters() {
		formats[l.Format]++
		truth, err := os.ReadFile(filepath.Join(lettersDir, l.Name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		text := string(truth)
		if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) {
			t.Errorf("%s.txt is not NFC", l.Name)
		}
		// The source of the letter, word by word, is in the truth.
		_, body, err := l.source()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range strings.Fields(strings.NewReplacer("**", "", "\u00a0", " ").Replace(body)) {
			if strings.Trim(w, "=#~>|-") != "" && !strings.Contains(text, w) {
				t.Errorf("%s.txt lacks %q", l.Name, w)
			}
		}
		f, err := l.Fields()
		if err != nil {
			t.Fatal(err)
		}
		kinds[f.Type] = true
		for _, part := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", f.Number, f.Place, f.Signer} {
			if !strings.Contains(text, part) {
				t.Errorf("%s.txt lacks %q", l.Name, part)
			}
		}
		all.WriteString(text)
	}
	for _, kind := range decreeKinds {
		if !kinds[kind] {
			t.Errorf("no letter is of the kind %q", kind)
		}
	}
	if n := len(strings.Fields(all.String())); n < 9000 {
		t.Errorf("the letters have %d syllables, want 9,000", n)
	}
	for _, format := range []string{"tif", "pdf", "png", "jpg", ""} {
		if formats[format] < 4 {
			t.Errorf("%d letters in format %q, want 4", formats[format], format)
		}
	}
	// What restoring must leave alone or tell apart is there to test with.
	for _, want := range []string{
		"/NĐ-CP", "UBND", "HĐND", "đ) ", "(iii)", "@", "https://", "0255.3712.468", "18.750.000.000", "22/3/2024",
		"Dublin Core", "Jean-Pierre Moreau", "65%", "“", "Ê Đê", "Y Bhăm Niê", "COVID-19", "\f",
		"KT. ", "TM. ", "TL. ", "TUQ. ", "SAO Y", "K/T ", "Krông", "M'Um", "Bh'lô", "H'Nuen", "Giàng Seo Sính", "Đàng Năng Thuật",
		"Thạch Sa Rinh", "Alăng Thị Nghêu", "Rơ Châm H'Yéo", "UỶ BAN", "Hoà Khánh", "Nous soutenons", "shall disclose", "20°58'N",
		"CO2", "m³/giờ", "« ", "ΔE", "+84 ", "4h45", "RL4JW8GS0K3218846",
	} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no letter holds %q", want)
		}
	}
}

// A repository keeps every version of its scans for ever: all that stands in the
// folder of the letters fits 3 MB.
func TestLettersAreSmall(t *testing.T) {
	entries, err := os.ReadDir(lettersDir)
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, e := range entries {
		fi, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		total += fi.Size()
	}
	if total > 3e6 {
		t.Errorf("the letters take %d bytes, more than 3 MB", total)
	}
}

// decreeKinds are the kinds of document that Decree 30/2020/NĐ-CP, article 7, lists.
var decreeKinds = []string{
	"Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế", "Quy định", "Thông cáo", "Thông báo", "Hướng dẫn", "Chương trình",
	"Kế hoạch", "Phương án", "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình", "Hợp đồng", "Công văn", "Công điện",
	"Bản ghi nhớ", "Bản thỏa thuận", "Giấy ủy quyền", "Giấy mời", "Giấy giới thiệu", "Giấy nghỉ phép", "Phiếu gửi",
	"Phiếu chuyển", "Phiếu báo", "Thư công",
}

func TestFields(t *testing.T) {
	for _, tt := range []struct {
		name string
		want Fields
	}{
		{"cong-van", Fields{
			Parent: "ỦY BAN NHÂN DÂN TỈNH BÌNH SƠN", Issuer: "SỞ VĂN HÓA VÀ THÔNG TIN", Number: "1245/SVHTT-QLDS", Place: "Bình Sơn",
			Date: "2024-04-08", Type: "Công văn", Subject: "tổ chức Tuần lễ Đọc sách và lấy ý kiến về Đề án thư viện số",
			Addressees: []string{"Ủy ban nhân dân các huyện, thị xã, thành phố", "Các trường trung học phổ thông trên địa bàn tỉnh", "Thư viện tỉnh, Bảo tàng tỉnh"},
			Recipients: []string{"Như trên", "UBND tỉnh (để b/c)", "Giám đốc, các PGĐ Sở", "Cổng TTĐT Sở", "Lưu: VT, QLDS, NTH (15b)"},
			Capacity:   "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", Signer: "Đặng Thị Mỹ Duyên",
		}},
		{"ban-thoa-thuan", Fields{ // two signers
			Parent: "UBND XÃ TRÀ KÓT", Issuer: "TỔ HÒA GIẢI THÔN 4", Number: "03/BTT-THG", Place: "Trà Kót", Date: "2020-06-09",
			Type: "Bản thỏa thuận", Subject: "Sử dụng chung đường đi và nguồn nước giữa hai hộ gia đình",
			Recipients: []string{"UBND xã (b/c)", "Hai bên", "Lưu: THG"},
			Capacity:   "BÊN NHẬN ĐẤT", Signer: "Đinh Thị Riết", CoCapacity: "BÊN NHƯỜNG ĐẤT", CoSigner: "Hồ Văn Xiêng",
		}},
		{"sao-y", Fields{ // a copy, with its own number and signer
			Parent: "UỶ BAN NHÂN DÂN THÀNH PHỐ HOÀ KHÁNH", Issuer: "SỞ GIAO THÔNG CÔNG CHÍNH", Number: "1876/GTCC-QLĐT",
			Place: "Hoà Khánh", Date: "2004-09-30", Type: "Công văn", Subject: "cấp phép đào đường, hoàn trả mặt đường tại các phố cổ",
			Addressees: []string{"Công ty Cấp thoát nước", "Bưu điện thành phố", "Công ty Điện lực Hoà Khánh"},
			Recipients: []string{"Như trên", "Thanh tra GTCC", "Lưu VT, QLĐT"}, Capacity: "K/T GIÁM ĐỐC PHÓ GIÁM ĐỐC", Signer: "Vũ Hoà Thuỵ",
			Copy: &Fields{
				Parent: "UBND PHƯỜNG HÀNG THUYỀN", Issuer: "VĂN PHÒNG UBND", Number: "15/SY-UBND", Place: "Hàng Thuyền", Date: "2004-10-12", Type: "SAO Y",
				Recipients: []string{"Tổ dân phố 1 - 17", "Lưu: VT"}, Capacity: "TM. UỶ BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH", Signer: "Nghiêm Thuý Hoàn",
			},
		}},
	} {
		letters := Letters()
		l := letters[slices.IndexFunc(letters, func(l Letter) bool { return l.Name == tt.name })]
		got, err := l.Fields()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&tt.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
	}
}

func TestLetterScansAreScans(t *testing.T) {
	open := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(lettersDir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	bw, err := png.Decode(bytes.NewReader(open("cong-van.png")))
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := bw.(*image.Paletted); !ok || len(p.Palette) != 2 {
		t.Errorf("cong-van.png is a %T, not black and white", bw)
	}
	colour, err := jpeg.Decode(bytes.NewReader(open("thong-bao.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	red := 0
	for y := range colour.Bounds().Dy() {
		for x := range colour.Bounds().Dx() {
			if r, g, b, _ := colour.At(x, y).RGBA(); r > 0x8000 && g < 0x7000 && b < 0x7000 {
				red++
			}
		}
	}
	if red < 2000 {
		t.Errorf("thong-bao.jpg has %d red pixels; its stamp needs more", red)
	}
	if n := bytes.Count(open("to-trinh.pdf"), []byte("/Subtype /Image")); n != 2 {
		t.Errorf("to-trinh.pdf has %d images, want 2", n)
	}
}

// A reader gets a clean print right: the letters are drawn as they should be.
func TestCleanLetterIsReadable(t *testing.T) {
	tesseract, err := exec.LookPath("tesseract")
	if err != nil {
		t.Skip("SKIPPED: the tesseract program is not installed")
	}
	if langs, err := exec.Command(tesseract, "--list-langs").CombinedOutput(); err != nil || !strings.Contains(string(langs), "vie") {
		t.Skip("SKIPPED: Tesseract has no Vietnamese data")
	}
	lib := library(t)
	l := Letters()[0]
	if lib.Family(l.Family) == nil {
		t.Skipf("SKIPPED: %s is not installed (Debian package %s)", l.Family, l.Package)
	}
	pages, err := l.Typeset(lib)
	if err != nil {
		t.Fatal(err)
	}
	page := pages[0]
	page.marks = nil // a signature over the name is no clean print
	page.glyphs = clean(page.glyphs)
	w := Wear{Placement: Placement{DPI: 200}}
	data, err := encodePNG(w.Scan(page, rand.New(rand.NewPCG(1, 1))), 200, false)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), tesseract, "stdin", "stdout", "-l", "vie")
	cmd.Stdin, cmd.Env = bytes.NewReader(data), append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	pairs := AlignLines(strings.Split(page.RowText(), "\n"), strings.Split(string(out), "\n"))
	wrong, all := 0, len([]rune(page.RowText()))
	covered := 0
	for _, p := range pairs {
		g, r := joinLines([]string{p.Gold}), joinLines([]string{p.Read})
		for _, s := range align(g, r) {
			if s.g < 0 || s.r < 0 || g.text[s.g] != r.text[s.r] {
				wrong++
			}
		}
		covered += len(g.text)
	}
	if acc := 1 - float64(wrong+all-covered)/float64(all); acc < 0.97 {
		t.Errorf("Tesseract reads %.3f of the characters, want 0.97:\n%s", acc, out)
	} else {
		t.Logf("Tesseract reads %.4f of the characters", acc)
	}
}

func clean(glyphs []placedGlyph) []placedGlyph {
	var out []placedGlyph
	for _, g := range glyphs {
		if g.ink == inkBlack {
			out = append(out, g)
		}
	}
	return out
}
