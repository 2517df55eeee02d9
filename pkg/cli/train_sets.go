package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/lab/sets"
	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
	"github.com/congvan-cli/congvan/pkg/internal/text/confusion"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/internal/whole"
	"github.com/congvan-cli/congvan/pkg/restore"
)

type trainSetsOptions struct {
	models  modelFlags
	channel string
	out     string
	tokens  int
}

func newTrainSetsCmd(std *Streams) *cobra.Command {
	var o trainSetsOptions
	cmd := &cobra.Command{
		Use:   "sets -o FILE CHANNEL",
		Short: "Look up beforehand what the most frequent readings of a channel may stand for",
		Long: `Look up beforehand what the most frequent readings of a channel may stand for,
so that restoring is spared the search for them. It changes no result.

CHANNEL is a file that 'congvan train channel' has made. Which readings are the
most frequent follows from the channel and the language model. The same files give
the same bytes; sets go with the files that they were made of, and with no others.

Exit status: 0 made, 1 failed, 3 a model is unreadable, 4 mistake on the command line.`,
		Example: "  congvan train sets -o vie.sets vie.channel",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.channel = args[0]
			return runTrainSets(std, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.out, "output", "o", "", "`FILE` to write")
	f.StringVar(&o.models.language, "model", "", "language model `FILE` instead of the one built in")
	f.IntVar(&o.tokens, "tokens", 10000, "`NUMBER` of readings")
	cmd.MarkFlagRequired("output")
	return cmd
}

func runTrainSets(std *Streams, o trainSetsOptions) error {
	m, err := o.models.open(restore.Strip)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(o.channel)
	if err != nil {
		return modelError(err, "")
	}
	ch, err := channel.Load(data)
	if err != nil {
		return badModel(&restore.ModelError{File: o.channel, Kind: "channel", Err: err})
	}
	tokens := sets.Tokens(ch, m.Language, o.tokens)
	file := confusion.Make(ch, m.Language, confusion.LimitsOf(evidence.DefaultBounds()), tokens)
	made, err := confusion.LoadSets(file)
	if err != nil {
		return err
	}
	if err := whole.WriteBytes(o.out, file); err != nil {
		return err
	}
	fmt.Fprintf(std.Err, "congvan: %d sets of %d readings, %d bytes\n", made.Len(), len(tokens), len(file))
	return nil
}
