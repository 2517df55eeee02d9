package cli

import "github.com/spf13/cobra"

func newTrainCmd(std *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Make models: of the language, and of how a reader garbles it",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newTrainLMCmd(std, runTrainLM), newTrainChannelCmd(std))
	return cmd
}
