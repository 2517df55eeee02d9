package restore

import (
	"bytes"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
)

// Models are what a Restorer goes by. Files.Open makes them.
type Models struct {
	Language *ngram.Model
	Sense    *sense.Model      // nil: the language model alone tells words apart that look alike without their marks
	Channels []*channel.Model  // each is a source that the Restorer recognises
	Sets     []*confusion.Sets // made beforehand, of some of the channels

	// Weights is how much each kind of evidence weighs, and Bounds what limits the
	// search; nil: those that are built in.
	Weights *evidence.Weights
	Bounds  *evidence.Bounds
}

// File is the file of a model.
type File struct {
	Name string // for errors: its path, or what it is
	Data []byte

	// Sound says that the file is known to be whole: it is part of the program.
	// Others are read once from end to end, and damage is an error.
	Sound bool
}

// Files are the files of the models, as 'congvan train' makes them.
type Files struct {
	Language File
	Sense    File   // may be empty
	Channels []File // a later one replaces one of its name
	Sets     []File // those of other channels, or of another language model, are left out
	Weights  File   // may be empty: those built in
}

// A ModelError reports a file that is not a sound model.
type ModelError struct {
	File string // its Name
	Kind string // "language model", "sense model", "channel", "confusion sets", "weights"
	Err  error
}

func (e *ModelError) Error() string { return fmt.Sprintf("%s: %v", e.File, e.Err) }

func (e *ModelError) Unwrap() error { return e.Err }

// Open opens the models that a text of a source needs, and no others.
func (f Files) Open(source string) (Models, error) {
	var m Models
	var g errgroup.Group
	g.Go(func() (err error) {
		m.Language, err = open(f.Language, "language model", ngram.Load)
		return err
	})
	if f.Weights.Data != nil {
		var err error
		if m.Weights, err = evidence.Parse(bytes.NewReader(f.Weights.Data)); err != nil {
			return Models{}, &ModelError{f.Weights.Name, "weights", err}
		}
	}
	if source != Clean && f.Sense.Data != nil {
		g.Go(func() (err error) {
			m.Sense, err = open(f.Sense, "sense model", sense.Load)
			return err
		})
	}
	all := make([]*channel.Model, len(f.Channels))
	for i, c := range f.Channels {
		if (source == Clean || source == Strip) && c.Sound {
			continue // these do without
		}
		g.Go(func() (err error) {
			load := channel.Load
			if c.Sound {
				load = channel.Open
			}
			if all[i], err = load(c.Data); err != nil {
				return &ModelError{c.Name, "channel", err}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return Models{}, err
	}
	m.Channels = replace(all)
	for _, s := range f.Sets {
		sets, err := openSets(s)
		if err != nil {
			return Models{}, &ModelError{s.Name, "confusion sets", err}
		}
		if sets.Of(m.Language) {
			m.Sets = append(m.Sets, sets)
		}
	}
	return m, nil
}

func openSets(f File) (*confusion.Sets, error) {
	if !f.Sound {
		if err := confusion.VerifySets(f.Data); err != nil {
			return nil, err
		}
	}
	return confusion.LoadSets(f.Data)
}

// replace drops channels that a later one of their name replaces.
func replace(all []*channel.Model) (kept []*channel.Model) {
	for _, c := range all {
		if c == nil {
			continue
		}
		if i := slices.IndexFunc(kept, func(o *channel.Model) bool { return o.Name == c.Name }); i >= 0 {
			kept[i] = c
		} else {
			kept = append(kept, c)
		}
	}
	return kept
}

func open[M interface{ Verify() error }](f File, kind string, load func([]byte) (M, error)) (M, error) {
	m, err := load(f.Data)
	if err == nil && !f.Sound {
		err = m.Verify()
	}
	if err != nil {
		return m, &ModelError{f.Name, kind, err}
	}
	return m, nil
}
