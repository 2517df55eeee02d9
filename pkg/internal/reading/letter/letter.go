// Package letter finds the parts of a Vietnamese official letter as Decree
// 30/2020/NĐ-CP lays them out: who issues it, its number, place and date, its
// kind and subject, to whom it goes, where the body runs, who receives copies
// and who signs. It works on lines as a reader of images left them, faults
// included, and leaves a field empty rather than guess.
package letter

import "github.com/congvan-cli/congvan/pkg/internal/reading/ocr"

// Letter holds the fields of one official letter. Text is as it stands in the
// document, lines joined by single spaces; an empty field was not found.
type Letter struct {
	Parent     string   `json:"parent,omitempty"`     // body above the issuing one (cơ quan chủ quản)
	Issuer     string   `json:"issuer,omitempty"`     // issuing body (cơ quan ban hành)
	Number     string   `json:"number,omitempty"`     // number and symbol (số, ký hiệu): "1453/BTTTT-HTQT"
	Place      string   `json:"place,omitempty"`      // place of issue (địa danh)
	Date       string   `json:"date,omitempty"`       // date of issue, 2021-05-07
	Type       string   `json:"type,omitempty"`       // kind (tên loại): "Nghị định"; "Công văn" for a letter proper
	Subject    string   `json:"subject,omitempty"`    // what it is about (trích yếu)
	Addressees []string `json:"addressees,omitempty"` // after "Kính gửi"
	Body       *Range   `json:"body,omitempty"`       // lines of the body
	Recipients []string `json:"recipients,omitempty"` // after "Nơi nhận"
	Authority  string   `json:"authority,omitempty"`  // on whose behalf: "TM. ỦY BAN NHÂN DÂN", "KT. BỘ TRƯỞNG"
	Capacity   string   `json:"capacity,omitempty"`   // of the signer: "THỨ TRƯỞNG"
	Signer     string   `json:"signer,omitempty"`     // name of the signer
}

// Range is a run of lines, both ends included.
type Range struct {
	From Position `json:"from"`
	To   Position `json:"to"`
}

// Position is a line of a page, both counted from 1, in the order of
// layout.Columns.
type Position struct {
	Page int `json:"page"`
	Line int `json:"line"`
}

// Parse returns the fields of the letter on pages, or nil if they hold none.
func Parse(pages []*ocr.Page) *Letter {
	var p Parser
	for i, page := range pages {
		p.Add(i+1, page)
	}
	return p.Letter()
}
