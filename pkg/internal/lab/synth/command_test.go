package synth

import (
	"image"
	"reflect"
	"strings"
	"testing"
)

func TestParseCommand(t *testing.T) {
	got, err := ParseCommand("old=tesseract {} - --oem 0  --dpi {dpi}")
	want := Command{"old", []string{"tesseract", "{}", "-", "--oem", "0", "--dpi", "{dpi}"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	for _, s := range []string{"", "ocrad", "=ocrad {}", "ocrad=ocrad", "a/b=ocrad {}", "a.b=ocrad {}"} {
		if _, err := ParseCommand(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

// A program gets the page as a grey map and its resolution; what it prints is the
// reading, and its last complaint is told.
func TestCommandRead(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	img.Pix[5] = 200
	head := Command{"head", []string{"cat", "{}"}}
	if got, err := head.Read(t.Context(), img, 300); err != nil || got != "P5\n3 2\n255\n\x00\x00\x00\x00\x00\xc8" {
		t.Errorf("the program saw %q, %v", got, err)
	}
	if got, err := (Command{"dpi", []string{"echo", "{dpi}"}}).Read(t.Context(), img, 150); err != nil || got != "150\n" {
		t.Errorf("got %q, %v", got, err)
	}
	_, err := (Command{"fails", []string{"cat", "{}.none"}}).Read(t.Context(), image.NewRGBA(img.Rect), 300)
	if err == nil || !strings.Contains(err.Error(), "No such file") {
		t.Errorf("error %v", err)
	}
}
