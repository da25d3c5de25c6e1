package bom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// bounds is what one document may have.
type bounds struct{ objects, values, depth, members int }

var ordinary = bounds{maxObjects, maxValues, maxDepth, maxMembers}

const (
	// maxObjects bounds objects and lists, so that many "{}" in a small file
	// cannot fill the memory: ten for each of the most components, or six for
	// each file of twice Linux.
	maxObjects = 1 << 20
	// maxValues bounds all values, strings in lists among them.
	maxValues = 8 << 20
	// maxDepth bounds nesting. CycloneDX's components nest a few times.
	maxDepth = 64
	// maxMembers bounds an object's members: no object of either format has
	// half as many, and they are compared with each other.
	maxMembers = 100
)

// survey walks over the JSON once, before anything is made of it: it counts,
// and refuses members that stand twice.
func survey(data []byte, most bounds) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	type level struct {
		object bool
		value  bool     // the next token of the object is a value
		names  []string // of the object's members, folded
	}
	var levels []level
	objects, values := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is no JSON: %w", err)
		}
		var top *level
		if len(levels) > 0 {
			top = &levels[len(levels)-1]
		}
		if end, ok := token.(json.Delim); ok && (end == '}' || end == ']') {
			levels = levels[:len(levels)-1]
			continue
		}
		if top != nil && top.object && !top.value {
			name := strings.ToLower(token.(string)) // a key: the decoder sees to it
			for _, other := range top.names {
				if name == other {
					return fmt.Errorf("byte %d: the member %.60q stands there twice", d.InputOffset(), name)
				}
			}
			if len(top.names) == most.members {
				return fmt.Errorf("byte %d: an object has more than %d members", d.InputOffset(), most.members)
			}
			top.names, top.value = append(top.names, name), true
			continue
		}
		if top != nil {
			top.value = false
		}
		if values++; values > most.values {
			return fmt.Errorf("it has more than %d values", most.values)
		}
		if open, ok := token.(json.Delim); ok {
			if objects++; objects > most.objects {
				return fmt.Errorf("it has more than %d objects and lists", most.objects)
			}
			if len(levels) == most.depth {
				return fmt.Errorf("byte %d: it is nested more than %d deep", d.InputOffset(), most.depth)
			}
			levels = append(levels, level{object: open == '{'})
		}
	}
}
