package seal

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a document; ours have under ten, and the
// recursion must end before the stack does.
const maxDepth = 200

// maxSafe is the largest whole number that every JSON reader takes exactly
// (RFC 7493): beyond it RFC 8785, whose numbers are doubles, would alter it.
const maxSafe = 1<<53 - 1

// Canonical returns the RFC 8785 form of v, without a newline at its end. It
// reads the tags of encoding/json (name, omitempty, omitzero, "-") and honours
// json.Marshaler and encoding.TextMarshaler. It refuses what JSON or RFC 8785
// cannot carry unaltered: text that is not UTF-8, whole numbers beyond ±(2⁵³−1),
// NaN and infinities, and the tag option "string".
func Canonical(v any) ([]byte, error) {
	w := new(writer)
	if err := w.value(reflect.ValueOf(v), 0); err != nil {
		return nil, fmt.Errorf("no canonical JSON: %w", err)
	}
	return w.out, nil
}

// A writer appends the canonical form to out, straight from the Go value and
// in sorted order, so that nothing of the document is held twice.
type writer struct{ out []byte }

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	numberType    = reflect.TypeFor[json.Number]()
)

func (w *writer) value(v reflect.Value, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("nested deeper than %d", maxDepth)
	}
	if !v.IsValid() {
		w.out = append(w.out, "null"...)
		return nil
	}
	if done, err := w.marshaler(v, depth); done || err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.Bool:
		w.out = strconv.AppendBool(w.out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := v.Int()
		if n > maxSafe || n < -maxSafe {
			return fmt.Errorf("whole number %d is beyond ±(2^53-1)", n)
		}
		w.out = strconv.AppendInt(w.out, n, 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n := v.Uint()
		if n > maxSafe {
			return fmt.Errorf("whole number %d is beyond 2^53-1", n)
		}
		w.out = strconv.AppendUint(w.out, n, 10)
	case reflect.Float32, reflect.Float64:
		// A float32 is written as the double that a reader will get.
		return w.number(v.Float())
	case reflect.String:
		if v.Type() == numberType {
			return w.numeral(v.String())
		}
		return w.text(v.String())
	case reflect.Interface, reflect.Pointer:
		return w.value(v.Elem(), depth+1)
	case reflect.Struct:
		return w.object(v, depth)
	case reflect.Map:
		return w.mapping(v, depth)
	case reflect.Slice:
		if v.IsNil() {
			w.out = append(w.out, "null"...)
			return nil
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			w.out = append(w.out, '"')
			w.out = base64.StdEncoding.AppendEncode(w.out, v.Bytes())
			w.out = append(w.out, '"')
			return nil
		}
		return w.array(v, depth)
	case reflect.Array:
		return w.array(v, depth)
	default:
		return fmt.Errorf("a value of type %s has no JSON", v.Type())
	}
	return nil
}

// marshaler writes v through its own method, if it has one.
func (w *writer) marshaler(v reflect.Value, depth int) (done bool, err error) {
	t := v.Type()
	if t.Kind() == reflect.Interface {
		return false, nil
	}
	if t.Kind() == reflect.Pointer && v.IsNil() {
		return false, nil
	}
	if v.CanAddr() && t.Kind() != reflect.Pointer {
		// The pointer has the value's methods and its own, and needs no copy.
		v, t = v.Addr(), reflect.PointerTo(t)
	}
	switch {
	case t.Implements(jsonMarshaler):
		data, err := v.Interface().(json.Marshaler).MarshalJSON()
		if err != nil {
			return true, err
		}
		return true, w.raw(data, depth)
	case t.Implements(textMarshaler):
		text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			return true, err
		}
		return true, w.text(string(text))
	}
	return false, nil
}

