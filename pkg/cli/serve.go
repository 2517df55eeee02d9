package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/serve"
)

// serveOptions are the flags of "congvan serve".
type serveOptions struct {
	index   string
	scans   string
	address string
}

func newServeCmd(std *Streams, run func(context.Context, *Streams, serveOptions) error) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Search letters in a browser, and see their pages with the words marked",
		Long: `Show an index that 'congvan index' made in a browser on this machine: search, filters,
the pages with the words marked, the outputs to download. It only reads, and stops with
Ctrl-C.

Images of pages come from the PDF outputs beside the index; where there are none, from
the documents themselves, if --scans names the folder that 'congvan ocr' was given.

It listens on this machine alone unless --address says otherwise. There is no password:
whoever reaches the address reads the letters.

Exit status: 1 the run failed; 4 mistake on the command line; 5 no index; 130
interrupted, 143 terminated.`,
		Example: `  congvan serve -i text/
  congvan serve -i text/ --scans scans/ --address 127.0.0.1:8080`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, _, err := net.SplitHostPort(o.address); err != nil {
				return usageErrorf("--address %s: expected HOST:PORT", o.address)
			}
			return run(c.Context(), std, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.index, "index", "i", ".", "index `FILE`, or the folder that has one")
	f.StringVar(&o.scans, "scans", "", "`FOLDER` of the documents, for images where there is no PDF output")
	f.StringVar(&o.address, "address", "127.0.0.1:8080", "`HOST:PORT` to listen on; port 0 is any that is free")
	return cmd
}

func runServe(ctx context.Context, std *Streams, o serveOptions) error {
	x, err := openIndex(o.index)
	if err != nil {
		return err
	}
	defer x.Close()
	l, err := net.Listen("tcp", o.address)
	if err != nil {
		return err
	}
	handler := serve.New(serve.Options{
		Index: x, Scans: o.scans, Hosts: hosts(l.Addr()),
		Log: func(err error) { fmt.Fprintf(std.Err, "congvan: error: %v\n", err) },
	})
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	fmt.Fprintf(std.Err, "congvan: http://%s/ (Ctrl-C stops it)\n", l.Addr())
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return context.Cause(ctx)
}

// hosts are the names under which a browser on this machine may ask for a server; of
// one that others can reach, every name is right.
func hosts(addr net.Addr) []string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsLoopback() {
		return []string{"localhost", "127.0.0.1", "::1", tcp.IP.String()}
	}
	return nil
}

// openIndex opens an index for reading.
func openIndex(path string) (*index.Index, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	x, err := index.Open(path)
	if errors.Is(err, index.ErrNoIndex) {
		return nil, &StatusError{Status: ExitData, Err: err, Hint: "make one with 'congvan index OUT', and name it with --index"}
	}
	return x, err
}
