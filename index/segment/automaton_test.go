package segment

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/blevesearch/vellum"
)

// TestAutomaton compares with what vellum writes, and with what it reads.
func TestAutomaton(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	lists := [][]string{nil, {"a"}, {"\x00"}, {"a", "aa", "aaa"}}
	var all []string
	for i := range 256 {
		all = append(all, string([]byte{byte(i)}), string([]byte{'x', byte(i)}))
		if i > 0 {
			all = append(all, string([]byte{'y', byte(i)}))
		}
		if i < 63 {
			all = append(all, string([]byte{'z', byte(i)}))
		}
	}
	lists = append(lists, all)
	for n := range 60 {
		var list []string
		for range 1 + r.IntN(1<<(n%12)) {
			switch r.IntN(4) {
			case 0:
				list = append(list, fmt.Sprintf("%x", r.Uint64()))
			case 1:
				list = append(list, fmt.Sprintf("get_%d", r.IntN(1000)))
			case 2:
				list = append(list, string(bytes.Repeat([]byte("ab"), 1+r.IntN(MaxTerm/2))))
			default:
				b := make([]byte, 1+r.IntN(4))
				for i := range b {
					b[i] = byte(r.Uint32())
				}
				list = append(list, string(b))
			}
		}
		lists = append(lists, list)
	}
	for _, list := range lists {
		slices.Sort(list)
		list = slices.Compact(list)
		var got, want bytes.Buffer
		a := newAutomaton(&got)
		b, err := vellum.New(&want, &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 0, RegistryMRUSize: 1})
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]uint64{}
		address := uint64(0)
		for _, term := range list {
			address += uint64(r.IntN(300))
			v := address
			switch r.IntN(8) {
			case 0, 1, 2:
				v = oneHit(uint32(r.IntN(3000)))
			case 3:
				v = r.Uint64() >> r.IntN(64)
			case 4:
				v = 0
			}
			values[term] = v
			if err := a.insert([]byte(term), v); err != nil {
				t.Fatal(err)
			}
			if err := b.Insert([]byte(term), v); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.finish(); err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Fatalf("of %d terms, %d bytes are not the %d of vellum", len(list), got.Len(), want.Len())
		}
		fst, err := vellum.Load(got.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for term, v := range values {
			if got, ok, err := fst.Get([]byte(term)); err != nil || !ok || got != v {
				t.Errorf("%q is %d, want %d, %v, %v", term, got, v, ok, err)
			}
		}
	}
	a := newAutomaton(new(bytes.Buffer))
	for _, term := range []string{"b", "ba"} {
		if err := a.insert([]byte(term), 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, term := range []string{"a", "b", "ba", ""} {
		if a.insert([]byte(term), 1) == nil {
			t.Errorf("%q is taken after \"ba\"", term)
		}
	}
}
