// Mutate asks the tests whether they notice when a line of the program is
// wrong. It reads a list of mutants, small changes of one line each, builds the
// tests with one of them at a time (go test -overlay; no file is touched), and
// reports those that no test notices. A survivor is either a missing test or a
// line that can go. See DeMillo, Lipton, Sayward: Hints on Test Data Selection
// (1978).
//
//	go run ./pkg/internal/lab/mutate [-run REGEXP] [-jobs N] .ci/mutants
//
// Which test noticed which mutant is kept in a file beside the list, LIST.seen, so
// that the next run asks that test first; without it a run takes hours instead of
// minutes. What it says is never taken on trust.
//
// Exit status: 0 every mutant was noticed, 1 some survived, 2 the list does not
// fit the program: a text that is not there, or a mutant that does not compile.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"sync"
	"time"
)

func main() {
	run := flag.String("run", "", "only mutants whose file or change matches")
	jobs := flag.Int("jobs", 2, "mutants tested at a time")
	list := flag.Bool("list", false, "print the mutants, test none")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: mutate [flags] LIST")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	mutants, err := load(flag.Arg(0), *run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	if *list {
		for _, m := range mutants {
			fmt.Println(m)
		}
		return
	}
	seen := openSeen(flag.Arg(0) + ".seen")
	status := testAll(ctx, mutants, seen, *jobs)
	if err := seen.write(); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
	}
	os.Exit(status)
}

func load(path, pattern string) ([]*mutant, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	only, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	mutants, err := parse(string(data), os.ReadFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var out []*mutant
	for _, m := range mutants {
		if only.MatchString(m.String()) {
			out = append(out, m)
		}
	}
	return out, nil
}

// testAll tests the mutants, prints what became of each, and returns the exit
// status.
func testAll(ctx context.Context, mutants []*mutant, seen *seen, jobs int) int {
	if err := sane(ctx, mutants); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		return 2
	}
	var (
		mu     sync.Mutex
		counts = map[verdict]int{}
		wg     sync.WaitGroup
		todo   = make(chan *mutant)
	)
	for range jobs {
		wg.Go(func() {
			for m := range todo {
				start := time.Now()
				mu.Lock()
				before := seen.by[m.String()]
				mu.Unlock()
				v, detail := m.test(ctx, before)
				mu.Lock()
				counts[v]++
				if v == killed && ctx.Err() == nil {
					seen.by[m.String()] = detail
				}
				fmt.Printf("%-8s %5.1fs  %s\n", v, time.Since(start).Seconds(), m)
				if v == broken {
					fmt.Println(detail)
				}
				mu.Unlock()
			}
		})
	}
	for _, m := range mutants {
		if ctx.Err() == nil {
			todo <- m
		}
	}
	close(todo)
	wg.Wait()
	fmt.Printf("%d mutants: %d noticed, %d survived, %d broken\n", len(mutants), counts[killed], counts[survived], counts[broken])
	switch {
	case ctx.Err() != nil || counts[broken] > 0:
		return 2
	case counts[survived] > 0:
		return 1
	}
	return 0
}
