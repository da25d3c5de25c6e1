package code

import "testing"

// text is a Source for tests.
type text []string

func (t text) Lines() int        { return len(t) }
func (t text) Line(n int) []byte { return []byte(t[n-1]) }

func TestHiddenName(t *testing.T) {
	for r, want := range map[rune]string{
		0: "NUL", '\r': "CR", '\f': "FF", 0x1B: "ESC", 0x7F: "DEL", 0x85: "NEL", 0x9B: "U+009B",
		0xA0: "NBSP", 0xAD: "SHY", 0x200B: "ZWSP", 0x200D: "ZWJ", 0x200F: "RLM", 0x061C: "ALM",
		0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
		0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0x2028: "LSEP", 0x3000: "IDSP",
		0xFEFF: "BOM", 0xFFFD: "REPL", 0xFE0F: "VS16", 0xE0100: "VS17", 0xE0041: "TAG A", 0xE007F: "U+E007F",
		0x3164: "HF", 0x2800: "BRSP", 0x2065: "U+2065", 0xFFFF: "U+FFFF", 0x1D173: "U+1D173",
	} {
		if got, hidden := HiddenName(r); !hidden || got != want {
			t.Errorf("U+%04X is %q, hidden %v; want %q", r, got, hidden, want)
		}
	}
	for _, r := range "\t a~é中Привет→א\u0301" {
		if got, hidden := HiddenName(r); hidden {
			t.Errorf("U+%04X is hidden as %q", r, got)
		}
	}
}
