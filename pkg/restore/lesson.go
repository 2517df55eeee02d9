package restore

import (
	"math"

	"golang.org/x/text/unicode/norm"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
)

// A Lesson is a word, and what a reader made of it.
type Lesson struct {
	Word, Read string
}

// Taught returns a Restorer like r that knows one more reader, for witnesses, by two
// names: two channels, each the one of r that explains all lessons best, adapted to the
// lessons of its name. So nobody need be heard through what he taught himself, errors
// too. It is nil if there are too few lessons, or they are no reader's: what each half
// teaches must explain the other.
func (r *Restorer) Taught(names [2]string, lessons [2][]Lesson) *Restorer {
	var all channel.Lessons
	var halves [2]channel.Lessons
	for i, half := range lessons {
		for _, x := range half {
			word, read := norm.NFC.String(x.Word), norm.NFC.String(x.Read)
			all.Add(word, read, 1)
			halves[i].Add(word, read, 1)
		}
	}
	best, most := (*channel.Model)(nil), math.Inf(-1)
	for _, ch := range r.channels {
		if like := ch.Likeness(&all); like > most {
			best, most = ch, like
		}
	}
	if best == nil || all.Letters() < enoughToLearn {
		return nil
	}
	channels := r.channels[:len(r.channels):len(r.channels)]
	for i, name := range names {
		adapted := best.Adapt(&halves[i]).Named(name)
		if adapted.Likeness(&halves[1-i]) < poorLikeness {
			return nil
		}
		channels = append(channels, adapted)
	}
	taught := r.with(channels)
	taught.words.Inherit(r.words)
	return taught
}
