// Package lazy makes what few runs of the program need when it is first asked for.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp returns a regular expression that is compiled when it is first asked for; those
// of letters take a millisecond each. It panics then if expr does not parse.
func Regexp(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
