// Tally runs a "go test -json" command, shows what failed and counts.
//
//	tally -counts FILE -- go test -json ./...
//
// It prints a line for each package and the output of each test that failed.
// FILE gets "PASSED FAILED". Tests that only hold subtests are not counted
// beside them. A package that does not build, crashes, or ends before its
// tests do counts as failed, and so does a command that fails for no reason
// its events show: nothing failing is ever counted as nothing.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	counts := flag.String("counts", "", "write the numbers of passed and failed tests to this `file`")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: tally [-counts FILE] -- go test -json …")
		os.Exit(2)
	}
	t, err := run(flag.Args(), os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		os.Exit(2)
	}
	passed, failed := t.counts()
	if *counts != "" {
		if err := os.WriteFile(*counts, fmt.Appendf(nil, "%d %d\n", passed, failed), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "tally:", err)
			os.Exit(2)
		}
	}
	if failed > 0 {
		os.Exit(1)
	}
}

func run(command []string, out io.Writer) (*tally, error) {
	cmd := exec.Command(command[0], command[1:]...)
	// What the go command says about itself is not an event; it is shown.
	cmd.Stderr = out
	events, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := newTally(out)
	readErr := t.read(events)
	t.finish(cmd.Wait())
	return t, readErr
}
