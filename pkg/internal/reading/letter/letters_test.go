package letter

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/pkg/internal/lab/lettertest"
	"github.com/congvan-cli/congvan/pkg/internal/lab/synth"
	"github.com/congvan-cli/congvan/pkg/internal/reading/layout"
)

var update = flag.Bool("update", false, "rewrite the tables of counts")

const aboutFields = `Fields of the test letters that are wrong, missing or invented, found on pages
as a reader that makes no mistakes has them (page), in the truth as text (text),
and in what Tesseract reads with its Vietnamese data, as text (vie). Renew with
go test ./pkg/internal/reading/letter -run Letters -update`

// TestLetters finds the fields of the test letters.
func TestLetters(t *testing.T) {
	table := lettertest.OpenTable(t, "fields.txt", aboutFields, *update)
	for _, l := range lettertest.Letters(t) {
		t.Run(l.Name, func(t *testing.T) {
			pages := l.Pages(t)
			for i, p := range pages {
				pages[i] = layout.Columns(p)
			}
			for col, got := range map[string]*Letter{
				"page": Parse(pages),
				"text": ParseText(l.Truth),
				"vie":  ParseText(l.Readings(t)["vie"]),
			} {
				wrong := wrongFields(&l.Fields, got)
				table.Add(t, l.Name, col, len(wrong), strings.Join(wrong, "\n"))
			}
		})
	}
}

// wrongFields returns what is found and what is true of the fields that are
// not right.
func wrongFields(want *synth.Fields, got *Letter) []string {
	if got == nil {
		got = &Letter{}
	}
	var out []string
	compare := func(name, got, want string) {
		if got != want {
			out = append(out, fmt.Sprintf("%s: %q, want %q", name, got, want))
		}
	}
	list := func(name string, got, want []string) {
		if !slices.Equal(got, want) {
			out = append(out, fmt.Sprintf("%s: %q, want %q", name, got, want))
		}
	}
	compare("parent", got.Parent, want.Parent)
	compare("issuer", got.Issuer, want.Issuer)
	compare("number", got.Number, want.Number)
	compare("place", got.Place, want.Place)
	compare("date", got.Date, want.Date)
	compare("type", got.Type, want.Type)
	compare("subject", strings.TrimPrefix(got.Subject, "Về việc "), want.Subject)
	list("addressees", got.Addressees, want.Addressees)
	list("recipients", got.Recipients, want.Recipients)
	compare("capacity", strings.TrimSpace(got.Authority+" "+got.Capacity), want.Capacity)
	signer := want.Signer // rank and degree may be left out
	if got.Signer != "" && strings.HasSuffix(signer, " "+got.Signer) {
		signer = got.Signer
	}
	compare("signer", got.Signer, signer)
	return out
}
