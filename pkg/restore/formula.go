package restore

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Official letters have parts whose form is fixed. Where a reader's garble has
// only one way to be mended, that is done here and not left to the models.

// codeParts are the parts of document numbers that readers write without
// the mark of Đ, and that no other abbreviation looks like.
var codeParts = map[string]string{
	"QD": "QĐ", "HDND": "HĐND", "LDTBXH": "LĐTBXH", "BLDTBXH": "BLĐTBXH", "SLDTBXH": "SLĐTBXH",
	"BGDDT": "BGDĐT", "GDDT": "GDĐT", "SGDDT": "SGDĐT", "TLD": "TLĐ", "HDTV": "HĐTV", "HDQT": "HĐQT", "HDBT": "HĐBT", "LDLD": "LĐLĐ", "QLDD": "QLĐĐ", "DKKD": "ĐKKD", "QDND": "QĐND",
}

// repairCode mends the abbreviations of a document number; the grammar of
// numbers leaves no other reading: 30/2020/ND-CP is a nghị định, NĐ.
func repairCode(s string) string {
	start := strings.LastIndexAny(s, "0123456789/") + 1
	parts := strings.Split(s[start:], "-")
	for i, p := range parts {
		if full, ok := codeParts[p]; ok {
			parts[i] = full
		} else if p == "ND" && i+1 < len(parts) && parts[i+1] == "CP" {
			parts[i] = "NĐ"
		}
	}
	return s[:start] + strings.Join(parts, "-")
}

var amount = regexp.MustCompile(`^[1-9][0-9]{0,2}(\.[0-9]{3})+$`)

// isAmount reports whether s is a number whose thousands are marked off.
func isAmount(s string) bool { return amount.MatchString(s) }

// isGlued reports whether letters after a number are a word that lost its space:
// "07thang". Units have fewer letters, or no vowel: 5ha, 500mg, 20kWh.
func isGlued(s string) bool {
	return utf8.RuneCountInString(s) >= 3 && strings.ContainsFunc(s, viet.IsVowel) && !strings.ContainsFunc(s, unicode.IsDigit)
}

// items follows the markers of lists. A reader that sees (i) for (ii) can be
// caught: a list has a second item.
type items struct {
	last     string
	repaired bool // last was not what the reader saw
}

// next returns what the marker of the next item must be, given how it was read.
func (l *items) next(read string) string {
	right := read
	switch {
	case read == "(i)" && l.last == "(i)":
		right = "(ii)"
	case read == "(i)" && l.last == "(ii)" && l.repaired:
		right = "(iii)"
	case read == "d)" && l.last == "d)":
		right = "đ)"
	}
	l.last, l.repaired = right, right != read
	return right
}

// order mends the list markers of a block.
func (l *items) order(b *builder) {
	for i, u := range b.units {
		if u.class != token.Item {
			continue
		}
		read := b.text[u.start:u.end]
		if right := l.next(read); right != read {
			b.write(&b.choices[b.from[i]], right)
		}
	}
}
