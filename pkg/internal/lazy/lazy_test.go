package lazy

import "testing"

// A pattern is compiled when it is asked for, and once.
func TestRegexp(t *testing.T) {
	re := Regexp(`^a+$`)
	if first := re(); !first.MatchString("aaa") || re() != first {
		t.Error("not the pattern, or not the same one twice")
	}
	bad := Regexp(`(`) // nobody has asked for it
	defer func() {
		if recover() == nil {
			t.Error("a pattern that does not parse is no panic")
		}
	}()
	bad()
}
