package models_test

import (
	"fmt"
	"log"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/restore"
)

func Example() {
	r, err := models.Restorer(restore.Options{})
	if err != nil {
		log.Fatal(err)
	}
	res, err := r.Text("Kinh gti: Uy ban nhan dan cac huyén, thi x4, thanh pho.")
	fmt.Println(res.Text, err)
	// Output: Kính gửi: Ủy ban nhân dân các huyện, thị xã, thành phố. <nil>
}
