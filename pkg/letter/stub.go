package letter

import "github.com/congvan-cli/congvan/pkg/ocr"

// Parser collects the fields of a letter page by page.
type Parser struct{}

// Add takes the next page.
func (p *Parser) Add(number int, page *ocr.Page) {}

// Letter returns what was found, or nil.
func (p *Parser) Letter() *Letter { return nil }