func (w *writer) array(v reflect.Value, depth int) error {
	w.out = append(w.out, '[')
	for i := range v.Len() {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.value(v.Index(i), depth+1); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	w.out = append(w.out, ']')
	return nil
}

func (w *writer) object(v reflect.Value, depth int) error {
	fields, err := fieldsOf(v.Type())
	if err != nil {
		return err
	}
	w.out = append(w.out, '{')
	first := true
	for i := range fields {
		f := &fields[i]
		fv := f.of(v)
		if !fv.IsValid() || f.absent(fv) {
			continue
		}
		if !first {
			w.out = append(w.out, ',')
		}
		first = false
		w.out = append(w.out, f.quoted...)
		if err := w.value(fv, depth+1); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	w.out = append(w.out, '}')
	return nil
}

func (w *writer) mapping(v reflect.Value, depth int) error {
	if v.IsNil() {
		w.out = append(w.out, "null"...)
		return nil
	}
	type member struct {
		name  string
		value reflect.Value
	}
	members := make([]member, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		k := it.Key()
		name := ""
		if tm, ok := k.Interface().(encoding.TextMarshaler); ok && k.Kind() != reflect.String {
			text, err := tm.MarshalText()
			if err != nil {
				return err
			}
			name = string(text)
		} else if k.Kind() == reflect.String {
			name = k.String()
		} else {
			return fmt.Errorf("a map with keys of type %s has no canonical JSON", k.Type())
		}
		members = append(members, member{name, it.Value()})
	}
	slices.SortFunc(members, func(a, b member) int { return compareUTF16(a.name, b.name) })
	w.out = append(w.out, '{')
	for i, m := range members {
		if i > 0 {
			if m.name == members[i-1].name {
				return fmt.Errorf("two members named %q", m.name)
			}
			w.out = append(w.out, ',')
		}
		if err := w.text(m.name); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		if err := w.value(m.value, depth+1); err != nil {
			return fmt.Errorf("%q: %w", m.name, err)
		}
	}
	w.out = append(w.out, '}')
	return nil
}

// number writes a double as ECMAScript does (RFC 8785, section 3.2.2.3).
func (w *writer) number(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("%v is no JSON number", f)
	}
	if f == 0 { // -0 as well
		w.out = append(w.out, '0')
		return nil
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		w.out = strconv.AppendFloat(w.out, f, 'f', -1, 64)
		return nil
	}
	w.out = strconv.AppendFloat(w.out, f, 'e', -1, 64)
	// Go writes two digits of exponent at least, ECMAScript as few as will do.
	if n := len(w.out); n >= 4 && w.out[n-2] == '0' && (w.out[n-3] == '-' || w.out[n-3] == '+') {
		w.out[n-2] = w.out[n-1]
		w.out = w.out[:n-1]
	}
	return nil
}

const hexDigits = "0123456789abcdef"

// text writes a string with the escapes of RFC 8785, section 3.2.2.2.
func (w *writer) text(s string) error {
	w.out = append(w.out, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				return fmt.Errorf("text is not UTF-8: byte %#02x at offset %d of %q", c, i, excerpt(s))
			}
			i += n
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		w.out = append(w.out, s[start:i]...)
		switch c {
		case '"', '\\':
			w.out = append(w.out, '\\', c)
		case '\b':
			w.out = append(w.out, '\\', 'b')
		case '\t':
			w.out = append(w.out, '\\', 't')
		case '\n':
			w.out = append(w.out, '\\', 'n')
		case '\f':
			w.out = append(w.out, '\\', 'f')
		case '\r':
			w.out = append(w.out, '\\', 'r')
		default:
			w.out = append(w.out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	w.out = append(append(w.out, s[start:]...), '"')
	return nil
}

// compareUTF16 orders names as RFC 8785 does, by UTF-16 code units. That is
// the order of the bytes except that characters beyond U+FFFF, which begin
// with a unit 0xD800–0xDBFF, come before U+E000–U+FFFF.
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		ra, na := utf8.DecodeRuneInString(a)
		rb, nb := utf8.DecodeRuneInString(b)
		if ra != rb {
			return slices.Compare(utf16.AppendRune(nil, ra), utf16.AppendRune(nil, rb))
		}
		a, b = a[na:], b[nb:]
	}
	return len(a) - len(b)
}

func excerpt(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
