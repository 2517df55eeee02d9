package synth

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A Command is a reader that runs as a process of its own: an OCR program that
// takes the file of a page image and writes its text to standard output.
type Command struct {
	Name string   // of the reader
	Args []string // program and arguments; {} is the file, a PGM, {dpi} its resolution
}

// ParseCommand reads "NAME=PROGRAM ARG…", with white space between arguments.
func ParseCommand(s string) (Command, error) {
	name, line, _ := strings.Cut(s, "=")
	args := strings.Fields(line)
	if name == "" || strings.ContainsAny(name, `./\`) || !strings.Contains(line, "{}") {
		return Command{}, fmt.Errorf("reader %q: expected NAME=PROGRAM ARG… with {} for the image", s)
	}
	return Command{name, args}, nil
}

// Read returns what the program makes of a page image.
func (c Command) Read(ctx context.Context, img image.Image, dpi int) (string, error) {
	dir, err := os.MkdirTemp("", "congvan-synth-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "page.pgm")
	if err := os.WriteFile(path, encodePGM(img), 0o666); err != nil {
		return "", err
	}
	fill := strings.NewReplacer("{}", path, "{dpi}", strconv.Itoa(dpi))
	args := make([]string, len(c.Args))
	for i, a := range c.Args {
		args[i] = fill.Replace(a)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		last := strings.TrimSpace(complaint.String())
		return "", fmt.Errorf("%s: %w: %s", c.Args[0], err, last[strings.LastIndexByte(last, '\n')+1:])
	}
	return out.String(), nil
}

// encodePGM writes an image as a portable grey map.
func encodePGM(img image.Image) []byte {
	b := img.Bounds()
	grey, ok := img.(*image.Gray)
	if !ok || grey.Stride != b.Dx() {
		grey = image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(grey, grey.Bounds(), img, b.Min, draw.Src)
	}
	return append(fmt.Appendf(nil, "P5\n%d %d\n255\n", b.Dx(), b.Dy()), grey.Pix...)
}
