package token

import (
	"unicode"
	"unicode/utf8"

	"github.com/congvan-cli/congvan/pkg/viet"
)

// Symbol is the word under which the language model knows a token whose text is
// s: a folded word, a class in angle brackets, or a punctuation mark in its
// plain shape. It is empty for what the model does not count.
func Symbol(s string, class Class) string {
	switch class {
	case Word:
		return viet.Fold(s)
	case Mixed:
		return "<mixed>"
	case Number:
		return numberSymbol(s)
	case Percent:
		return "<percent>"
	case Date:
		return "<date>"
	case Code:
		return "<code>"
	case Email:
		return "<email>"
	case URL:
		return "<url>"
	case Item:
		return "<item>"
	}
	return punctSymbol(s)
}

// numberSymbol tells days, months and counts from years and from the rest:
// "ngày <n> tháng <n> năm <year>".
func numberSymbol(s string) string {
	switch {
	case len(s) <= 2:
		return "<n>"
	case len(s) == 4 && (s[:2] == "19" || s[:2] == "20"):
		return "<year>"
	}
	return "<num>"
}

// punctSymbol gives marks that differ in shape only one form.
func punctSymbol(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	switch r {
	case '"', '“', '”', '„', '«', '»', '″':
		return `"`
	case '\'', '‘', '’', '′', '`', '´':
		return "'"
	case '-', '–', '—', '‐', '‑', '−', '―':
		return "-"
	case '…':
		return "…"
	case '.':
		if n < len(s) {
			return "…"
		}
		return "."
	case ',', ';', ':', '(', ')', '/', '?', '!', '%', '&', '+', '=', '*', '[', ']':
		return string(r)
	case '•', '●', '▪', '◦', '·', '■', '□', '►', '○', 0xF0B7: // the last is Word's bullet
		return "•"
	}
	if unicode.IsSymbol(r) {
		return "<symbol>"
	}
	return ""
}
