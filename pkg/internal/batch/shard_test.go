package batch

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseShard(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Shard // zero: an error
	}{
		{"0/4", Shard{0, 4}},
		{"3/4", Shard{3, 4}},
		{"4/4", Shard{0, 4}}, // who counts from 1
		{"1/1", Shard{0, 1}},
		{"5/4", Shard{}},
		{"-1/4", Shard{}},
		{"1/0", Shard{}},
		{"1", Shard{}},
		{"1/4/2", Shard{}},
		{"a/b", Shard{}},
	} {
		got, err := ParseShard(tt.text)
		if got != tt.want || (err == nil) != (tt.want.Count > 0) {
			t.Errorf("%q: %v, %v", tt.text, got, err)
		}
	}
}

// Array jobs tell their part in the environment, each in its own way.
func TestShardFromEnv(t *testing.T) {
	for _, tt := range []struct {
		env  string
		n    int
		want string // "" means an error
	}{
		{"JOB_COMPLETION_INDEX=0", 4, "0/4"},
		{"JOB_COMPLETION_INDEX=3", 4, "3/4"},
		{"JOB_COMPLETION_INDEX=4", 4, ""}, // more pods than parts
		{"JOB_COMPLETION_INDEX=1", 0, ""}, // Kubernetes does not tell how many
		{"JOB_COMPLETION_INDEX=x", 4, ""},
		{"AWS_BATCH_JOB_ARRAY_INDEX=2", 10, "2/10"},
		{"AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=5", 0, "2/5"},
		{"SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=4", 0, "2/4"},
		{"SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=4", 4, "2/4"},
		{"SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_COUNT=4", 0, "0/4"},
		{"SLURM_ARRAY_TASK_ID=20 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=30 SLURM_ARRAY_TASK_STEP=10 SLURM_ARRAY_TASK_COUNT=4", 0, "2/4"},
		{"SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=3", 0, ""},    // --array=1,3,7
		{"SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=7 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=1", 8, "7/8"}, // task 7 once more
		{"SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=8", 4, ""},
		{"SLURM_ARRAY_TASK_ID=7", 0, ""},
		{"", 4, ""},
	} {
		env := map[string]string{}
		for _, kv := range strings.Fields(tt.env) {
			k, v, _ := strings.Cut(kv, "=")
			env[k] = v
		}
		got, err := ShardFromEnv(func(k string) string { return env[k] }, tt.n)
		if err == nil && got.String() != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("%s, %d: %v, %v; want %q", tt.env, tt.n, got, err, tt.want)
		}
	}
}

func corpus(n int) []file {
	files := make([]file, n)
	for i := range files {
		files[i].rel = fmt.Sprintf("%d/phong %d/van ban so %d.pdf", 2000+i%20, i%7, i)
	}
	return files
}

// parts returns the part of each document.
func parts(t *testing.T, files []file, n int) map[string]int {
	t.Helper()
	got := map[string]int{}
	for k := range n {
		for _, i := range (Shard{k, n}).pick(files) {
			if was, ok := got[files[i].rel]; ok {
				t.Fatalf("%s is in parts %d and %d", files[i].rel, was, k)
			}
			got[files[i].rel] = k
		}
	}
	if len(got) != len(files) {
		t.Fatalf("%d of %d documents are in a part", len(got), len(files))
	}
	return got
}

// Every document is in one part, parts are even to 5 %, and documents that come
// or go move few others.
func TestShards(t *testing.T) {
	counts := []int{2, 3, 4, 7, 10, 16, 32, 64}
	if testing.Short() {
		counts = []int{4, 7}
	}
	for _, n := range counts {
		files := corpus(10_000)
		before := parts(t, files, n)
		load := make([]int, n)
		for _, k := range before {
			load[k]++
		}
		for k, l := range load {
			if off := float64(l)*float64(n)/10_000 - 1; off > 0.05 || off < -0.05 {
				t.Errorf("%d parts: part %d is %+.1f %% off", n, k, 100*off)
			}
		}
		moved := 0
		after := parts(t, append(corpus(10_000)[100:], corpus(10_100)[10_000:]...), n) // 1 % go, 1 % come
		for rel, k := range after {
			if was, ok := before[rel]; ok && was != k {
				moved++
			}
		}
		t.Logf("%d parts: %d of 9,900 moved", n, moved)
		if moved > 300 {
			t.Errorf("%d parts: %d of 9,900 moved", n, moved)
		}
	}
}

// All parts together do what one run does, and a later run, cut into other
// parts or not at all, finds it done.
func TestParts(t *testing.T) {
	b := newTestRun(t, sixty())
	old(t, b.in)
	done := 0
	for k := range 4 {
		b.cfg.Shard = Shard{k, 4}
		s, _ := b.must()
		done += s.Done
	}
	if done != 52 || len(contents(t, b.out)) != 112 {
		t.Errorf("%d done, %d outputs", done, len(contents(t, b.out)))
	}
	for _, s := range []Shard{{}, {2, 3}} {
		b.cfg.Shard = s
		if s, _ := b.must(); s.Done != 0 {
			t.Errorf("%v: %+v", b.cfg.Shard, s)
		}
	}
}
