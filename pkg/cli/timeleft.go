package cli

import (
	"fmt"
	"time"
)

// timeLeft makes of estimates that jump one that does not: it goes down as time goes
// by, and comes nearer to each new estimate the slower, the more time there is left.
type timeLeft struct {
	at   time.Time
	left time.Duration
}

// How long it takes to come near to a new estimate: a share of the time left, within
// bounds.
const (
	leftShare                = 0.2
	leftFastest, leftSlowest = 3 * time.Second, 5 * time.Minute
)

// update takes a new estimate into account; 0 is none.
func (t *timeLeft) update(now time.Time, estimate time.Duration) time.Duration {
	if estimate <= 0 || t.left <= 0 {
		t.at, t.left = now, estimate
		return max(0, estimate)
	}
	passed := now.Sub(t.at)
	t.at, t.left = now, max(0, t.left-passed)
	pace := min(max(time.Duration(leftShare*float64(t.left)), leftFastest), leftSlowest)
	t.left += time.Duration(float64(estimate-t.left) * min(1, float64(passed)/float64(pace)))
	return t.left
}

// roundly is a time as exact as an estimate is.
func roundly(d time.Duration) string {
	switch {
	case d >= 99*time.Minute+30*time.Second:
		d = d.Round(10 * time.Minute)
		return fmt.Sprintf("%d h %02d min", d/time.Hour, d%time.Hour/time.Minute)
	case d >= 10*time.Minute:
		return fmt.Sprintf("%d min", d.Round(time.Minute)/time.Minute)
	case d >= time.Minute:
		d = d.Round(10 * time.Second)
		return fmt.Sprintf("%d min %02d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d s", max(5, d.Round(5*time.Second)/time.Second))
}
