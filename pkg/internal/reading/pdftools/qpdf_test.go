package pdftools

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// A file whose cross-references are a stream, and that does not say where, is mended.
func TestMendFindsCrossReferences(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("no qpdf")
	}
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	source := "%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 200]>>\nendobj\ntrailer\n<</Root 1 0 R/Size 4>>\n"
	if err := os.WriteFile(at("source.pdf"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := QPDF(t.Context(), at("source.pdf"), []string{"--object-streams=generate"}, at("packed.pdf")); err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(at("packed.pdf"))
	if err != nil || !bytes.Contains(packed, []byte("/XRef")) || bytes.Contains(packed, []byte("trailer")) {
		t.Fatalf("not packed: %v", err)
	}
	lost := regexp.MustCompile(`startxref\s+\d+`).ReplaceAll(packed, []byte("startxref\n7"))
	if err := os.WriteFile(at("lost.pdf"), lost, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Mend(t.Context(), at("lost.pdf"), at("mended.pdf")); err != nil {
		t.Fatal(err)
	}
	info, err := AskInfo(t.Context(), at("mended.pdf"), Pages{First: 1, Last: 1}, 0)
	if err != nil || info.Sizes[1].Height != 200 {
		t.Errorf("page of %v: %v", info.Sizes, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 4 {
		t.Errorf("left behind: %v %v", files, err)
	}
	// Without any, the error is that of the file itself.
	if err := os.WriteFile(at("none.pdf"), []byte("%PDF-1.5\n/XRef"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Mend(t.Context(), at("none.pdf"), at("none-mended.pdf")); err == nil {
		t.Error("mended nothing")
	}
}
