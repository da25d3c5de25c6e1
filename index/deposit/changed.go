package deposit

import (
	"context"
	"fmt"
)

// changed counts the paths at which a release differs from the one before it of
// the source, -1 for the first, and remembers it.
func (s *verified) changed(ctx context.Context, trees treeReader, r Release) (int64, error) {
	before := s.last
	s.last = r.Tree
	if before == (ID{}) {
		return -1, nil
	}
	return countChanged(ctx, trees, before, r.Tree)
}

// countChanged counts the paths below two trees that only one of them has, or
// that have another object or mode. Both were walked, within their limits: it
// costs no more than that, and next to nothing where the trees are the same.
func countChanged(ctx context.Context, trees treeReader, a, b ID) (n int64, err error) {
	type pair struct{ a, b ID } // zero where one has no tree
	var x, y cursor
	for todo := []pair{{a, b}}; len(todo) > 0; {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if p.a == p.b {
			continue
		}
		if err := x.open(trees, p.a); err != nil {
			return 0, err
		}
		if err := y.open(trees, p.b); err != nil {
			return 0, err
		}
		for x.ok || y.ok {
			// A file and a directory of one name are two paths, as to the order.
			order := 0
			switch {
			case !y.ok:
				order = -1
			case !x.ok:
				order = 1
			default:
				order = compareEntries(&x.entry, &y.entry)
			}
			var at pair
			var mode, other uint32
			if order <= 0 {
				at.a, mode = x.entry.id, x.entry.mode
				if err := x.next(); err != nil {
					return 0, err
				}
			}
			if order >= 0 {
				at.b, other = y.entry.id, y.entry.mode
				if err := y.next(); err != nil {
					return 0, err
				}
			}
			switch {
			case mode == modeTree || other == modeTree:
				todo = append(todo, at)
			case at.a != at.b || mode != other:
				n++
			}
		}
	}
	return n, nil
}

// A cursor stands at an entry of a tree.
type cursor struct {
	id    ID
	data  []byte // its own: a treeReader's are valid until the next call
	scan  treeScanner
	entry treeEntry
	ok    bool // it is not past the end
}

// open goes to the first entry; the zero ID has none.
func (c *cursor) open(trees treeReader, id ID) error {
	c.id, c.data = id, c.data[:0]
	if id != (ID{}) {
		data, err := trees.tree(id)
		if err != nil {
			return err
		}
		c.data = append(c.data, data...)
	}
	c.scan.reset(c.data)
	return c.next()
}

func (c *cursor) next() (err error) {
	if c.entry, c.ok, err = c.scan.next(); err != nil {
		return fmt.Errorf("tree %s: %w", c.id, err)
	}
	return nil
}
