package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/index"
)

// searchOptions are the flags of "congvan search".
type searchOptions struct {
	query index.Query
	index string
	json  bool
	color string
}

func newSearchCmd(std *Streams, run func(context.Context, *Streams, searchOptions) error) *cobra.Command {
	var o searchOptions
	cmd := &cobra.Command{
		Use:   "search [WORDS...]",
		Short: "Look letters up by words, number, date, sender, signer",
		Long: `Look letters up in an index that 'congvan index' made. All words must stand on one
page. Marks, case and the place of tones do not count: "hoi thao" finds "Hội thảo";
words that are typed with marks are found with these marks first. "Words in quotation
marks" stand in a row; hoi* stands for every word that begins so.

Best first: pages with the words in a row, then with the words apart; among equals
the newest.

Exit status: 0 something was found; 1 nothing was; 4 mistake on the command line; 5
no index.`,
		Example: `  congvan search -i text/ hoi thao chuyen doi so
  congvan search -i text/ --number 1453 --from 2020-01 --to 2021-12
  congvan search -i text/ '"quỹ đất"' --issuer 'so xay dung' --json | jq -r '.hits[].source'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.query.Words = strings.Join(args, " ")
			if o.query.Limit < 1 {
				return usageErrorf("--limit must be at least 1")
			}
			if err := checkColour(o.color); err != nil {
				return err
			}
			return run(c.Context(), std, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.index, "index", "i", ".", "index `FILE`, or the folder that has one")
	f.StringVar(&o.query.Number, "number", "", "words of the number and symbol: 1453, or 1453/BTTTT-HTQT")
	f.StringVar(&o.query.Issuer, "issuer", "", "words of the body that issued it, or of the one above")
	f.StringVar(&o.query.Signer, "signer", "", "words of the name of the signer")
	f.StringVar(&o.query.Subject, "subject", "", "words of the subject")
	f.StringVar(&o.query.Type, "type", "", "words of the type: 'quyet dinh'")
	f.StringVar(&o.query.From, "from", "", "issued on this `DATE` or later: 2021-05-07, 2021-05 or 2021")
	f.StringVar(&o.query.To, "to", "", "issued on this `DATE` or earlier")
	f.IntVarP(&o.query.Limit, "limit", "n", index.DefaultLimit, "how many documents to show")
	f.BoolVar(&o.json, "json", false, "print what was found as JSON")
	f.StringVar(&o.color, "color", colours[0], "mark the words found: auto, always, never")
	return cmd
}

func runSearch(ctx context.Context, std *Streams, o searchOptions) error {
	x, err := openIndex(o.index)
	if err != nil {
		return err
	}
	defer x.Close()
	found, err := x.Search(ctx, o.query)
	if errors.Is(err, index.ErrQuery) {
		return usageErrorf("%v: give words, or a flag such as --number; see 'congvan search --help'", err)
	}
	if err != nil {
		return err
	}
	if err := o.print(std, found); err != nil {
		return err
	}
	if len(found.Hits) == 0 {
		return &StatusError{Status: ExitFailed}
	}
	return nil
}

func (o *searchOptions) print(std *Streams, found *index.Result) error {
	w := bufio.NewWriter(std.Out)
	if o.json {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(found); err != nil {
			return err
		}
		return w.Flush()
	}
	before, after := "", ""
	if coloured(std.Out, o.color) {
		before, after = "\x1b[1;31m", "\x1b[0m"
	}
	for i := range found.Hits {
		printHit(w, &found.Hits[i], before, after)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	switch {
	case len(found.Hits) == 0:
		fmt.Fprintln(std.Err, "congvan: nothing found")
	case found.More:
		fmt.Fprintf(std.Err, "congvan: there are more; narrow the search, or raise --limit\n")
	}
	return nil
}

// printHit prints a document: what it is in a line, where it is in the next, then
// the pages.
func printHit(w *bufio.Writer, h *index.Hit, before, after string) {
	var head []string
	for _, s := range []string{h.Issued, h.Number, h.Type, h.Issuer, h.Subject} {
		if s != "" {
			head = append(head, s)
		}
	}
	if len(head) > 0 {
		fmt.Fprintln(w, strings.Join(head, " · "))
	}
	fmt.Fprintln(w, h.Source)
	for _, m := range h.Matches {
		fmt.Fprintf(w, "  %d: %s\n", m.Page, m.Snippet.Mark(before, after))
	}
	fmt.Fprintln(w)
}
