// Package channels finds what channels are trained on: pages whose truth and
// readings stand side by side in folders, as congvan synth and people leave them.
// What a channel is, and how it learns, is in text/channel.
package channels

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/lab/synth"
)

// Page is a page with its reading on disk: aligned already, or truth and
// reading apart.
type Page struct{ aligned, gold, read string }

// Find lists the pages under paths that were read by the reader, sorted.
func Find(paths []string, reader string) ([]Page, error) {
	var out []Page
	add := func(path string) {
		if base, ok := strings.CutSuffix(path, ".gold.txt"); ok {
			p := Page{gold: path, read: base + "." + reader + ".txt", aligned: base + ".pairs." + reader + ".tsv"}
			if !exists(p.aligned) {
				p.aligned = ""
			}
			if p.aligned != "" || exists(p.read) {
				out = append(out, p)
			}
		}
	}
	for _, path := range paths {
		err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				add(path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b Page) int { return strings.Compare(a.gold, b.gold) })
	return out, nil
}

// Files are the paths of the truth and of the reading.
func (p Page) Files() (gold, read string) { return p.gold, p.read }

// Pairs returns the lines of the page with their readings.
func (p Page) Pairs() ([]synth.Pair, error) {
	if p.aligned == "" {
		gold, err := os.ReadFile(p.gold)
		if err != nil {
			return nil, err
		}
		read, err := os.ReadFile(p.read)
		if err != nil {
			return nil, err
		}
		return synth.AlignLines(strings.Split(string(gold), "\n"), strings.Split(string(read), "\n")), nil
	}
	f, err := os.Open(p.aligned)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []synth.Pair
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if gold, read, ok := strings.Cut(lines.Text(), "\t"); ok {
			out = append(out, synth.Pair{Gold: gold, Read: read})
		}
	}
	return out, lines.Err()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
