package legacy_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/text/transform"

	"github.com/congvan-cli/congvan/pkg/viet/legacy"
)

// Any reader of an old file becomes one of UTF-8.
func Example() {
	old := strings.NewReader("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\n") // VNI, once taken for Windows-1252
	text, err := io.ReadAll(old)
	if err != nil {
		panic(err)
	}
	d := legacy.Detect(text)
	fmt.Println(d)
	io.Copy(os.Stdout, transform.NewReader(strings.NewReader(string(text)), d.Decoder()))
	// Output:
	// vni stored as UTF-8
	// Cộng hòa xã hội chủ nghĩa Việt Nam
}

func ExampleLookup() {
	e, name, err := legacy.Lookup("ABC")
	if err != nil {
		panic(err)
	}
	s, err := e.NewDecoder().String("C\xe9NG H\xdfA X\xb7 H\xe9I")
	fmt.Println(name, s, err)
	// Output: tcvn3 CỘNG HÒA XÃ HỘI <nil>
}
