package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

type convertOptions struct {
	from, to string
	output   string // file, folder, or - for stdout
	inPlace  bool
	lossy    bool
	detect   bool
}

func newConvertCmd(std *Streams) *cobra.Command {
	var o convertOptions
	cmd := &cobra.Command{
		Use:   "convert [FILE…]",
		Short: "Convert between Unicode and the old Vietnamese encodings",
		Long: `Convert reads Vietnamese text in an old encoding and writes UTF-8 with composed
letters (NFC), or the other way round. Without a file, or with -, it reads
standard input.

Encodings: ` + strings.Join(legacy.Names(), ", ") + `.

With --from auto it finds out by itself, also for 8-bit text that was stored as
UTF-8 by mistake ("Céng hßa" for "Cộng hòa"). TCVN3 has no capitals with tones:
its ALL-CAPS fonts show small letters as capitals. Words in such a heading come
back in capitals; "Ấn Độ" written to TCVN3 comes back as "ấn Độ". A file that was put
together of lines in Unicode and lines in an old encoding is converted line by line;
--detect names the lines.

Exit status: 0 converted, 1 failed (with a single input: it could not be
converted), 3 some of several files could not be converted (these are left as
they were), 4 mistake on the command line.`,
		Example: `  congvan convert old.txt -o new.txt
  congvan convert --from vni --in-place *.txt
  congvan convert --to tcvn3 letter.txt > letter.abc
  congvan convert --detect archive/*.txt`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runConvert(cmd.Context(), std, args, o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.from, "from", "f", "auto", "encoding of the input, or auto")
	f.StringVarP(&o.to, "to", "t", "utf-8", "encoding of the output")
	f.StringVarP(&o.output, "output", "o", "-", "file to write, folder for several files, or - for standard output")
	f.BoolVar(&o.inPlace, "in-place", false, "write each file back where it came from")
	f.BoolVar(&o.lossy, "lossy", false, "write ? for a letter that the output encoding lacks, instead of stopping")
	f.BoolVar(&o.detect, "detect", false, "only say what each file is encoded in")
	return cmd
}

// peek is how much of a stream --from auto looks at.
const peek = 1 << 20

func runConvert(ctx context.Context, std *Streams, args []string, o convertOptions) error {
	if o.from != "auto" {
		if _, _, err := legacy.Lookup(o.from); err != nil {
			return usageErrorf("--from: %v", err)
		}
	}
	if _, _, err := legacy.Lookup(o.to); err != nil {
		return usageErrorf("--to: %v", err)
	}
	if len(args) == 0 {
		args = []string{"-"}
	}
	switch {
	case o.inPlace && o.output != "-":
		return usageErrorf("--in-place and --output exclude each other")
	case o.inPlace && len(args) == 1 && args[0] == "-":
		return usageErrorf("--in-place needs a file")
	case len(args) > 1 && o.output == "-" && !o.inPlace && !o.detect:
		return usageErrorf("several files need --output DIR or --in-place")
	}
	output := o.output
	if output == "-" || o.detect {
		output = ""
	}
	to := newDestination(output, o.inPlace, len(args) > 1)
	inputs := named(args)
	if err := to.distinct(inputs); err != nil {
		return err
	}
	failed := 0
	for _, input := range inputs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		name := input.path
		if err := convertOne(std, input, o, to); err != nil {
			failed++
			var hint string
			var u *legacy.UnsupportedError
			switch {
			case errors.As(err, &u):
				hint = "--lossy writes ? for such letters"
			case errors.Is(err, errUnknownEncoding):
				hint = "name it with --from"
			}
			if len(args) == 1 {
				return &StatusError{Status: ExitFailed, Err: fmt.Errorf("%s: %w", inputName(name), err), Hint: hint}
			}
			fmt.Fprintf(std.Err, "congvan: error: %s: %v\n", inputName(name), err)
		}
	}
	if failed > 0 {
		return &StatusError{Status: ExitPartial, Err: fmt.Errorf("%d of %d files could not be converted", failed, len(args))}
	}
	return nil
}

func inputName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

var errUnknownEncoding = errors.New("can't tell the encoding")

