package conform

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var dist = flag.String("dist", "", "folder that .ci/release filled: its contents are tested (make release)")

func released(t *testing.T, pattern string) string {
	t.Helper()
	if *dist == "" {
		t.Skip("SKIPPED: wants a release to test; make release builds and tests one")
	}
	found, _ := filepath.Glob(filepath.Join(*dist, pattern))
	if len(found) == 0 {
		t.Fatalf("no %s in %s", pattern, *dist)
	}
	return found[0]
}

// What stands in SHA256SUMS is there, and each archive holds program, licences, man
// pages and completions.
func TestReleaseIsWhole(t *testing.T) {
	sums := exec.Command("sha256sum", "--check", "--strict", released(t, "SHA256SUMS"))
	sums.Dir = *dist
	if out, err := sums.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	list, err := exec.Command("dpkg-deb", "--contents", released(t, "*.deb")).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/usr/bin/congvan", "/usr/share/man/man1/congvan-ocr.1.gz", "/usr/share/bash-completion/completions/congvan", "/usr/share/doc/congvan/copyright"} {
		if !bytes.Contains(list, []byte(want+"\n")) {
			t.Errorf("the package lacks %s", want)
		}
	}
	depends, err := exec.Command("dpkg-deb", "--field", released(t, "*.deb"), "Depends").Output()
	for _, want := range []string{"libtesseract", "tesseract-ocr-vie", "poppler-utils", "qpdf"} {
		if err != nil || !bytes.Contains(depends, []byte(want)) {
			t.Errorf("the package does not depend on %s: %s", want, depends)
		}
	}
}

// The same commit gives the same bytes, of all that is built.
func TestReleaseIsReproducible(t *testing.T) {
	first, err := os.ReadFile(released(t, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	tree := filepath.Join(t.TempDir(), "elsewhere")
	if out, err := exec.Command("git", "clone", "-q", "../../..", tree).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	again := exec.Command(".ci/release")
	again.Dir = tree
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	second, err := os.ReadFile(filepath.Join(tree, "dist", "SHA256SUMS"))
	if err != nil || !bytes.Equal(first, second) || len(first) == 0 {
		t.Errorf("built again elsewhere: %v\n%s\nfirst\n%s", err, second, first)
	}
}

// The package installs on a Debian that has nothing else, and reads a letter there.
func TestReleaseInCleanRoot(t *testing.T) {
	deb := released(t, "*.deb")
	if _, err := exec.LookPath("debootstrap"); err != nil || os.Getuid() != 0 {
		t.Skip("SKIPPED: needs debootstrap and root")
	}
	system, err := os.ReadFile("/etc/os-release")
	if err != nil {
		t.Fatal(err)
	}
	codename := regexp.MustCompile(`(?m)^VERSION_CODENAME=(\w+)`).FindSubmatch(system)
	if codename == nil {
		t.Skip("SKIPPED: not a Debian")
	}
	root := filepath.Join(t.TempDir(), "root")
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	run("debootstrap", "--variant=minbase", string(codename[1]), root, "http://deb.debian.org/debian")
	run("mount", "-t", "proc", "proc", filepath.Join(root, "proc"))
	defer exec.Command("umount", filepath.Join(root, "proc")).Run()
	run("cp", deb, "../../../testdata/letters/cong-van.png", "/etc/resolv.conf", filepath.Join(root, "root"))
	run("cp", "/etc/resolv.conf", filepath.Join(root, "etc"))
	run("chroot", root, "apt-get", "update", "-qq")
	run("chroot", root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "/root/"+filepath.Base(deb))
	if got := run("chroot", root, "congvan", "version"); !strings.Contains(got, "images and PDF") {
		t.Errorf("it can't read images: %s", got)
	}
	if got := run("chroot", root, "congvan", "ocr", "/root/cong-van.png", "-o", "-"); !strings.Contains(got, "Kính gửi") {
		t.Errorf("it reads\n%s", got)
	}
	run("chroot", root, "gzip", "-t", "/usr/share/man/man1/congvan.1.gz")
}
