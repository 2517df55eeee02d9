// Package letter finds the parts of a Vietnamese official letter as Decree
// 30/2020/NĐ-CP lays them out: who issues it, its number, place and date, its
// kind and subject, to whom it goes, where the body runs, who receives copies
// and who signs. It works on lines as a reader of images left them, faults
// included, and leaves a field empty rather than guess. The words by which it
// knows the parts are those of package formula.
package letter

import (
	"image"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
)

// Letter holds the fields of one official letter. Text is as it stands in the
// document, lines joined by single spaces; an empty field was not found. What is
// written by hand, or looks so, is never stated as fact: "?" stands for the
// digits of a number and a date ends before them.
type Letter struct {
	Parent      string   `json:"parent,omitempty"`      // body above the issuing one (cơ quan chủ quản); several are parted by "; "
	Issuer      string   `json:"issuer,omitempty"`      // issuing body (cơ quan ban hành)
	Number      string   `json:"number,omitempty"`      // number and symbol (số, ký hiệu): "1453/BTTTT-HTQT", "?/TB-ĐHĐL"
	NumberRead  string   `json:"number_read,omitempty"` // what "?" in Number was read as, doubtful
	Place       string   `json:"place,omitempty"`       // place of issue (địa danh)
	Date        string   `json:"date,omitempty"`        // date of issue, 2021-05-07, or the part of it that is sure: 2021-05, 2021
	DateRead    string   `json:"date_read,omitempty"`   // the whole date as it was read, doubtful
	Type        string   `json:"type,omitempty"`        // kind (tên loại): "Nghị định"; "Công văn" for a letter proper
	Subject     string   `json:"subject,omitempty"`     // what it is about (trích yếu)
	Urgency     string   `json:"urgency,omitempty"`     // "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"
	Secrecy     string   `json:"secrecy,omitempty"`     // "MẬT", "TỐI MẬT", "TUYỆT MẬT"
	Copy        string   `json:"copy,omitempty"`        // that this is a copy: "SAO Y"
	Addressees  []string `json:"addressees,omitempty"`  // after "Kính gửi"
	Body        *Range   `json:"body,omitempty"`        // lines of the body
	Attachments []string `json:"attachments,omitempty"` // headings of the appendices that follow
	Recipients  []string `json:"recipients,omitempty"`  // after "Nơi nhận"
	Signature
	Signatures []Signature `json:"signatures,omitempty"` // all of them, where several sign side by side; the last, on the right, is the one above
	Language   string      `json:"language,omitempty"`   // of most of its words, by ISO 639: "vi"; "und" if it is none that is known
	Pages      *PageRange  `json:"pages,omitempty"`      // of the file, appendices included

	// Found says for each field, by its name, from which lines it was taken.
	Found map[string][]Source `json:"found,omitempty"`

	// Corrected names the fields that a person has set.
	Corrected []string `json:"corrected,omitempty"`

	// More are the letters that begin after this one in the same file.
	More []*Letter `json:"more,omitempty"`
}

// Source is a line that a field was taken from, or a part of one.
type Source struct {
	Position
	Box        *[4]int `json:"box,omitempty"`  // left, top, right, bottom in pixels
	Read       string  `json:"read,omitempty"` // what the reader saw
	Confidence float64 `json:"confidence"`     // of the least sure word
}

// note says that a field was taken from lines.
func (l *Letter) note(field string, lines ...line) {
	for _, from := range lines {
		if l.Found == nil {
			l.Found = make(map[string][]Source)
		}
		s := Source{Position: from.Position, Read: from.read(), Confidence: float64(int(1e4*from.confidence()+0.5)) / 1e4}
		if b := from.box; b != (image.Rectangle{}) {
			s.Box = &[4]int{b.Min.X, b.Min.Y, b.Max.X, b.Max.Y}
		}
		l.Found[field] = append(l.Found[field], s)
	}
}

// Range is a run of lines, both ends included.
type Range struct {
	From Position `json:"from"`
	To   Position `json:"to"`
}

// PageRange is a run of pages, both ends included, counted from 1.
type PageRange struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Position is a line of a page, both counted from 1, in the order of
// layout.Columns.
type Position struct {
	Page int `json:"page"`
	Line int `json:"line"`
}

// Parse returns the fields of the letter on pages, their lines in reading order, or
// nil if they hold none.
func Parse(pages []*ocr.Page) *Letter {
	var p Parser
	for i, page := range pages {
		p.Add(i+1, page)
	}
	return p.Letter()
}
