//go:build !race

package batch

// raceOn tells that the race detector is on: it is slow and needs memory.
const raceOn = false
