package letter

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Each letter shows one shape of head or foot that the decree's model has not.
func TestShapes(t *testing.T) {
	for _, tt := range []struct {
		name string
		rows string
		want Letter
	}{
		{"one body on two lines, lower-case v/v of several lines, addressees on one line", `
      ỦY BAN NHÂN DÂN              CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     THÀNH PHỐ ĐÔNG HẢI                 Độc lập - Tự do - Hạnh phúc
       Số: 41/UBND-VX                  Đông Hải, ngày 9 tháng 4 năm 2023
   v/v rà soát Thông báo số 12-TB/TU
 ngày 17/8/2022 về Kết luận của Thường
           trực Thành ủy

              Kính gửi: Các phòng; UBND các phường.

     Thực hiện Thông báo số 12-TB/TU nói trên, thành phố yêu cầu các cơ quan làm ngay.
`, Letter{Issuer: "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÔNG HẢI", Number: "41/UBND-VX", Place: "Đông Hải", Date: "2023-04-09", Type: "Công văn",
			Subject:    "rà soát Thông báo số 12-TB/TU ngày 17/8/2022 về Kết luận của Thường trực Thành ủy",
			Addressees: []string{"Các phòng", "UBND các phường"}}},
		{"a parent on two lines, a title of two lines that both start with a capital", `
       TRƯỜNG ĐẠI HỌC               CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
   THỦY LỢI BA LẠT                      Độc lập - Tự do - Hạnh phúc
    KHOA KINH TẾ
    Số: 8 /TB - KT                     Ba Lạt, ngày 3 tháng 1 năm 2014

                               THÔNG BÁO
          Kế hoạch bảo vệ Khóa luận Tốt nghiệp cho sinh viên
                Chính quy ngành Kinh tế Đợt 1 năm 2014

                      Kính gửi: Phòng Đào tạo
    Khoa Kinh tế thông báo đến sinh viên chính quy kế hoạch như sau:
`, Letter{Parent: "TRƯỜNG ĐẠI HỌC THỦY LỢI BA LẠT", Issuer: "KHOA KINH TẾ", Number: "8/TB-KT", Place: "Ba Lạt", Date: "2014-01-03", Type: "Thông báo",
			Subject:    "Kế hoạch bảo vệ Khóa luận Tốt nghiệp cho sinh viên Chính quy ngành Kinh tế Đợt 1 năm 2014",
			Addressees: []string{"Phòng Đào tạo"}}},
		{"two issuers joined by a dash", `
   SỞ TÀI CHÍNH - SỞ XÂY DỰNG -      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
        SỞ NỘI VỤ                       Độc lập - Tự do - Hạnh phúc
  Số: 15/HDLN-STC-SXD-SNV             Tân Hòa, ngày 5 tháng 6 năm 2019

                               HƯỚNG DẪN
                    Về việc quản lý nhà công vụ
`, Letter{Issuer: "SỞ TÀI CHÍNH - SỞ XÂY DỰNG - SỞ NỘI VỤ", Number: "15/HDLN-STC-SXD-SNV", Place: "Tân Hòa", Date: "2019-06-05",
			Type: "Hướng dẫn", Subject: "quản lý nhà công vụ"}},
		{"a letter of the Party", `
     TỈNH ỦY SÔNG LAM                   ĐẢNG CỘNG SẢN VIỆT NAM
      BAN TỔ CHỨC
           *                       Sông Lam, ngày 2 tháng 3 năm 2020
     Số 12-TB/BTCTU

                               THÔNG BÁO
                   về lịch làm việc của Ban Tổ chức
                                 -----
     Ban Tổ chức thông báo lịch làm việc của tuần tới để các đồng chí biết.
`, Letter{Parent: "TỈNH ỦY SÔNG LAM", Issuer: "BAN TỔ CHỨC", Number: "12-TB/BTCTU", Place: "Sông Lam", Date: "2020-03-02",
			Type: "Thông báo", Subject: "về lịch làm việc của Ban Tổ chức"}},
		{"urgent, secret, signed by a program", `
                                              SAO Y
                        Ủy ban nhân dân xã Hòa Bình Thượng
                        Thời gian ký: 19/10/2023 10:56:22 +07:00
      ỦY BAN NHÂN DÂN               CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
       XÃ HÒA BÌNH                      Độc lập - Tự do - Hạnh phúc
      Số: 7/UBND-VP                    Hòa Bình, ngày 1 tháng 2 năm 2023
   V/v trực Tết
        HỎA TỐC
          MẬT

              Kính gửi: Các thôn trong xã.
`, Letter{Issuer: "ỦY BAN NHÂN DÂN XÃ HÒA BÌNH", Number: "7/UBND-VP", Place: "Hòa Bình", Date: "2023-02-01", Type: "Công văn",
			Subject: "trực Tết", Urgency: "HỎA TỐC", Secrecy: "MẬT", Copy: "SAO Y", Addressees: []string{"Các thôn trong xã"}}},
		{"no subject and no kind: the symbol tells", `
       SỞ XÂY DỰNG                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
      Số: 31/GM-SXD                     Độc lập - Tự do - Hạnh phúc
                                    Hà Tĩnh, ngày 9 tháng 4 năm 2023

     Sở Xây dựng trân trọng kính mời quý cơ quan dự buổi họp tổng kết năm 2022.
`, Letter{Issuer: "SỞ XÂY DỰNG", Number: "31/GM-SXD", Place: "Hà Tĩnh", Date: "2023-04-09", Type: "Giấy mời"}},
		{"the kind goes on in its line", `
       SỞ XÂY DỰNG                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
      Số: 31/BC-SXD                     Độc lập - Tự do - Hạnh phúc
                                    Hà Tĩnh, ngày 9 tháng 4 năm 2023

                  BÁO CÁO KẾT QUẢ KIỂM TRA NHÀ Ở
                             QUÝ I NĂM 2023

     Sở Xây dựng báo cáo kết quả kiểm tra nhà ở trong quý I năm 2023 như sau:
`, Letter{Issuer: "SỞ XÂY DỰNG", Number: "31/BC-SXD", Place: "Hà Tĩnh", Date: "2023-04-09", Type: "Báo cáo", Subject: "KẾT QUẢ KIỂM TRA NHÀ Ở QUÝ I NĂM 2023"}},
		{"a law", `
         QUỐC HỘI                   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
                                        Độc lập - Tự do - Hạnh phúc
  Luật số: 98/2031/QH19

                                 LUẬT
                             THUYỀN NAN
     Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
`, Letter{Issuer: "QUỐC HỘI", Number: "98/2031/QH19", Type: "Luật", Subject: "THUYỀN NAN"}},
		{"the line of the number under a scrawl", `
     BỘ CÔNG NGHIỆP                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     CỤC THAN ĐÁ                        Độc lập - Tự do - Hạnh phúc
    ï?: 3// 7 /CTĐ-KH                  Hà Nội, ngày 1 tháng 2 năm 2023
   V/v khai thác than

              Kính gửi: Các công ty than.
`, Letter{Parent: "BỘ CÔNG NGHIỆP", Issuer: "CỤC THAN ĐÁ", Number: "?/CTĐ-KH", NumberRead: "ï?: 3//7", Place: "Hà Nội", Date: "2023-02-01",
			Type: "Công văn", Subject: "khai thác than", Addressees: []string{"Các công ty than"}}},
		{"a pen's marks beside and under the subject", `
     BỘ CÔNG NGHIỆP                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     CỤC THAN ĐÁ                        Độc lập - Tự do - Hạnh phúc
    Số: 7/CTĐ-KH                       Hà Nội, ngày 1 tháng 2 năm 2023
   V/v khai thác than và xin
 l? _ mở thêm mỏ than lộ thiên
                        SA

              Kính gửi: Các công ty than.
`, Letter{Parent: "BỘ CÔNG NGHIỆP", Issuer: "CỤC THAN ĐÁ", Number: "7/CTĐ-KH", Place: "Hà Nội", Date: "2023-02-01",
			Type: "Công văn", Subject: "khai thác than và xin mở thêm mỏ than lộ thiên", Addressees: []string{"Các công ty than"}}},
		{"the last page alone; stamp and pen between capacity and name, initials after the last recipient", `
báo cáo Sở trước ngày 30/4./.

Nơi nhận:                                      TL. GIÁM ĐỐC
- Như trên;  l                               TRƯỞNG PHÒNG QLN
- Lưu: VT, QLN (5b).w4                            B 3 TẾ
                                                 Trà Tân Hẩy
                                              TS.Lê Thị Thanh Vân
`, Letter{Body: &Range{Position{1, 1}, Position{1, 1}}, Recipients: []string{"Như trên", "Lưu: VT, QLN (5b)"},
			Signature: Signature{Authority: "TL. GIÁM ĐỐC", Capacity: "TRƯỞNG PHÒNG QLN", Title: "TS", Signer: "Lê Thị Thanh Vân"}}},
		{"a deputy's capacity under a stamp", `
Rất mong nhận được sự quan tâm phối hợp của các cơ quan./.

Nơi nhận:                                      KT. GIÁM ĐỐC.
- Như trên;                                     ‹PH Á M ĐỐC
- Lưu: VT.                                  Đặng Thị Mỹ Duyên
`, Letter{Body: &Range{Position{1, 1}, Position{1, 1}}, Recipients: []string{"Như trên", "Lưu: VT"},
			Signature: Signature{Authority: "KT. GIÁM ĐỐC", Capacity: "PHÓ GIÁM ĐỐC", Signer: "Đặng Thị Mỹ Duyên"}}},
		{"two sign side by side, over the recipients", `
Hai bên thống nhất thực hiện Chương trình này từ ngày ký./.

     KT. BỘ TRƯỞNG                            TM. BAN THƯỜNG VỤ
   BỘ GIAO THÔNG                                PHÓ CHỦ TỊCH
     THỨ TRƯỞNG


  Trần Thị Bình An                             Nguyễn Văn Bền

Nơi nhận:
- Như trên;
- Lưu: VT.
`, Letter{Body: &Range{Position{1, 1}, Position{1, 1}}, Recipients: []string{"Như trên", "Lưu: VT"},
			Signature: Signature{Authority: "TM. BAN THƯỜNG VỤ", Capacity: "PHÓ CHỦ TỊCH", Signer: "Nguyễn Văn Bền"},
			Signatures: []Signature{
				{Authority: "KT. BỘ TRƯỞNG BỘ GIAO THÔNG", Capacity: "THỨ TRƯỞNG", Signer: "Trần Thị Bình An"},
				{Authority: "TM. BAN THƯỜNG VỤ", Capacity: "PHÓ CHỦ TỊCH", Signer: "Nguyễn Văn Bền"},
			}}},
		{"two sign side by side, no recipients, the first in a capacity with the name of what he leads", `
Biên bản được đọc lại cho mọi người nghe và cùng ký tên./.

                                     Hòn Nghê, ngày 31 tháng 12 năm 2018

     TRƯỞNG PHÒNG KẾ HOẠCH                       GIÁM ĐỐC


  Trần Thị Bình An                             Nguyễn Văn Bền
`, Letter{Place: "Hòn Nghê", Date: "2018-12-31", Body: &Range{Position{1, 1}, Position{1, 2}},
			Signature: Signature{Capacity: "GIÁM ĐỐC", Signer: "Nguyễn Văn Bền"},
			Signatures: []Signature{
				{Capacity: "TRƯỞNG PHÒNG KẾ HOẠCH", Signer: "Trần Thị Bình An"},
				{Capacity: "GIÁM ĐỐC", Signer: "Nguyễn Văn Bền"},
			}}},
		{"a body of two, the second on a line of its own", `
  BAN QUẢN LÝ CÁC TRẠM VÀ           CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     TRUNG TÂM Y TẾ                     Độc lập - Tự do - Hạnh phúc
     Số: 7/BQL                         Tân Hòa, ngày 5 tháng 6 năm 2019

              Kính gửi: Các trạm y tế.
`, Letter{Issuer: "BAN QUẢN LÝ CÁC TRẠM VÀ TRUNG TÂM Y TẾ", Number: "7/BQL", Place: "Tân Hòa", Date: "2019-06-05", Type: "Công văn",
			Addressees: []string{"Các trạm y tế"}}},
		{"the mark of a pen under the subject", `
      SỞ XÂY DỰNG                   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     Số: 7/SXD-QLN                      Độc lập - Tự do - Hạnh phúc
   V/v sửa cầu Sông Lam                Tân Hòa, ngày 5 tháng 6 năm 2019
                chuyển

              Kính gửi: Các huyện.
`, Letter{Issuer: "SỞ XÂY DỰNG", Number: "7/SXD-QLN", Place: "Tân Hòa", Date: "2019-06-05", Type: "Công văn",
			Subject: "sửa cầu Sông Lam", Addressees: []string{"Các huyện"}}},
		{"minutes, dated at the end", `
Biên bản được đọc lại cho mọi người nghe và cùng ký tên./.

                                     Hòn Nghê, ngày 31 tháng 12 năm 2018
        THƯ KÝ                                 CHỦ TỌA


    Trần Thị Bình An                       Nguyễn Văn Bền
`, Letter{Place: "Hòn Nghê", Date: "2018-12-31", Body: &Range{Position{1, 1}, Position{1, 2}},
			Signature: Signature{Capacity: "CHỦ TỌA", Signer: "Nguyễn Văn Bền"},
			Signatures: []Signature{
				{Capacity: "THƯ KÝ", Signer: "Trần Thị Bình An"},
				{Capacity: "CHỦ TỌA", Signer: "Nguyễn Văn Bền"},
			}}},
		{"a rank before the name, its first letter read as a small one", `
Rất mong nhận được sự quan tâm phối hợp của các cơ quan./.

Nơi nhận:                                __ PHÓ TRƯỞNG PHÒNG PHỤ TRÁCH
- Như trên;
- Lưu PA83 (4).                                Trung tá lê Văn Công
`, Letter{Body: &Range{Position{1, 1}, Position{1, 1}}, Recipients: []string{"Như trên", "Lưu PA83 (4)"},
			Signature: Signature{Capacity: "PHÓ TRƯỞNG PHÒNG PHỤ TRÁCH", Title: "Trung tá", Signer: "Lê Văn Công"}}},
	} {
		p := page(tt.rows)
		for i := range p.Lines {
			for j, w := range p.Lines[i].Words {
				if w.Text == "l?" || w.Text == "_" {
					p.Lines[i].Words[j].Confidence = 0.4
				}
			}
		}
		got := Parse([]*ocr.Page{p})
		if got != nil && tt.want.Body == nil {
			got.Body = nil // it runs to the end, there is no foot
		}
		t.Run(tt.name, func(t *testing.T) { compare(t, got, &tt.want) })
	}
}

