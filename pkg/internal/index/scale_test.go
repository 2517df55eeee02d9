//go:build unix

package index

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

var (
	scalePages = flag.Int("pages", 0, "pages of the index that TestScale makes; 0 skips it")
	scaleText  = flag.String("text", "", "text that TestScale fills them with, a paragraph a line")
	scaleDir   = flag.String("dir", "", "where TestScale keeps the JSON outputs; empty is a passing folder")
)

// TestScale prints how long an index of many pages takes, how large it is, and how
// long questions take. It runs where it is asked for, by make bench.
func TestScale(t *testing.T) {
	if *scalePages == 0 {
		t.Skip("SKIPPED: -args -pages N -text FILE")
	}
	dir := *scaleDir
	if dir == "" {
		dir = t.TempDir()
	}
	words := scaleOutputs(t, dir)
	path := filepath.Join(t.TempDir(), Name)
	x, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	start, work := time.Now(), cpu()
	c, err := x.Update(t.Context(), []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	took, spent := time.Since(start), cpu()-work
	var text int64
	if err := x.db.QueryRow(`SELECT count(*) FROM pages`).Scan(&c.Pages); err != nil {
		t.Fatal(err)
	}
	rows, _ := x.db.Query(`SELECT text FROM pages`)
	for rows.Next() {
		var b []byte
		rows.Scan(&b)
		s, _ := inflate(b)
		text += int64(len(s))
	}
	x.Close()
	st, _ := os.Stat(path)
	fmt.Printf("%d pages, %d MB of text: %.0f s, %.0f s of processors, %.2f bytes a byte of text\n", c.Pages, text>>20, took.Seconds(), spent.Seconds(), float64(st.Size())/float64(text))
	start = time.Now()
	x, _ = Create(path)
	x.Update(t.Context(), []string{dir}, nil)
	x.Close()
	fmt.Printf("again, nothing new: %.1f s\n", time.Since(start).Seconds())
	x, err = Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	scaleSearch(t, x, words)
}

// cpu is the time that this process has had of processors.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// scaleOutputs writes JSON outputs of letters of one to four pages, unless they are
// there, and returns some of their words.
func scaleOutputs(t *testing.T, dir string) (words []string) {
	f, err := os.Open(*scaleText)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	there, _ := os.ReadDir(dir)
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	r := rand.New(rand.NewPCG(1, 2))
	next := func() string {
		if !in.Scan() {
			f.Seek(0, 0)
			in = bufio.NewScanner(f)
			in.Buffer(nil, 1<<20)
			in.Scan()
		}
		return in.Text()
	}
	issuers := []string{"SỞ XÂY DỰNG", "ỦY BAN NHÂN DÂN TỈNH BÌNH SƠN", "TRƯỜNG ĐẠI HỌC LÂM GIANG", "CỤC THUẾ"}
	for doc, pages := 0, 0; pages < *scalePages; doc++ {
		day := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(9000))
		issuer := issuers[r.IntN(len(issuers))]
		file := output.File{Schema: output.SchemaName, Version: output.SchemaVersion, Generator: "congvan", Source: output.Source{Path: fmt.Sprintf("scans/%06d.pdf", doc), SHA256: strings.Repeat("0", 64)}}
		file.Letter = &letter.Letter{Issuer: issuer, Number: fmt.Sprintf("%d/QĐ-UBND", r.IntN(3000)), Date: day.Format(time.DateOnly), Type: "Quyết định", Subject: next(), Signature: letter.Signature{Signer: "Nguyễn Văn Thịnh"}}
		for n := range 1 + r.IntN(4) {
			p := output.FilePage{Number: n + 1, Width: 2480, Height: 3508, DPI: 300}
			for count := 0; count < 380; {
				l := output.FileLine{Block: 1, Paragraph: 1}
				for _, w := range strings.Fields(next()) {
					l.Words = append(l.Words, output.FileWord{Box: output.Box{100 * count, 200, 300, 400}, Text: w, Confidence: 0.9987})
					if count++; len(l.Words) == 14 {
						p.Lines = append(p.Lines, l)
						l = output.FileLine{Block: 1, Paragraph: 1}
					}
					if r.IntN(5000) == 0 {
						words = append(words, w)
					}
				}
				p.Lines = append(p.Lines, l)
			}
			file.Pages = append(file.Pages, p)
			pages++
		}
		if len(there) > 0 {
			continue
		}
		path := filepath.Join(dir, fmt.Sprintf("%03d", doc/1000), fmt.Sprintf("%06d.json", doc))
		os.MkdirAll(filepath.Dir(path), 0o777)
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Encode(out); err != nil {
			t.Fatal(err)
		}
		out.Close()
	}
	return words
}

// scaleSearch asks for one to three words of the text, for phrases, and by the card.
func scaleSearch(t *testing.T, x *Index, words []string) {
	r := rand.New(rand.NewPCG(3, 4))
	word := func() string { return words[r.IntN(len(words))] }
	var took []time.Duration
	begun := cpu()
	slowest := ""
	for i := range 400 {
		q := Query{Words: word()}
		if i%4 > 0 {
			q.Words += " " + word()
		}
		if i%4 > 1 {
			q.Words = fold(q.Words)
		}
		if i%4 > 2 {
			q.Issuer, q.From, q.To = "so xay dung", "2010", "2015-06"
		}
		if i%40 == 39 {
			q = Query{Number: fmt.Sprint(r.IntN(3000))}
		}
		start := time.Now()
		if _, err := x.Search(context.Background(), q); err != nil {
			continue
		}
		d := time.Since(start)
		if len(took) == 0 || d > slices.Max(took) {
			b, _ := json.Marshal(q)
			slowest = string(b)
		}
		took = append(took, d)
	}
	slices.Sort(took)
	fmt.Printf("%d questions: median %v, 95 %% %v, slowest %v %s; mean of processors %v\n",
		len(took), took[len(took)/2], took[len(took)*95/100], took[len(took)-1], slowest, (cpu()-begun)/time.Duration(len(took)))
}
