package cli

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/lab/channels"
	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
)

type trainChannelOptions struct {
	name    string
	readers []string
	out     string
	worth   bool
	paths   []string
}

func newTrainChannelCmd(std *Streams) *cobra.Command {
	var o trainChannelOptions
	cmd := &cobra.Command{
		Use:   "channel {--name NAME -o FILE | --worth} PATH…",
		Short: "Learn how a reader garbles text from its readings and their truth",
		Long: `Learn how a reader garbles text from its readings and their truth.

Each PATH is a folder, searched for pages, or the truth of one page. A page is
either NAME.pairs.READER.tsv, lines of truth, tab, reading, as congvan synth
writes them, or P.gold.txt with the reading P.READER.txt beside it, where READER
is one of --readers, by default the value of --name. A channel of several readers
is for those that it has not seen, and does not remember whole words. The same
pages give the same bytes. With --worth nothing is written: each of the readers is
left out in turn, and a line says how many of its words there are and how well the
others know it, log10 of the chance of a letter; last, how well it knows itself.

Exit status: 0 trained, 1 failed, 4 mistake on the command line.`,
		Example: `  congvan train channel --name eng -o eng.channel pairs/train
  congvan train channel --name any --readers eng,fra,ocrad -o any.channel pages/
  congvan train channel --worth --readers eng,fra,ocrad pages/`,
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
	f.BoolVar(&o.worth, "worth", false, "print what the readers teach of each other")
	return cmd
}

func runTrainChannel(o trainChannelOptions, std *Streams) error {
	switch {
	case o.worth == (o.out != ""):
		return usageErrorf("either --worth or --output must be given")
	case o.worth && len(o.readers) < 2:
		return usageErrorf("--worth takes two --readers or more")
	case !o.worth && o.name == "":
		return usageErrorf("--output takes a --name")
	case len(o.readers) == 0:
		o.readers = []string{o.name}
	}
	var pages []channels.Page
	byReader := map[string][]channels.Page{}
	for _, reader := range o.readers {
		found, err := channels.Find(o.paths, reader)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return usageErrorf("no pages read by %q in %s", reader, strings.Join(o.paths, ", "))
		}
		pages = append(pages, found...)
		byReader[reader] = found
	}
	if o.worth {
		return printTaught(std, o.readers, byReader)
	}
	t := channel.NewTrainer()
	hash := sha256.New()
	for i, p := range pages {
		pairs, err := p.Pairs()
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

// printTaught prints what readers teach of each other.
func printTaught(std *Streams, readers []string, pages map[string][]channels.Page) error {
	worths, err := channels.Worths(readers, pages)
	for _, w := range worths {
		fmt.Fprintf(std.Out, "%-12s %7d %6.2f %6.2f\n", w.Reader, w.Words, w.Others, w.Own)
	}
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
