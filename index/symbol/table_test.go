package symbol

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"vitrine/index/block"
)

func writeTable(t testing.TB, keys map[string][]posting) *table {
	t.Helper()
	dir := t.TempDir()
	var most uint32
	for _, list := range keys {
		for _, p := range list {
			most = max(most, p.blob)
		}
	}
	same := make([]uint32, most+1)
	for i := range same {
		same[i] = uint32(i)
	}
	clone := map[string][]posting{}
	for k, list := range keys {
		clone[k] = slices.Clone(list)
	}
	if err := writeKeys(filepath.Join(dir, "t"), clone, same); err != nil {
		t.Fatal(err)
	}
	return readTable(t, dir, "t")
}

func readTable(t testing.TB, dir, name string) *table {
	t.Helper()
	if err := block.WriteSums(dir, "test", [32]byte{}); err != nil {
		t.Fatal(err)
	}
	sums, err := block.ReadSums(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	f, err := sums.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	tab, err := openTable(f)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// randomKeys are many keys with shared beginnings, in some blobs each.
func randomKeys(r *rand.Rand, n int) map[string][]posting {
	keys := map[string][]posting{}
	for range n {
		key := fmt.Sprintf("%s%d", []string{"a", "A_", "b", "bB", "long_common_beginning_"}[r.IntN(5)], r.IntN(3*n))
		var list []posting
		for range 1 + r.IntN(4) {
			list = append(list, posting{uint32(r.IntN(50)), uint32(r.IntN(1000)), Kind(1 + r.IntN(15))})
		}
		slices.SortFunc(list, comparePostings)
		keys[key] = slices.CompactFunc(list, func(a, b posting) bool { return a.blob == b.blob && a.n == b.n })
	}
	return keys
}

func sameTable(t *testing.T, tab *table, want map[string][]posting) {
	t.Helper()
	if tab.keys != len(want) {
		t.Errorf("%d keys, want %d", tab.keys, len(want))
	}
	for k, list := range want {
		if got, err := tab.get(k); err != nil || !slices.Equal(got, list) {
			t.Fatalf("%q: %v, %v, want %v", k, got, err, list)
		}
		if got, err := tab.get(k + "~"); err != nil || len(got) > 0 {
			t.Fatalf("%q~: %v, %v", k, got, err)
		}
	}
}

// TestTable: what was written is found, for every number of keys around a group's.
func TestTable(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, groupKeys - 1, groupKeys, groupKeys + 1, 500} {
		keys := randomKeys(r, n)
		sameTable(t, writeTable(t, keys), keys)
	}
}

// TestMergeTables: a merged table has what its tables have, without the blobs
// that are gone.
func TestMergeTables(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		want := map[string][]posting{}
		var tables []*table
		var numbers [][]uint32
		for i := range 1 + r.IntN(5) {
			keys := randomKeys(r, r.IntN(200))
			number := make([]uint32, 50)
			for b := range number {
				if number[b] = uint32(i*50 + b); r.IntN(4) == 0 {
					number[b] = gone
				}
			}
			for k, list := range keys {
				for _, p := range list {
					if p.blob = number[p.blob]; p.blob != gone {
						want[k] = append(want[k], p)
					}
				}
			}
			tables, numbers = append(tables, writeTable(t, keys)), append(numbers, number)
		}
		for _, list := range want {
			slices.SortFunc(list, comparePostings)
		}
		dir := t.TempDir()
		if err := mergeTables(context.Background(), filepath.Join(dir, "t"), tables, numbers); err != nil {
			t.Fatal(err)
		}
		sameTable(t, readTable(t, dir, "t"), want)
	}
}

// TestKeyOrder: keys are in the order of a dictionary, whatever their case.
func TestKeyOrder(t *testing.T) {
	keys := [][]byte{[]byte("b"), []byte("B"), []byte("a_"), []byte("ab"), []byte("A"), []byte("aB")}
	slices.SortFunc(keys, compareKeys)
	if got := string(bytes.Join(keys, []byte(" "))); got != "A a_ aB ab B b" {
		t.Error(got)
	}
}
