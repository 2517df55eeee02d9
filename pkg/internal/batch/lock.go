package batch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

const (
	lockExt  = ".lock"
	lockName = journalPrefix + lockExt
)

// What tryFlock says of a file that it can't lock.
var (
	errHeld             = errors.New("held by another process")
	errFlockUnsupported = errors.New("file system without locks")
)

// lockInfo is what a lock file says of the run that holds it.
type lockInfo struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Start time.Time `json:"start"`
}

func (l lockInfo) String() string {
	if l.PID == 0 {
		return "for a part of the inputs"
	}
	return fmt.Sprintf("process %d on %s, since %s", l.PID, l.Host, l.Start.Format(time.DateTime))
}

// lock is the hold of a run on an output folder: alone for a whole run; beside
// other parts, and alone on its own journal, for a part. The kernel lets go when
// the process ends, however it ends, so a lock file that is left over locks
// nothing. Where files can't be locked, the file counts as held while a process
// of its number runs on its host.
type lock struct {
	root *os.Root
	held []heldFile
}

type heldFile struct {
	*os.File
	name  string
	alone bool
}

// takeLock locks the output folder for a part. stale describes the run that
// left its lock behind, if one did.
func takeLock(root *os.Root, s Shard) (l *lock, stale string, err error) {
	l = &lock{root: root}
	if s.all() {
		stale, err = l.take(lockName, true)
	} else if _, err = l.take(lockName, false); err == nil {
		stale, err = l.take(fmt.Sprintf("%s-%d-of-%d%s", journalPrefix, s.Index, s.Count, lockExt), true)
	}
	if err != nil {
		l.release()
		return nil, "", err
	}
	return l, stale, nil
}

// take locks one file. Since a run that ends removes its file, the file that
// was locked must still be the one of that name.
func (l *lock) take(name string, alone bool) (stale string, err error) {
	for {
		f, err := l.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return "", err
		}
		err = tryFlock(f, alone)
		held := readInfo(f)
		if errors.Is(err, errFlockUnsupported) {
			err = nil
			if alone && held.running() {
				err = errHeld
			}
		}
		if err != nil {
			f.Close()
			if errors.Is(err, errHeld) {
				return "", &fault.Error{Class: fault.Collision, Err: fmt.Errorf("%w (%v)", ErrLocked, held),
					Hint: "wait for it, or use another output folder; to share the work, give each run its --shard"}
			}
			return "", err
		}
		st1, err1 := f.Stat()
		st2, err2 := l.root.Lstat(name)
		if err1 != nil || err2 != nil || !os.SameFile(st1, st2) {
			f.Close()
			continue
		}
		l.held = append(l.held, heldFile{f, name, alone})
		if !alone {
			return "", nil
		}
		if held.PID != 0 {
			stale = held.String()
		}
		return stale, writeInfo(f)
	}
}

// running tells whether the process that wrote the file may still be there.
func (l lockInfo) running() bool {
	host, _ := os.Hostname()
	return l.PID != 0 && (l.Host != host || l.PID != os.Getpid() && processRuns(l.PID))
}

func readInfo(f *os.File) (info lockInfo) {
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	if err == nil {
		_ = json.Unmarshal(b, &info)
	}
	return info
}

func writeInfo(f *os.File) error {
	host, _ := os.Hostname()
	b, err := json.Marshal(lockInfo{os.Getpid(), host, time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(append(b, '\n'), 0)
	return err
}

// release lets go. The last part to leave takes the common file along.
func (l *lock) release() {
	for _, f := range l.held {
		if f.alone || tryFlock(f.File, true) == nil {
			if l.root.Remove(f.name) != nil { // as of a file that is open, on some systems
				_ = f.Truncate(0)
			}
		}
		f.Close()
	}
	l.held = nil
}
