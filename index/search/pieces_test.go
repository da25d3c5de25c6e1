package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPieces(t *testing.T) {
	for query, want := range map[string]string{
		"":                                "",
		"memcpy len":                      "",
		"memcpy path:*.c -path:tests/**":  "path:=*.c -path:=tests/**",
		`path:"a b/*" x lang:c,cpp`:       `path:="a b/*" lang:=c,cpp`,
		"path:/a b/ /x y/ release:1.4.2":  "path:=/a b/ release:=1.4.2",
		`comment:TODO AND NOT string:"a"`: `comment:=TODO string:="a"`,
		"code:char:RLO case:yes":          "code:char:=RLO case:=yes",
		"(sym:main OR hex:4d5a) new-in:2": "sym:=main hex:=4d5a new-in:=2",
		"std::vector path::x":             "",
		"file:crypt path:":                "file:=crypt",
		`case:yes "not closed`:            "case:=yes",
		"case:yes":                        "case:=yes",
		"x case:maybe path:*.c":           "",
	} {
		var got []string
		for _, p := range Pieces(query) {
			if query[p.From:p.To] != p.Name+p.Value {
				t.Errorf("%s: %+v is not what stands there", query, p)
			}
			got = append(got, p.Name+"="+p.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s\n got %q\nwant %q", query, got, want)
		}
	}
}

// TestPiecesCanBeTakenOut: a query without one of its filters is a query still, if
// anything is left to look for, and has the others.
func TestPiecesCanBeTakenOut(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	filters := []string{"path:*.c", `-path:"a b"`, "lang:c", "case:yes", "word:no", "release:1.0,2.0", "path:/x y/"}
	for range 200 {
		var parts []string
		for range 1 + r.IntN(5) {
			parts = append(parts, []string{"word", `"two words"`, "/re gexp/", "comment:x"}[r.IntN(4)])
		}
		for _, i := range r.Perm(len(filters))[:r.IntN(4)] {
			at := r.IntN(len(parts) + 1)
			parts = append(parts[:at], append([]string{filters[i]}, parts[at:]...)...)
		}
		query := strings.Join(parts, strings.Repeat(" ", 1+r.IntN(2)))
		pieces := Pieces(query)
		for i, p := range pieces {
			if !p.Filter {
				continue
			}
			rest := query[:p.From] + query[p.To:]
			if _, err := Parse(rest); err != nil {
				t.Fatalf("%s without %s: %v", query, p.Name, err)
			}
			var others []string
			for k, o := range pieces {
				if k != i {
					others = append(others, o.Name+o.Value)
				}
			}
			var left []string
			for _, o := range Pieces(rest) {
				left = append(left, o.Name+o.Value)
			}
			if fmt.Sprint(left) != fmt.Sprint(others) {
				t.Fatalf("%s without %s has %q, want %q", query, p.Name, left, others)
			}
		}
	}
}
