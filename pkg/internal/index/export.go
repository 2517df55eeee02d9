package index

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Cards calls do for every document, in the order of their paths.
func (x *Index) Cards(ctx context.Context, do func(*Card) error) error {
	rows, err := x.db.QueryContext(ctx, `SELECT `+cardColumns+` FROM documents ORDER BY path`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c Card
		if err := rows.Scan(c.fields()...); err != nil {
			return err
		}
		if err := do(&c); err != nil {
			return err
		}
	}
	return rows.Err()
}

// WriteJSONL writes the cards, JSON, one a line.
func (x *Index) WriteJSONL(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := x.Cards(ctx, func(c *Card) error { return enc.Encode(c) }); err != nil {
		return err
	}
	return out.Flush()
}

// csvQuery gives the columns of a CSV: those of the circular, then the plain ones.
const csvQuery = `SELECT DocCode, FileCode, DocOrdinal, TypeName, CodeNumber, CodeNotation, IssuedDate, OrganName, archive.Subject AS Subject,
	archive.Language AS Language, PageAmount, Description, InforSign, Keyword, Mode, ConfidenceLevel, Autograph, Format, card.*
	FROM archive JOIN (SELECT id AS document, ` + cardColumns + ` FROM documents) card ON document = archive.id ORDER BY path`

// WriteCSV writes the cards as RFC 4180 has it, with a line of names at the top; bom
// puts a byte order mark first, by which Excel knows UTF-8. What a spreadsheet would
// take for a formula gets an apostrophe before it.
func (x *Index) WriteCSV(ctx context.Context, w io.Writer, bom bool) error {
	out := bufio.NewWriter(w)
	if bom {
		out.WriteString("\ufeff")
	}
	table := csv.NewWriter(out)
	table.UseCRLF = true
	err := x.rows(ctx, table.Write, func(cells []string) error {
		for i, c := range cells {
			if c != "" && (c[0] == '=' || c[0] == '+' || c[0] == '@' || c[0] == '-' && len(c) > 1) {
				cells[i] = "'" + c
			}
		}
		return table.Write(cells)
	})
	if err != nil {
		return err
	}
	if table.Flush(); table.Error() != nil {
		return table.Error()
	}
	return out.Flush()
}

// Archive calls do for every document, in the order of their paths, with its fields
// under the names of the circular and the plain ones.
func (x *Index) Archive(ctx context.Context, do func(map[string]string) error) error {
	var names []string
	return x.rows(ctx, func(n []string) error { names = n; return nil }, func(cells []string) error {
		fields := make(map[string]string, len(names))
		for i, n := range names {
			fields[n] = cells[i]
		}
		return do(fields)
	})
}

// rows gives the names of the columns to head, and the cells of each document to row.
func (x *Index) rows(ctx context.Context, head, row func([]string) error) error {
	rows, err := x.db.QueryContext(ctx, csvQuery)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := head(names); err != nil {
		return err
	}
	cells, values := make([]string, len(names)), make([]any, len(names))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			return err
		}
		for i, v := range values {
			cells[i] = cell(*v.(*any))
		}
		if err := row(cells); err != nil {
			return err
		}
	}
	return rows.Err()
}

// cell writes a value of SQLite.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', 4, 64)
	case string:
		return v
	}
	return fmt.Sprint(v)
}
