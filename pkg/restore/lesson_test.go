package restore_test

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Readers are known by what they made of words; what is no reading of them, or too
// little, teaches nothing.
func TestTaught(t *testing.T) {
	r := restorer(t, restore.Auto)
	words := strings.Fields(`thực hiện luật thư viện và nghị quyết của hội đồng nhân dân tỉnh sở văn hóa và thông tin đề nghị
		ủy ban nhân dân các huyện thị xã thành phố chỉ đạo các cơ quan đơn vị trên địa bàn tổ chức hoạt động hưởng ứng tuần lễ
		đọc sách bằng nhiều hình thức phù hợp với điều kiện thực tế bảo đảm an toàn tiết kiệm và hiệu quả báo cáo kết quả
		trong quá trình thực hiện nếu có vướng mắc các đơn vị phản ánh kịp thời về sở để được hướng dẫn giải quyết theo quy định`)
	numbered := strings.NewReplacer("ế", "5", "ề", "5", "ệ", "5", "ộ", "0", "ồ", "0", "ị", "j", "á", "2")
	next := func(s string) string {
		for i, w := range words {
			if w == s {
				return words[(i+7)%len(words)]
			}
		}
		return s
	}
	names := [2]string{"one", "two"}
	for _, tt := range []struct {
		name string
		read func(string) string
		n    int
		want bool
	}{
		{"stripped", viet.Strip, len(words), true},
		{"letters as digits", numbered.Replace, len(words), true},
		{"too few", viet.Strip, 20, false},
		{"other words", next, len(words), false},
		{"one sign", func(string) string { return "~" }, len(words), false},
	} {
		var lessons [2][]restore.Lesson
		for i, w := range words[:tt.n] {
			lessons[i%2] = append(lessons[i%2], restore.Lesson{Word: w, Read: tt.read(w)})
		}
		taught := r.Taught(names, lessons)
		if (taught != nil) != tt.want {
			t.Errorf("%s: %v", tt.name, taught != nil)
		}
		if taught == nil {
			continue
		}
		for _, name := range names { // each is heard
			w := restore.Witness{Start: len("xã Tân "), End: len("xã Tân Bắt"), Channel: name, Read: tt.read("Bắc")}
			if got := taught.Document().Reading("xã Tân Bắt", "vie", []restore.Witness{w}).Text; got != "xã Tân Bắc" {
				t.Errorf("%s, by %s: %q", tt.name, name, got)
			}
		}
	}
	if got := r.Taught(names, [2][]restore.Lesson{}); got != nil {
		t.Error("nothing has taught something")
	}
}
