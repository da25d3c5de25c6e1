package desk

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

// TestPainted: what was said is painted some frames after the last line, which is
// told once.
func TestPainted(t *testing.T) {
	test.NewTempApp(t)
	var out strings.Builder
	trace := &tracer{w: &out}
	frames := func(n int) {
		for range n {
			trace.frame(0)
		}
	}
	trace.say("screen", "room")
	trace.begun = 0 // the tests' driver begins one at once
	frames(framesToPaint - 1)
	trace.say("idle")
	frames(framesToPaint - 1)
	if got := out.String(); got != "screen room\nidle\n" {
		t.Errorf("too early it says %q", got)
	}
	frames(2)
	if got := out.String(); got != "screen room\nidle\npainted\n" {
		t.Errorf("then it says %q", got)
	}
}
