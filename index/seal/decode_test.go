package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hexSum has a text of its own, as deposit.Digest has.
type hexSum [4]byte

func (s hexSum) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(s[:])), nil }
func (s *hexSum) UnmarshalText(b []byte) error {
	if len(b) != 8 {
		return errors.New("want 8 hex digits")
	}
	_, err := hex.Decode(s[:], b)
	return err
}

type leaf struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Sum  hexSum `json:"sum"`
}

type embedded struct {
	Inner string `json:"inner"`
}

// document has every kind of member that a format of ours may have.
type document struct {
	embedded
	Title   string            `json:"title"`
	Flag    bool              `json:"flag"`
	Small   int8              `json:"small"`
	Count   uint32            `json:"count"`
	Ratio   float64           `json:"ratio"`
	Leaves  []leaf            `json:"leaves"`
	Pair    [2]int            `json:"pair"`
	Data    []byte            `json:"data"`
	More    *leaf             `json:"more"`
	Labels  map[string]string `json:"labels"`
	When    time.Time         `json:"when"`
	Raw     json.RawMessage   `json:"raw"`
	Any     any               `json:"any"`
	Maybe   string            `json:"maybe,omitempty"`
	Never   time.Time         `json:"never,omitzero"`
	Umlaut  int               `json:"ü"`
	Upper   int               `json:"Title2"`
	Skipped int               `json:"-"`
	hidden  int
}

func sample() document {
	return document{
		embedded: embedded{"in"},
		Title:    "a \"quoted\" \\ <b> & \u2028 😀 \x01\n",
		Flag:     true, Small: -5, Count: 7, Ratio: 1e30,
		Leaves: []leaf{{"x", 1, hexSum{1, 2, 3, 4}}, {"", -maxSafe, hexSum{}}},
		Pair:   [2]int{1, 2}, Data: []byte{0, 255}, More: &leaf{Name: "p"},
		Labels: map[string]string{"b": "2", "a": "1", "\U0001F600": "first", "\uFB33": "last"},
		When:   time.Date(2026, 5, 1, 2, 3, 4, 5, time.UTC),
		Raw:    json.RawMessage(`{"k":[1,2.5]}`), Any: map[string]any{"z": nil}, hidden: 1,
	}
}

const sampleForm = `{"Title2":0,"any":{"z":null},"count":7,"data":"AP8=","flag":true,"inner":"in","labels":{"a":"1","b":"2","😀":"first","` + "\uFB33" + `":"last"},` +
	`"leaves":[{"name":"x","size":1,"sum":"01020304"},{"name":"","size":-9007199254740991,"sum":"00000000"}],"more":{"name":"p","size":0,"sum":"00000000"},` +
	`"pair":[1,2],"ratio":1e+30,"raw":{"k":[1,2.5]},"small":-5,"title":"a \"quoted\" \\ <b> & ` + "\u2028" + ` 😀 \u0001\n","when":"2026-05-01T02:03:04.000000005Z","ü":0}`

func TestCanonicalDecode(t *testing.T) {
	form, err := Canonical(sample())
	if err != nil {
		t.Fatal(err)
	}
	if string(form) != sampleForm {
		t.Fatalf("got  %s\nwant %s", form, sampleForm)
	}
	var got document
	got.Title, got.Maybe = "old", "old" // nothing of these may stay
	if err := Decode(form, len(form), &got); err != nil {
		t.Fatal(err)
	}
	want := sample()
	want.hidden = 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if err := Decode(form, len(form)-1, &got); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("over the limit: %v", err)
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for name, v := range map[string]any{
		"not UTF-8":           "a\xffb",
		"not UTF-8 as name":   map[string]int{"\xff": 1},
		"too large":           int64(1 << 53),
		"too small":           int64(-1 << 53),
		"too large, unsigned": uint64(1 << 53),
		"too large, text":     json.RawMessage("9007199254740993"),
		"infinite":            json.RawMessage("1e999"),
		"NaN":                 math.NaN(),
		"function":            func() {},
		"map by number":       map[int]int{1: 1},
		"half a surrogate":    json.RawMessage(`"\ud800"`),
		"two halves":          json.RawMessage(`"\ud800\u0041"`),
		"lower half":          json.RawMessage(`"\udc00 "`),
		"repeated member":     json.RawMessage(`{"a":1,"\u0061":2}`),
		"no JSON":             json.RawMessage(`{"a":}`),
		"too deep":            json.RawMessage(strings.Repeat("[", 300) + strings.Repeat("]", 300)),
		"two of one name": struct {
			leaf
			Other string `json:"name"`
		}{},
		"string option": struct {
			A int `json:",string"`
		}{},
		"name that encoding/json passes over": struct {
			A int `json:"€"`
		}{},
		"embedded pointer": struct{ *leaf }{},
	} {
		if got, err := Canonical(v); err == nil {
			t.Errorf("%s: %s, want an error", name, got)
		}
	}
	type loop struct{ Next *loop }
	l := new(loop)
	l.Next = l
	if _, err := Canonical(l); err == nil {
		t.Error("a value that holds itself was written")
	}
}

