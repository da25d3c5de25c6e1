package desk

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vitrine/index/deposit"
	"vitrine/index/symbol"
)

// TestAround: of the definitions around a line it is the smallest, the last of these if
// there are several, whatever overlaps.
func TestAround(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	text := []byte(strings.Repeat("x\n", 60))
	for range 200 {
		var o symbol.Outline
		for range rnd.IntN(20) {
			from := rnd.IntN(60)
			to := min(from+rnd.IntN(12), 60)
			kind := []symbol.Kind{symbol.Function, symbol.Macro, symbol.Struct}[rnd.IntN(3)]
			o.Symbols = append(o.Symbols, symbol.Symbol{Kind: kind, BodyStart: 2 * from, BodyEnd: 2 * to, Start: 2 * from})
		}
		out := nested(&o, "c", text)
		for line := 1; line <= 61; line++ {
			want := -1
			for i, r := range out.rows {
				if r.from <= line && line <= r.to && (want < 0 || r.to-r.from <= out.rows[want].to-out.rows[want].from) {
					want = i
				}
			}
			if got := out.around(line); got != want {
				t.Fatalf("around line %d is row %d, want %d of %+v", line, got, want, out.rows)
			}
		}
	}
}

// TestFindInAnOutline: without letters the symbols come in their order, as many as are
// listed, and with letters the best of all of them.
func TestFindInAnOutline(t *testing.T) {
	var o outline
	for i := range 2 * maxOutlined {
		o.rows = append(o.rows, outlineRow{Symbol: symbol.Symbol{Name: fmt.Sprint("REG_", i, "_MASK"), Kind: symbol.Macro, Line: i}})
	}
	o.rows = append(o.rows, outlineRow{Symbol: symbol.Symbol{Name: "reg_read", Kind: symbol.Function}, depth: 1})
	place := deposit.Place{Release: "1", Path: "a.h"}
	all, err := o.find(t.Context(), symbolFilter{}, place)
	if err != nil || len(all.rows) != maxOutlined || all.rows[7].Name != "REG_7_MASK" || all.head == "" {
		t.Errorf("nothing typed: %d rows, %q, %v", len(all.rows), all.head, err)
	}
	best, err := o.find(t.Context(), symbolFilter{name: "regread"}, place)
	if err != nil || len(best.rows) != 1 || best.rows[0].Name != "reg_read" || !slices.Equal(best.rows[0].hits, [][2]int{{0, 3}, {4, 8}}) || best.head != "" {
		t.Errorf("regread: %+v, %v", best, err)
	}
	many, err := o.find(t.Context(), symbolFilter{name: "mask", kinds: []symbol.Kind{symbol.Macro}}, place)
	if err != nil || len(many.rows) != maxSymbols || many.rows[0].Line != 0 {
		t.Errorf("mask: %d rows, %v", len(many.rows), err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.find(gone, symbolFilter{}, place); err == nil {
		t.Error("it is not to be cancelled")
	}
}
