package lex

import (
	"runtime"
	"strings"
	"testing"
)

// garbage is what scanners have been slow or hungry on.
var garbage = []string{
	"'", "\"", "`", "\\'", "'\\", "\"\n", "'\n", "/", "/*", "*/", "(*", "{", "}", "(", "[", "{\n}\n", "{\n", "}\n", "#", "#if\n", "#if 0\n{\n#else\n",
	"#if\n#else\n#endif\n", "#if a\n{\n", "#else\n{\n", "#endif\n", "# \\\n", "<<A", "<<'", "<<A\n", "<<<A\n", "<?", "<?php ?>", "?>", "${", "`${", "\"#{", "\"$(", "f'{", "f'{a:", "$\"{",
	"R\"(", "R\"aaaa", "r#", "r#\"", "'a", "[=", "[=[", "--[=", "$a", "$$", "%", "%w", "s/", "y{", "=a\n", "\n=", "begin\n", "end\n", "case ", "if\n", "do\n", "class:\n ", "def\n",
	"a:", "a:\n ", "\t:\n", "\\\n", "\r", "\r\n", "\x00", "\x80", "\xff", "é", "0x", "1e+", "1.", "'1", "@\"", "@'\n", "<#", "{$", "\"\"\"", "\"\"\"\"", "'''", ";", "a", " ", "\n", "a\n", "//\n", "//a\n ", "/a", "/[", "(/", "if(", "if (a) /", "=", "_", "__END__\n",
}

// TestGarbageIsLinear would not end in our time if something were quadratic.
func TestGarbageIsLinear(t *testing.T) {
	if raced {
		t.Skip("one goroutine, and the detector makes it ten times slower")
	}
	const size = 64 << 10
	for _, l := range languages {
		for _, g := range garbage {
			text := strings.Repeat(g, 100) + strings.Repeat("aA1", size/3) + strings.Repeat(g, size/len(g))
			s := NewScanner(l, []byte(text))
			b, n := NewMapBuilder(s), NewNesting(s)
			for tok := s.Next(); tok.Kind != EOF; tok = s.Next() {
				b.Add(tok)
				n.Add(tok)
			}
			m, st := b.Map(), n.Structure()
			m.Within(Strings, size, size+1)
			st.Enclosing(1000)
			st.Conditions(size)
			st.Folds()
		}
	}
}

// TestGarbageInvariants holds them on small garbage of every pair.
func TestGarbageInvariants(t *testing.T) {
	for _, l := range languages {
		for i, g := range garbage {
			for j := range garbage {
				h := garbage[(i*7+j)%len(garbage)]
				text := []byte(g + h + g + "\n" + h + h + "x\n" + g)
				if err := check(l, text); err != nil {
					t.Fatalf("%s: %v\n%q", l.id, err, text)
				}
			}
		}
	}
}

// TestMemory: a map and a structure of the hungriest texts stay within what the
// package promises, with what the collector had not yet taken back.
func TestMemory(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("scans texts of MaxText bytes")
	}
	for _, g := range []string{"\"\n", "{\n}\n", "#if a\n{\n", "#if\n#else\n#endif\n"} {
		text := []byte(strings.Repeat(g, MaxText/len(g)))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := NewScanner(ByID("cpp"), text)
		b, n := NewMapBuilder(s), NewNesting(s)
		for tok := s.Next(); tok.Kind != EOF; tok = s.Next() {
			b.Add(tok)
			n.Add(tok)
		}
		m, st := b.Map(), n.Structure()
		runtime.GC()
		runtime.ReadMemStats(&after)
		if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 64<<20 {
			t.Errorf("%q: %d MB", g, kept>>20)
		}
		if total := int64(after.TotalAlloc) - int64(before.TotalAlloc); total > 128<<20 {
			t.Errorf("%q: %d MB allocated in all", g, total>>20)
		}
		if m.Size() < len(text) && !m.Truncated() {
			t.Errorf("%q: the map ends at %d and does not say so", g, m.Size())
		}
		runtime.KeepAlive(st)
		runtime.KeepAlive(text)
	}
}
