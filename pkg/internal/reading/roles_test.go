package reading

import (
	"image"
	"strconv"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// placed makes a page of 1200 by 1700 pixels of lines "LEFT TOP TEXT", 30 pixels high and
// 15 a character; a bar in a line is a gap of 150.
func placed(lines ...string) *ocr.Page {
	p := &ocr.Page{Size: image.Pt(1200, 1700)}
	for i, s := range lines {
		f := strings.SplitN(s, " ", 3)
		x, _ := strconv.Atoi(f[0])
		y, _ := strconv.Atoi(f[1])
		l := ocr.Line{Block: i + 1, Par: 1}
		for _, w := range strings.Fields(f[2]) {
			if w == "|" {
				x += 150
				continue
			}
			width := 15 * len([]rune(w))
			l.Words = append(l.Words, ocr.Word{Text: w, Read: w, Sure: 0.95, Box: image.Rect(x, y, x+width, y+30)})
			x += width + 15
		}
		l.Box = ocr.Around(l.Words)
		p.Lines = append(p.Lines, l)
	}
	return p
}

// shown is a page's lines as "ROLE: TEXT", and its regions.
func shown(p *ocr.Page) string {
	var b strings.Builder
	for _, l := range p.Lines {
		b.WriteString(string(l.Role) + ": " + textOf(l.Words) + "\n")
	}
	for _, r := range p.Regions {
		b.WriteString("[" + string(r.Kind) + "]\n")
	}
	return b.String()
}

func TestRoles(t *testing.T) {
	body := []string{"200 700 Căn cứ Quyết định số 12 ngày 3 tháng 4", "200 740 của Ủy ban nhân dân tỉnh về việc sau", "200 780 đề nghị các đơn vị thực hiện."}
	for _, tt := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"a stamp of who received", []string{"60 60 CÔNG VĂN ĐẾN", "60 100 Số: 123", "60 140 Ngày: 4/5"},
			"received: CÔNG VĂN ĐẾN\nreceived: Số: 123\nreceived: Ngày: 4/5\n[received]\n"},
		{"a register", []string{"60 60 SỔ VĂN BẢN ĐẾN", "60 100 Số: 123", "60 140 Ngày: 4/5"},
			": SỔ VĂN BẢN ĐẾN\n: Số: 123\n: Ngày: 4/5\n"},
		{"a heading in the lower half", []string{"60 900 VĂN BẢN ĐẾN", "60 940 Số: 123", "60 980 Ngày: 4/5"},
			": VĂN BẢN ĐẾN\n: Số: 123\n: Ngày: 4/5\n"},
		{"beside the head, title with its label", []string{"60 60 ĐẾN Số: | CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "60 100 Ngày:"},
			"received: ĐẾN Số:\n: CỘNG HÒA XÃ HỘI CHỦ NGHĨA\nreceived: Ngày:\n[received]\n"},
		{"its title in running text", []string{"60 60 sổ công văn đến", "60 100 Số: 12/UBND"},
			": sổ công văn đến\n: Số: 12/UBND\n"},
		{"a title without a label", []string{"60 60 CÔNG VĂN ĐẾN", "60 500 Số: 12/UBND"},
			": CÔNG VĂN ĐẾN\n: Số: 12/UBND\n"},
		{"a copy that is signed", []string{"800 20 SAO Y", "800 54 Ủy ban nhân dân tỉnh", "800 88 Thời gian ký: 19/10/2023 10:56", "100 130 ỦY BAN NHÂN DÂN"},
			"overlay: SAO Y\noverlay: Ủy ban nhân dân tỉnh\noverlay: Thời gian ký: 19/10/2023 10:56\n: ỦY BAN NHÂN DÂN\n[overlay]\n"},
		{"who signed a file, over a signature", []string{"600 1200 Ký bởi: Sở Nội vụ", "600 1240 Email: a@b.gov.vn", "600 1280 Cơ quan: Tỉnh", "600 1400 GIÁM ĐỐC"},
			"overlay: Ký bởi: Sở Nội vụ\noverlay: Email: a@b.gov.vn\noverlay: Cơ quan: Tỉnh\n: GIÁM ĐỐC\n[overlay]\n"},
		{"an address that is no overlay's", []string{"600 1200 Email: a@b.gov.vn", "600 1240 Sao y bản chính"},
			": Email: a@b.gov.vn\n: Sao y bản chính\n"},
		{"the number of the page above", []string{"590 60 2"}, "number: 2\n"},
		{"and below", []string{"540 1600 Trang 2/5"}, "number: Trang 2/5\n"},
		{"an 8 that is read as a sign", []string{"590 60 §"}, "number: 8\n"},
		{"a number beside text", []string{"900 700 12"}, ": 12\n"},
	} {
		p := placed(append(tt.lines, body...)...)
		markRoles(p)
		got := strings.ReplaceAll(shown(p), ": Căn cứ Quyết định số 12 ngày 3 tháng 4\n: của Ủy ban nhân dân tỉnh về việc sau\n: đề nghị các đơn vị thực hiện.\n", "")
		if got != tt.want {
			t.Errorf("%s:\n%swant\n%s", tt.name, got, tt.want)
		}
	}
}

