// Package models embeds the models that congvan ships, and opens them in one
// call. README.md beside it says what they were trained on and how to train them
// again.
package models

import (
	_ "embed"

	"github.com/congvan-cli/congvan/pkg/restore"
)

var (
	//go:embed vi.cvlm
	language []byte
	//go:embed vi.sense
	sense []byte

	// Of many readers, for those that no other channel knows.
	//
	//go:embed any.channel
	anyReader []byte

	// Tesseract reading Vietnamese with its English and with its Vietnamese data.
	//
	//go:embed eng.channel
	eng []byte
	//go:embed vie.channel
	vie []byte

	// What their most frequent readings may stand for, looked up beforehand.
	//
	//go:embed eng.sets
	engSets []byte
	//go:embed vie.sets
	vieSets []byte
	//go:embed any.sets
	anySets []byte
)

// BuiltIn begins the names of the shipped files in errors.
const BuiltIn = "built-in "

// Restorer returns a Restorer over the shipped models. Opening them takes a few
// milliseconds; a program does it once.
func Restorer(opt restore.Options) (*restore.Restorer, error) {
	m, err := Files().Open(opt.Source)
	if err != nil {
		return nil, err
	}
	return restore.New(m, opt)
}

// Files are the shipped models, for a program that replaces some of them. The
// bytes must not be changed.
func Files() restore.Files {
	built := func(name string, data []byte) restore.File {
		return restore.File{Name: BuiltIn + name, Data: data, Sound: true}
	}
	return restore.Files{
		Language: built("language model", language),
		Sense:    built("sense model", sense),
		Channels: []restore.File{built("channel eng", eng), built("channel vie", vie), built("channel any", anyReader)},
		Sets:     []restore.File{built("confusion sets of eng", engSets), built("confusion sets of vie", vieSets), built("confusion sets of any", anySets)},
	}
}