// Each file is of a kind that has more than one head, or none where it is looked for.
func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		name  string
		pages []string
		want  Letter
	}{
		{"a circular of a ministry", []string{`
       BỘ THỦY LỢI                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
                                        Độc lập - Tự do - Hạnh phúc
   Số: 05/2031/TT-BTL                Hà Nội, ngày 14 tháng 5 năm 2031

                              THÔNG TƯ
             Quy định về đo mực nước ở các hồ chứa nhỏ

     Căn cứ Luật Thủy lợi ngày 19 tháng 6 năm 2017;
     Bộ trưởng Bộ Thủy lợi ban hành Thông tư quy định về đo mực nước.
     Điều 1. Phạm vi điều chỉnh
`, `
     Điều 9. Thông tư này có hiệu lực từ ngày 01 tháng 7 năm 2031./.

Nơi nhận:                                      BỘ TRƯỞNG
- Ban Bí thư Trung ương Đảng;
- Công báo;
- Lưu: VT, PC.
                                            Tạ Quang Bửu Lâm
`}, Letter{Issuer: "BỘ THỦY LỢI", Number: "05/2031/TT-BTL", Place: "Hà Nội", Date: "2031-05-14", Type: "Thông tư", Subject: "Quy định về đo mực nước ở các hồ chứa nhỏ",
			Body: &Range{Position{1, 8}, Position{2, 1}}, Recipients: []string{"Ban Bí thư Trung ương Đảng", "Công báo", "Lưu: VT, PC"},
			Signature: Signature{Capacity: "BỘ TRƯỞNG", Signer: "Tạ Quang Bửu Lâm"}}},
		{"a joint programme of two bodies, two signers", []string{`
    BỘ THỦY LỢI - BỘ LÂM SẢN        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
   Số: 7/CTPH-BTL-BLS                   Độc lập - Tự do - Hạnh phúc
                                     Hà Nội, ngày 3 tháng 2 năm 2031

                         CHƯƠNG TRÌNH PHỐI HỢP
            Về việc giữ rừng đầu nguồn giai đoạn 2031 - 2035

     Thực hiện Kế hoạch số 9/KH-CP, hai Bộ thống nhất chương trình phối hợp như sau:
`, `
     Chương trình này có hiệu lực từ ngày ký./.

    KT. BỘ TRƯỞNG                              KT. BỘ TRƯỞNG
    BỘ LÂM SẢN                                 BỘ THỦY LỢI
     THỨ TRƯỞNG                                 THỨ TRƯỞNG


  Hồ Thị Bưởi Ngọt                           Đinh Công Trứ

Nơi nhận:
- Văn phòng Chính phủ;
- Lưu: VT hai Bộ.
`}, Letter{Issuer: "BỘ THỦY LỢI - BỘ LÂM SẢN", Number: "7/CTPH-BTL-BLS", Place: "Hà Nội", Date: "2031-02-03", Type: "Chương trình phối hợp",
			Subject: "giữ rừng đầu nguồn giai đoạn 2031 - 2035", Body: &Range{Position{1, 8}, Position{2, 1}}, Recipients: []string{"Văn phòng Chính phủ", "Lưu: VT hai Bộ"},
			Signature: Signature{Authority: "KT. BỘ TRƯỞNG BỘ THỦY LỢI", Capacity: "THỨ TRƯỞNG", Signer: "Đinh Công Trứ"},
			Signatures: []Signature{
				{Authority: "KT. BỘ TRƯỞNG BỘ LÂM SẢN", Capacity: "THỨ TRƯỞNG", Signer: "Hồ Thị Bưởi Ngọt"},
				{Authority: "KT. BỘ TRƯỞNG BỘ THỦY LỢI", Capacity: "THỨ TRƯỞNG", Signer: "Đinh Công Trứ"},
			}}},
		{"a telegram says whom it is sent to in its own way", []string{`
    CHỦ TỊCH ỦY BAN NHÂN DÂN        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
        TỈNH HẢI THANH                  Độc lập - Tự do - Hạnh phúc
      Số: 17/CĐ-CT                   Hải Thanh, ngày 6 tháng 9 năm 2024

                              CÔNG ĐIỆN
                  Về việc ứng phó với bão số 3

         CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH HẢI THANH ĐIỆN:
         - Chủ tịch UBND các huyện ven biển;
         - Giám đốc các Sở: Thủy lợi, Công Thương.

     Hồi 04 giờ ngày 06/9, vị trí tâm bão ở khoảng 19,2 độ vĩ Bắc.
`}, Letter{Issuer: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH HẢI THANH", Number: "17/CĐ-CT", Place: "Hải Thanh", Date: "2024-09-06", Type: "Công điện", Subject: "ứng phó với bão số 3",
			Addressees: []string{"Chủ tịch UBND các huyện ven biển", "Giám đốc các Sở: Thủy lợi, Công Thương"}}},
		{"a copy, its form under the letter", []string{`
       SỞ XÂY DỰNG                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
      Số: 31/SXD-QLN                    Độc lập - Tự do - Hạnh phúc
   V/v sửa nhà công vụ               Tân Hòa, ngày 9 tháng 4 năm 2023

              Kính gửi: Các phòng.

     Sở Xây dựng yêu cầu các phòng kiểm tra nhà công vụ trước mùa mưa bão năm nay./.

Nơi nhận:                                      GIÁM ĐỐC
- Như trên;
- Lưu: VT.
                                            Vũ Hòa Thịnh

   UBND PHƯỜNG BẾN ĐÒ                             SAO Y
     Số: 15/SY-UBND                  Bến Đò, ngày 2 tháng 5 năm 2023

Nơi nhận:                                   TM. ỦY BAN NHÂN DÂN
- Tổ dân phố 1;                                 CHỦ TỊCH
- Lưu: VT.
                                            Nghiêm Thúy Hoàn
`}, Letter{Issuer: "SỞ XÂY DỰNG", Number: "31/SXD-QLN", Place: "Tân Hòa", Date: "2023-04-09", Type: "Công văn", Subject: "sửa nhà công vụ", Copy: "SAO Y",
			Addressees: []string{"Các phòng"}, Body: &Range{Position{1, 8}, Position{1, 8}}, Recipients: []string{"Như trên", "Lưu: VT"},
			Signature: Signature{Capacity: "GIÁM ĐỐC", Signer: "Vũ Hòa Thịnh"}}},
		{"an appendix that begins with a head of its own", []string{`
    UBND HUYỆN BA LẠT               CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
       PHÒNG Y TẾ                       Độc lập - Tự do - Hạnh phúc
      Số: 8/KH-PYT                   Ba Lạt, ngày 3 tháng 1 năm 2024

                              KẾ HOẠCH
                    Phun thuốc diệt muỗi năm 2024

     Phòng Y tế lập kế hoạch phun thuốc diệt muỗi trên toàn huyện như sau:

Nơi nhận:                                    TRƯỞNG PHÒNG
- UBND huyện;
- Lưu: VT.
                                            Lò Thị Bích Thủy
`, `
    UBND HUYỆN BA LẠT               CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
       PHÒNG Y TẾ                       Độc lập - Tự do - Hạnh phúc

                              PHỤ LỤC
                      DANH SÁCH CÁC ĐỘI PHUN THUỐC
         (Kèm theo Kế hoạch số 8/KH-PYT ngày 3 tháng 1 năm 2024)

     Đội 1 gồm năm người, phun thuốc ở các xã ven sông từ ngày 10 tháng 1.
`}, Letter{Parent: "UBND HUYỆN BA LẠT", Issuer: "PHÒNG Y TẾ", Number: "8/KH-PYT", Place: "Ba Lạt", Date: "2024-01-03", Type: "Kế hoạch", Subject: "Phun thuốc diệt muỗi năm 2024",
			Body: &Range{Position{1, 9}, Position{1, 9}}, Attachments: []string{"PHỤ LỤC"}, Recipients: []string{"UBND huyện", "Lưu: VT"},
			Signature: Signature{Capacity: "TRƯỞNG PHÒNG", Signer: "Lò Thị Bích Thủy"}}},
		{"names under a stamp, read with other marks and another case", []string{`
Rất mong nhận được sự quan tâm phối hợp của các cơ quan./.

Nơi nhận:                                     KT. CHỦ TỊCH
- Như trên;                                   PHÓ CHỦ TỊCH
- Lưu: VT.                                     - ⁄ỦY BAN
                                            ' mái thị Lãm Thúy
`}, Letter{Body: &Range{Position{1, 1}, Position{1, 1}}, Recipients: []string{"Như trên", "Lưu: VT"},
			Signature: Signature{Authority: "KT. CHỦ TỊCH", Capacity: "PHÓ CHỦ TỊCH", Signer: "Mai Thị Lãm Thúy"}}},
	} {
		var pages []*ocr.Page
		for _, p := range tt.pages {
			pages = append(pages, page(p))
		}
		got := Parse(pages)
		if got != nil && tt.want.Body == nil {
			got.Body = nil // it runs to the end, there is no foot
		}
		t.Run(tt.name, func(t *testing.T) { compare(t, got, &tt.want) })
	}
}