// An overlay is read before the head that it lies over.
func TestOverlayIsALayer(t *testing.T) {
	p := placed("100 60 ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "800 64 Thời gian ký: 19/10/2023", "100 100 TỈNH QUẢNG NAM | Độc lập - Tự do - Hạnh phúc", "100 300 Kính gửi: Sở Nội vụ")
	markRoles(p)
	want := "Thời gian ký: 19/10/2023\n\nỦY BAN NHÂN DÂN\nTỈNH QUẢNG NAM\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nKính gửi: Sở Nội vụ\n"
	if got := layout.Columns(p).Text(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// What a PDF prints over its scan fills a gap, lies over print, or stands by itself.
func TestPutOver(t *testing.T) {
	for _, tt := range []struct{ over, want string }{
		{"200 100 123", ": Kính gửi: Sở\n: Số: 123 /UBND-KT\n: theo dõi\n"},
		{"90 410 Ký bởi: Sở", ": Kính gửi: Sở\n: Số: /UBND-KT\n: theo dõi\noverlay: Ký bởi: Sở\n"},
		{"800 200 Mẫu 1", ": Kính gửi: Sở\n: Số: /UBND-KT\n: Mẫu 1\n: theo dõi\n"},
	} {
		p := placed("100 50 Kính gửi: Sở", "100 100 Số: | /UBND-KT", "100 400 theo dõi")
		putOver(p, placed(tt.over).Lines)
		if got := shown(p); got != tt.want {
			t.Errorf("%s:\n%swant\n%s", tt.over, got, tt.want)
		}
	}
}

// The names of two who sign side by side go with what stands over them, be they wider or
// not.
func TestTwoSigners(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		want  string
	}{
		{[]string{"150 700 ĐẠI DIỆN BÊN A | ĐẠI DIỆN BÊN B", "170 740 Giám đốc | Chủ tịch", "150 900 Nguyễn Văn An | Trần Thị Bình"},
			"ĐẠI DIỆN BÊN A\nGiám đốc\nNguyễn Văn An\n\nĐẠI DIỆN BÊN B\nChủ tịch\nTrần Thị Bình\n"},
		{[]string{"150 700 GIÁM ĐỐC | KẾ TOÁN TRƯỞNG", "150 900 Nguyễn Văn An Hoà | Trần Thị Bình"},
			"GIÁM ĐỐC\nNguyễn Văn An Hoà\n\nKẾ TOÁN TRƯỞNG\nTrần Thị Bình\n"},
	} {
		if got := layout.Columns(placed(tt.lines...)).Text(); got != tt.want {
			t.Errorf("got\n%swant\n%s", got, tt.want)
		}
	}
}
