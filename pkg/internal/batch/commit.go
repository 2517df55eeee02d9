package batch

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// commitAll makes finished documents safe, as many at once as are waiting. It
// goes on after the run has been stopped, until none is left.
func (r *run) commitAll() error {
	if r.cfg.Stdout != nil {
		return r.print()
	}
	var failure error
	for p := range r.ready {
		group := []*pending{p}
	gather:
		for len(group) < groupMax {
			select {
			case p, ok := <-r.ready:
				if !ok {
					break gather
				}
				group = append(group, p)
			default:
				break gather
			}
		}
		if failure != nil {
			for _, p := range group {
				p.drop()
			}
		} else if failure = r.commit(group); failure != nil {
			r.stop(failure)
		}
		for _, p := range group {
			r.busy.Delete(string(p.row.Path))
		}
	}
	return failure
}

// commit makes a group of documents safe in the order that the journal's
// comment gives. An error means that the journal can't be written.
func (r *run) commit(group []*pending) error {
	r.syncFiles(group)
	dirs := map[string]bool{}
	for _, p := range group {
		if p.out != nil {
			r.rename(p)
		}
		if p.out != nil {
			p.out.dirs(func(d string) { dirs[d] = true })
		}
	}
	for d := range dirs {
		if err := syncDir(r.root, d); err != nil {
			return fmt.Errorf("writing the folder %s: %w", d, outputFault(err))
		}
	}
	var rows []*Row
	for _, p := range group {
		if !p.mute {
			rows = append(rows, p.row)
		}
	}
	if err := r.journal.append(rows, r.cfg.faults); err != nil {
		return err
	}
	for _, p := range group {
		if p.row.State == Done || p.row.State == Blank {
			r.supersede(p)
		}
		r.report(p)
	}
	return nil
}

// syncFiles writes the outputs of all documents to disk.
func (r *run) syncFiles(group []*pending) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, syncers)
	errs := make([]error, len(group))
	for i, p := range group {
		if p.out == nil {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			for _, w := range p.out.files {
				if err := w.sync(); err != nil && errs[i] == nil {
					errs[i] = err
				}
			}
		})
	}
	wg.Wait()
	for i, p := range group {
		if errs[i] != nil {
			r.failed(p, errs[i])
		}
	}
}

// rename gives the outputs of a document their names.
func (r *run) rename(p *pending) {
	for i, w := range p.out.files {
		err := r.cfg.faults.check("rename", w.final)
		if err == nil {
			err = w.f.Rename()
		}
		if err != nil {
			for _, w := range p.out.files[:i] {
				_ = r.root.Remove(w.final)
			}
			r.failed(p, fmt.Errorf("writing %s: %w", w.final, outputFault(err)))
			return
		}
	}
}

// supersede removes the outputs that a document had under another name, if they
// are as they were made. Outputs of another format under the same name stay.
func (r *run) supersede(p *pending) {
	if p.old == nil || p.old.Output == p.row.Output {
		return
	}
	for _, o := range p.old.Outputs {
		name := string(o.Path)
		if r.journal.owner(name, key{}) != nil {
			continue // in use by this document or by another
		}
		if sum, err := hashFile(context.Background(), o.in(r.cfg.Out)); err == nil && sum == o.SHA256 {
			_ = r.root.Remove(name)
		}
	}
}

// report counts a document and tells of it.
func (r *run) report(p *pending) {
	if p.out == nil && p.row.State != Failed {
		return // only its row was renewed
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(string(p.row.Path), outcome{row: p.row})
	if r.cfg.Report != nil {
		r.cfg.Report.Document(p.row)
	}
}

// print sends the outputs to Stdout in the order of the inputs.
func (r *run) print() error {
	waiting := map[int]*pending{}
	next := 0
	var failure error
	for p := range r.ready {
		waiting[p.seq] = p
		for p := waiting[next]; p != nil; p = waiting[next] {
			delete(waiting, next)
			next++
			if p.out != nil && failure == nil {
				if failure = r.printOne(p); failure != nil {
					r.stop(failure)
				}
			}
			if p.row != nil && failure == nil {
				r.report(p)
			}
			p.drop()
			<-r.hand
		}
	}
	return failure
}

func (r *run) printOne(p *pending) error {
	for _, w := range p.out.files {
		f, err := r.root.Open(w.tmp)
		if err != nil {
			return err
		}
		_, err = io.Copy(r.cfg.Stdout, f)
		f.Close()
		if err != nil {
			return fmt.Errorf("writing to standard output: %w", err)
		}
	}
	return nil
}
