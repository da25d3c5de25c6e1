package main

import (
	"bytes"
	"errors"
	"io"
	"log"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestMufflerDropsTwoComplaintsOnly(t *testing.T) {
	var out bytes.Buffer
	before := log.Writer()
	log.SetOutput(&muffler{to: &out})
	defer log.SetOutput(before)
	fyne.LogError("failed to watch theme settings", errors.New("exec: dbus-launch not found"))
	fyne.LogError("Preferences load error:", io.EOF)
	if out.Len() != 0 {
		t.Errorf("told: %s", out.String())
	}
	fyne.LogError("something else", errors.New("a reason"))
	fyne.LogError("Preferences load error:", errors.New("permission denied"))
	for _, want := range []string{"something else", "Cause: a reason", "At: ", "load error:\n", "permission denied"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q was dropped from %s", want, out.String())
		}
	}
}

func TestVisitsForgetTextures(t *testing.T) {
	if got := withCache([]string{"A=b"}); len(got) != 2 || got[1] != "FYNE_CACHE=5s" {
		t.Errorf("%q", got)
	}
	if got := withCache([]string{"FYNE_CACHE=1m"}); len(got) != 1 {
		t.Errorf("what the operator set is changed: %q", got)
	}
}
