//go:build unix

package fault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

type classed struct{ error }

func (classed) FaultClass() Class { return Tool }
func (classed) Hint() string      { return "install it" }

func TestClassOf(t *testing.T) {
	sh := func(script string) error { return exec.Command("sh", "-c", script).Run() }
	for _, tt := range []struct {
		err   error
		class Class
		retry bool
	}{
		{nil, "", false},
		{sh("kill -9 $$"), Memory, true}, // children are judged by how they ended
		{sh("kill -11 $$"), Crash, true},
		{sh("exit 7"), Other, false},
		{context.Canceled, Interrupted, true},
		{context.DeadlineExceeded, Timeout, true},
		{&fs.PathError{Err: syscall.EDQUOT}, DiskFull, true},
		{fmt.Errorf("reading: %w", syscall.ELOOP), Irregular, false},
		{fmt.Errorf("reading: %w", fs.ErrPermission), Permission, false},
		{fmt.Errorf("reading: %w", syscall.ENOTDIR), Missing, false},
		{os.ErrNotExist, Missing, false},
		{syscall.ESTALE, IO, true},
		{errors.New("?"), Other, false},
		{fmt.Errorf("page 2: %w", New(Damaged, syscall.ESTALE)), Damaged, false}, // what was said wins over what the system says
		{fmt.Errorf("page 2: %w", classed{errors.New("no data")}), Tool, false},
	} {
		if got := ClassOf(tt.err); got != tt.class || got.Retryable() != tt.retry {
			t.Errorf("%v: class %q, retryable %t; want %q, %t", tt.err, got, got.Retryable(), tt.class, tt.retry)
		}
	}
}

func TestHintOf(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&Error{Class: Damaged, Err: errors.New("x"), Hint: "try a viewer"}, "try a viewer"},
		{New(Damaged, errors.New("x")), Damaged.Hint()},
		{New(Tool, classed{errors.New("no data")}), "install it"},
		{os.ErrPermission, Permission.Hint()},
		{errors.New("?"), ""},
	} {
		if got := HintOf(tt.err); got != tt.want {
			t.Errorf("%v: hint %q, want %q", tt.err, got, tt.want)
		}
	}
}

// Every class has a hint, but for what nobody knows.
func TestHints(t *testing.T) {
	for c, k := range kinds {
		if (k.hint == "") != (c == Other) || k.retryable && !k.again {
			t.Errorf("%s: %+v", c, k)
		}
	}
}

func TestErrorNames(t *testing.T) {
	e := &Error{Path: "a.pdf", Page: 3, Class: Damaged, Err: errors.New("cut off")}
	if got := e.Error(); got != "a.pdf, page 3: cut off" {
		t.Error(got)
	}
	if got := e.Bare().Error(); got != "cut off" {
		t.Error(got)
	}
	e.Page = 0
	if got := e.Error(); got != "a.pdf: cut off" {
		t.Error(got)
	}
}
