package conform

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v22/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/congvan-cli/congvan/pkg/cli"
	"github.com/congvan-cli/congvan/pkg/internal/check"
)

// findings are some of all kinds.
func findings() []check.Finding {
	return check.New(check.Options{}).Check("thư mục/a%b.txt", []byte(checkedText))
}

const checkedText = "\ufeffCác đơn vị nghiên cứu, đóng góp ý kiến bằng văn bản.\nban nghành, hòan\r\nÐồng\u0008 chí <&> hoà hòa hoà\n"

// writeFindings writes a clean file and one with findings.
func writeFindings(t testing.TB, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := check.NewWriter(format, &b, check.WriterOptions{Version: "1.2.3", Base: "/srv/a b"})
	if err != nil {
		t.Fatal(err)
	}
	fs, s := findings(), check.Summary{Files: 2}
	for i := range fs {
		s.Count(&fs[i])
	}
	err = errors.Join(w.File("clean.txt", nil), w.File(fs[0].Path, fs), w.Close(s))
	if err != nil || len(fs) < 5 {
		t.Fatalf("%d findings: %v", len(fs), err)
	}
	return b.Bytes()
}

// sarifSchema is the schema of OASIS. The go-sarif module has it as a constant
// that it keeps to itself, and its own Validate looks at what it made of a log,
// not at the log; so it is read from the module's source.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(out)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var schema string
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && len(l.Value) > len(schema) {
			schema = l.Value
		}
		return true
	})
	if schema, err = strconv.Unquote(schema); err != nil || len(schema) < 50_000 {
		t.Fatalf("no schema of SARIF: %v", err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	validate := func(log []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(log))
		if err != nil {
			return err
		}
		return schema.Validate(v)
	}
	valid := func(log []byte) {
		t.Helper()
		if err := validate(log); err != nil {
			t.Errorf("not SARIF 2.1.0: %v\n%s", err, log)
		}
	}
	out := writeFindings(t, "sarif")
	valid(out)
	report, err := sarif.FromBytes(out)
	if err != nil {
		t.Fatal(err)
	}
	run := report.Runs[0]
	if len(run.Results) != len(findings()) || len(run.Tool.Driver.Rules) != len(check.Rules) {
		t.Errorf("%d results, %d rules", len(run.Results), len(run.Tool.Driver.Rules))
	}
	if uri := *run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI; uri != "th%C6%B0%20m%E1%BB%A5c/a%25b.txt" {
		t.Errorf("URI %q", uri)
	}
	if base := run.OriginalUriBaseIds["SRCROOT"]; base.URI == nil || *base.URI != "file:///srv/a%20b/" {
		t.Errorf("base of URIs: %+v", base)
	}
	for i, rule := range run.Tool.Driver.Rules {
		if rule.HelpURI == nil || !strings.HasSuffix(*rule.HelpURI, "/rules/"+check.Rules[i].ID+".md") {
			t.Errorf("%s: help at %v", *rule.ID, rule.HelpURI)
		}
	}
	fixes(t, run)
	var b bytes.Buffer // a run that finds nothing
	w, _ := check.NewWriter("sarif", &b, check.WriterOptions{})
	if err := w.Close(check.Summary{}); err != nil {
		t.Fatal(err)
	}
	valid(b.Bytes())
	if validate([]byte(`{"version": "2.1.0", "runs": [{}]}`)) == nil {
		t.Error("the schema takes anything")
	}
}

// fixes are those of the findings, and applied by their lines and columns they do what
// --fix does.
func fixes(t *testing.T, run *sarif.Run) {
	for i, f := range findings() {
		r := run.Results[i]
		if len(r.Fixes) != min(1, len(f.Fixes)) {
			t.Errorf("%s: %d fixes", f.Rule.ID, len(r.Fixes))
			continue
		}
		if len(f.Fixes) == 0 {
			continue
		}
		lines := strings.SplitAfter(checkedText, "\n")
		offset := func(line, column *int) int {
			before := strings.Join(lines[:*line-1], "")
			return len(before) + len(string([]rune(lines[*line-1])[:*column-1]))
		}
		got := checkedText
		reps := r.Fixes[0].ArtifactChanges[0].Replacements
		for k := len(reps) - 1; k >= 0; k-- {
			d, text := reps[k].DeletedRegion, ""
			if c := reps[k].InsertedContent; c != nil && c.Text != nil {
				text = *c.Text
			}
			got = got[:offset(d.StartLine, d.StartColumn)] + text + got[offset(d.EndLine, d.EndColumn):]
		}
		if want := string(check.Apply([]byte(checkedText), []check.Finding{f})); got != want {
			t.Errorf("%s: fixed to %q, want %q", f.Rule.ID, got, want)
		}
	}
}

// The hooks repair and report each thing once, and leave alone what is excluded.
func TestHooks(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct{ ID, Entry, Language, Files string }
	if err := yaml.Unmarshal(data, &hooks); err != nil || len(hooks) != 4 {
		t.Fatalf("%d hooks: %v", len(hooks), err)
	}
	letter, err := os.ReadFile(filepath.Join(root, "testdata/ci/letters/typos.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"", "-system"} {
		t.Run("congvan"+kind, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, text := range map[string]string{"a.txt": string(letter), "old.txt": string(letter), ".congvan.yaml": "exclude: [old.txt]\n"} {
				if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			var out, log bytes.Buffer
			for _, id := range []string{"congvan-fix" + kind, "congvan-check" + kind} {
				i := slices.IndexFunc(hooks, func(h struct{ ID, Entry, Language, Files string }) bool { return h.ID == id })
				if i < 0 {
					t.Fatalf("no hook %s", id)
				}
				args := strings.Fields(hooks[i].Entry)
				if status := cli.Main(append(args[1:], "--no-model", "a.txt", "old.txt"), &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &log}); status != 0 {
					t.Fatalf("%s: exit status %d\n%s", id, status, &log)
				}
				if !regexp.MustCompile(hooks[i].Files).MatchString("a.txt") {
					t.Errorf("%s does not take a.txt", id)
				}
			}
			if n := strings.Count(out.String(), `"nghành"`); n != 1 || strings.Contains(out.String()+log.String(), "old.txt") || strings.Contains(out.String(), "CV016") {
				t.Errorf("told %d times:\n%s%s", n, &out, &log)
			}
			if old, _ := os.ReadFile("old.txt"); !bytes.Equal(old, letter) {
				t.Error("an excluded file was repaired")
			}
		})
	}
}

// go-junit is another's reader of JUnit files.
func TestJUnit(t *testing.T) {
	suites, err := junit.Ingest(writeFindings(t, "junit"))
	if err != nil || len(suites) != 1 {
		t.Fatalf("%v, %d suites", err, len(suites))
	}
	s := suites[0]
	if s.Totals.Tests != 2 || s.Totals.Failed != 1 || s.Totals.Passed != 1 {
		t.Errorf("totals %+v", s.Totals)
	}
	if err := s.Tests[1].Error; err == nil || !strings.Contains(err.Error(), "nghành") {
		t.Errorf("failure %v", err)
	}
}
