package conform

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A real Slurm, of one node and all on this machine, runs the recipe in docs as
// an array of four: each task reads its part, together they read everything, a
// second array finds nothing to do, and a run that is not cut into parts agrees.
func TestSlurm(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	if !readsImages() {
		t.Skip("SKIPPED: needs Tesseract and its data for Vietnamese")
	}
	s := startSlurm(t)
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	letters := []string{"cong-van.png", "giay-moi.jpg", "thong-bao.jpg"}
	if err := os.Mkdir(in, 0o777); err != nil {
		t.Fatal(err)
	}
	for i, name := range letters {
		b, err := os.ReadFile(filepath.Join("../../../testdata/letters", name))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 { // something that can't be read
			b = b[:len(b)/2]
		}
		if err := os.WriteFile(filepath.Join(in, name), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	recipe, err := filepath.Abs("../../../docs/recipes/slurm.sh")
	if err != nil {
		t.Fatal(err)
	}
	array := func() string {
		// sbatch --wait asks after 2, 6, 12 seconds …: we ask more often.
		id := s.must("sbatch", "--parsable", "--chdir="+dir, "--output="+filepath.Join(dir, "log-%a"), "--array=0-3", recipe, in, out)
		for s.must("squeue", "-h", "-j", strings.TrimSpace(id), "||", "true") != "" {
			time.Sleep(200 * time.Millisecond)
		}
		log := ""
		for i := range 4 {
			b, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("log-%d", i)))
			if err != nil {
				t.Fatal(err)
			}
			log += string(b)
		}
		return log
	}
	if log := array(); strings.Count(log, "cut off") != 1 {
		t.Errorf("the first array says:\n%s", log)
	}
	journals, _ := filepath.Glob(filepath.Join(out, "journal-*-of-4.jsonl"))
	texts, _ := filepath.Glob(filepath.Join(out, "*.txt"))
	if len(journals) != 4 || len(texts) != len(letters)-1 {
		t.Errorf("%d journals and %d texts", len(journals), len(texts))
	}
	before := s.must("congvan", "journal", "list", "--json", out)
	array()
	if again := s.must("congvan", "journal", "list", "--json", out); again != before {
		t.Errorf("the second array did something again:\n%s\n%s", before, again)
	}
	s.must("congvan", "journal", "verify", out)
	if todo := s.must("congvan", "ocr", in, "-o", out, "--dry-run", "--quiet", "||", "[", "$?", "-eq", "3", "]"); todo != "" {
		t.Errorf("left to do: %s", todo)
	}
}

type slurm struct {
	*testing.T
	dir string
}

// startSlurm starts munged, slurmctld and slurmd with everything they need
// below one folder, and ends them with the test.
func startSlurm(t *testing.T) *slurm {
	for _, program := range []string{"munged", "slurmctld", "slurmd", "sbatch"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("SKIPPED: no Slurm here; on Debian: apt-get install slurm-wlm munge")
		}
	}
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("SKIPPED: slurmd needs Linux and the superuser")
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	// A short path of its own: names of sockets have at most 107 bytes.
	dir, err := os.MkdirTemp("", "slurm")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &slurm{t, dir}
	s.write("munge.key", strings.Repeat("not a secret at all", 54), 0o400)
	s.write("cgroup.conf", "CgroupPlugin=cgroup/v1\n", 0o644)
	s.write("slurm.conf", strings.NewReplacer("DIR", dir, "HOST", host, "PORT1", freePort(t), "PORT2", freePort(t)).Replace(`
ClusterName=congvan
SlurmctldHost=HOST(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=DIR/munge.socket
CredType=cred/munge
SlurmctldPort=PORT1
SlurmdPort=PORT2
StateSaveLocation=DIR/state
SlurmdSpoolDir=DIR/spool
SlurmctldPidFile=DIR/slurmctld.pid
SlurmdPidFile=DIR/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=here NodeAddr=127.0.0.1 NodeHostname=HOST CPUs=4 State=UNKNOWN
PartitionName=all Nodes=here Default=YES MaxTime=INFINITE State=UP
`), 0o644)
	for _, d := range []string{"state", "spool"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.daemon("munged", "--foreground", "--force", "--key-file="+s.path("munge.key"), "--socket="+s.path("munge.socket"),
		"--pid-file="+s.path("munged.pid"), "--log-file="+s.path("munged.log"), "--seed-file="+s.path("munge.seed"))
	s.until(func() bool { _, err := os.Stat(s.path("munge.socket")); return err == nil })
	s.daemon("slurmctld", "-D", "-f", s.path("slurm.conf"))
	s.daemon("slurmd", "-D", "-N", "here", "-f", s.path("slurm.conf"))
	s.until(func() bool { out, _ := s.run("sinfo", "-h", "-o", "%t"); return strings.TrimSpace(out) == "idle" })
	return s
}

func (s *slurm) path(name string) string { return filepath.Join(s.dir, name) }

func (s *slurm) write(name, text string, mode os.FileMode) {
	if err := os.WriteFile(s.path(name), []byte(text), mode); err != nil {
		s.Fatal(err)
	}
}

// daemon starts a program that ends with the test, gently at first.
func (s *slurm) daemon(name string, args ...string) {
	log, err := os.Create(s.path(name + ".out"))
	if err != nil {
		s.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), "SLURM_CONF="+s.path("slurm.conf"))
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		late.Stop()
		log.Close()
	})
}

// until waits for the cluster; if it does not come up there is nothing to test.
func (s *slurm) until(ok func() bool) {
	for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			logs := ""
			for _, name := range []string{"munged.out", "slurmctld.out", "slurmd.out"} {
				b, _ := os.ReadFile(s.path(name))
				logs += string(b[max(0, len(b)-1000):])
			}
			s.Skipf("SKIPPED: Slurm is installed and does not start here:\n%s", logs)
		}
	}
}

// run runs a command line of the shell on the cluster and returns its output.
func (s *slurm) run(words ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", strings.Join(words, " "))
	cmd.Env = append(os.Environ(), "SLURM_CONF="+s.path("slurm.conf"))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(words, " "), err, errs.String())
	}
	return out.String(), err
}

func (s *slurm) must(words ...string) string {
	s.Helper()
	out, err := s.run(words...)
	if err != nil {
		s.Fatal(err)
	}
	return out
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
