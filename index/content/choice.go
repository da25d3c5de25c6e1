package content

import "vitrine/index/deposit"

// Choices are the encodings that a person set by hand, by blob. Who records
// them keeps them; all who decode must be given the same ones. Nil chooses nothing.
type Choices map[deposit.Digest]Encoding

// Decode shows raw in the chosen encoding, or the recognised one.
func (c Choices) Decode(blob deposit.Digest, raw []byte) *Text {
	if e, ok := c[blob]; ok {
		return DecodeAs(blob, raw, e)
	}
	return Decode(blob, raw)
}
