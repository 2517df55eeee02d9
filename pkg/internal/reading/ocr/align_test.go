package ocr

import (
	"image"
	"reflect"
	"strings"
	"testing"
)

// lineOf makes a line at height y out of words "text@from-to".
func lineOf(y, h int, words ...string) Line {
	var l Line
	for _, s := range words {
		text, at, _ := strings.Cut(s, "@")
		var x0, x1 int
		for i, f := range strings.Split(at, "-") {
			n := 0
			for _, c := range f {
				n = 10*n + int(c-'0')
			}
			if i == 0 {
				x0 = n
			} else {
				x1 = n
			}
		}
		w := Word{Read: text, Text: text, Box: image.Rect(x0, y, x1, y+h)}
		l.Words = append(l.Words, w)
		l.Box = l.Box.Union(w.Box)
	}
	return l
}

func texts(ws []Word) string {
	var s []string
	for _, w := range ws {
		s = append(s, w.Text)
	}
	return strings.Join(s, " ")
}

func TestAlign(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b []Line
		want [][]string // "A|B" a match
		only []string
	}{
		{"word by word",
			[]Line{lineOf(0, 20, "của@0-30", "Bộ@40-60")},
			[]Line{lineOf(1, 20, "cia@1-31", "B6@39-61")},
			[][]string{{"của|cia", "Bộ|B6"}}, nil},
		{"two words run into one, one word broken in two",
			[]Line{lineOf(0, 20, "Với@0-30", "những@34-80", "nghiệp@100-150")},
			[]Line{lineOf(0, 20, "V6inhirng@0-80", "ngh@100-122", "iép@126-150")},
			[][]string{{"Với những|V6inhirng", "nghiệp|ngh iép"}}, nil},
		{"the corner of a word of another line",
			[]Line{lineOf(0, 20, "của@0-30")},
			[]Line{lineOf(12, 20, "tỉnh@26-56")},
			[][]string{{"của|"}}, []string{"tỉnh"}},
		{"far to the right, though as high",
			[]Line{lineOf(0, 20, "của@0-30")},
			[]Line{lineOf(0, 20, "tỉnh@200-240")},
			[][]string{{"của|"}}, []string{"tỉnh"}},
		{"neighbours whose boxes touch",
			[]Line{lineOf(0, 20, "của@0-30", "Bộ@36-60")},
			[]Line{lineOf(0, 20, "cia@0-38", "B6@38-60")},
			[][]string{{"của|cia", "Bộ|B6"}}, nil},
		{"the head read as one line and as two columns",
			[]Line{lineOf(0, 20, "UBND@0-60", "Độc@300-340", "lập@350-390")},
			[]Line{lineOf(0, 20, "UBND@0-60"), lineOf(2, 20, "Ðộc@300-340", "lap@350-390")},
			[][]string{{"UBND|UBND", "Độc|Ðộc", "lập|lap"}}, nil},
		{"and the other way round",
			[]Line{lineOf(0, 20, "UBND@0-60"), lineOf(2, 20, "Độc@300-340")},
			[]Line{lineOf(0, 20, "UBND@0-60", "Doc@300-340")},
			[][]string{{"UBND|UBND"}, {"Độc|Doc"}}, nil},
		{"each sees what the other does not",
			[]Line{lineOf(0, 20, "số@0-30", "5@40-50")},
			[]Line{lineOf(0, 20, "s6@0-30", "x@90-99"), lineOf(400, 20, "3@0-9")},
			[][]string{{"số|s6", "5|", "|x"}}, []string{"3"}},
		{"lines of a skewed page overlap in height",
			[]Line{
				{Box: image.Rect(0, 0, 400, 45), Words: []Word{{Text: "a", Box: image.Rect(0, 0, 50, 20)}, {Text: "b", Box: image.Rect(350, 25, 400, 45)}}},
				{Box: image.Rect(0, 30, 400, 75), Words: []Word{{Text: "c", Box: image.Rect(0, 30, 50, 50)}, {Text: "d", Box: image.Rect(350, 55, 400, 75)}}},
			},
			[]Line{lineOf(27, 20, "B@351-399"), lineOf(31, 20, "C@0-49")},
			[][]string{{"a|", "b|B"}, {"c|C", "d|"}}, nil},
	} {
		al := Align(&Page{Lines: tt.a}, &Page{Lines: tt.b})
		var got [][]string
		for _, l := range al.Lines {
			var s []string
			for _, m := range l {
				s = append(s, texts(m.A)+"|"+texts(m.B))
			}
			got = append(got, s)
		}
		var only []string
		for _, l := range al.Only {
			only = append(only, texts(l.Words))
		}
		if !reflect.DeepEqual(got, tt.want) || !reflect.DeepEqual(only, tt.only) {
			t.Errorf("%s:\n got %q, only %q\nwant %q, only %q", tt.name, got, only, tt.want, tt.only)
		}
	}
}

// No word is lost and none doubled, whatever the boxes.
func FuzzAlign(f *testing.F) {
	f.Add([]byte{1, 0, 0, 9, 9, 2, 3, 3, 8, 8, 0, 5, 5, 6, 6})
	f.Fuzz(func(t *testing.T, data []byte) {
		var pages [2]Page
		n := [2]int{}
		for ; len(data) >= 5; data = data[5:] {
			k := int(data[0] & 1)
			w := Word{Text: "w", Box: image.Rect(int(data[1]), int(data[2]), int(data[3]), int(data[4]))}
			p := &pages[k]
			if len(p.Lines) == 0 || data[0]&2 != 0 {
				p.Lines = append(p.Lines, Line{})
			}
			l := &p.Lines[len(p.Lines)-1]
			l.Words = append(l.Words, w)
			l.Box = l.Box.Union(w.Box)
			n[k]++
		}
		al := Align(&pages[0], &pages[1])
		var a, b int
		for _, l := range al.Lines {
			for _, m := range l {
				if len(m.A)+len(m.B) == 0 {
					t.Fatal("an empty match")
				}
				a, b = a+len(m.A), b+len(m.B)
			}
		}
		for _, l := range al.Only {
			b += len(l.Words)
		}
		if a != n[0] || b != n[1] {
			t.Fatalf("%d and %d words out of %d and %d", a, b, n[0], n[1])
		}
	})
}
