package conform

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/congvan-cli/congvan/pkg/internal/archive"
	"github.com/congvan-cli/congvan/pkg/internal/index"
	"github.com/congvan-cli/congvan/pkg/internal/reading/letter"
	"github.com/congvan-cli/congvan/pkg/internal/reading/output"
)

// Packages are valid by the schemas of METS, PREMIS, EAD3 and the circular, whatever a
// document says, and their METS names every file with its size and sum.
func TestPackages(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("SKIPPED: xmllint is not installed")
	}
	dir := t.TempDir()
	nasty := `A & B <c> "d" 'đ' ]]>`
	whole := &letter.Letter{Parent: nasty, Issuer: "SỞ XÂY DỰNG", Number: "?/KH-SXD", NumberRead: "12", Place: "Hà Nội", Date: "2021-05", DateRead: "2021-05-07", Type: "Kế hoạch",
		Subject: nasty, Urgency: "KHẨN", Secrecy: "MẬT", Copy: "SAO Y", Addressees: []string{"Sở A", nasty}, Recipients: []string{"Như trên"}, Attachments: []string{"PHỤ LỤC I"},
		Signature: letter.Signature{Authority: "KT. GIÁM ĐỐC", Capacity: "PHÓ GIÁM ĐỐC", Title: "TS", Signer: "Trần Thị Bình An"}, Language: "vi", Pages: &letter.PageRange{From: 1, To: 1}}
	two := *whole
	two.More = []*letter.Letter{{Number: "7/QĐ", Type: "Quyết định", Language: "fr", Pages: &letter.PageRange{From: 2, To: 2}}}
	for name, doc := range map[string]*output.Document{
		"a":                      {Path: "scans/a.tif", Size: 7, SHA256: strings.Repeat("ab", 32), Reader: "vie", Letter: whole},
		"hồ sơ 1/công văn & <b>": {Path: nasty + ".pdf", Letter: &two},
		"none":                   {Path: "-"},
		"corrected":              {Path: "c.png", Letter: whole, Corrections: []output.Correction{{Page: 1, Line: 1, Word: 1, From: "x", To: "một"}}},
	} {
		pages := []*output.Page{letterPage(1, "một hai"), letterPage(2, "ba & <bốn>")}
		for _, format := range []string{"json", "pdf", "txt"} {
			if format == "txt" && name == "none" {
				continue // made from the JSON output
			}
			file := filepath.Join(dir, "out", filepath.FromSlash(name)+"."+format)
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, writePages(t, format, doc, pages, output.Options{Generator: "congvan 1.2"}), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "out", "nopdf.json"), writePages(t, "json", &output.Document{Path: "x"}, nil, output.Options{}), 0o666); err != nil {
		t.Fatal(err)
	}
	x, err := index.Create(filepath.Join(dir, index.Name))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if _, err := x.Update(t.Context(), []string{filepath.Join(dir, "out")}, nil); err != nil {
		t.Fatal(err)
	}
	o := archive.Options{Dir: filepath.Join(dir, "packages"), Organization: nasty, Read: func(json string) (archive.How, bool) {
		return archive.How{When: time.Date(2026, 1, 2, 3, 4, 5, 6, time.Local), Options: "readers=vie <&>", Model: "abc"}, !strings.Contains(json, "none")
	}}
	write := func(written, unchanged int) {
		t.Helper()
		c, err := archive.Write(t.Context(), x, o, nil)
		if err != nil || c.Written != written || c.Unchanged != unchanged || len(c.Failed) != 1 || !strings.Contains(c.Failed[0], "out/nopdf.json: there is no PDF") {
			t.Errorf("%+v, %v; want %d written, %d unchanged", c, err, written, unchanged)
		}
	}
	write(4, 0)
	before := treeOf(t, o.Dir)
	write(0, 4) // again: nothing to do
	if err := os.RemoveAll(filepath.Join(o.Dir, "out_a"+suffix(before, "out_a"), "schemas")); err != nil {
		t.Fatal(err)
	}
	write(1, 3) // what was taken away is made again, the same bytes
	if after := treeOf(t, o.Dir); len(after) != len(before) || !slices.Equal(after, before) {
		t.Errorf("not the same bytes:\n%s\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	packages, err := os.ReadDir(o.Dir)
	if err != nil || len(packages) != 4 {
		t.Fatalf("%d packages, %v", len(packages), err)
	}
	for _, p := range packages {
		pack := filepath.Join(o.Dir, p.Name())
		for file, schema := range map[string]string{"METS.xml": "package.xsd", "representations/rep1/METS.xml": "package.xsd", "metadata/preservation/PREMIS.xml": "premis.xsd",
			"metadata/descriptive/EAD.xml": "ead3.xsd", "metadata/descriptive/EAD_doc.xml": filepath.Join(pack, "schemas/EAD_doc.xsd")} {
			if !filepath.IsAbs(schema) {
				schema = filepath.Join("testdata/schemas", schema)
			}
			cmd := exec.Command(lint, "--nonet", "--noout", "--schema", schema, filepath.Join(pack, file))
			cmd.Env = append(os.Environ(), "XML_CATALOG_FILES=testdata/schemas/catalog.xml")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s/%s: %v\n%s", p.Name(), file, err, out)
			}
		}
		checkMETS(t, pack, p.Name())
	}
}