// TestDecodeRefuses: the sentence names the offset and what should stand there.
func TestDecodeRefuses(t *testing.T) {
	type doc struct {
		Name string `json:"name"`
		Size int8   `json:"size"`
		Opt  string `json:"opt,omitempty"`
		List []leaf `json:"list"`
	}
	const good = `{"list":[],"name":"n","size":1}`
	if err := Decode([]byte(good), 100, new(doc)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ data, want string }{
		{``, "byte 0"},
		{`null`, "want an object"},
		{` ` + good, "byte 0"},
		{good + "\n", "byte 31: the document should end there"},
		{good + good, "byte 31"},
		{`{"list":[],"name":"n","size":1`, "should end"},
		{`{"list":[], "name":"n","size":1}`, `byte 10: member "name" should stand there`},
		{`{"name":"n","list":[],"size":1}`, `member "name" is repeated or not in its place`},
		{`{"list":[],"name":"n","name":"m","size":1}`, `member "name" is repeated`},
		{`{"list":[],"Name":"n","size":1}`, `unknown member "Name", it is written "name"`},
		{`{"extra":1,"list":[],"name":"n","size":1}`, `unknown member "extra"`},
		{`{"list":[],"name":"n","size":1,"zz":1}`, `unknown member "zz"`},
		{`{"list":[],"name":"n"}`, `member "size" should stand there`},
		{`{"list":[],"name":"n","opt":"","size":1}`, "must be left out"},
		{`{"list":[],"name":"n","size":128}`, "not in the range"},
		{`{"list":[],"name":"n","size":01}`, "whole number"},
		{`{"list":[],"name":"n","size":-0}`, "whole number"},
		{`{"list":[],"name":"n","size":1.0}`, "byte 30"},
		{`{"list":[],"name":"n","size":1e0}`, "byte 30"},
		{`{"list":[],"name":"n","size":null}`, "whole number"},
		{`{"list":[],"name":"\u006e","size":1}`, "byte 19: the string is escaped otherwise"},
		{`{"list":[],"name":"\/","size":1}`, "escaped otherwise"},
		{`{"list":[],"name":"` + "\n" + `","size":1}`, "must be escaped"},
		{`{"list":[],"name":"` + "\xff" + `","size":1}`, "UTF-8"},
		{`{"list":[],"name":"\ud800","size":1}`, "surrogate"},
		{`{"list":[],"name":"`, "the string does not end"},
		{`{"list":[],"name":"\`, "the string does not end"},
		{`{"list":[{}],"name":"n","size":1}`, `member "name" should stand there`},
		{`{"list":[{"name":"","size":0,"sum":"0000000G"}],"name":"n","size":1}`, "byte 35"},
		{`{"list":[{"name":"","size":0,"sum":"ABCDEF00"}],"name":"n","size":1}`, "byte 36: written otherwise"},
		{`{"list":[{"name":"","size":9007199254740992,"sum":"00000000"}],"name":"n","size":1}`, "whole number"},
	} {
		if err := Decode([]byte(c.data), 1000, new(doc)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.data, err, c.want)
		}
	}
	var notPointer doc
	if err := Decode([]byte(good), 100, notPointer); err == nil {
		t.Error("decoded into a value")
	}
}

// oracle is Decode as encoding/json can say it: decode, write, compare.
func oracle(data []byte) (document, error) {
	var d document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return d, errors.New("goes on")
	}
	form, err := Canonical(d)
	if err == nil && !bytes.Equal(form, data) {
		err = errors.New("not canonical")
	}
	return d, err
}

// FuzzDecode holds Decode against the oracle.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(sampleForm))
	f.Add([]byte(strings.Replace(sampleForm, `"more":{"name":"p","size":0,"sum":"00000000"}`, `"maybe":"m","more":null`, 1)))
	f.Add([]byte(strings.ReplaceAll(sampleForm, `:`, `: `)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got document
		err := Decode(data, 1<<20, &got)
		want, werr := oracle(data)
		if (err == nil) != (werr == nil) {
			t.Fatalf("%q: Decode says %v, the oracle %v", data, err, werr)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: Decode gives %+v, the oracle %+v", data, got, want)
		}
	})
}

// TestEveryByteOfADocument: one changed byte is never another way of writing
// the same value.
func TestEveryByteOfADocument(t *testing.T) {
	for i := range sampleForm {
		for bit := range 8 {
			data := []byte(sampleForm)
			data[i] ^= 1 << bit
			var got document
			err := Decode(data, 1<<20, &got)
			if _, werr := oracle(data); (err == nil) != (werr == nil) {
				t.Fatalf("%q: Decode says %v, the oracle %v", data, err, werr)
			}
			if err == nil && reflect.DeepEqual(got, sample()) {
				t.Fatalf("%q: the same value", data)
			}
		}
	}
}

type object struct {
	Git    hexGit    `json:"git"`
	Kind   string    `json:"kind"`
	SHA256 hexDigest `json:"sha256"`
	Size   int64     `json:"size"`
}

type (
	hexGit    [20]byte
	hexDigest [32]byte
)

func (h hexGit) MarshalText() ([]byte, error)    { return hex.AppendEncode(nil, h[:]), nil }
func (h hexDigest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }
func (h *hexGit) UnmarshalText(b []byte) error {
	_, err := hex.Decode(h[:], b[:min(len(b), 40)])
	return err
}
func (h *hexDigest) UnmarshalText(b []byte) error {
	_, err := hex.Decode(h[:], b[:min(len(b), 64)])
	return err
}

type inventory struct {
	Objects []object `json:"objects"`
}

func inventoryOf(n int) inventory {
	var inv inventory
	for i := range n {
		sum := sha256.Sum256(fmt.Append(nil, i))
		inv.Objects = append(inv.Objects, object{hexGit(sum[:20]), "blob", hexDigest(sum), int64(i)})
	}
	return inv
}

// TestDecodeIsCheap: reading a document allocates a small multiple of its
// bytes, and short bytes never make a large value. (BenchmarkDecode: 150,000
// objects, 23 MB, take 0.25 s and 121 MB in all on one core.)
func TestDecodeIsCheap(t *testing.T) {
	form, err := Canonical(inventoryOf(10_000))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var got inventory
	if err := Decode(form, len(form), &got); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	allocated := after.TotalAlloc - before.TotalAlloc
	if allocated > 8*uint64(len(form)) {
		t.Errorf("%d bytes allocated for a document of %d", allocated, len(form))
	}
	bomb := []byte(`{"objects":[` + strings.Repeat("{},", 1<<20) + `{}]}`)
	runtime.ReadMemStats(&before)
	if err := Decode(bomb, len(bomb), &got); err == nil {
		t.Error("objects without members were taken")
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 1<<16 {
		t.Errorf("%d bytes allocated for empty objects", allocated)
	}
}

func BenchmarkDecode(b *testing.B) {
	form, err := Canonical(inventoryOf(150_000))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(form)))
	b.ReportAllocs()
	for b.Loop() {
		var got inventory
		if err := Decode(form, len(form), &got); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	inv := inventoryOf(150_000)
	b.ReportAllocs()
	for b.Loop() {
		form, err := Canonical(inv)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(form)))
	}
}
