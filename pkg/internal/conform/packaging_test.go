package conform

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"go.yaml.in/yaml/v3"
	batchv1 "k8s.io/api/batch/v1"
	k8syaml "sigs.k8s.io/yaml"
)

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../../" + path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// runs are the first words of what the image is told to do; its entry point is the
// program.
func runs(t *testing.T, image string, args []string) {
	t.Helper()
	if !strings.HasSuffix(image, "/congvan") || len(args) < 2 || exec.Command("congvan", args[0], "--help").Run() != nil {
		t.Errorf("%s runs %q: no command of congvan", image, args)
	}
	for _, a := range args[1:] {
		if help, err := exec.Command("congvan", args[0], "--help").Output(); strings.HasPrefix(a, "--") && (err != nil || !bytes.Contains(help, []byte(a))) {
			t.Errorf("%s has no %s", args[0], a)
		}
	}
}

// The Kubernetes recipe is a Job as Kubernetes' own types have it, and nothing else.
func TestKubernetesRecipe(t *testing.T) {
	var job batchv1.Job
	if err := k8syaml.UnmarshalStrict(read(t, "docs/recipes/kubernetes.yaml"), &job); err != nil {
		t.Fatal(err)
	}
	s := job.Spec
	if job.Kind != "Job" || s.CompletionMode == nil || *s.CompletionMode != batchv1.IndexedCompletion || s.PodFailurePolicy == nil {
		t.Errorf("%+v", s)
	}
	c := s.Template.Spec.Containers[0]
	runs(t, c.Image, c.Args)
	if rule := s.PodFailurePolicy.Rules[1].OnExitCodes; *rule.ContainerName != c.Name || !slices.Equal(rule.Values, []int32{3, 4, 5}) {
		t.Errorf("rule %+v", rule)
	}
}

// The AWS Batch recipe is the input of RegisterJobDefinition, and nothing else.
func TestAWSRecipe(t *testing.T) {
	d := json.NewDecoder(bytes.NewReader(read(t, "docs/recipes/aws-batch.json")))
	d.DisallowUnknownFields()
	var in batch.RegisterJobDefinitionInput
	if err := d.Decode(&in); err != nil {
		t.Fatal(err)
	}
	runs(t, *in.ContainerProperties.Image, in.ContainerProperties.Command)
}

// The workflows run what anybody can run, and what is there.
func TestWorkflows(t *testing.T) {
	for path, want := range map[string][]string{
		".github/workflows/ci.yml":      {".ci/run"},
		".github/workflows/release.yml": {".ci/run", ".ci/release"},
		".gitlab-ci.yml":                {".ci/run", ".ci/release"},
	} {
		var v map[string]any
		data := read(t, path)
		if err := yaml.Unmarshal(data, &v); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, script := range want {
			if !bytes.Contains(data, []byte(script+"\n")) {
				t.Errorf("%s does not run %s", path, script)
			}
			if info, err := os.Stat("../../../" + script); err != nil || info.Mode()&0o111 == 0 {
				t.Errorf("%s: %v", script, err)
			}
		}
	}
}

// NOTICE names every library in the program, and no other.
func TestNotice(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./cmd/congvan")
	list.Dir = "../../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for line := range strings.Lines(string(read(t, "NOTICE"))) {
		if m, ok := strings.CutPrefix(line, "---- "); ok && !strings.HasPrefix(m, "the Go ") {
			named = append(named, strings.TrimSpace(m))
		}
	}
	linked := strings.Fields(string(out))
	slices.Sort(linked)
	if linked = slices.Compact(linked); !slices.Equal(linked, named) {
		t.Errorf("NOTICE names\n%q\nlinked are\n%q\n.ci/notice > NOTICE brings it up to date", named, linked)
	}
}
