package lm

import (
	"fmt"
	"math"
)

// TrainOptions shape the model made of some counts. The zero value is ready to
// use.
type TrainOptions struct {
	Order   int     // 0 means that of the counts
	MaxSize int     // bytes of the file; 0 means no pruning
	Quant   Quant   // 0 means 8 bits
	Task    float64 // share of pruning that looks at choices between marks only, 0 to 1
	Date    string  // goes into the summary
	Options string  // goes into the summary
	Log     func(format string, args ...any)
}

// What the model of models/ was made with.
var (
	ShippedCount = CountOptions{Order: 5, Vocab: 16384, MinCount: 2, Repeats: 3}
	ShippedTrain = TrainOptions{Order: 5, MaxSize: 35_000_000, Task: 0.95, Quant: Quant{Prob: 5, Backoff: 5}}
)

// Train estimates a model and returns its file.
func (c *Counts) Train(opt TrainOptions) ([]byte, error) {
	if opt.Order == 0 {
		opt.Order = c.Order
	}
	if opt.Order < 2 || opt.Order > c.Order {
		return nil, fmt.Errorf("order %d: the counts are of order %d", opt.Order, c.Order)
	}
	if opt.Quant.Prob == 0 {
		opt.Quant.Prob = 8
	}
	if opt.Quant.Backoff == 0 {
		opt.Quant.Backoff = 8
	}
	if opt.Log == nil {
		opt.Log = func(string, ...any) {}
	}
	pack := func(e *estimate) ([]byte, error) {
		t := e.tree()
		t.summary.Options, t.summary.Date, t.summary.Sources = opt.Options, opt.Date, c.Sources
		return t.pack(opt.Quant)
	}
	full := c.newEstimate(opt.Order, nil)
	if opt.MaxSize == 0 {
		return pack(full)
	}
	p := newPruner(full, opt.Task)
	opt.Log("weighed all n-grams")
	// Find the price of a bit at which the file just fits. Its size falls about
	// like a power of the price, the 0.6th to begin with.
	logPrice, low, high := math.Log(0.2), math.Inf(-1), math.Inf(1)
	slope, lastPrice, lastOver := -0.6, math.NaN(), 0.0
	var best []byte
	for range 12 {
		file, err := pack(c.newEstimate(opt.Order, p.choose(math.Exp(logPrice), opt.Quant)))
		if err != nil {
			return nil, err
		}
		opt.Log("at %.4g nats a bit: %d bytes", math.Exp(logPrice), len(file))
		over := math.Log(float64(len(file)) / float64(opt.MaxSize))
		if over <= 0 {
			high = min(high, logPrice)
			if len(file) > len(best) {
				best = file
			}
			if over > -0.005 {
				break
			}
		} else {
			low = max(low, logPrice)
		}
		if s := (over - lastOver) / (logPrice - lastPrice); s < -0.1 && s > -3 {
			slope = s
		}
		lastPrice, lastOver = logPrice, over
		next := logPrice - (over+0.002)/slope
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		logPrice = next
	}
	if best == nil {
		return nil, fmt.Errorf("no model of at most %d bytes: the vocabulary alone takes more", opt.MaxSize)
	}
	return best, nil
}
