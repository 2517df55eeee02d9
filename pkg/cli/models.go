package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/ngram"
	"github.com/congvan-cli/congvan/pkg/internal/text/sense"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// modelFlags choose the language model, the sense model and the channels. The
// zero value is what the program ships.
type modelFlags struct {
	language string
	sense    string
	channels []string
}

func (m *modelFlags) register(f *pflag.FlagSet) {
	f.StringVar(&m.language, "model", "", "language model `FILE` instead of the one built in")
	f.StringVar(&m.sense, "sense", "", "sense model `FILE` instead of the one built in")
	f.StringArrayVar(&m.channels, "channel", nil, "further channel `FILE`, or one that replaces a built-in of its name")
}

// restorer opens the models. Errors say which file is to blame.
func (m *modelFlags) restorer(opt restore.Options) (*restore.Restorer, error) {
	lm, err := m.open()
	if err != nil {
		return nil, err
	}
	if opt.Source != restore.Clean {
		if opt.Sense, err = openModel(m.sense, models.Sense, sense.Load, senseModel); err != nil {
			return nil, err
		}
	}
	type file struct {
		what string
		data []byte
	}
	var files []file
	if opt.Source != restore.Strip && opt.Source != restore.Clean { // they do without
		files = []file{{"built-in channel eng", models.Eng}, {"built-in channel vie", models.Vie}}
	}
	for _, path := range m.channels {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, modelError(err, "")
		}
		files = append(files, file{path, data})
	}
	loaded := make([]*channel.Model, len(files))
	var g errgroup.Group
	for i, f := range files {
		g.Go(func() (err error) {
			if loaded[i], err = channel.Load(f.data); err != nil {
				return modelError(fmt.Errorf("%s: %w", f.what, err), "train it again with 'congvan train channel'")
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var channels []*channel.Model
	for _, c := range loaded {
		named := func(o *channel.Model) bool { return o.Name == c.Name }
		if i := slices.IndexFunc(channels, named); i >= 0 {
			channels[i] = c
		} else {
			channels = append(channels, c)
		}
	}
	r, err := restore.New(lm, channels, opt)
	if err != nil {
		return nil, usageErrorf("--source: %v", err)
	}
	return r, nil
}

// fingerprint tells one set of models from another.
func (m *modelFlags) fingerprint() string {
	h := sha256.New()
	add := func(path string, builtIn []byte) {
		if path != "" {
			builtIn, _ = os.ReadFile(path) // restorer reports what can't be read
		}
		fmt.Fprintln(h, len(builtIn))
		h.Write(builtIn)
	}
	add(m.language, models.Language)
	add(m.sense, models.Sense)
	add("", models.Eng)
	add("", models.Vie)
	for _, path := range m.channels {
		add(path, nil)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// open returns the language model.
func (m *modelFlags) open() (*ngram.Model, error) {
	return openModel(m.language, models.Language, ngram.Load, languageModel)
}

// kindOfModel is how errors speak of a model.
type kindOfModel struct{ name, train string }

var (
	languageModel = kindOfModel{"language model", "congvan train lm"}
	senseModel    = kindOfModel{"sense model", "congvan train sense"}
)

// verifier is a model that can be checked as a whole.
type verifier interface{ Verify() error }

// openModel returns the model in the file at path, checked as a whole, or the
// built-in one, which need not be, if there is no path.
func openModel[M verifier](path string, builtIn []byte, load func([]byte) (M, error), kind kindOfModel) (model M, err error) {
	if path != "" {
		return openWhole(path, nil, load, kind)
	}
	if model, err = load(builtIn); err != nil {
		return model, kind.builtWrongly(err)
	}
	return model, nil
}

// openWhole is openModel, but the built-in one is checked as well.
func openWhole[M verifier](path string, builtIn []byte, load func([]byte) (M, error), kind kindOfModel) (model M, err error) {
	data := builtIn
	if path != "" {
		if data, err = os.ReadFile(path); err != nil {
			return model, modelError(err, "")
		}
	}
	if model, err = load(data); err == nil {
		err = model.Verify()
	}
	switch {
	case err != nil && path == "":
		return model, kind.builtWrongly(err)
	case err != nil:
		return model, modelError(fmt.Errorf("%s: %w", path, err), "train it again with '"+kind.train+"'")
	}
	return model, nil
}

func (k kindOfModel) builtWrongly(err error) error {
	return modelError(fmt.Errorf("built-in %s: %w", k.name, err), "this program was built wrongly")
}

// modelError reports that a model is missing or unreadable.
func modelError(err error, hint string) error {
	return &StatusError{Status: ExitData, Err: err, Hint: hint}
}
