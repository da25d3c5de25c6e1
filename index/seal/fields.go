package seal

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A field is one member of a struct's JSON object.
type field struct {
	name      string
	quoted    string // "name":
	index     []int
	omitEmpty bool
	omitZero  bool
}

var fieldCache sync.Map // reflect.Type → []field

// fieldsOf returns the members of struct type t as encoding/json sees them, in
// canonical order. What encoding/json would resolve by precedence (two fields
// of one name) or write in another type (the option "string") is refused: a
// format of ours has no need of it.
func fieldsOf(t reflect.Type) ([]field, error) {
	if known, ok := fieldCache.Load(t); ok {
		return known.([]field), nil
	}
	fields, err := listFields(t, nil, 0)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(fields, func(a, b field) int { return compareUTF16(a.name, b.name) })
	for i := 1; i < len(fields); i++ {
		if fields[i].name == fields[i-1].name {
			return nil, fmt.Errorf("type %s has two members named %q", t, fields[i].name)
		}
	}
	fieldCache.Store(t, fields)
	return fields, nil
}

func listFields(t reflect.Type, index []int, depth int) ([]field, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("type %s embeds itself", t)
	}
	var fields []field
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := sf.Tag.Get("json")
		if tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		at := append(slices.Clone(index), i)
		if sf.Anonymous && name == "" {
			if sf.Type.Kind() != reflect.Struct {
				return nil, fmt.Errorf("type %s embeds %s, only a struct can be embedded", t, sf.Type)
			}
			inner, err := listFields(sf.Type, at, depth+1)
			if err != nil {
				return nil, err
			}
			fields = append(fields, inner...)
			continue
		}
		if !sf.IsExported() {
			continue
		}
		f := field{name: name, index: at}
		if f.name == "" {
			f.name = sf.Name
		}
		for o := range strings.SplitSeq(options, ",") {
			switch o {
			case "omitempty":
				f.omitEmpty = true
			case "omitzero":
				f.omitZero = true
			case "string":
				return nil, fmt.Errorf("type %s, field %s: the tag option \"string\" is not supported", t, sf.Name)
			}
		}
		if strings.ContainsFunc(f.name, unusual) {
			return nil, fmt.Errorf("type %s: encoding/json does not take the name %q", t, f.name)
		}
		w := new(writer)
		if err := w.text(f.name); err != nil {
			return nil, err
		}
		f.quoted = string(append(w.out, ':'))
		fields = append(fields, f)
	}
	return fields, nil
}

// unusual reports whether encoding/json would pass over a tag's name for r.
func unusual(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r)
}

func (f *field) of(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		v = v.Field(i)
	}
	return v
}

// absent reports whether the member is left out for the value v.
func (f *field) absent(v reflect.Value) bool {
	if f.omitZero {
		if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
			if z.IsZero() {
				return true
			}
		} else if v.IsZero() {
			return true
		}
	}
	if !f.omitEmpty {
		return false
	}
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
