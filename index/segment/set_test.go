package segment

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// TestListsAsRoaring compares what is read of serialised bitmaps with package roaring.
func TestListsAsRoaring(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 400 {
		docs := 1 + random.IntN(300_000)
		b := roaring.New()
		for range 1 + random.IntN(4) {
			switch from := random.IntN(docs); random.IntN(4) {
			case 0: // arrays
				for range random.IntN(100) {
					b.Add(uint32(random.IntN(docs)))
				}
			case 1: // bit sets
				for i := from; i < min(docs, from+70_000); i += 1 + random.IntN(3) {
					b.Add(uint32(i))
				}
			case 2: // runs
				for at := from; at < min(docs, from+100_000); {
					to := min(docs, at+1+random.IntN(1000))
					b.AddRange(uint64(at), uint64(to))
					at = to + 1 + random.IntN(50)
				}
			case 3:
				b.Add(uint32(docs - 1))
			}
		}
		if random.IntN(2) == 0 {
			b.RunOptimize()
		}
		data, err := b.ToBytes()
		if err != nil {
			t.Fatal(err)
		}
		base := random.IntN(200)
		set := NewSet(base + docs + random.IntN(100))
		if b.IsEmpty() {
			continue
		}
		if !set.orList(data, base, docs) {
			t.Fatalf("case %d: refused", n)
		}
		want := roaring.AddOffset(b, uint32(base))
		if got := slices.Clone(set.bits); !set.Bitmap().Equals(want) {
			t.Fatalf("case %d: %d documents, want %d", n, (&Set{got, 0}).Count(), want.GetCardinality())
		}
		if most := int(b.Maximum()); NewSet(base+docs).orList(data, base, most) {
			t.Fatalf("case %d: document %d of %d is accepted", n, most, most)
		}
	}
}

// FuzzList reads any bytes as a serialised bitmap.
func FuzzList(f *testing.F) {
	for _, numbers := range [][]uint32{{1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 70_000, 140_000, 210_000, 280_000}} {
		b := roaring.BitmapOf(numbers...)
		for range 2 {
			data, err := b.ToBytes()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, 0, 300_000)
			b.RunOptimize()
		}
	}
	dense := roaring.New()
	for i := range uint32(20_000) {
		dense.Add(3 * i)
	}
	data, err := dense.ToBytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, 5, 60_000)
	f.Fuzz(func(t *testing.T, data []byte, base, docs int) {
		if base < 0 || docs < 1 || base > 1000 || docs > 1<<20 {
			return
		}
		set := NewSet(base + docs)
		if !set.orList(data, base, docs) {
			return
		}
		for i := range base {
			if set.bits[i/64]>>(i%64)&1 != 0 {
				t.Fatalf("document %d, before the segment's", i)
			}
		}
		if read := roaring.New(); read.UnmarshalBinary(data) == nil && read.Validate() == nil {
			want := roaring.BitmapOf(read.ToArray()...) // a number that is there twice passes as valid
			if !set.Bitmap().Equals(roaring.AddOffset(want, uint32(base))) {
				t.Fatalf("documents differ from those of roaring, %d", want.GetCardinality())
			}
		}
	})
}
