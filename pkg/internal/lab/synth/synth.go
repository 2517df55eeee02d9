// Package synth makes pages to learn from and to test with: it sets Vietnamese
// text in system fonts as official letters, wears the pages down as printers,
// stamps, scanners and fax machines do, and pairs what a reader makes of them
// with the truth. It knows nothing of language models; what it returns is
// images, the lines as they were typeset with their boxes, and pairs of lines.
//
// Everything is drawn in pure Go and follows from a seed: the same seed, text
// and fonts give the same bytes.
package synth

//go:generate go run ../../../../cmd/congvan synth letters --out ../../../../testdata/letters
