package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// modelFlags choose the language model, the sense model and the channels. The
// zero value is what the program ships.
type modelFlags struct {
	language string
	sense    string
	channels []string
	weights  string
}

func (m *modelFlags) register(f *pflag.FlagSet) {
	f.StringVar(&m.language, "model", "", "language model `FILE` instead of the one built in")
	f.StringVar(&m.sense, "sense", "", "sense model `FILE` instead of the one built in")
	f.StringArrayVar(&m.channels, "channel", nil, "further channel `FILE`, or one that replaces a built-in of its name")
	f.StringVar(&m.weights, "weights", "", "`FILE` of the weights of evidence instead of the one built in")
}

// files are the files of the models chosen. Files that can't be read are errors.
func (m *modelFlags) files() (restore.Files, error) {
	f := models.Files()
	given := func(to *restore.File, path string) error {
		data, err := os.ReadFile(path)
		if err != nil {
			return modelError(err, "")
		}
		*to = restore.File{Name: path, Data: data}
		return nil
	}
	for _, g := range []struct {
		to   *restore.File
		path string
	}{{&f.Language, m.language}, {&f.Sense, m.sense}, {&f.Weights, m.weights}} {
		if g.path == "" {
			continue
		}
		if err := given(g.to, g.path); err != nil {
			return f, err
		}
	}
	for _, path := range m.channels {
		var c restore.File
		if err := given(&c, path); err != nil {
			return f, err
		}
		f.Channels = append(f.Channels, c)
	}
	return f, nil
}

// open opens the models that a source needs.
func (m *modelFlags) open(source string) (restore.Models, error) {
	f, err := m.files()
	if err != nil {
		return restore.Models{}, err
	}
	opened, err := f.Open(source)
	return opened, badModel(err)
}

// badModel adds to an error of opening a model what to do about it.
func badModel(err error) error {
	var bad *restore.ModelError
	if !errors.As(err, &bad) {
		return err
	}
	if strings.HasPrefix(bad.File, models.BuiltIn) {
		return modelError(err, "this program was built wrongly")
	}
	train := map[string]string{"language model": "lm", "sense model": "sense", "channel": "channel", "confusion sets": "sets", "weights": "weights"}[bad.Kind]
	return modelError(err, "train it again with 'congvan train "+train+"'")
}

// restorer opens the models. Errors say which file is to blame.
func (m *modelFlags) restorer(opt restore.Options) (*restore.Restorer, error) {
	opened, err := m.open(opt.Source)
	if err != nil {
		return nil, err
	}
	r, err := restore.New(opened, opt)
	if err != nil {
		return nil, usageErrorf("--source: %v", err)
	}
	return r, nil
}

// fingerprint tells one set of models from another.
func (m *modelFlags) fingerprint() string {
	h := sha256.New()
	f, _ := m.files() // restorer reports what can't be read
	for _, file := range slices.Concat([]restore.File{f.Language, f.Sense, f.Weights}, f.Channels) {
		fmt.Fprintln(h, len(file.Data))
		h.Write(file.Data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// maker tells one program with its language model from another, as far as findings go:
// a program that is built anew is another one.
func (m *modelFlags) maker() string {
	h := sha256.New()
	fmt.Fprintln(h, versionString())
	if exe, err := os.Executable(); err == nil {
		if st, err := os.Stat(exe); err == nil {
			fmt.Fprintln(h, st.Size(), st.ModTime().UnixNano())
		}
	}
	if data, err := os.ReadFile(m.language); err == nil {
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// modelError reports that a model is missing or unreadable.
func modelError(err error, hint string) error {
	return &StatusError{Status: ExitData, Err: err, Hint: hint}
}
