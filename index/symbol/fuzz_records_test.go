package symbol

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vitrine/index/lex"
)

// FuzzRecord: bytes that are no record are refused, without a panic and without
// taking memory that they do not have; what is read is written again the same.
func FuzzRecord(f *testing.F) {
	for lang, text := range map[string]string{
		"c":    "#include <a.h>\n/* d */\n#ifdef X\nint f(int a) { return g(a); }\n#endif\nstruct s { int m; };\n",
		"java": "package a.b;\nimport c.D;\n/** x */ class E { int f(int a) { return 1; } }\n",
	} {
		o, err := Extract(f.Context(), lex.ByID(lang), []byte(text))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed(f, o))
	}
	f.Add(packed(f, new(Outline)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return // larger ones find nothing new, and each chunk may unpack to megabytes
		}
		r, err := parseRecord(data)
		if err != nil {
			return
		}
		o, err := r.outline()
		for _, c := range r.chunks {
			one, oneErr := r.symbol(c.first)
			if err == nil && (oneErr != nil || one.Name != o.Symbols[c.first].Name) {
				t.Fatalf("symbol %d alone: %+v, %v", c.first, one, oneErr)
			}
		}
		for _, c := range r.chunks {
			names := make([]DefinedName, c.n)
			namesErr := c.names(names) // which may miss what is wrong with the rest
			if err == nil && (namesErr != nil || names[0].Text != o.Symbols[c.first].Name || names[c.n-1].End != o.Symbols[c.first+c.n-1].End) {
				t.Fatalf("names from %d on: %+v, %v", c.first, names, namesErr)
			}
		}
		if err != nil {
			return
		}
		again, err := parseRecord(packed(t, o))
		if err != nil {
			t.Fatal(err)
		}
		back, err := again.outline()
		if err != nil {
			t.Fatal(err)
		}
		if len(back.Symbols) != len(o.Symbols) || len(back.Imports) != len(o.Imports) {
			t.Fatalf("%d symbols and %d imports became %d and %d", len(o.Symbols), len(o.Imports), len(back.Symbols), len(back.Imports))
		}
	})
}

func packed(t testing.TB, o *Outline) []byte {
	w, err := newRecordWriter()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(w.append(nil, "a", o))
}

// FuzzGroup: bytes that are no group of keys are refused; postings that are passed over
// end where they would if they were read.
func FuzzGroup(f *testing.F) {
	dir := f.TempDir()
	if err := writeKeys(filepath.Join(dir, "t"), map[string][]posting{"scan": {{0, 1, Function}, {0, 4, Prototype}}, "scanner": {{0, 2, Class}}}, []uint32{0}); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "t"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(byte(2), data[:len(data)-tailSize-2*rowSize])
	f.Fuzz(func(t *testing.T, n byte, data []byte) {
		g := group{t: new(table), n: int(n % (groupKeys + 1)), data: data}
		want := g.n
		keys := 0
		for g.next() {
			if keys++; len(g.key) > len(data) {
				t.Fatal("a key longer than all")
			}
		}
		if !g.bad && keys != want {
			t.Fatalf("%d keys of %d", keys, want)
		}
		rest := g.data
		var list []posting
		var err error
		for range keys {
			first, behind, skipErr := skipPostings(rest, posting{})
			if list, rest, err = readPostings(list[:0], rest, posting{}); err != nil {
				return
			}
			if skipErr != nil || first != list[0] || len(behind) != len(rest) {
				t.Fatalf("passed over to %d, %v, %v; read to %d, %v", len(behind), first, skipErr, len(rest), list[0])
			}
			if len(list) == 0 || len(list) > len(data) {
				t.Fatalf("%d postings of %d bytes", len(list), len(data))
			}
		}
	})
}

// FuzzEdges: bytes that are no edges are refused, others lead to files that there are.
func FuzzEdges(f *testing.F) {
	f.Add(int32(3), uint16(10), appendEdges(nil, 3, []edge{{0, meaning{to: 2, sure: true}}, {7, meaning{to: 9, folder: true}}}))
	f.Fuzz(func(t *testing.T, from int32, files uint16, data []byte) {
		if from < 0 || from >= int32(files) {
			return
		}
		var edges []edge
		last := int32(0)
		err := eachEdge(data, from, int(files), func(e edge) {
			if e.to < 0 || e.to >= int32(files) || e.n < last || e.n >= maxImportList {
				t.Fatalf("%+v of %d files", e, files)
			}
			last, edges = e.n, append(edges, e)
		})
		if err != nil {
			return
		}
		var again []edge
		if err := eachEdge(appendEdges(nil, from, edges), from, int(files), func(e edge) { again = append(again, e) }); err != nil || !slices.Equal(edges, again) {
			t.Fatalf("%+v became %+v, %v", edges, again, err)
		}
	})
}
