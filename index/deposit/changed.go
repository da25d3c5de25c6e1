package deposit

import (
	"context"
	"fmt"
)

// changed counts the paths at which a release differs from the one before it of
// the source, -1 for the first, and remembers it. Both were walked: it costs no
// more than that, and little where trees are the same.
func (s *verified) changed(ctx context.Context, trees treeReader, r Release) (int64, error) {
	before := s.last
	s.last = r.Tree
	if before == (ID{}) {
		return -1, nil
	}
	return countChanged(ctx, trees, &before, &r.Tree)
}

// countChanged counts the paths below two trees that only one of them has, or
// that have another object or mode. A tree that is nil holds nothing.
func countChanged(ctx context.Context, trees treeReader, a, b *ID) (n int64, err error) {
	if a != nil && b != nil && *a == *b {
		return 0, nil
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	var here, there []treeEntry
	if here, err = entriesOf(trees, a); err != nil {
		return 0, err
	}
	if there, err = entriesOf(trees, b); err != nil {
		return 0, err
	}
	for len(here) > 0 || len(there) > 0 {
		var x, y *treeEntry
		switch {
		case len(there) == 0:
			x = &here[0]
		case len(here) == 0:
			y = &there[0]
		default:
			// A file and a directory of one name are two paths, as in the order.
			order := compareEntries(&here[0], &there[0])
			if order <= 0 {
				x = &here[0]
			}
			if order >= 0 {
				y = &there[0]
			}
		}
		var sub int64
		switch {
		case x != nil && x.mode == modeTree, x == nil && y.mode == modeTree:
			sub, err = countChanged(ctx, trees, treeIn(x), treeIn(y))
		case x == nil || y == nil || x.id != y.id || x.mode != y.mode:
			sub = 1
		}
		if err != nil {
			return 0, err
		}
		n += sub
		if x != nil {
			here = here[1:]
		}
		if y != nil {
			there = there[1:]
		}
	}
	return n, nil
}

func treeIn(e *treeEntry) *ID {
	if e == nil {
		return nil
	}
	return &e.id
}

// entriesOf reads a tree that was walked before.
func entriesOf(trees treeReader, id *ID) ([]treeEntry, error) {
	if id == nil {
		return nil, nil
	}
	data, err := trees.tree(*id)
	if err != nil {
		return nil, err
	}
	data = append([]byte(nil), data...) // the next tree is read before this one is done with
	var scan treeScanner
	scan.reset(data)
	var entries []treeEntry
	for {
		e, ok, err := scan.next()
		if err != nil {
			return nil, fmt.Errorf("tree %s: %w", *id, err)
		}
		if !ok {
			return entries, nil
		}
		entries = append(entries, e)
	}
}
