package conform

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v22/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/congvan-cli/congvan/pkg/internal/check"
)

// findings are some of all kinds.
func findings() []check.Finding {
	return check.New(check.Options{}).Check("thư mục/a%b.txt", []byte("\ufeffCác đơn vị nghiên cứu, đóng góp ý kiến bằng văn bản.\nban nghành, hòan\r\nÐồng\u0008 chí <&> hoà hòa hoà\n"))
}

// writeFindings writes a clean file and one with findings.
func writeFindings(t testing.TB, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := check.NewWriter(format, &b, false, "1.2.3")
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
	var b bytes.Buffer // a run that finds nothing
	w, _ := check.NewWriter("sarif", &b, false, "")
	if err := w.Close(check.Summary{}); err != nil {
		t.Fatal(err)
	}
	valid(b.Bytes())
	if validate([]byte(`{"version": "2.1.0", "runs": [{}]}`)) == nil {
		t.Error("the schema takes anything")
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
