package batch

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/fault"
)

// Progress counts while a run goes on. All fields may be read at any time.
type Progress struct {
	Total       atomic.Int64 // documents of this run, as far as known
	Done        atomic.Int64 // documents done now
	Blank       atomic.Int64 // documents done now on which nothing was read
	Partial     atomic.Int64 // documents done now with pages missing
	Failed      atomic.Int64 // documents that failed, now or before
	Skipped     atomic.Int64 // documents with nothing to do
	Pages       atomic.Int64 // pages read now, or tried
	FailedPages atomic.Int64

	open        atomic.Int64 // documents in hand whose pages are known
	opened      atomic.Int64 // documents whose pages are or were known
	openedPages atomic.Int64 // their pages
	began       atomic.Int64 // Unix nanoseconds
}

func (p *Progress) start() { p.began.Store(time.Now().UnixNano()) }

func (p *Progress) skip(row *Row, reason Reason) {
	if reason == ReasonFailed && row != nil && row.State == Failed {
		p.Failed.Add(1)
	} else {
		p.Skipped.Add(1)
	}
}

func (p *Progress) add(r *Row) {
	switch r.State {
	case Done:
		p.Done.Add(1)
	case Blank:
		p.Blank.Add(1)
	case Partial:
		p.Partial.Add(1)
	case Failed:
		p.Failed.Add(1)
	}
}

// Over is the number of documents that need no more work.
func (p *Progress) Over() int64 {
	return p.Done.Load() + p.Blank.Load() + p.Partial.Load() + p.Failed.Load() + p.Skipped.Load()
}

// Elapsed is the time since the run began; 0 before.
func (p *Progress) Elapsed() time.Duration {
	if t := p.began.Load(); t != 0 {
		return time.Since(time.Unix(0, t))
	}
	return 0
}

// PagesPerSecond is the mean speed of the run.
func (p *Progress) PagesPerSecond() float64 {
	if s := p.Elapsed().Seconds(); s > 0 {
		return float64(p.Pages.Load()) / s
	}
	return 0
}

// Left estimates the time to the end: documents not yet opened are taken to be
// as long as those opened so far. 0 if unknown.
func (p *Progress) Left() time.Duration {
	read, known, docs := p.Pages.Load(), p.openedPages.Load(), p.opened.Load()
	if read == 0 || docs == 0 {
		return 0
	}
	unopened := max(0, p.Total.Load()-p.Over()-p.open.Load())
	left := float64(known-read) + float64(unopened)*float64(known)/float64(docs)
	return time.Duration(float64(p.Elapsed()) / float64(read) * max(0, left))
}

// Summary is what came of a run. It is written as JSON with --summary; fields
// are only ever added.
type Summary struct {
	Type        string              `json:"type"` // "summary"
	Start       time.Time           `json:"start"`
	Seconds     float64             `json:"seconds"`
	Documents   int                 `json:"documents"` // found, of this part
	Done        int                 `json:"done"`      // read now, whole
	Blank       int                 `json:"blank"`     // read now, and nothing is on them
	Partial     int                 `json:"partial"`   // some pages unread, now or before
	Failed      int                 `json:"failed"`    // not read, now or before
	Skipped     int                 `json:"skipped"`   // nothing to do
	Ignored     int                 `json:"ignored"`   // files that are no documents, and hidden ones
	Retryable   int                 `json:"retryable"` // of failed and partial: another run may do better
	Pages       int                 `json:"pages"`     // of documents worked on now
	FailedPages int                 `json:"failed_pages"`
	BlankPages  int                 `json:"blank_pages"` // on which nothing was read
	PagesPerSec float64             `json:"pages_per_second"`
	Classes     map[fault.Class]int `json:"classes"`    // of failed and partial documents
	Confidence  float64             `json:"confidence"` // mean over pages
	Slowest     []Brief             `json:"slowest"`    // per document, at most ten
	Least       []Brief             `json:"least_confident"`
	Todo        map[Reason]int      `json:"todo,omitempty"`  // dry run: why documents would be done
	Complete    bool                `json:"complete"`        // false: the run was stopped
	Error       string              `json:"error,omitempty"` // why

	confident float64 // sum over pages
}

// Brief is one document in a Summary.
type Brief struct {
	Path       Name    `json:"path"`
	Pages      int     `json:"pages"`
	Seconds    float64 `json:"seconds"`
	Confidence float64 `json:"confidence"`
}

// briefs is how many documents a summary names of each kind.
const briefs = 10

func (s *Summary) start() {
	s.Type, s.Start = "summary", time.Now().UTC()
	s.Classes, s.Todo = map[fault.Class]int{}, map[Reason]int{}
	s.Slowest, s.Least = []Brief{}, []Brief{}
}

func (s *Summary) finish(err error) {
	s.Seconds = time.Since(s.Start).Round(time.Millisecond).Seconds()
	if s.Seconds > 0 {
		s.PagesPerSec = float64(s.Pages) / s.Seconds
	}
	if good := s.Pages - s.FailedPages; good > 0 {
		s.Confidence = s.confident / float64(good)
	}
	s.Complete = err == nil
	if err != nil {
		s.Error = err.Error()
	}
}

// skip counts a document that is left alone.
func (s *Summary) skip(row *Row, reason Reason) {
	switch {
	case !reason.Skipped():
		s.Todo[reason]++
	case reason == ReasonFailed && row != nil:
		s.failure(row)
	default:
		s.Skipped++
	}
}

func (s *Summary) failure(r *Row) {
	if r.State == Partial {
		s.Partial++
	} else {
		s.Failed++
	}
	s.Classes[r.Class]++
	if r.Retryable {
		s.Retryable++
	}
}

// add counts a document that was worked on.
func (s *Summary) add(r *Row) {
	switch r.State {
	case Done:
		s.Done++
	case Blank:
		s.Blank++
	default:
		s.failure(r)
	}
	if r.State == Failed {
		return
	}
	s.Pages += r.Pages
	s.FailedPages += r.FailedPages
	s.BlankPages += len(r.Blank)
	s.confident += r.Confidence * float64(r.Pages-r.FailedPages)
	b := Brief{r.Path, r.Pages, r.Seconds, r.Confidence}
	s.Slowest = keep(s.Slowest, b, func(a, b Brief) int { return cmp.Compare(b.Seconds, a.Seconds) })
	s.Least = keep(s.Least, b, func(a, b Brief) int { return cmp.Compare(a.Confidence, b.Confidence) })
}

// keep inserts b into a short sorted list. Equals stay in the order of their
// paths.
func keep(list []Brief, b Brief, order func(a, b Brief) int) []Brief {
	byPath := func(a, b Brief) int { return cmp.Or(order(a, b), cmp.Compare(a.Path, b.Path)) }
	if len(list) == briefs && byPath(list[briefs-1], b) <= 0 {
		return list
	}
	i, _ := slices.BinarySearchFunc(list, b, byPath)
	list = slices.Insert(list, i, b)
	return list[:min(len(list), briefs)]
}
