package reading

import (
	"image"
	"strings"

	"github.com/congvan-cli/congvan/pkg/internal/reading/ocr"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// The text layer of a scan is what another reader made of the same page, however
// garbled: a witness for free. What it says where the first reader is sure teaches how
// it garbles: in even lines for odd ones, and the other way round, or a word that was
// surely misread would teach that the layer has it wrong. A layer of the same reader, or
// of a run of congvan, repeats what is known already, errors too, and would only make
// them look sure; it is left out, and so is one that nothing can be learned from.

// layerReaders names its channels, for even lines and for odd ones.
var layerReaders = [2]string{"layer, by odd lines", "layer, by even lines"}

const (
	lessonSure = 0.9  // confidence of words that teach
	leastNews  = 0.01 // share of words that a layer of another reader says otherwise
	fewErrors  = 4    // of the first reader, from which on
	mostEchoed = 0.5  // a layer that repeats this share of them is its own
)

// hear returns a page restored again with a layer as witness; as it was restored if that
// has nothing to say. first is the page as it was read in lang.
func hear(r *restore.Restorer, first, restored, layer *ocr.Page, lang string) *ocr.Page {
	if layer.Turn != first.Turn {
		return restored
	}
	layer = layer.Resize(first.Size)
	said := pairs(ocr.Align(restored, layer).Lines)
	if !brings(said) {
		return restored
	}
	taught := r.Taught(layerReaders, lessons(said))
	if taught == nil {
		return restored
	}
	heard := ocr.Align(first, layer).Lines
	keepWhole(heard, restored)
	return correctHearing(taught, first, lang, heard, layerReaders)
}

// pair is a word, and what stands in its place in a layer.
type pair struct {
	word, layer ocr.Word
	line        int
}

// pairs are the words of a page, letters alone, that stand for one of a layer.
func pairs(lines [][]ocr.Match) (out []pair) {
	for i, ms := range lines {
		for _, m := range ms {
			if len(m.A) == 1 && len(m.B) == 1 && isLetters(core(m.A[0].Text)) && core(m.B[0].Text) != "" {
				out = append(out, pair{m.A[0], m.B[0], i})
			}
		}
	}
	return out
}

// brings reports whether a layer has something to say: it is no copy of what was read
// or restored.
func brings(said []pair) bool {
	news, errors, echoed := 0, 0, 0
	for _, p := range said {
		read, text, layer := core(p.word.Read), core(p.word.Text), core(p.layer.Text)
		if layer != read && layer != text {
			news++
		}
		if read != text {
			errors++
			if layer == read {
				echoed++
			}
		}
	}
	isEcho := errors >= fewErrors && float64(echoed) > mostEchoed*float64(errors)
	return !isEcho && float64(news) >= leastNews*float64(max(len(said), 1))
}

// lessons are for the lines that they are not from.
func lessons(said []pair) (out [2][]restore.Lesson) {
	for _, p := range said {
		if other := 1 - p.line%2; p.word.Confidence >= lessonSure {
			out[other] = append(out[other], restore.Lesson{Word: core(p.word.Text), Read: core(p.layer.Text)})
		}
	}
	return out
}

// keepWhole takes the other reader's words away from all but those that were read as
// letters and restored as one word: what is to be divided, joined or made of signs is
// no question of what was seen in the place of a word.
func keepWhole(heard [][]ocr.Match, restored *ocr.Page) {
	whole := map[image.Rectangle]bool{}
	for _, l := range restored.Lines {
		for _, w := range l.Words {
			whole[w.Box] = isLetters(core(w.Read))
		}
	}
	for _, ms := range heard {
		for i := range ms {
			if len(ms[i].A) == 1 && !whole[ms[i].A[0].Box] {
				ms[i].B = nil
			}
		}
	}
}

// core is a word without the signs at its edges.
func core(s string) string { return strings.TrimFunc(s, func(r rune) bool { return !isAlnum(r) }) }

// isLetters reports whether a word is letters alone.
func isLetters(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isAlnum(r) || isDigit(r) })
}