// A cover may come before the head of a letter.
func TestCover(t *testing.T) {
	cover := `
                         HỒ SƠ KIỂM TRA NHÀ Ở
                               NĂM 2023
`
	l := Parse([]*ocr.Page{page(cover), page(letterProper)})
	if l == nil || l.Number != "215/SXD-QLN" || l.Signer != "Lê Thị Thanh Vân" {
		t.Errorf("letter: %+v", l)
	}
}

// A second letter begins inside a file; forms and appendices don't begin one.
func TestMore(t *testing.T) {
	form := `
   Mẫu số 1                         CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
  TÊN CƠ QUAN                           Độc lập - Tự do - Hạnh phúc
  Số:     /BC-                      ........, ngày ... tháng ... năm 2023

                               BÁO CÁO
`
	annex := `
                            PHỤ LỤC 1
                 DANH MỤC NHÀ Ở PHẢI SỬA
`
	second := `
    BỘ CÔNG NGHIỆP                  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     CỤC THAN ĐÁ                        Độc lập - Tự do - Hạnh phúc
    Số: 7/CTĐ-KH                      Hà Nội, ngày 1 tháng 2 năm 2023
   V/v khai thác than

              Kính gửi: Các công ty than.
`
	var pages []*ocr.Page
	for _, s := range []string{letterProper, annex, form, second} {
		pages = append(pages, page(s))
	}
	l := Parse(pages)
	if l.Issuer != "SỞ XÂY DỰNG" || l.Signer != "Lê Thị Thanh Vân" || len(l.Attachments) != 1 || l.Attachments[0] != "PHỤ LỤC 1" {
		t.Errorf("the first letter: %+v", l)
	}
	if *l.Pages != (PageRange{1, 3}) || *l.More[0].Pages != (PageRange{4, 4}) {
		t.Errorf("pages %v, %v", *l.Pages, *l.More[0].Pages)
	}
	if filled := strings.Replace(form, "........, ngày ... tháng ...", "Hà Nội, ngày 1 tháng 2", 1); len(Parse([]*ocr.Page{page(letterProper), page(filled)}).More) > 0 {
		t.Error("a form with a date but no number begins a letter")
	}
	if len(l.More) != 1 || l.More[0].Number != "7/CTĐ-KH" || l.More[0].Found["number"][0].Page != 4 {
		t.Errorf("more: %+v", l.More)
	}
}

// A field says from which line it was taken, what the reader saw there and how
// sure it is.
func TestFound(t *testing.T) {
	p := page(letterProper)
	p.Lines[2].Words[1].Read, p.Lines[2].Words[1].Confidence = "2l5", 0.94
	got := Parse([]*ocr.Page{p}).Found
	want := Source{Position: Position{1, 3}, Box: &[4]int{80, 100, 400, 140}, Read: "Số: 2l5 /SXD-QLN", Confidence: 0.94}
	if diff := cmp.Diff([]Source{want}, got["number"]); diff != "" {
		t.Errorf("number: -want +got:\n%s", diff)
	}
	for _, field := range []string{"parent", "issuer", "place", "date", "subject", "addressees", "recipients", "authority", "capacity", "signer"} {
		if len(got[field]) == 0 {
			t.Errorf("%s: no source", field)
		}
	}
}
