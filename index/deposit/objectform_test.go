package deposit

import (
	"slices"
	"strings"
	"testing"

	"vitrine/index/seal"
)

// A slowObject is an Object that seal.Decode has to follow along its type.
type slowObject struct {
	Git    ID     `json:"git"`
	Kind   string `json:"kind"`
	SHA256 Digest `json:"sha256"`
	Size   int64  `json:"size"`
}

// sameDecoding decodes objects with ReadForm and without: the same values, or
// the same refusal.
func sameDecoding(t *testing.T, data []byte) (refused bool) {
	t.Helper()
	var quick []Object
	var slow []slowObject
	quickly, slowly := seal.Decode(data, 1<<20, &quick), seal.Decode(data, 1<<20, &slow)
	if (quickly == nil) != (slowly == nil) || quickly != nil && quickly.Error() != slowly.Error() {
		t.Fatalf("%q\nwith ReadForm:    %v\nwithout ReadForm: %v", data, quickly, slowly)
	}
	if slowly == nil && !slices.EqualFunc(quick, slow, func(a Object, b slowObject) bool { return a == Object(b) }) {
		t.Fatalf("%q\nwith ReadForm:    %v\nwithout ReadForm: %v", data, quick, slow)
	}
	return slowly != nil
}

func objectForms(t testing.TB) []byte {
	t.Helper()
	data, err := seal.Canonical([]Object{
		{Git: ID{0xab, 1}, Kind: kindNameBlob, SHA256: Digest{0xcd, 2}, Size: 0},
		{Git: ID{0xef, 3}, Kind: kindNameTree, SHA256: Digest{0x45, 4}, Size: 999999999999999},
		{Git: ID{0xef, 4}, Kind: "blobs", SHA256: Digest{0x45, 5}, Size: 1<<53 - 1},
		{Git: ID{0xef, 5}, Kind: "", SHA256: Digest{0x45, 6}, Size: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestObjectForm cuts and changes every byte of some objects.
func TestObjectForm(t *testing.T) {
	data := objectForms(t)
	if sameDecoding(t, data) {
		t.Fatal("canonical objects are refused")
	}
	refused := 0
	for i := range data {
		for _, b := range []byte("0123456789abfABF\"\\{}[],:-+. \x00\xff") {
			changed := slices.Clone(data)
			changed[i] = b
			if sameDecoding(t, changed) {
				refused++
			}
			sameDecoding(t, slices.Insert(slices.Clone(data), i, b))
		}
		sameDecoding(t, data[:i])
		sameDecoding(t, slices.Delete(slices.Clone(data), i, i+1))
	}
	if refused == 0 {
		t.Error("no change is refused")
	}
	for _, size := range []string{"00", "01", "-0", "1.0", "1e3", "9007199254740992", "99999999999999999999", "18446744073709551617"} {
		if !sameDecoding(t, []byte(strings.Replace(string(data), `"size":0`, `"size":`+size, 1))) {
			t.Errorf("the size %s is taken", size)
		}
	}
}

func FuzzObjectForm(f *testing.F) {
	f.Add(objectForms(f))
	f.Fuzz(func(t *testing.T, data []byte) { sameDecoding(t, data) })
}

// TestObjectsAreReadByForm: most objects of a manifest take the short way.
func TestObjectsAreReadByForm(t *testing.T) {
	data, err := seal.Canonical(Object{Git: ID{1}, Kind: kindNameTree, SHA256: Digest{2}, Size: 31})
	if err != nil {
		t.Fatal(err)
	}
	var o Object
	if n := o.ReadForm(append(data, ",{}]"...)); n != len(data) || o.Git != (ID{1}) || o.Size != 31 {
		t.Errorf("of %d bytes %d are read, as %+v", len(data), n, o)
	}
}
