// Generate makes the sample deposit from its readable sources:
//
//	go generate ./assets/sample
//
// It writes deposit/, medium/, policy.json, policy.json.sig and pins.go into the
// current folder, from _src below it. The result depends on nothing but _src
// and this program: times, names and keys are fixed, so that two builds are
// byte-identical and a test can compare the tree with a build of its own.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

func main() {
	src := flag.String("src", "_src", "folder of history.txt and the releases' `files`")
	out := flag.String("out", ".", "`folder` to write into")
	flag.Parse()
	if err := generate(context.Background(), *src, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
