package seal

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Decode reads data, which must be the canonical form of a value of v's type,
// into v, a pointer. What it accepts is exactly what Canonical writes for such
// values: unknown, missing, repeated or differently written members, white
// space and anything behind the value are refused, with the offset in bytes of
// the first that is not as it should be. At most limit bytes are read. After an
// error v holds part of the document and must not be used.
//
// The bytes are followed along the type, once, so that a document costs little
// more than the value it holds: no member can be left out to make short bytes
// into a large value.
func Decode(data []byte, limit int, v any) error {
	if len(data) > limit {
		return fmt.Errorf("document of %d bytes, at most %d are read", len(data), limit)
	}
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("cannot decode into %T, a pointer is needed", v)
	}
	r := &reader{data: data}
	if err := r.value(p.Elem(), 0); err != nil {
		return err
	}
	if r.at != len(data) {
		return r.refuse("the document should end there")
	}
	return nil
}

// A FormReader is a type of which documents have so many values that following
// each along its type would take longer than all the rest. ReadForm reads a value
// off the front of data and returns the length of its form: exactly the bytes that
// Canonical writes for it. It returns 0 for anything else, which Decode then reads
// itself, or refuses with the reason. It is asked for the elements of lists, and
// keeps no part of data.
type FormReader interface {
	ReadForm(data []byte) int
}

// A reader walks data along a type.
type reader struct {
	data  []byte
	at    int
	again writer // what Canonical would write of a value; used anew for each
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	formReader      = reflect.TypeFor[FormReader]()
)

func (r *reader) refuse(format string, args ...any) error {
	return r.refuseAt(r.at, format, args...)
}

func (r *reader) refuseAt(at int, format string, args ...any) error {
	return fmt.Errorf("document not in canonical form (RFC 8785) at byte %d: "+format, append([]any{at}, args...)...)
}

// take consumes s if it comes next.
func (r *reader) take(s string) bool {
	if len(r.data)-r.at < len(s) || string(r.data[r.at:r.at+len(s)]) != s {
		return false
	}
	r.at += len(s)
	return true
}

func (r *reader) value(v reflect.Value, depth int) error {
	if depth > maxDepth {
		return r.refuse("nested deeper than %d", maxDepth)
	}
	t := v.Type()
	switch t.Kind() {
	case reflect.Pointer:
		if r.take("null") {
			v.SetZero()
			return nil
		}
		v.Set(reflect.New(t.Elem()))
		return r.value(v.Elem(), depth+1)
	case reflect.Interface:
		return r.whole(v, depth)
	}
	switch pt := reflect.PointerTo(t); {
	case pt.Implements(jsonUnmarshaler) || t.Implements(jsonMarshaler) || t == numberType:
		return r.whole(v, depth)
	case pt.Implements(textUnmarshaler):
		return r.marshalled(v)
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(r.take("true"))
		if !v.Bool() && !r.take("false") {
			return r.refuse("want true or false")
		}
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return r.integer(v)
	case reflect.Float32, reflect.Float64:
		return r.whole(v, depth)
	case reflect.String:
		s, err := r.text()
		v.SetString(string(s))
		return err
	case reflect.Struct:
		return r.object(v, depth)
	case reflect.Map:
		return r.mapping(v, depth)
	case reflect.Slice:
		return r.slice(v, depth)
	case reflect.Array:
		return r.array(v, depth)
	}
	return fmt.Errorf("a value of type %s has no JSON", t)
}

func (r *reader) integer(v reflect.Value) error {
	start, end := r.at, r.at
	if end < len(r.data) && r.data[end] == '-' {
		end++
	}
	digits := end
	// A safe whole number has 16 digits at most.
	for end < len(r.data) && end-digits < 17 && r.data[end] >= '0' && r.data[end] <= '9' {
		end++
	}
	token := string(r.data[start:end])
	n, err := strconv.ParseInt(token, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != token || n > maxSafe || n < -maxSafe {
		return r.refuse("want a whole number within ±(2^53-1)")
	}
	switch {
	case v.CanInt() && !v.OverflowInt(n):
		v.SetInt(n)
	case v.CanUint() && n >= 0 && !v.OverflowUint(uint64(n)):
		v.SetUint(uint64(n))
	default:
		return r.refuse("%d is not in the range of the member's type %s", n, v.Type())
	}
	r.at = end
	return nil
}

// text reads a string in its canonical form. The result may be part of data.
func (r *reader) text() ([]byte, error) {
	start := r.at
	if !r.take(`"`) {
		return nil, r.refuse("want a string")
	}
	plain := true
	for end := r.at; end < len(r.data); end++ {
		switch c := r.data[end]; {
		case c == '\\':
			plain = false
			end++
		case c == '"':
			if s := r.data[r.at:end]; plain && utf8.Valid(s) {
				r.at = end + 1
				return s, nil
			}
			return r.escaped(start, end+1)
		case c < ' ':
			return nil, r.refuseAt(end, "the control character %#02x must be escaped", c)
		}
	}
	return nil, r.refuseAt(start, "the string does not end")
}

// escaped reads the string in data[start:end], which has escapes or is not
// UTF-8.
func (r *reader) escaped(start, end int) ([]byte, error) {
	form := r.data[start:end]
	if !utf8.Valid(form) || !json.Valid(form) {
		return nil, r.refuseAt(start, "not a string of UTF-8")
	}
	s, err := (&scanner{data: form}).text()
	if err != nil {
		return nil, r.refuseAt(start, "%v", err)
	}
	w := new(writer)
	if err := w.text(s); err != nil {
		return nil, r.refuseAt(start, "%v", err)
	}
	if !bytes.Equal(w.out, form) {
		return nil, r.refuseAt(start+firstDifference(w.out, form), "the string is escaped otherwise")
	}
	r.at = end
	return []byte(s), nil
}

// marshalled reads a value that has a text of its own.
func (r *reader) marshalled(v reflect.Value) error {
	start := r.at
	s, err := r.text()
	if err != nil {
		return err
	}
	// A copy with no room behind it: the method must not reach into data.
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(bytes.Clone(s)); err != nil {
		return r.refuseAt(start, "%w", err)
	}
	return r.rewrite(v, start)
}

// whole reads a value that encoding/json or a method must make sense of.
func (r *reader) whole(v reflect.Value, depth int) error {
	start := r.at
	var form json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(r.data[start:])).Decode(&form); err != nil {
		return r.refuse("%w", err)
	}
	w := new(writer)
	if err := w.raw(form, depth); err != nil {
		return r.refuse("%w", err)
	}
	if !bytes.HasPrefix(r.data[start:], w.out) {
		return r.refuseAt(start+firstDifference(w.out, r.data[start:]), "written otherwise")
	}
	v.SetZero()
	dec := json.NewDecoder(bytes.NewReader(w.out))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v.Addr().Interface()); err != nil {
		return r.refuse("%w", err)
	}
	r.at = start + len(w.out)
	return r.rewrite(v, start)
}

