// Package models embeds the language model, the sense model and the channels
// that congvan ships.
// README.md beside it says what they were trained on and how to train them
// again.
package models

import _ "embed"

// Language is the language model, for ngram.Load.
//
//go:embed vi.cvlm
var Language []byte

// Sense is the sense model, for sense.Load.
//
//go:embed vi.sense
var Sense []byte

// Eng and Vie are the channels of Tesseract reading Vietnamese with its English
// and with its Vietnamese data, for channel.Load.
var (
	//go:embed eng.channel
	Eng []byte
	//go:embed vie.channel
	Vie []byte
)
