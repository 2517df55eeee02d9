package restore_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
)

// open makes a Restorer from the models that congvan ships.
func open(opt restore.Options) *restore.Restorer {
	r, err := models.Restorer(opt)
	if err != nil {
		log.Fatal(err)
	}
	return r
}

func ExampleRestorer_Text() {
	r := open(restore.Options{})
	res, err := r.Text("Kinh gti: Uy ban nhan dan cac huyén, thi x4, thanh pho.")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Source)
	fmt.Println(res.Text)
	// Output:
	// eng
	// Kính gửi: Ủy ban nhân dân các huyện, thị xã, thành phố.
}

// Blocks go out as they come in; each has its own source.
func ExampleRestorer_Blocks() {
	r := open(restore.Options{})
	in := strings.NewReader("Thu vien tinh, Bao tang tinh.\n\nVeuillez agréer, Monsieur le Directeur, nos salutations,\n\nĐộc lập - Tự do - Hạnh phúc\n")
	for res, err := range r.Blocks(in) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-8s%s\n", res.Source, strings.TrimSpace(res.Text))
	}
	// Output:
	// strip   Thư viện tỉnh, Bảo tàng tỉnh.
	// foreign Veuillez agréer, Monsieur le Directeur, nos salutations,
	// clean   Độc lập - Tự do - Hạnh phúc
}

// Tokens tell what became of each word, and how sure that is.
func ExampleToken() {
	r := open(restore.Options{Source: "eng"})
	res, err := r.Text("Bdo cao két qua")
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range res.Tokens {
		fmt.Println(t.Read, t.Text, t.In, t.Out, t.Confidence > 0.9)
	}
	// Output:
	// Bdo Báo {0 3} {0 4} true
	// cao cáo {4 7} {5 9} true
	// két kết {8 12} {10 15} true
	// qua quả {13 16} {16 21} true
}

// A page that two readers have read: the first is corrected, the second heard.
func ExampleDocument_Reading() {
	d := open(restore.Options{}).Document()
	fmt.Println(d.Reading("xã Tân Lót", "vie", nil).Text)
	fmt.Println(d.Reading("xã Tân Lót", "vie", []restore.Witness{
		{Start: 0, End: 3, Channel: "eng", Read: "x4"},
		{Start: 4, End: 8, Channel: "eng", Read: "Tan"},
		{Start: 9, End: 13, Channel: "eng", Read: "Léc"},
	}).Text)
	// Output:
	// xã Tân Lót
	// xã Tân Lộc
}

func ExampleEncodingError() {
	r := open(restore.Options{})
	if _, err := r.Text("K\xddnh göi"); err != nil {
		fmt.Println(err)
	}
	// Output: not valid UTF-8 at byte 1
}

func ExampleNew() {
	_, err := restore.New(restore.Models{}, restore.Options{Source: "fra"})
	fmt.Fprintln(os.Stdout, err)
	// Output: unknown source "fra"; there are ["auto" "clean" "strip" "toneless" "broken"]
}
