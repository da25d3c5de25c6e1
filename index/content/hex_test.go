package content

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestHexIsHexdump: the lines are those of encoding/hex, which are hexdump's.
func TestHexIsHexdump(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 7, 8, 9, 15, 16, 17, 300} {
		raw := make([]byte, n)
		for i := range raw {
			raw[i] = byte(r.IntN(256))
		}
		h := NewHex(raw)
		var got []string
		for i := 1; i <= h.Lines(); i++ {
			got = append(got, string(h.Line(i))+"\n")
		}
		if want := hex.Dump(raw); strings.Join(got, "") != want {
			t.Errorf("%d bytes:\n%swant\n%s", n, strings.Join(got, ""), want)
		}
		if h.Line(0) != nil || h.Line(h.Lines()+1) != nil {
			t.Errorf("%d bytes: there are lines outside", n)
		}
	}
}

// TestHexPlaces: a byte is found where it stands, in hex and as a character.
func TestHexPlaces(t *testing.T) {
	raw := make([]byte, 1000)
	for i := range raw {
		raw[i] = byte(i)
	}
	h := NewHex(raw)
	for at := range int64(len(raw)) {
		line, col := h.Position(at)
		if got := string(h.Line(line)[col-1 : col+1]); got != hex.EncodeToString(raw[at:at+1]) {
			t.Fatalf("byte %d is at %d:%d, where %q stands", at, line, col, got)
		}
		for _, c := range []int{col, col + 1, hexText + int(at)%hexWidth} {
			if back := h.Offset(line, c); back != at {
				t.Fatalf("byte %d at %d:%d leads to %d", at, line, c, back)
			}
		}
	}
	for offset, want := range map[int64]int64{-5: 0, 5000: 999} {
		if got := h.Offset(h.Position(offset)); got != want {
			t.Errorf("%d is moved to %d", offset, got)
		}
	}
}
