package main

import (
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"vitrine/app/room"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args string
		want flags
		fail string // part of the sentence, "" for none
	}{
		{"", flags{}, ""},
		{"--sample", flags{sample: true, visit: true}, ""},
		{"--policy p.json dep", flags{policy: "p.json", deposit: "dep", visit: true}, ""},
		{"--policy p.json -- --odd", flags{policy: "p.json", deposit: "--odd", visit: true}, ""},
		{"--theme light --operator op.pub", flags{theme: "light", operator: "op.pub"}, ""},
		{"--sample dep", flags{}, "its own policy"},
		{"--policy p.json", flags{}, "needs one deposit"},
		{"--policy p.json a b", flags{}, "needs one deposit"},
		{"dep", flags{}, "--policy FILE DEPOSIT"},
		{"--theme pink", flags{}, "dark, light and contrast"},
		{"--size 1280", flags{}, "WIDTHxHEIGHT"},
		{"--size 1280x800x", flags{}, "WIDTHxHEIGHT"},
		{"--size 10x10", flags{}, "WIDTHxHEIGHT"},
		{"--frob", flags{}, "bad arguments"},
	} {
		got, err := parse(strings.Fields(c.args), io.Discard)
		if c.fail != "" {
			if err == nil || !strings.Contains(err.Error(), c.fail) {
				t.Errorf("%q: error %v, want one about %q", c.args, err, c.fail)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%q: %+v, %v; want %+v", c.args, got, err, c.want)
		}
	}
	if _, err := parse([]string{"--help"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("--help: %v", err)
	}
	f, err := parse([]string{"--size", "1920x1080"}, io.Discard)
	if err != nil || f.size.Width != 1920 || f.size.Height != 1080 {
		t.Errorf("size %v, %v", f.size, err)
	}
}

// TestArgumentsComeBack: what the chooser hands to a visit's process parses to
// the same visit, whatever the names.
func TestArgumentsComeBack(t *testing.T) {
	for _, req := range []room.Request{{Sample: true}, {Policy: "p q.json", Deposit: "/a b"}, {Policy: "p.json", Deposit: "--sample"}} {
		f, err := parse(arguments(flags{operator: "op.pub", window: "1000x700"}, req), io.Discard)
		if err != nil || f.sample != req.Sample || f.policy != req.Policy || f.deposit != req.Deposit || f.operator != "op.pub" || f.window != "1000x700" || !f.visit {
			t.Errorf("%+v: %+v, %v", req, f, err)
		}
	}
}

func TestHaveDisplay(t *testing.T) {
	for _, d := range []string{"", "nonsense", ":x", ":59999999", ":9871", "localhost:59535"} {
		if err := haveDisplay(d); err == nil {
			t.Errorf("DISPLAY=%q is taken for a display", d)
		}
	}
	if err := haveDisplay(""); !strings.Contains(err.Error(), "vitrinectl tour") {
		t.Errorf("without a display: %v; want what to do instead", err)
	}
	l, err := net.Listen("unix", "@/tmp/.X11-unix/X9872")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, d := range []string{":9872", ":9872.0", "unix:9872"} {
		if err := haveDisplay(d); err != nil {
			t.Errorf("DISPLAY=%s: %v", d, err)
		}
	}
}

func TestLastLines(t *testing.T) {
	if got := lastLines("Fyne error: x\nvitrine: the display went away\n"); got != "vitrine: the display went away" {
		t.Errorf("got %q", got)
	}
	if got := lastLines(strings.Repeat("x", 5000)); len(got) > 310 {
		t.Errorf("%d bytes kept", len(got))
	}
	w := &tail{}
	for range 100 {
		if _, err := w.Write(make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.b) > maxStderr {
		t.Errorf("%d bytes of stderr kept, want at most %d", len(w.b), maxStderr)
	}
}

// TestNoDisplay: the whole program says so in one sentence.
func TestNoDisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	trace := t.TempDir() + "/trace"
	t.Setenv("VITRINE_TRACE", trace)
	if _, err := run([]string{"--sample"}); err == nil || !strings.Contains(err.Error(), "no display") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(trace); err == nil {
		t.Error("a trace was begun without a window")
	}
	if slices.Contains(arguments(flags{}, room.Request{Sample: true}), "") {
		t.Error("an empty argument")
	}
}
