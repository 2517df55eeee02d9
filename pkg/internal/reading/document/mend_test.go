package document

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// brokenStream is a PDF whose objects stand elsewhere in their stream than the
// cross-references say, which poppler can't read and qpdf can.
func brokenStream() []byte {
	var head, body, b strings.Builder
	rows := []byte{0, 0, 0, 0, 1, 0, 9, 0}
	head.WriteString("1 0 ")
	for i, o := range []string{
		"<</Type/Catalog/Pages 3 0 R>>", "<</Type/Pages/Kids[4 0 R]/Count 1>>",
		"<</Type/Page/Parent 3 0 R/MediaBox[0 0 300 200]/Contents 6 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	} {
		fmt.Fprintf(&head, "%d %d ", i+2, body.Len())
		fmt.Fprintln(&body, o)
		rows = append(rows, 2, 0, 1, byte(i))
	}
	fmt.Fprintf(&b, "%%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 5/First %d/Length %d>>\nstream\n%s%s\nendstream\nendobj\n", head.Len(), head.Len()+body.Len(), &head, &body)
	rows = append(rows, 1, byte(b.Len()>>8), byte(b.Len()), 0)
	const text = "BT /F 12 Tf 20 100 Td (It is agreed that both parties keep a copy) Tj ET"
	fmt.Fprintf(&b, "6 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(text), text)
	at := b.Len()
	fmt.Fprintf(&b, "7 0 obj\n<</Type/XRef/Size 8/Index[0 7]/W[1 2 1]/Length %d/Root 2 0 R>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", len(rows), rows, at)
	return []byte(b.String())
}

// What poppler can't read is read as qpdf mends it, and nothing of that is left behind.
func TestMended(t *testing.T) {
	needs(t, "pdfinfo", "pdftotext", "qpdf")
	d, err := Open(t.Context(), writeFile(t, "a.pdf", brokenStream()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	file, mended := d.PDF()
	l, err := d.TextLayer(t.Context(), 0)
	if !mended || err != nil || l == nil || !strings.Contains(l.Page.Text(), "both parties") {
		t.Errorf("mended: %v, %v, text %v", mended, err, l)
	}
	d.Close()
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s: %v", file, err)
	}
}

// A page that is counted and not there is an error, not a blank page.
func TestMissingPage(t *testing.T) {
	needs(t, "pdfinfo", "pdfimages", "qpdf")
	pdf := strings.Replace(string(pdfFile(testPage{w: 100, h: 100}, testPage{w: 100, h: 100})), "/Count 2", "/Count 3", 1)
	d, err := Open(t.Context(), writeFile(t, "a.pdf", []byte(pdf)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.NumPages() == 2 {
		t.Skip("SKIPPED: this qpdf mends it")
	}
	if _, err := d.Image(t.Context(), 2); fault.ClassOf(err) != fault.Damaged || !strings.Contains(err.Error(), "page 3") {
		t.Errorf("page 3: %v", err)
	}
}
