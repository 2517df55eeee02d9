package letter_test

import (
	"fmt"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
)

func ExampleParseText() {
	l := letter.ParseText(`SỞ CÔNG NGHIỆP
Số: 8/SCN-VP
V/v nghỉ lễ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Sông Lam, ngày 27 tháng 4 năm 2024

Kính gửi: Các phòng thuộc Sở

Các phòng nghỉ lễ từ ngày 28/4 và cử người trực.

Nơi nhận:
- Như trên;
- Lưu: VT.
`)
	fmt.Println(l.Number, l.Date, l.Subject)
	fmt.Println(l.Addressees, l.Recipients)
	// Output:
	// 8/SCN-VP 2024-04-27 nghỉ lễ
	// [Các phòng thuộc Sở] [Như trên Lưu: VT]
}
