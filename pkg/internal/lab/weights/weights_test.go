package weights_test

import (
	"context"
	"strings"
	"testing"

	"github.com/congvan-cli/congvan/models"
	"github.com/congvan-cli/congvan/pkg/internal/lab/weights"
	"github.com/congvan-cli/congvan/pkg/internal/text/evidence"
	"github.com/congvan-cli/congvan/pkg/restore"
)

func fit(t *testing.T) *weights.Fit {
	t.Helper()
	m, err := models.Files().Open(restore.Auto)
	if err != nil {
		t.Fatal(err)
	}
	return &weights.Fit{Models: m, Jobs: 2, Features: []evidence.Feature{evidence.Language, evidence.Channel}, Pages: []weights.Page{{
		Name:  "a line",
		Truth: "Kính gửi: Ủy ban nhân dân các huyện, thành phố trực thuộc tỉnh; các đơn vị sự nghiệp công lập.",
		Read:  "Kinh giri: Uy ban nhan dan cac huyén, thanh phé truc thudc tinh; cac don vi su nghiép cong lap.",
	}}}
}

// Weights that leave words as they were read are mended by the fit; the language
// model's is the unit of the others.
func TestTrain(t *testing.T) {
	f := fit(t)
	f.Steps = []float32{0.6}
	start := evidence.Default().With(evidence.Channel, 9)
	before, err := f.Wrong(context.Background(), start)
	if err != nil {
		t.Fatal(err)
	}
	got, after, err := f.Train(context.Background(), start)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d syllables wrong, then %d; channel weighs %g", before.Errors, before.Total, after.Errors, got.Of(evidence.Channel))
	if after.Errors >= before.Errors || got.Of(evidence.Channel) >= start.Of(evidence.Channel) || got.Of(evidence.Language) != start.Of(evidence.Language) {
		t.Errorf("%d syllables wrong, %d before", after.Errors, before.Errors)
	}
	if s := f.Summary(start, after); !strings.Contains(s, "1 readings (20 syllables") || !strings.HasSuffix(s, start.Summary) {
		t.Errorf("summary %q", s)
	}
}

// A weight that does harm is worth less than nothing.
func TestWorths(t *testing.T) {
	f := fit(t)
	harmful := evidence.Default().With(evidence.Channel, 9)
	with, err := f.Wrong(context.Background(), harmful)
	if err != nil {
		t.Fatal(err)
	}
	worths, err := f.Worths(context.Background(), harmful)
	if err != nil || len(worths) != 1 || worths[0].Feature != evidence.Channel || worths[0].Without.Errors >= with.Errors {
		t.Errorf("%v, %v; with it %d are wrong", worths, err, with.Errors)
	}
}

// A fit that is stopped says so.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, _, err := fit(t).Train(ctx, evidence.Default()); err == nil {
		t.Error("it went on")
	}
}
