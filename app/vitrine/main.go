// Command vitrine is the workstation: the reading room's window.
//
//	vitrine                               choose a deposit
//	vitrine --sample                      visit the built-in sample
//	vitrine --policy FILE DEPOSIT         visit a deposit under a policy
//
// Further flags: --full (check everything again, also what was admitted before),
// --operator FILE (the operator's public key, else the places
// room.OperatorPlaces lists), --theme dark|light|contrast, --size 1280x800.
//
// The chooser holds no deposit: it starts this program again with the flags of
// one visit and waits out of sight, so that every visit is a process of its
// own. A visit that ends with status 3 wants the chooser back.
//
// # For programs that drive the window
//
// If the environment names a file in VITRINE_TRACE, a line per change of state
// is appended to it, so that a test waits for "idle", a screen or a count
// instead of sleeping; app/desk/trace.go lists the lines. The chooser's visits
// append to the same file. Without the variable nothing is written.
//
// This package knows flags and the order of opening; everything else is
// app/desk's and app/room's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"vitrine/app/desk"
	"vitrine/app/room"
)

// statusAgain is a visit's exit status when the reviewer wants the chooser.
const statusAgain = 3

// errUsage marks errors that the flag package has already told.
var errUsage = errors.New("bad arguments")

func main() {
	again, err := run(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(0)
	case err != nil:
		if !errors.Is(err, errUsage) {
			fmt.Fprintln(os.Stderr, "vitrine:", err)
		}
		os.Exit(1)
	case again:
		os.Exit(statusAgain)
	}
}

// flags are the parsed arguments.
type flags struct {
	sample, visit, full     bool
	policy, deposit         string
	operator, theme, window string
	size                    fyne.Size
}

func parse(args []string, out io.Writer) (flags, error) {
	var f flags
	set := flag.NewFlagSet("vitrine", flag.ContinueOnError)
	set.SetOutput(out)
	set.Usage = func() {
		fmt.Fprint(out, "vitrine                          choose a deposit\n"+
			"vitrine --sample                 visit the built-in sample\n"+
			"vitrine --policy FILE DEPOSIT    visit a deposit under a policy\n\n")
		set.PrintDefaults()
	}
	set.BoolVar(&f.sample, "sample", false, "visit the built-in sample deposit")
	set.BoolVar(&f.full, "full", false, "check everything again, also what was admitted before")
	set.StringVar(&f.policy, "policy", "", "the policy `FILE`, signed by the room's operator")
	set.StringVar(&f.operator, "operator", "", "the operator's public key `FILE`")
	set.StringVar(&f.theme, "theme", "", "`COLOURS`: dark, light or contrast (default: as last time)")
	set.StringVar(&f.window, "size", "", "the window's `SIZE`, such as 1280x800 (default: as last time)")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return f, err
		}
		return f, errUsage
	}
	if f.theme != "" {
		if _, ok := desk.PaletteNamed(f.theme); !ok {
			return f, fmt.Errorf("--theme %s: there are dark, light and contrast", f.theme)
		}
	}
	if f.window != "" {
		var w, h int
		if n, err := fmt.Sscanf(f.window, "%dx%d", &w, &h); err != nil || n != 2 || fmt.Sprintf("%dx%d", w, h) != f.window || w < 640 || h < 400 || w > 8192 || h > 8192 {
			return f, fmt.Errorf("--size %s: want WIDTHxHEIGHT between 640x400 and 8192x8192", f.window)
		}
		f.size = fyne.NewSize(float32(w), float32(h))
	}
	switch {
	case f.sample && (f.policy != "" || set.NArg() > 0):
		return f, errors.New("--sample has its own policy and deposit; name no other")
	case f.policy != "" && set.NArg() != 1:
		return f, errors.New("--policy needs one deposit folder after it")
	case f.policy == "" && set.NArg() > 0:
		return f, errors.New("a deposit is opened under a policy: vitrine --policy FILE DEPOSIT")
	}
	f.deposit = set.Arg(0)
	f.visit = f.sample || f.deposit != ""
	return f, nil
}

func run(args []string) (again bool, err error) {
	f, err := parse(args, os.Stderr)
	if err != nil {
		return false, err
	}
	if err := haveDisplay(os.Getenv("DISPLAY")); err != nil {
		return false, err
	}
	cfg, err := room.DefaultConfig()
	if err != nil {
		return false, err
	}
	cfg.Operator = f.operator
	opt := desk.Options{Config: cfg, Size: f.size}
	if f.theme != "" {
		opt.Palette, _ = desk.PaletteNamed(f.theme)
	}
	if path := os.Getenv("VITRINE_TRACE"); path != "" {
		trace, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return false, fmt.Errorf("VITRINE_TRACE: %w", err)
		}
		defer func() { err = errors.Join(err, trace.Close()) }()
		opt.Trace = trace
	}
	log.SetOutput(&muffler{to: os.Stderr})
	app.SetMetadata(fyne.AppMetadata{ID: "org.vitrine.room", Name: "Vitrine", Version: "0.1.0", Build: 1})
	if dir, err := os.UserCacheDir(); err == nil {
		// Fyne makes the last folder only, and complains on a new account. Without
		// a cache it works all the same.
		_ = os.MkdirAll(filepath.Join(dir, "fyne"), 0o700)
	}
	a := app.NewWithID("org.vitrine.room")
	if f.visit {
		return desk.Visit(a, opt, room.Request{Sample: f.sample, Deposit: f.deposit, Policy: f.policy, Full: f.full}).ShowAndRun()
	}
	opt.Visit = func(ctx context.Context, req room.Request, theme string) (bool, error) {
		f := f
		f.theme = theme
		return visit(ctx, f, req)
	}
	_, err = desk.Chooser(a, opt).ShowAndRun()
	return false, err
}

// arguments are the flags of one visit.
func arguments(f flags, req room.Request) []string {
	var args []string
	for _, p := range [][2]string{{"--operator", f.operator}, {"--theme", f.theme}, {"--size", f.window}, {"--policy", req.Policy}} {
		if p[1] != "" {
			args = append(args, p[0], p[1])
		}
	}
	if f.full {
		args = append(args, "--full")
	}
	if req.Sample {
		return append(args, "--sample")
	}
	return append(args, "--", req.Deposit)
}

// lastLines keeps the end of what a visit wrote to stderr, for the banner.
func lastLines(s string) string {
	const most = 300
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		s = s[i+1:]
	}
	if len(s) > most {
		s = "…" + s[len(s)-most:]
	}
	return s
}
