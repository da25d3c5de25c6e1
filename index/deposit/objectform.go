package deposit

import (
	"bytes"
	"encoding/hex"
)

// The canonical form of an Object, around its four values. A manifest has
// hundreds of thousands of them and little else.
var objectForm = [...][]byte{
	[]byte(`{"git":"`), []byte(`","kind":"`), []byte(`","sha256":"`), []byte(`","size":`), []byte(`}`),
}

// maxSizeDigits is how many digits a size may have that is read here: all
// such numbers are below 2^53.
const maxSizeDigits = 15

// ReadForm reads an object's canonical form off the front of data, for
// seal.Decode. Kinds other than blob and tree, and sizes of more digits than any
// file has, are left to that.
func (o *Object) ReadForm(data []byte) int {
	f := front{rest: data}
	f.take(objectForm[0])
	f.hex(o.Git[:])
	f.take(objectForm[1])
	switch {
	case bytes.HasPrefix(f.rest, []byte(kindNameBlob)):
		o.Kind = kindNameBlob
	case bytes.HasPrefix(f.rest, []byte(kindNameTree)):
		o.Kind = kindNameTree
	default:
		return 0
	}
	f.rest = f.rest[len(o.Kind):]
	f.take(objectForm[2])
	f.hex(o.SHA256[:])
	f.take(objectForm[3])
	o.Size = f.number()
	f.take(objectForm[4])
	if f.other {
		return 0
	}
	return len(data) - len(f.rest)
}

// A front is what is left of bytes that are read along a form; other says that
// they are of another.
type front struct {
	rest  []byte
	other bool
}

func (f *front) take(s []byte) {
	if f.other = f.other || !bytes.HasPrefix(f.rest, s); !f.other {
		f.rest = f.rest[len(s):]
	}
}

// hex reads digits as hex.Encode writes them.
func (f *front) hex(to []byte) {
	n := hex.EncodedLen(len(to))
	if f.other = f.other || len(f.rest) < n; f.other {
		return
	}
	for i := range to {
		high, low := hexValue[f.rest[2*i]], hexValue[f.rest[2*i+1]]
		f.other = f.other || high|low > 15
		to[i] = high<<4 | low
	}
	f.rest = f.rest[n:]
}

// number reads a whole number, not negative, as strconv writes it.
func (f *front) number() (n int64) {
	digits := 0
	for digits < len(f.rest) && digits <= maxSizeDigits && '0' <= f.rest[digits] && f.rest[digits] <= '9' {
		n = 10*n + int64(f.rest[digits]-'0')
		digits++
	}
	f.other = f.other || digits == 0 || digits > maxSizeDigits || f.rest[0] == '0' && digits > 1
	f.rest = f.rest[digits:]
	return n
}

// hexValue gives lower-case hex digits their value, and others 255.
var hexValue = func() (values [256]byte) {
	for i := range values {
		values[i] = 255
	}
	for i, c := range []byte("0123456789abcdef") {
		values[c] = byte(i)
	}
	return values
}()
