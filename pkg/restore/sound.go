package restore

import "github.com/congvan-cli/congvan/pkg/internal/text/source"

// Sound reports whether a text, as a whole, needs nothing done to it: it is right
// Vietnamese or right text of another language, with no letters lost. A text
// without a word is not sound.
func (r *Restorer) Sound(text string) bool { return source.With(r.spell).Sound(text) }
