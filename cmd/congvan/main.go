// Command congvan turns scanned Vietnamese official letters into correct
// Unicode text. Package cli holds the program; this file only runs it.
package main

import (
	"os"

	"github.com/congvan-cli/congvan/pkg/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], cli.Std())) }
