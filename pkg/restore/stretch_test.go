package restore_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/restore"
	"github.com/congvan-cli/congvan/pkg/viet"
)

// longText is so many bytes of paragraphs, of which no two are alike.
func longText(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "Điều %d. Ủy ban nhân dân xã số %d báo cáo kết quả thực hiện nhiệm vụ được giao.\n\n", i, i*i)
	}
	return b.String()
}

// A long text comes out the same on any number of cores, with its spans in order, and
// hardly otherwise than it does block by block.
func TestStreamsLong(t *testing.T) {
	in := viet.Strip(longText(900 << 10))
	var outs []string
	for _, jobs := range []int{1, 3} {
		var out strings.Builder
		read := 0
		for res, err := range newRestorer(t, restore.Options{Source: restore.Strip, Jobs: jobs}).Blocks(strings.NewReader(in)) {
			if err != nil {
				t.Fatal(err)
			}
			if res.Start.In != read || res.Start.Out != out.Len() {
				t.Fatalf("a block starts at %+v, want %d and %d", res.Start, read, out.Len())
			}
			if tok := res.Tokens[0]; in[tok.In.Start:tok.In.End] != tok.Read {
				t.Fatalf("%q is said to be at %+v", tok.Read, tok.In)
			}
			out.WriteString(res.Text)
			read += strings.Count(res.Text, "") - 1 // a byte a letter
		}
		outs = append(outs, out.String())
	}
	if outs[0] != outs[1] {
		t.Error("three at a time do not give what one gives")
	}
	doc := newRestorer(t, restore.Options{Source: restore.Strip}).Document()
	var blocks strings.Builder
	for block := range strings.SplitSeq(strings.TrimSuffix(in, "\n\n"), "\n\n") {
		blocks.WriteString(doc.Block(block).Text + "\n\n")
	}
	if n := wrong(blocks.String(), outs[0]); n > 5 {
		t.Errorf("%d words are not as they are block by block", n)
	}
}

// Errors in a later part of a long text come in their place.
func TestLongTextErrors(t *testing.T) {
	good := longText(700 << 10)
	for _, tt := range []struct {
		name string
		in   io.Reader
		want func(error) bool
	}{
		{"encoding", strings.NewReader(good + "\xff" + good), func(err error) bool {
			bad := new(restore.EncodingError)
			return errors.As(err, &bad) && bad.Offset == int64(len(good))
		}},
		{"reading", io.MultiReader(strings.NewReader(good), failing{}), func(err error) bool { return err == io.ErrClosedPipe }},
	} {
		size := 0
		var last error
		for res, err := range restorer(t, restore.Clean).Blocks(tt.in) {
			if last != nil {
				t.Errorf("%s: more after the error", tt.name)
			}
			size, last = size+len(res.Text), err
		}
		if !tt.want(last) || size != len(good) {
			t.Errorf("%s: %v after %d bytes of %d", tt.name, last, size, len(good))
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Blocks of a long text still go out before its end has come, and the loop may end
// there.
func TestLongTextStreams(t *testing.T) {
	pr, pw := io.Pipe()
	const last = "Nơi nhận: như trên.\n\n"
	go io.WriteString(pw, longText(600<<10)+last)
	done := make(chan bool)
	go func() {
		defer close(done)
		for res, err := range restorer(t, restore.Clean).Blocks(pr) {
			if err != nil {
				t.Error(err)
			}
			if res.Text == last {
				return
			}
		}
	}()
	select {
	case <-done:
		pw.Close()
	case <-time.After(60 * time.Second):
		t.Fatal("the last block waits for the end of the input")
	}
}
