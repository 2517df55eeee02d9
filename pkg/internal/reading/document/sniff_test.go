package document

import (
	"strings"
	"testing"
)

func TestSniff(t *testing.T) {
	for head, want := range map[string]Kind{
		"%PDF-1.7\n": PDF,
		strings.Repeat("\x00", 1000) + "%PDF-1.4\n":              PDF,
		"%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type /Catalog>>":         PDF, // its first line is lost
		"An object of PDF begins with 1 0 obj.":                  Text,
		"P5\n1 1\n255\n\x00":                                     PNM,
		"BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28": BMP,
		"PK\x03\x04": Other,
		"":           Other,
	} {
		if got, _ := Sniff([]byte(head)); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}
