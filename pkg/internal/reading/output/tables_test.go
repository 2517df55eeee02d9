package output

import (
	"bytes"
	"strings"
	"testing"
)

// Every format that keeps more than words keeps the cells of tables, from a page as
// it was read and from a JSON output alike.
func TestTables(t *testing.T) {
	read := page(3,
		"Danh sách các nhà mà Sở đang quản lý từ đầu năm nay:",
		"TT        Tên nhà             Tầng",
		"1         Nhà A               3",
		"2         Nhà khách của       5",
		"          Sở ở bờ sông",
		"3         Nhà kho",
	)
	doc := &Document{Path: "x"}
	data := write(t, "json", doc, []*Page{read}, Options{})
	f, err := Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Page{read, f.Pages[0].Page()} {
		for _, tt := range []struct{ format, want string }{
			{"txt", "Danh sách các nhà mà Sở đang quản lý từ đầu năm nay:\\n\\nTT\\tTên nhà\\tTầng\\n1\\tNhà A\\t3\\n2\\tNhà khách của Sở ở bờ sông\\t5\\n3\\tNhà kho\\n"},
			{"tables", "page\\ttable\\trow\\tcells\\n3\\t1\\t1\\tTT\\tTên nhà\\tTầng\\n3\\t1\\t2\\t1\\tNhà A\\t3\\n3\\t1\\t3\\t2\\tNhà khách của Sở ở bờ sông\\t5\\n3\\t1\\t4\\t3\\tNhà kho\\n"},
		} {
			want := strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(tt.want)
			if got := string(write(t, tt.format, doc, []*Page{p}, Options{})); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", tt.format, got, want)
			}
		}
		hocr := string(write(t, "hocr", doc, []*Page{p}, Options{}))
		if strings.Count(hocr, `class="ocr_table"`) != 1 || strings.Count(hocr, "; x_cell 3 2") != 2 {
			t.Errorf("hocr has no table, or not two lines in the cell 3 2:\n%s", hocr)
		}
	}
	if got := write(t, "json", doc, []*Page{f.Pages[0].Page()}, Options{}); !bytes.Equal(got, data) {
		t.Errorf("JSON read and written again:\n%s\nwant\n%s", got, data)
	}
}

// An empty cell between others keeps its place.
func TestTablesEmptyCell(t *testing.T) {
	p := page(1,
		"TT        Tên nhà             Tầng       Ghi chú",
		"1         Nhà A                          cũ",
		"2         Nhà B               5          mới",
	)
	for _, format := range []string{"txt", "tables"} {
		for _, opts := range []Options{{}, {Paragraphs: true}} {
			if got := string(write(t, format, &Document{}, []*Page{p}, opts)); !strings.Contains(got, "1\tNhà A\t\tcũ\n") {
				t.Errorf("%s: got\n%s", format, got)
			}
		}
	}
}
