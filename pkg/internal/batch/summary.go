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
	at          atomic.Pointer[Place]
}

func (p *Progress) start() { p.began.Store(time.Now().UnixNano()) }

// count counts a document n times: 1, or -1 to take it back.
func (p *Progress) count(o outcome, n int64) {
	switch {
	case o.left && !o.failed():
		p.Skipped.Add(n)
	case o.row.State == Done:
		p.Done.Add(n)
	case o.row.State == Blank:
		p.Blank.Add(n)
	case o.row.State == Partial && !o.left:
		p.Partial.Add(n)
	case o.row.State == Failed:
		p.Failed.Add(n)
	default: // with pages missing since an earlier run
		p.Skipped.Add(n)
	}
}

// outcome is what became of a document in this run.
type outcome struct {
	row    *Row // in the journal; nil if there is none
	reason Reason
	left   bool // it was left alone, for that reason
}

// failed tells whether it was left alone because it failed before.
func (o outcome) failed() bool { return o.reason == ReasonFailed && o.row != nil }

// small is o without what is not counted: a watch remembers it of every document.
func (o outcome) small() outcome {
	if o.left && !o.failed() {
		o.row = nil
		return o
	}
	r := *o.row
	r.Outputs, r.Notes, r.Error, r.Hint = nil, nil, "", ""
	o.row = &r
	return o
}

// Place is a page that was worked on.
type Place struct {
	Path        Name
	Page, Pages int // the first is 1
}

// At is the page that was worked on last; nil at first.
func (p *Progress) At() *Place { return p.at.Load() }

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

// Documents not yet opened are taken to be as long as those opened so far, of which a
// few short ones are taken for granted: else a long one at the start would count a
// hundredfold.
const grantedDocuments, grantedPages = 3, 6

// Left estimates the time to the end; 0 if unknown.
func (p *Progress) Left() time.Duration {
	read, known, docs := p.Pages.Load(), p.openedPages.Load(), p.opened.Load()
	if read == 0 || docs == 0 {
		return 0
	}
	unopened := max(0, p.Total.Load()-p.Over()-p.open.Load())
	left := float64(known-read) + float64(unopened)*float64(known+grantedPages)/float64(docs+grantedDocuments)
	return time.Duration(float64(p.Elapsed()) / float64(read) * max(0, left))
}

// Summary is what came of a run. It is written as JSON with --summary; fields
// are only ever added.
type Summary struct {
	Type        string              `json:"type"` // "summary"
	Start       time.Time           `json:"start"`
	Seconds     float64             `json:"seconds"`
	Documents   int                 `json:"documents"`  // found, of this part
	Done        int                 `json:"done"`       // read now, whole
	Blank       int                 `json:"blank"`      // read now, and nothing is on them
	Partial     int                 `json:"partial"`    // some pages unread, now or before
	Failed      int                 `json:"failed"`     // not read, now or before
	Skipped     int                 `json:"skipped"`    // nothing to do
	Ignored     int                 `json:"ignored"`    // files that are no documents, and hidden ones
	IgnoredAs   map[string]int      `json:"ignored_as"` // these by the endings of their names, or KindHidden or KindPlain
	Retryable   int                 `json:"retryable"`  // of failed and partial: another run may do better
	Pages       int                 `json:"pages"`      // of documents worked on now
	FailedPages int                 `json:"failed_pages"`
	BlankPages  int                 `json:"blank_pages"` // on which nothing was read
	LeftOut     int                 `json:"left_out"`    // words that were read now and taken for noise
	PagesPerSec float64             `json:"pages_per_second"`
	Classes     map[fault.Class]int `json:"classes"`    // of failed and partial documents
	Confidence  float64             `json:"confidence"` // mean over pages
	Slowest     []Brief             `json:"slowest"`    // per document, at most ten
	Least       []Brief             `json:"least_confident"`
	Blanks      []Brief             `json:"blank_documents"` // at most ten of those on which nothing was read
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
	s.Slowest, s.Least, s.Blanks, s.IgnoredAs = []Brief{}, []Brief{}, []Brief{}, map[string]int{}
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

// count counts a document n times: 1, or -1 to take it back.
func (s *Summary) count(o outcome, n int) {
	switch {
	case o.left && !o.reason.Skipped():
		s.Todo[o.reason] += n
	case o.failed():
		s.failure(o.row, n)
	case o.left:
		s.Skipped += n
	default:
		s.document(o.row, n)
	}
}

func (s *Summary) failure(r *Row, n int) {
	if r.State == Partial {
		s.Partial += n
	} else {
		s.Failed += n
	}
	if s.Classes[r.Class] += n; s.Classes[r.Class] == 0 {
		delete(s.Classes, r.Class)
	}
	if r.Retryable {
		s.Retryable += n
	}
}

// document counts a document that was worked on.
func (s *Summary) document(r *Row, n int) {
	switch r.State {
	case Done:
		s.Done += n
	case Blank:
		s.Blank += n
	default:
		s.failure(r, n)
	}
	if r.State == Failed {
		return
	}
	s.Pages += n * r.Pages
	s.FailedPages += n * r.FailedPages
	s.BlankPages += n * len(r.Blank)
	s.LeftOut += n * r.LeftOut
	s.confident += float64(n) * r.Confidence * float64(r.Pages-r.FailedPages)
	b := Brief{r.Path, r.Pages, r.Seconds, r.Confidence}
	for _, l := range []struct {
		list  *[]Brief
		order func(a, b Brief) int
		of    bool
	}{
		{&s.Slowest, func(a, b Brief) int { return cmp.Compare(b.Seconds, a.Seconds) }, true},
		{&s.Least, func(a, b Brief) int { return cmp.Compare(a.Confidence, b.Confidence) }, r.State != Blank},
		{&s.Blanks, func(Brief, Brief) int { return 0 }, r.State == Blank},
	} {
		switch {
		case !l.of:
		case n < 0:
			*l.list = slices.DeleteFunc(*l.list, func(old Brief) bool { return old == b })
		default:
			*l.list = keep(*l.list, b, l.order)
		}
	}
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