// rewrite holds what was read since start against what Canonical would write.
func (r *reader) rewrite(v reflect.Value, start int) error {
	w := &r.again
	w.out = w.out[:0]
	if err := w.value(v, 0); err != nil {
		return r.refuseAt(start, "%w", err)
	}
	if form := r.data[start:r.at]; !bytes.Equal(w.out, form) {
		return r.refuseAt(start+firstDifference(w.out, form), "written otherwise than the value it stands for")
	}
	return nil
}

func (r *reader) object(v reflect.Value, depth int) error {
	fields, err := fieldsOf(v.Type())
	if err != nil {
		return err
	}
	v.SetZero()
	if !r.take("{") {
		return r.refuse("want an object")
	}
	first := true
	for i := range fields {
		f := &fields[i]
		start := r.at
		if !first && !r.take(",") || !r.take(f.quoted) {
			r.at = start
			if f.omitEmpty || f.omitZero {
				continue
			}
			return r.missing(f, fields)
		}
		first = false
		fv := f.of(v)
		if err := r.value(fv, depth+1); err != nil {
			return err
		}
		if f.absent(fv) {
			return r.refuseAt(start, "member %q is empty and must be left out", f.name)
		}
	}
	if !r.take("}") {
		return r.missing(nil, fields)
	}
	return nil
}

// missing says what stands where member f, or the object's end when f is nil,
// should.
func (r *reader) missing(f *field, fields []field) error {
	at := r.at
	r.take(",")
	text, err := r.text()
	name := string(text)
	r.at = at
	want := "the object should end there"
	if f != nil {
		want = fmt.Sprintf("member %q should stand there", f.name)
	}
	if err != nil {
		return r.refuse("%s", want)
	}
	for i := range fields {
		switch known := fields[i].name; {
		case known == name:
			return r.refuse("member %q is repeated or not in its place, %s", excerpt(name), want)
		case strings.EqualFold(known, name):
			return r.refuse("unknown member %q, it is written %q", excerpt(name), known)
		}
	}
	return r.refuse("unknown member %q, %s", excerpt(name), want)
}

func (r *reader) mapping(v reflect.Value, depth int) error {
	v.SetZero()
	if r.take("null") {
		return nil
	}
	if !r.take("{") {
		return r.refuse("want an object")
	}
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		return fmt.Errorf("a map with keys of type %s cannot be read", t.Key())
	}
	v.Set(reflect.MakeMap(t))
	last := ""
	for n := 0; !r.take("}"); n++ {
		if n > 0 && !r.take(",") {
			return r.refuse("want a comma or the object's end")
		}
		start := r.at
		text, err := r.text()
		if err != nil {
			return err
		}
		name := string(text)
		if n > 0 && compareUTF16(last, name) >= 0 {
			return r.refuseAt(start, "member %q is repeated or not in its place", excerpt(name))
		}
		last = name
		if !r.take(":") {
			return r.refuse("want a colon")
		}
		ev := reflect.New(t.Elem()).Elem()
		if err := r.value(ev, depth+1); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), ev)
	}
	return nil
}

func (r *reader) slice(v reflect.Value, depth int) error {
	v.SetZero()
	if r.take("null") {
		return nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		start := r.at
		s, err := r.text()
		if err != nil {
			return err
		}
		b, err := base64.StdEncoding.Strict().DecodeString(string(s))
		if err != nil {
			return r.refuseAt(start, "%w", err)
		}
		v.SetBytes(b)
		return r.rewrite(v, start)
	}
	if !r.take("[") {
		return r.refuse("want an array")
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	quick := reflect.PointerTo(v.Type().Elem()).Implements(formReader)
	for n := 0; !r.take("]"); n++ {
		if n > 0 && !r.take(",") {
			return r.refuse("want a comma or the array's end")
		}
		v.Grow(1)
		v.SetLen(n + 1)
		if quick {
			size := v.Index(n).Addr().Interface().(FormReader).ReadForm(r.data[r.at:])
			if r.at += size; size > 0 {
				continue
			}
		}
		if err := r.value(v.Index(n), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) array(v reflect.Value, depth int) error {
	for n := range v.Len() {
		if !r.take([]string{"[", ","}[min(n, 1)]) {
			return r.refuse("want an array of %d", v.Len())
		}
		if err := r.value(v.Index(n), depth+1); err != nil {
			return err
		}
	}
	if v.Len() == 0 && !r.take("[") || !r.take("]") {
		return r.refuse("want an array of %d", v.Len())
	}
	return nil
}
