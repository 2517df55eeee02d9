package output

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdf"
)

// A PDF is called by kind, number and subject of the letter, as far as they are sure.
func TestAbout(t *testing.T) {
	for _, tt := range []struct {
		l     letter.Letter
		title string
	}{
		{letter.Letter{Type: "Công văn", Number: "12/SVH", Subject: "mượn sách"}, "Công văn 12/SVH: mượn sách"},
		{letter.Letter{Type: "Công văn", Number: "?/SVH", Subject: "mượn sách"}, "Công văn: mượn sách"},
		{letter.Letter{Subject: "mượn sách"}, "mượn sách"},
		{letter.Letter{Number: "12/SVH"}, "12/SVH"},
		{letter.Letter{Issuer: "SỞ VĂN HÓA"}, ""},
	} {
		if got := aboutOf(&Document{Letter: &tt.l}); got.Title != tt.title {
			t.Errorf("%+v: %q, want %q", tt.l, got.Title, tt.title)
		}
	}
	got := aboutOf(&Document{Letter: &letter.Letter{Issuer: "SỞ\x00", Date: "2024-04", Language: "vi", Recipients: []string{"Như trên", ""}}})
	want := pdf.About{Creator: "SỞ", Date: "2024-04", Lang: "vi", Fields: []pdf.Property{
		{Name: "issuer", Values: []string{"SỞ"}}, {Name: "date", Values: []string{"2024-04"}}, {Name: "recipients", Values: []string{"Như trên"}, List: true}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := aboutOf(&Document{Letter: &letter.Letter{Language: "und"}}); got.Lang != "" {
		t.Errorf("language %q", got.Lang)
	}
	if got := nameOf(&Document{Path: "2010/thư số 1.tar.pdf"}); got != "thư số 1.tar" {
		t.Errorf("name %q", got)
	}
}
