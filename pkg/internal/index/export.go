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
// puts a byte order mark first, by which Excel knows UTF-8.
func (x *Index) WriteCSV(ctx context.Context, w io.Writer, bom bool) error {
	out := bufio.NewWriter(w)
	if bom {
		out.WriteString("\ufeff")
	}
	rows, err := x.db.QueryContext(ctx, csvQuery)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	table := csv.NewWriter(out)
	table.UseCRLF = true
	if err := table.Write(names); err != nil {
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
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if table.Flush(); table.Error() != nil {
		return table.Error()
	}
	return out.Flush()
}

// cell writes a value of SQLite. What a spreadsheet would take for a formula gets an
// apostrophe before it.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', 4, 64)
	case string:
		if v != "" && (v[0] == '=' || v[0] == '+' || v[0] == '@' || v[0] == '-' && len(v) > 1) {
			return "'" + v
		}
		return v
	}
	return fmt.Sprint(v)
}
