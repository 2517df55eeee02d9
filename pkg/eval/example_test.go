package eval_test

import (
	"fmt"

	"github.com/congvan-cli/congvan/pkg/eval"
)

func ExampleCompare() {
	raw := "Uy ban nhan dân tinh"
	r := eval.Compare("Ủy ban nhân dân tỉnh", "Ủy ban nhân dan tỉnh", &raw, eval.Fold{Space: true})
	s := r.Scores
	fmt.Printf("SER %d of %d, harm %d of %d\n", s.SER.Errors, s.SER.Total, s.Harm.Errors, s.Harm.Total)
	fmt.Println(r.Syllables.Top(1))
	// Output:
	// SER 1 of 5, harm 1 of 2
	// [{dân dan 1}]
}
