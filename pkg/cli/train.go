package cli

import "github.com/spf13/cobra"

func newTrainCmd(std *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Make models: of the language, of words that look alike, of how a reader garbles text, and weights",
		Long: `Make models: of the language, of words that look alike without their marks, and of
how a reader garbles text. models/README.md of the source tells how those that are
built in were made.

Exit status: that of the command.`,
		Example: "  congvan train lm -o vi.cvlm legal.txt.xz news.txt.xz",
		Args:    cobra.NoArgs,
	}
	cmd.AddCommand(newTrainLMCmd(std, runTrainLM), newTrainSenseCmd(std), newTrainChannelCmd(std), newTrainSetsCmd(std), newTrainWeightsCmd(std))
	return cmd
}
