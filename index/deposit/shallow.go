package deposit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shallowFile is where git keeps the commits whose parents it does not follow:
// a line of each id.
const shallowFile = "shallow"

func cutLines(cut map[ID]bool) string {
	var b strings.Builder
	for _, id := range slices.SortedFunc(maps.Keys(cut), compareIDs) {
		b.WriteString(id.String() + "\n")
	}
	return b.String()
}

// checkShallow holds the commits at which a source says that its history is cut
// off against the bundle: each is a commit of it that has a parent which
// neither this bundle nor an earlier one holds. So a history is not said to end
// where it goes on.
func checkShallow(g *graph, p *part) error {
	for _, id := range p.source.Shallow {
		n := g.lookup(id)
		if n == nil || n.kind != kindCommit || n.pack != p.number || len(n.edges) == 0 {
			return fmt.Errorf("the history is said to be cut off at the commit %s, which the bundle does not hold", id)
		}
		absent := false
		for _, e := range n.edges[1:] {
			to := g.at(e.node())
			switch {
			case to.kind == 0 || to.pack > p.number:
				absent = true
			case to.kind != kindCommit:
				return &missing{n, to, kindCommit}
			}
		}
		if !absent {
			return fmt.Errorf("the history is said to be cut off at the commit %s, but all its parents are deposited", id)
		}
	}
	return nil
}

// cutOffs gives the commits, sorted, that are sealed without all of their
// parents. Those whose parents are there after all are followed from now on.
func cutOffs(g *graph) []ID {
	var ids []ID
	for id := range g.cut {
		n := g.lookup(id)
		if n == nil || !n.sealed() || n.kind != kindCommit {
			continue
		}
		n.cut = slices.ContainsFunc(n.edges[1:], func(e edge) bool { return !g.at(e.node()).reached })
		if n.cut {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return ids
}
