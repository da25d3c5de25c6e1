package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxObjects bounds the JSON objects of one file, so that a small file of many
// "{}" cannot fill the memory: [MaxAnnotations] annotations of a few locations
// stay far below it.
const maxObjects = 1 << 18

// encode is the one JSON form of v: the fields in the order of the type,
// indented by two spaces, no HTML escapes, a newline at the end.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// decode reads data into v and accepts only what encode writes for it: unknown,
// duplicate or misspelt fields, other spacing, other forms of the same number
// or string and anything after the value are refused, at a byte offset.
func decode(data []byte, v any) error {
	if n := objects(data); n > maxObjects {
		return fmt.Errorf("more than %d JSON objects", maxObjects)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("something follows the JSON value at byte %d", d.InputOffset())
	}
	again, err := encode(v)
	if err != nil {
		return err
	}
	return same(data, again)
}

// same says where data leaves what this program writes.
func same(data, want []byte) error {
	if bytes.Equal(data, want) {
		return nil
	}
	return fmt.Errorf("from byte %d on it is not what this program writes for the same content", diverge(data, want))
}

// diverge is the first offset where a and b differ.
func diverge(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// objects counts the opening braces outside strings, up to just over the limit.
func objects(data []byte) int {
	n, inString := 0, false
	for i := 0; i < len(data) && n <= maxObjects; i++ {
		switch data[i] {
		case '"':
			inString = !inString
		case '\\':
			if inString {
				i++
			}
		case '{':
			if !inString {
				n++
			}
		}
	}
	return n
}
