package batch

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Shard is one of Count parts of the inputs. The zero Shard is all of them.
type Shard struct {
	Index int // from 0
	Count int // 0 or 1 means all
}

// String returns "index/count".
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Count) }

func (s Shard) all() bool { return s.Count <= 1 }

// ParseShard reads "i/n". Both 0/n … n-1/n and 1/n … n/n name all n parts: n/n
// is 0/n, so counting from 0 and counting from 1 both cover the inputs.
func ParseShard(text string) (Shard, error) {
	is, ns, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(is)
	n, err2 := strconv.Atoi(ns)
	if !ok || err1 != nil || err2 != nil || n < 1 || i < 0 || i > n {
		return Shard{}, fmt.Errorf("%q is not a shard: i/n is wanted, with i from 0 to n", text)
	}
	return Shard{i % n, n}, nil
}

// ShardFromEnv finds this process's part from the variables that array jobs set:
// JOB_COMPLETION_INDEX (Kubernetes), SLURM_ARRAY_TASK_ID, and
// AWS_BATCH_JOB_ARRAY_INDEX. n is the number of parts; 0 takes it from the array
// itself, which Kubernetes does not tell.
//
// Kubernetes and AWS count from 0. Slurm users number their tasks as they like:
// the part is ID/STEP mod n, so that 0-3, 1-4 and 4-7 all cover four parts and a
// task that is submitted again alone, with its old ID, gets its old part.
func ShardFromEnv(getenv func(string) string, n int) (Shard, error) {
	e := env{getenv: getenv}
	switch {
	case getenv("JOB_COMPLETION_INDEX") != "":
		return e.indexed("JOB_COMPLETION_INDEX", n)
	case getenv("AWS_BATCH_JOB_ARRAY_INDEX") != "":
		if n == 0 {
			n = e.num("AWS_BATCH_JOB_ARRAY_SIZE", 0)
		}
		return e.indexed("AWS_BATCH_JOB_ARRAY_INDEX", n)
	case getenv("SLURM_ARRAY_TASK_ID") != "":
		return e.slurm(n)
	}
	return Shard{}, errors.New("no array job: none of JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID and AWS_BATCH_JOB_ARRAY_INDEX is set")
}

type env struct {
	getenv func(string) string
	err    error
}

// num reads a whole number from the environment.
func (e *env) num(name string, missing int) int {
	s := e.getenv(name)
	if s == "" {
		return missing
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		e.err = cmp.Or(e.err, fmt.Errorf("%s=%q is not a number from 0 up", name, s))
	}
	return n
}

func (e *env) indexed(name string, n int) (Shard, error) {
	i := e.num(name, 0)
	switch {
	case e.err != nil:
		return Shard{}, e.err
	case n == 0:
		return Shard{}, fmt.Errorf("the number of shards is not in the environment: give it with --shards")
	case i >= n:
		return Shard{}, fmt.Errorf("%s=%d, but there are %d shards", name, i, n)
	}
	return Shard{i, n}, nil
}

func (e *env) slurm(n int) (Shard, error) {
	id := e.num("SLURM_ARRAY_TASK_ID", 0)
	count := e.num("SLURM_ARRAY_TASK_COUNT", 0)
	step := max(e.num("SLURM_ARRAY_TASK_STEP", 1), 1)
	lo := e.num("SLURM_ARRAY_TASK_MIN", id)
	hi := e.num("SLURM_ARRAY_TASK_MAX", lo+max(count-1, 0)*step)
	switch {
	case e.err != nil:
		return Shard{}, e.err
	case n == 0 && count == 0:
		return Shard{}, errors.New("SLURM_ARRAY_TASK_COUNT is not set: give the number of shards with --shards")
	case n == 0 && hi-lo != (count-1)*step:
		return Shard{}, errors.New("the Slurm array has gaps: give the number of shards with --shards")
	case n != 0 && count > n:
		return Shard{}, fmt.Errorf("the Slurm array has %d tasks, but there are %d shards", count, n)
	case n == 0:
		n = count
	}
	return Shard{id / step % n, n}, nil
}

// pick returns the indexes of the documents of one part. Every part picks from
// the same full list without asking the others.
//
// The hash of its path orders the parts for each document by preference, and a
// part that has its even share is passed over (consistent hashing with bounded
// loads, Mirrokni, Thorup and Zadimoghaddam 2016). So parts differ by one
// document at most, where hashing alone makes the largest of 16 parts of 10,000
// documents 9 % too large; and documents that come or go move few others: 1 %
// gone and 1 % come moved 0.7 % of 10,000 documents in 64 parts, where dealing
// them out in turn moves nearly all.
// Paths are compared below the root and in NFC, so that the same tree mounted
// elsewhere, or copied from a Mac, is cut the same way.
func (s Shard) pick(files []file) []int {
	if s.all() {
		all := make([]int, len(files))
		for i := range all {
			all[i] = i
		}
		return all
	}
	type hashed struct {
		sum uint64
		i   int
	}
	order := make([]hashed, len(files))
	for i := range files {
		order[i] = hashed{pathHash(norm.NFC.String(files[i].rel)), i}
	}
	slices.SortFunc(order, func(a, b hashed) int {
		return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.i, b.i))
	})
	even, rest := len(files)/s.Count, len(files)%s.Count
	full := func(k, load int) bool { return load > even || load == even && k >= rest }
	load := make([]int, s.Count)
	var ours []int
	for _, d := range order {
		h := d.sum
		k := int(h % uint64(s.Count))
		for full(k, load[k]) {
			h = mix(h)
			k = int(h % uint64(s.Count))
		}
		load[k]++
		if k == s.Index {
			ours = append(ours, d.i)
		}
	}
	slices.Sort(ours)
	return ours
}

func pathHash(s string) uint64 {
	sum := sha256.Sum256([]byte(s))
	return binary.LittleEndian.Uint64(sum[:])
}

// mix is the step of splitmix64: a fixed walk without short cycles.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
