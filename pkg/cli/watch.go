package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/batch"
)

// newWatchCmd is "congvan ocr" that stays and waits for new documents.
func newWatchCmd(std *Streams, run func(context.Context, *Streams, ocrOptions) error) *cobra.Command {
	opts, watch := defaultOCROptions(), batch.Watch{Interval: 2 * time.Second, Settle: 5 * time.Second}
	cmd := &cobra.Command{
		Use:   "watch PATH... -o DIR",
		Short: "Read scanned letters as they arrive in a folder",
		Long: `Read the documents in a folder, and then those that arrive in it, until it is
interrupted. A document is taken when it has not changed for a while, so one
that is still being copied or scanned is left in peace. Folders are looked
through again and again, which works on network shares too.

What is done is in the journal: a watch that is started again goes on where the
last one stopped. A document that changes is done again.

` + batchHelp,
		Example: `  congvan watch /srv/scanner -o /srv/text
  congvan watch /srv/scanner -o /srv/text --settle 30s   # a slow scanner`,
		Args: pathArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			if err := opts.check(); err != nil {
				return err
			}
			switch {
			case opts.out == "-":
				return usageErrorf("watch needs an output folder")
			case opts.batch.dryRun:
				return usageErrorf("watch knows no --dry-run; ocr does")
			case watch.Interval <= 0 || watch.Settle <= 0:
				return usageErrorf("--interval and --settle must be positive, such as 5s")
			}
			opts.watch = &watch
			return run(cmd.Context(), std, opts)
		},
	}
	f := cmd.Flags()
	opts.register(f)
	f.DurationVar(&watch.Interval, "interval", watch.Interval, "time between two looks at the folder")
	f.DurationVar(&watch.Settle, "settle", watch.Settle, "a document is taken when it has not changed for so long")
	return cmd
}
