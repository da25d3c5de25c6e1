package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Decode reads data, which must be the canonical form of a value of v's type,
// into v: unknown, missing, repeated or differently written members, white
// space and anything behind the value are refused, with the offset in bytes of
// the first that is not as it should be. At most limit bytes are read.
func Decode(data []byte, limit int, v any) error {
	if len(data) > limit {
		return fmt.Errorf("document of %d bytes, at most %d are read", len(data), limit)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("document not understood: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("document goes on behind its end at byte %d", dec.InputOffset())
	}
	again, err := Canonical(v)
	if err != nil {
		return fmt.Errorf("document not understood: %w", err)
	}
	if !bytes.Equal(again, data) {
		return fmt.Errorf("document not in canonical form (RFC 8785): it differs from byte %d on", firstDifference(again, data))
	}
	return nil
}
