package restore

import (
	"maps"
	"runtime"
	"slices"

	"github.com/congvan-cli/congvan/pkg/internal/text/channel"
)

// A document goes block by block, since each is restored by what those before it
// taught. A text longer than documents are is restored in stretches, so that all
// cores can work: each is a document of its own that knows what the first one taught
// of the source, the reader and the author, and by a run-in what its neighbourhood
// is about. The memory of words reaches no further back: a word's count has shrunk to a
// quarter after the run-in (see ngram.Recent). Stretches begin at the same places
// whatever the number of cores, and so do not depend on it.
const (
	firstStretch = 256 << 10 // bytes
	stretchSize  = 256 << 10
	runIn        = 8 << 10 // before a stretch, restored with it and not given out

	handful  = 8 << 10 // bytes of blocks that are passed on together
	onTheWay = 64      // handfuls that wait for a stretch, or for its turn to leave
)

// stretch is a part of a long text on its way.
type stretch struct {
	in   chan []piece
	out  chan batch
	done <-chan struct{} // nobody waits for it any more
}

// batch is blocks that may leave, and the error that ended them.
type batch struct {
	blocks []restored
	err    error
}

// stretches restores the rest of a text of which d is the beginning.
func (d *Document) stretches(rd *blockReader, out *outlet) {
	done := make(chan struct{})
	defer close(done)
	jobs := d.r.opt.Jobs
	if jobs < 1 {
		jobs = runtime.GOMAXPROCS(0)
	}
	queue := make(chan *stretch, jobs) // one that is done early waits here, and no core for it
	go d.deal(rd, queue, done, jobs)
	for s := range queue {
		for b := range s.out {
			if !out.put(b.blocks, b.err) {
				return
			}
		}
	}
}

// deal reads a text and deals it out to stretches, as many at a time as there are jobs.
func (d *Document) deal(rd *blockReader, queue chan<- *stretch, done <-chan struct{}, jobs int) {
	defer close(queue)
	slots := make(chan struct{}, jobs)
	for more := true; more; {
		select {
		case slots <- struct{}{}:
		case <-done:
			return
		}
		s := &stretch{make(chan []piece, onTheWay), make(chan batch, onTheWay), done}
		select {
		case queue <- s:
		case <-done:
			return
		}
		before := slices.Clone(rd.latest)
		go func() {
			s.restore(held{doc: d.later()}, before)
			<-slots
		}()
		more = s.fill(rd)
	}
}

// fill gives a stretch its blocks. It reports whether there are more.
func (s *stretch) fill(rd *blockReader) bool {
	defer close(s.in)
	var hand []piece
	size := 0
	for end := rd.size + stretchSize; rd.size < end; {
		p := rd.next()
		hand = append(hand, p)
		if size += len(p.raw); size < handful && rd.rd.Buffered() > 0 && p.err == nil && rd.size < end {
			continue
		}
		select {
		case s.in <- hand:
		case <-s.done:
			return false
		}
		if p.err != nil {
			return false
		}
		hand, size = nil, 0
	}
	return true
}

// restore restores a stretch, of which h knows what the first one taught.
func (s *stretch) restore(h held, before []piece) {
	defer close(s.out)
	for _, p := range before {
		for _, p := range h.doc.divide(p) {
			block, _ := p.cut()
			h.doc.Block(block)
		}
	}
	var b batch
	for hand := range s.in {
		for _, p := range hand {
			for _, p := range h.doc.divide(p) {
				b.blocks = append(b.blocks, h.add(p)...)
				b.err = p.err
			}
		}
		if !s.leave(b) {
			return
		}
		b = batch{}
	}
	s.leave(batch{blocks: h.release()})
}

// leave passes blocks on. It reports whether someone waits for them.
func (s *stretch) leave(b batch) bool {
	select {
	case s.out <- b:
		return true
	case <-s.done:
		return false
	}
}

// later starts a later stretch of the text. Learning ends with the first one if that
// was garbled, so that all have the same channels.
func (d *Document) later() *Document {
	next := *d
	next.evidence, next.race, next.abbrs = maps.Clone(d.evidence), d.race.clone(), d.abbrs.clone()
	next.recent = d.r.model.NewRecent()
	next.lessons, next.enough = channel.Lessons{}, d.settled
	return &next
}

// keepRunIn keeps what may be the run-in of a stretch.
func (b *blockReader) keepRunIn(p piece) {
	b.latest, b.kept = append(b.latest, p), b.kept+len(p.raw)
	for b.kept-len(b.latest[0].raw) >= runIn {
		b.kept -= len(b.latest[0].raw)
		b.latest = b.latest[1:]
	}
}
