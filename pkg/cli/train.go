package cli

import "github.com/spf13/cobra"

func newTrainCmd(std *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Make models: of the language, of words that look alike, and of how a reader garbles text",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newTrainLMCmd(std, runTrainLM), newTrainSenseCmd(std), newTrainChannelCmd(std))
	return cmd
}
