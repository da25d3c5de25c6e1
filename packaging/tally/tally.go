package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// An event is a line of "go test -json" (go doc test2json), as far as it is
// counted.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output and build-fail
	Test       string
	Elapsed    float64
	Output     string
}

// maxOutput is kept of one test; a test that prints for ever must not fill
// the memory of the machine that counts it.
const maxOutput = 256 << 10

type tally struct {
	out      io.Writer
	packages map[string]*pkg
	order    []string
	build    map[string]*strings.Builder // compiler output by import path
	unclear  int                         // failures that no test or package explains
}

type pkg struct {
	tests   map[string]*result
	output  strings.Builder
	verdict string
}

type result struct {
	verdict string
	output  strings.Builder
	parent  bool
}

func newTally(out io.Writer) *tally {
	return &tally{out: out, packages: map[string]*pkg{}, build: map[string]*strings.Builder{}}
}

// read consumes events until the end of r. A line that is not an event is
// shown as it is.
func (t *tally) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil || e.Action == "" {
				if _, err := t.out.Write(line); err != nil {
					return err
				}
			} else if err := t.add(e); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (t *tally) add(e event) error {
	if e.Package == "" {
		if e.Action == "build-output" {
			if t.build[e.ImportPath] == nil {
				t.build[e.ImportPath] = &strings.Builder{}
			}
			keep(t.build[e.ImportPath], e.Output)
		}
		return nil
	}
	p := t.packages[e.Package]
	if p == nil {
		p = &pkg{tests: map[string]*result{}}
		t.packages[e.Package] = p
		t.order = append(t.order, e.Package)
	}
	if e.Test != "" {
		p.add(e)
		return nil
	}
	switch e.Action {
	case "output":
		keep(&p.output, e.Output)
	case "pass", "fail", "skip":
		p.verdict = e.Action
		return t.show(e, p)
	}
	return nil
}

func (p *pkg) add(e event) {
	r := p.test(e.Test)
	switch e.Action {
	case "output":
		keep(&r.output, e.Output)
	case "pass", "fail", "skip":
		r.verdict = e.Action
	}
}

func (p *pkg) test(name string) *result {
	r := p.tests[name]
	if r == nil {
		r = &result{}
		p.tests[name] = r
		if i := strings.LastIndexByte(name, '/'); i > 0 {
			p.test(name[:i]).parent = true
		}
	}
	return r
}

func keep(b *strings.Builder, s string) {
	if b.Len() < maxOutput {
		b.WriteString(s)
	}
}

// show prints a package when it has ended: one line, and what went wrong.
func (t *tally) show(e event, p *pkg) error {
	passed, failed, skipped := p.counts()
	line := fmt.Sprintf("%-4s %s  %d passed", e.Action, e.Package, passed)
	if e.Action == "skip" || passed+failed+skipped == 0 {
		line = fmt.Sprintf("%-4s %s  no tests", e.Action, e.Package)
	}
	if failed > 0 {
		line += fmt.Sprintf(", %d FAILED", failed)
	}
	if skipped > 0 {
		line += fmt.Sprintf(", %d skipped", skipped)
	}
	if _, err := fmt.Fprintf(t.out, "%s  %.1f s\n", line, e.Elapsed); err != nil {
		return err
	}
	return t.explain(e.Package, p)
}

// explain prints the output of what failed in a package, and of the package
// itself when no test accounts for its failure.
func (t *tally) explain(name string, p *pkg) error {
	var text strings.Builder
	bad := 0
	for _, test := range p.names() {
		r := p.tests[test]
		if r.verdict == "pass" || r.verdict == "skip" {
			continue
		}
		bad++
		if r.verdict == "" {
			fmt.Fprintf(&text, "    %s did not end\n", test)
		}
		text.WriteString(r.output.String())
	}
	if p.verdict == "fail" {
		for _, path := range t.buildOf(name) {
			text.WriteString(t.build[path].String())
		}
		if bad == 0 || p.crashed() {
			text.WriteString(p.output.String())
		}
	}
	_, err := io.WriteString(t.out, text.String())
	return err
}

// buildOf lists the failed builds that belong to a package: its own and those
// of its test variants, "p [p.test]"; a package that imports it is shown what
// broke below.
func (t *tally) buildOf(name string) []string {
	var all []string
	for path := range t.build {
		if path == name || strings.HasPrefix(path, name+" [") || strings.HasPrefix(path, name+"_test [") || strings.Contains(path, "["+name+".test]") {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all
}

func (p *pkg) names() []string {
	all := make([]string, 0, len(p.tests))
	for name := range p.tests {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// crashed says that some test neither passed, failed nor was skipped.
func (p *pkg) crashed() bool {
	for _, r := range p.tests {
		if r.verdict == "" {
			return true
		}
	}
	return false
}

// counts counts leaves, and a parent when it failed by itself. A package that
// failed without a failing test is a failure of its own.
func (p *pkg) counts() (passed, failed, skipped int) {
	broken := map[string]bool{} // parents of a test that failed
	for name, r := range p.tests {
		if r.verdict == "fail" || r.verdict == "" {
			for i, c := range name {
				if c == '/' {
					broken[name[:i]] = true
				}
			}
		}
	}
	for name, r := range p.tests {
		switch {
		case r.parent && (r.verdict == "pass" || r.verdict == "skip" || broken[name]):
		case r.verdict == "pass":
			passed++
		case r.verdict == "skip":
			skipped++
		default:
			failed++
		}
	}
	if p.verdict != "pass" && p.verdict != "skip" && failed == 0 {
		failed++
	}
	return passed, failed, skipped
}

// finish judges what is left when the command has ended with err.
func (t *tally) finish(err error) {
	for _, name := range t.order {
		if p := t.packages[name]; p.verdict == "" {
			fmt.Fprintf(t.out, "FAIL %s did not end\n", name)
			if explainErr := t.explain(name, p); explainErr != nil {
				t.unclear++
			}
		}
	}
	_, failed := t.counts()
	if err != nil && failed == 0 {
		fmt.Fprintf(t.out, "FAIL the command itself: %v\n", err)
		t.unclear++
	}
	if err == nil && len(t.order) == 0 {
		fmt.Fprintln(t.out, "FAIL no package was tested")
		t.unclear++
	}
	for path, b := range t.build {
		if !t.shown(path) {
			fmt.Fprintf(t.out, "build of %s:\n%s", path, b.String())
		}
	}
}

// shown says whether a build's output belonged to a tested package.
func (t *tally) shown(path string) bool {
	return slices.ContainsFunc(t.order, func(name string) bool {
		return slices.Contains(t.buildOf(name), path)
	})
}

func (t *tally) counts() (passed, failed int) {
	for _, p := range t.packages {
		ok, bad, _ := p.counts()
		passed += ok
		failed += bad
	}
	return passed, failed + t.unclear
}
