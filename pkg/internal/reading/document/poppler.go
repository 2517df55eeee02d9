package document

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/lazy"
	"github.com/congvan-cli/congvan/pkg/internal/reading/pdftools"
)

// poppler runs a program of poppler-utils on the document. If damage is not nil
// it takes what the program says of damaged data.
func (p *pdfPages) poppler(ctx context.Context, cmd pdftools.Cmd, damage *error) error {
	cmd.Timeout = p.d.opts.Timeout
	stderr, err := cmd.Run(ctx, p.file)
	if err != nil {
		return popplerError(err)
	}
	if line := damagedData().FindString(stderr); line != "" && damage != nil {
		*damage = fmt.Errorf("%s: %s", cmd.Program, strings.TrimSpace(line))
	}
	return nil
}

// damagedData finds what Poppler, and libjpeg under it, say of data without which
// parts of a page are missing. Most that they complain of does no harm.
var damagedData = lazy.Regexp(`(?m)^.*(in (CCITTFax|[Ff]late|LZW|JBIG2|JPX|DCT|RunLength) ?stream|[Pp]remature end of|bad Huffman code|XObject '.*' is unknown).*$`)

// errEncrypted is poppler's word for a PDF that needs a password.
var errEncrypted = errors.New("encrypted: a password is needed to read it")

// errNoPages is pdfinfo's word for a PDF of none.
var errNoPages = errors.New("this PDF has no pages")

// popplerError tells what pdfinfo's word is for.
func popplerError(err error) error {
	exit := new(pdftools.ExitError)
	switch {
	case !errors.As(err, &exit):
	case strings.Contains(exit.Stderr, "Incorrect password"):
		return errEncrypted
	case strings.Contains(exit.Stderr, "can not be after the last page (0)"):
		return errNoPages
	}
	return err
}
