package deposit

import (
	"errors"
	"fmt"
)

// deltaSizes reads the two numbers a delta begins with: the size of the object
// it applies to and of the one it makes.
func deltaSizes(delta []byte) (base, result int64, rest []byte, err error) {
	if base, rest, err = deltaSize(delta); err == nil {
		result, rest, err = deltaSize(rest)
	}
	return base, result, rest, err
}

// minDelta is the shortest delta that git applies: shorter ones can only make
// what is empty.
const minDelta = 4

// maxDeltaSizes is the longest that both numbers can be.
const maxDeltaSizes = 18

func deltaSize(b []byte) (int64, []byte, error) {
	var v int64
	for i, c := range b {
		if i == maxDeltaSizes/2 {
			return 0, nil, errors.New("a size in its delta has too many digits")
		}
		v |= int64(c&0x7f) << (7 * i)
		if c&0x80 == 0 {
			return v, b[i+1:], nil
		}
	}
	return 0, nil, errors.New("its delta ends early")
}

// applyDelta fills dst, whose length must be the delta's result size, from
// base and the delta (gitformat-pack(5), "deltified representation").
func applyDelta(dst, base, delta []byte) error {
	baseSize, size, d, err := deltaSizes(delta)
	if err != nil {
		return err
	}
	if baseSize != int64(len(base)) {
		return fmt.Errorf("its delta is for a base of %d bytes, but the base has %d", baseSize, len(base))
	}
	if len(delta) < minDelta {
		return fmt.Errorf("its delta has %d bytes, and git reads none of fewer than %d", len(delta), minDelta)
	}
	if size != int64(len(dst)) {
		return fmt.Errorf("its delta makes %d bytes, not %d", size, len(dst))
	}
	for len(d) > 0 {
		op := d[0]
		d = d[1:]
		if op&0x80 == 0 {
			n := int(op)
			switch {
			case n == 0:
				return errors.New("its delta has the reserved instruction 0")
			case n > len(d):
				return errors.New("its delta ends early")
			case n > len(dst):
				return errors.New("its delta makes more bytes than it declares")
			}
			copy(dst, d[:n])
			dst, d = dst[n:], d[n:]
			continue
		}
		var from, n uint32
		for bit := range 7 {
			if op>>bit&1 == 0 {
				continue
			}
			if len(d) == 0 {
				return errors.New("its delta ends early")
			}
			if bit < 4 {
				from |= uint32(d[0]) << (8 * bit)
			} else {
				n |= uint32(d[0]) << (8 * (bit - 4))
			}
			d = d[1:]
		}
		if n == 0 {
			n = 0x10000
		}
		switch {
		case int64(from)+int64(n) > int64(len(base)):
			return errors.New("its delta copies from beyond its base")
		case int64(n) > int64(len(dst)):
			return errors.New("its delta makes more bytes than it declares")
		}
		copy(dst, base[from:from+n])
		dst = dst[n:]
	}
	if len(dst) != 0 {
		return errors.New("its delta makes fewer bytes than it declares")
	}
	return nil
}
