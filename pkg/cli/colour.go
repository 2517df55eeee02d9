package cli

import (
	"io"
	"os"
	"slices"

	"golang.org/x/term"
)

// The values of --color.
var colours = []string{"auto", "always", "never"}

// checkColour refuses other values of --color.
func checkColour(when string) error {
	if !slices.Contains(colours, when) {
		return usageErrorf("--color: %q is none of auto, always, never", when)
	}
	return nil
}

// coloured reports whether what goes to w is to have colours: if w is a terminal and
// NO_COLOR is not set, unless --color says otherwise.
func coloured(w io.Writer, when string) bool {
	f, ok := w.(*os.File)
	return when == "always" || when == "auto" && ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd()))
}
