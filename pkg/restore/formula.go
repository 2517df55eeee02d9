package restore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/formula"
	"github.com/congvan-cli/congvan/pkg/internal/text/token"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// Official letters have parts whose form is fixed. Where a reader's garble has
// only one way to be mended, that is done here and not left to the models.

// codeParts are what the parts of document numbers hold that readers write without
// the mark of Đ, and that no other abbreviation looks like.
var codeParts = strings.NewReplacer("Ð", "Đ", "HDND", "HĐND", "LDTBXH", "LĐTBXH", "GDDT", "GDĐT", "KHDT", "KHĐT",
	"HDTV", "HĐTV", "HDQT", "HĐQT", "HDBT", "HĐBT", "LDLD", "LĐLĐ", "QLDD", "QLĐĐ", "DKKD", "ĐKKD", "QDND", "QĐND", "DBQH", "ĐBQH")

// wholeParts are those that are so alone.
var wholeParts = map[string]string{"QD": "QĐ", "CD": "CĐ", "TLD": "TLĐ"}

// codePart mends a part of a document number, or an abbreviation.
func codePart(s string) string {
	if full, ok := wholeParts[s]; ok {
		return full
	}
	return codeParts.Replace(s)
}

// repairCode mends the abbreviations of a document number; the grammar of
// numbers leaves no other reading: 30/2020/ND-CP is a nghị định, NĐ.
func repairCode(s string) string {
	start := strings.LastIndexAny(s, "0123456789/") + 1
	parts := strings.Split(s[start:], "-")
	for i, p := range parts {
		if parts[i] = codePart(p); p == "ND" && i+1 < len(parts) && parts[i+1] == "CP" {
			parts[i] = "NĐ"
		}
	}
	return s[:start] + strings.Join(parts, "-")
}

var amount = lazy.Regexp(`^[1-9][0-9]{0,2}(\.[0-9]{3})+$`)

// isAmount reports whether s is a number whose thousands are marked off.
func isAmount(s string) bool { return amount().MatchString(s) }

// isGlued reports whether letters after a number are a word that lost its space:
// "07thang". Units have fewer letters, or no vowel: 5ha, 500mg, 20kWh.
func isGlued(s string) bool {
	return utf8.RuneCountInString(s) >= 3 && strings.ContainsFunc(s, viet.IsVowel) && !strings.ContainsFunc(s, unicode.IsDigit)
}

// items follows the markers of lists. A reader that sees (i) for (ii) can be caught: a list
// has a second item. Letter 000 of the development texts has two.
type items struct {
	last     string
	repaired bool // last was not what the reader saw
}

// next returns what the marker of the next item must be, given how it was read.
func (l *items) next(read string) string {
	right := formula.NextItem(l.last, read)
	switch {
	case read == "(i)" && l.last == "(i)":
		right = "(ii)"
	case read == "(i)" && l.last == "(ii)" && l.repaired:
		right = "(iii)"
	}
	l.last, l.repaired = right, right != read
	return right
}

// order mends the markers of lists in a block.
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

// headWord is a word of the head of a letter, garbled: the last of its units, and what
// it is.
type headWord struct {
	last int
	text string
}

// findHeads looks for the country's name and its motto in the lines of a block, as many
// words as they have.
func (b *builder) findHeads() {
	for i := 0; i < len(b.units); {
		end := i + 1
		for end < len(b.units) && !b.units[end].line {
			end++
		}
		b.findHead(i, end)
		i = end
	}
}

// findHead looks in the units of a line.
func (b *builder) findHead(from, end int) {
	var words []string
	var first []int // unit of each of words
	for i := from; i < end; i++ {
		u := b.units[i]
		if i == from || !u.glued {
			words, first = append(words, ""), append(first, i)
		}
		words[len(words)-1] += b.text[u.start:u.end]
	}
	f, i, j, ok := formula.Which(words)
	if !ok {
		return
	}
	right := strings.Fields(f.Text)
	if r, _ := utf8.DecodeRuneInString(words[i]); len(right) != j-i || !unicode.IsUpper(r) {
		return
	}
	if viet.CaseOf(strings.Join(words[i:j], "")) == viet.Upper {
		right = strings.Fields(strings.ToUpper(f.Text))
	}
	if b.heads == nil {
		b.heads = map[int]headWord{}
	}
	for k, text := range right {
		if r, _ := utf8.DecodeRuneInString(text); !unicode.IsLetter(r) {
			continue
		}
		last := end - 1
		if i+k+1 < len(first) {
			last = first[i+k+1] - 1
		}
		for last > first[i+k] && b.isPlain(last) {
			last--
		}
		b.heads[first[i+k]] = headWord{last, text}
	}
}

// head adds the word of the head of a letter that unit i begins.
func (w *worker) head(i int) {
	b := &w.lat
	h, ok := b.heads[i]
	if !ok {
		return
	}
	b.tally.Add(evidence.Formula, 1.0/8)
	c := taken(b.units[i].start, b.units[h.last].end)
	b.write(&c, viet.PlaceTone(h.text, w.opt.Tone))
	b.arc(b.nodes[i], b.ends[h.last], w.model.ID(viet.Fold(h.text)), c)
}
