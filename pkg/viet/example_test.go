package viet_test

import (
	"fmt"

	"github.com/congvan-cli/congvan/pkg/viet"
)

func Example() {
	fmt.Println(viet.Strip("Ủy ban nhân dân"))
	fmt.Println(viet.PlaceTone("hoà bình, thuý", viet.Old))
	fmt.Println(viet.IsSyllable("nghiêng"), viet.IsSyllable("nghành"))
	// Output:
	// Uy ban nhan dan
	// hòa bình, thúy
	// true false
}
