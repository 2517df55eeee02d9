package restore_test

import (
	"sync"
	"testing"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// shipped opens the models of the program once.
var shipped = sync.OnceValue(func() restore.Models {
	m, err := models.Files().Open(restore.Auto)
	if err != nil {
		panic(err)
	}
	return m
})

var restorers sync.Map // by source

// restorer returns a Restorer over the models of the program, shared by the
// tests that want no other options.
func restorer(t testing.TB, source string) *restore.Restorer {
	t.Helper()
	if r, ok := restorers.Load(source); ok {
		return r.(*restore.Restorer)
	}
	r := newRestorer(t, restore.Options{Source: source})
	restorers.Store(source, r)
	return r
}

func newRestorer(t testing.TB, opt restore.Options) *restore.Restorer {
	t.Helper()
	r, err := restore.New(shipped(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// text restores a text that must be restorable.
func text(t testing.TB, r *restore.Restorer, s string) restore.Result {
	t.Helper()
	res, err := r.Text(s)
	if err != nil {
		t.Fatal(err)
	}
	return res
}
