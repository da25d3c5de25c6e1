package desk

import "testing"

func TestColumnsShrinkBeforeTheMiddleDoes(t *testing.T) {
	k := columns{{least: 230, most: 320, share: .26}, {}, {least: 280, most: 330, share: .27}}
	for _, c := range []struct{ of, left, middle, right float32 }{
		{854, 230, 344, 280}, {1234, 320, 584, 330}, {1874, 320, 1224, 330}, {300, 230, 0, 280},
	} {
		if w := k.widths(c.of); w[0] != c.left || w[1] != c.middle || w[2] != c.right {
			t.Errorf("%v is shared out as %v, want %v %v %v", c.of, w, c.left, c.middle, c.right)
		}
	}
}
