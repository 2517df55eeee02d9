package cli

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/lab/synth"
	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

type trainChannelOptions struct {
	name    string
	readers []string
	out     string
	paths   []string
}

func newTrainChannelCmd(std *Streams) *cobra.Command {
	var o trainChannelOptions
	cmd := &cobra.Command{
		Use:   "channel --name NAME -o FILE PATH…",
		Short: "Learn how a reader garbles text from its readings and their truth",
		Long: `Learn how a reader garbles text from its readings and their truth.

Each PATH is a folder, searched for pages, or the truth of one page. A page is
either NAME.pairs.READER.tsv, lines of truth, tab, reading, as congvan synth
writes them, or P.gold.txt with the reading P.READER.txt beside it, where READER
is one of --readers, by default the value of --name. A channel of several readers
is for those that it has not seen, and does not remember whole words. The same
pages give the same bytes.

Exit status: 0 trained, 1 failed, 4 mistake on the command line.`,
		Example: `  congvan train channel --name eng -o eng.channel pairs/train
  congvan train channel --name any --readers eng,fra,ocrad -o any.channel pages/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runTrainChannel(o, std)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.name, "name", "", "name of the channel")
	f.StringSliceVar(&o.readers, "readers", nil, "readers to learn from: the middle of the names of their readings (default: the name of the channel)")
	f.StringVarP(&o.out, "output", "o", "", "file to write")
	cmd.MarkFlagRequired("name")
	cmd.MarkFlagRequired("output")
	return cmd
}

func runTrainChannel(o trainChannelOptions, std *Streams) error {
	if len(o.readers) == 0 {
		o.readers = []string{o.name}
	}
	var pages []page
	for _, reader := range o.readers {
		found, err := findPages(o.paths, reader)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return usageErrorf("no pages read by %q in %s", reader, strings.Join(o.paths, ", "))
		}
		pages = append(pages, found...)
	}
	t := channel.NewTrainer()
	hash := sha256.New()
	for i, p := range pages {
		pairs, err := p.pairs()
		if err != nil {
			return err
		}
		for _, l := range pairs {
			fmt.Fprintf(hash, "%s\t%s\n", l.Gold, l.Read)
			t.Add(l.Gold, l.Read)
		}
		if (i+1)%100 == 0 || i+1 == len(pages) {
			fmt.Fprintf(std.Err, "congvan: %d of %d pages, %d words\n", i+1, len(pages), t.Len())
		}
	}
	summary := fmt.Sprintf("%d pages, %d words, sha256 %x", len(pages), t.Len(), hash.Sum(nil)[:8])
	t.Several = len(o.readers) > 1
	m := t.Train(o.name, summary, nil)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return err
	}
	return whole.WriteBytes(o.out, b.Bytes())
}

// page is a page with its reading on disk: aligned already, or truth and
// reading apart.
type page struct{ aligned, gold, read string }

// findPages lists the pages under paths that were read by the reader, sorted.
func findPages(paths []string, reader string) ([]page, error) {
	var out []page
	add := func(path string) {
		if base, ok := strings.CutSuffix(path, ".gold.txt"); ok {
			p := page{gold: path, read: base + "." + reader + ".txt", aligned: base + ".pairs." + reader + ".tsv"}
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
	slices.SortFunc(out, func(a, b page) int { return strings.Compare(a.gold, b.gold) })
	return out, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// pairs returns the lines of the page with their readings.
func (p page) pairs() ([]synth.Pair, error) {
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