func convertOne(std *Streams, input textFile, o convertOptions, to destination) error {
	in, name := std.In, input.path
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return unwrapPath(err)
		}
		defer f.Close()
		in = f
	}
	r := bufio.NewReaderSize(in, peek)
	text, found, err := decoded(r, o.from)
	if o.detect {
		if err != nil && !errors.Is(err, errUnknownEncoding) {
			return err
		}
		_, err := fmt.Fprintf(std.Out, "%s: %s\n", inputName(name), found)
		return err
	}
	if err != nil {
		return err
	}
	e, _, _ := legacy.Lookup(o.to)
	enc := e.NewEncoder()
	if o.lossy {
		enc = encoding.ReplaceUnsupported(enc)
	}
	lost := &lostCounter{r: text}
	write := func(w io.Writer) error {
		t := transform.NewWriter(w, enc)
		if _, err := io.Copy(t, lost); err != nil {
			return err
		}
		return t.Close()
	}
	err = to.put(std, input, write)
	if o.inPlace { // then the name is told already
		err = unwrapPath(err)
	}
	if err == nil && found.mixed() {
		fmt.Fprintf(std.Err, "congvan: note: %s: in two encodings, each converted: %s\n", inputName(name), found)
	}
	if err == nil && lost.n > 0 {
		fmt.Fprintf(std.Err, "congvan: warning: %s: %d bytes mean nothing in %v and became U+FFFD\n", inputName(name), lost.n, found.main)
	}
	return err
}

// encodings are what a text is found to be in.
type encodings struct {
	main  legacy.Detection
	lines []string // of a text in two, those that are in main: "2-5"
}

func (e encodings) mixed() bool { return len(e.lines) > 0 }

func (e encodings) String() string {
	s := fmt.Sprintf("%v (%.0f %%)", e.main, 100*e.main.Confidence)
	if e.mixed() {
		const most = 10
		where := strings.Join(e.lines[:min(len(e.lines), most)], ", ")
		if len(e.lines) > most {
			where += ", …"
		}
		s += " in lines " + where + ", the others utf-8"
	}
	return s
}

// detect says what the head of a text is in.
func detect(head []byte) encodings {
	parts := legacy.DetectParts(head)
	if len(parts) == 1 {
		return encodings{main: parts[0].Detection}
	}
	var e encodings
	line := 1
	for _, p := range parts {
		next := line + bytes.Count(head[p.Start:p.End], []byte("\n"))
		if p.Name != legacy.NameUTF8 {
			e.main = p.Detection
			if last := max(line, next-1); last > line {
				e.lines = append(e.lines, fmt.Sprintf("%d-%d", line, last))
			} else {
				e.lines = append(e.lines, fmt.Sprint(line))
			}
		}
		line = next
	}
	return e
}

// decoded returns the text of r in UTF-8, and what it was in.
func decoded(r *bufio.Reader, from string) (io.Reader, encodings, error) {
	head, err := r.Peek(peek)
	if err != nil && err != io.EOF {
		return nil, encodings{}, err
	}
	if from != "auto" {
		found := legacy.Detect(head)
		_, name, _ := legacy.Lookup(from)
		// The bytes may be inside UTF-8; that is not a choice of the user's.
		found = legacy.Detection{Name: name, Wrapped: found.Wrapped && found.Name == name, Confidence: 1}
		return transform.NewReader(r, decoderOf(found)), encodings{main: found}, nil
	}
	found := detect(head)
	switch name := found.main.Name; {
	case name == "":
		return nil, found, errUnknownEncoding
	case found.mixed(), name == legacy.NameTCVN3, name == legacy.NameTCVN5712, name == legacy.NameVNI, name == legacy.NameVISCII, name == legacy.NameCP1258:
		return legacy.NewReader(r, found.main), found, nil // there may be lines of UTF-8 further on
	}
	return transform.NewReader(r, decoderOf(found.main)), found, nil
}

// decoderOf is the way from an encoding to UTF-8.
func decoderOf(d legacy.Detection) transform.Transformer {
	switch d.Name {
	case legacy.NameUTF8, legacy.NameNFD, legacy.NameDouble:
		return transform.Chain(&validator{}, d.Decoder())
	}
	return d.Decoder()
}

// validator stops at invalid UTF-8, and says where.
type validator struct{ offset int64 }

func (v *validator) Reset() { v.offset = 0 }

func (v *validator) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	nDst, nSrc, err = encoding.UTF8Validator.Transform(dst, src, atEOF)
	v.offset += int64(nSrc)
	if errors.Is(err, encoding.ErrInvalidUTF8) {
		name, _ := legacy.Guess(src[nSrc:])
		if name == "" || name == legacy.NameUTF8 {
			return nDst, nSrc, fmt.Errorf("invalid UTF-8 at byte %d", v.offset)
		}
		return nDst, nSrc, fmt.Errorf("invalid UTF-8 at byte %d, looks like %s from there", v.offset, name)
	}
	return nDst, nSrc, err
}

// lostCounter counts the replacement characters that pass.
type lostCounter struct {
	r io.Reader
	n int
}

func (l *lostCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.n += bytes.Count(p[:n], []byte("\uFFFD")) // the decoders write whole runes
	return n, err
}
