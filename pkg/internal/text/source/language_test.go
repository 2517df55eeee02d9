package source

import "testing"

func TestLanguage(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Thực hiện Kế hoạch số 12/KH-UBND, Sở Xây dựng báo cáo kết quả như sau:", "vi"},
		{"Thuc hien Ke hoach so 12/KH-UBND, So Xay dung bao cao ket qua nhu sau:", "vi"}, // stripped
		{"The parties shall meet at the office of the Department of Construction in Ba Lat.", "en"},
		{"Le ministre de la justice est chargé de l'exécution du présent arrêté, qui sera publié au journal.", "fr"},
		{"Der Vertrag wird nach der Unterzeichnung in das Register des Amtes eingetragen und ist für beide Seiten bindend.", "de"},
		{"Министерство образования и науки просит направить документы до конца месяца.", "ru"},
		{"中华人民共和国 外交部 公告 二〇二一年", "zh"},
		{"本日 の 会議 は 中止 と します", "ja"},
		{"12.500 34/2021 07-05-2021", ""},
		{"", ""},
		{"Lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor incididunt", Undetermined},
		// Two languages: that of most words.
		{"Sở Xây dựng mời các ông bà dự buổi làm việc với đoàn chuyên gia về nhà ở xã hội tại hội trường.\n\nThe meeting shall begin at the hall.", "vi"},
	} {
		if got := Language(tt.text); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}
