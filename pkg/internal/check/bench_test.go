package check

import (
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
)

const line = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015, Ủy ban nhân dân huyện Bình Sơn quyết định thành lập " +
	"Hội đồng thẩm định giá đất gồm các ông, bà có tên sau đây; Hội đồng tự giải thể khi hoàn thành nhiệm vụ.\n"

func BenchmarkClean(b *testing.B) {
	data := []byte(strings.Repeat(line, 100))
	c := New(Options{})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		c.Check("x", data)
	}
}

func BenchmarkCorpus(b *testing.B) {
	data := []byte(strings.Join(cleanFiles(b), ""))
	c := New(Options{})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		c.Check("x", data)
	}
}

func BenchmarkModel(b *testing.B) {
	m, err := models.Files().Open(restore.Clean)
	if err != nil {
		b.Fatal(err)
	}
	data := []byte(strings.Join(cleanFiles(b), ""))
	c := New(Options{LM: NewModel(m.Language, 0)})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		c.Check("x", data)
	}
}
