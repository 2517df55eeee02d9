package conform

import (
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
)

// readsImages tells whether this program was built with cgo and Tesseract's data
// for Vietnamese are installed.
func readsImages() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok || !slices.Contains(info.Settings, debug.BuildSetting{Key: "CGO_ENABLED", Value: "1"}) {
		return false
	}
	langs, err := exec.Command("tesseract", "--list-langs").Output()
	return err == nil && slices.Contains(strings.Fields(string(langs)), "vie")
}