// treeOf lists the files below a folder with their sums.
func treeOf(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		out = append(out, sumOf(t, p)+" "+filepath.ToSlash(rel))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// suffix is what stands after a name at the beginning of a file's path in a list of treeOf.
func suffix(tree []string, name string) string {
	for _, f := range tree {
		if _, rest, ok := strings.Cut(f, " "+name); ok {
			s, _, _ := strings.Cut(rest, "/")
			return s
		}
	}
	return ""
}

func sumOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// checkMETS looks whether a package has the identifier of its folder, and whether its two
// METS files name all others with their sizes and sums, by references that fit.
func checkMETS(t *testing.T, dir, name string) {
	t.Helper()
	named := map[string]bool{"METS.xml": true}
	for _, at := range []string{"", "representations/rep1/"} {
		data, err := os.ReadFile(filepath.Join(dir, at, "METS.xml"))
		if err != nil {
			t.Fatal(err)
		}
		ids, refs := map[string]bool{}, []string{}
		var last map[string]string // attributes of the file that an FLocat is of
		for d := xml.NewDecoder(bytes.NewReader(data)); ; {
			tok, err := d.Token()
			if err != nil {
				break
			}
			e, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			if id := attr["ID"]; id != "" {
				if ids[id] {
					t.Errorf("%s: two elements are %s", name, id)
				}
				ids[id] = true
			}
			refs = append(refs, strings.Fields(attr["FILEID"]+" "+attr["DMDID"]+" "+attr["ADMID"])...)
			switch e.Name.Local {
			case "mets":
				if at == "" && attr["OBJID"] != name {
					t.Errorf("%s: it says it is %s", name, attr["OBJID"])
				}
				continue
			case "file":
				last = attr
				continue
			case "FLocat":
				attr["CHECKSUM"], attr["SIZE"] = last["CHECKSUM"], last["SIZE"]
			case "mdRef":
			default:
				continue
			}
			ref, err := url.PathUnescape(attr["href"])
			if err != nil {
				t.Errorf("%s: %s: %v", name, attr["href"], err)
			}
			file := path.Join(at, ref)
			named[file] = true
			if sum := sumOf(t, filepath.Join(dir, file)); sum != attr["CHECKSUM"] {
				t.Errorf("%s: the sum of %s is %s, not %s", name, file, sum, attr["CHECKSUM"])
			}
		}
		for _, r := range refs {
			if !ids[r] {
				t.Errorf("%s: there is no %s", name, r)
			}
		}
	}
	for _, f := range treeOf(t, dir) {
		if _, file, _ := strings.Cut(f, " "); !named[file] {
			t.Errorf("%s: METS does not name %s", name, file)
		}
	}
}
