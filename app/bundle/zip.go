package bundle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Limits of a bundle. A reader checks them before it reads, so that a large or
// lying file costs nothing.
const (
	MaxFile   = 16 << 20 // bytes of one file in a bundle
	MaxBundle = 49 << 20 // bytes of a bundle: three such files, sums, signature, headers
	maxName   = 64       // bytes of a file's name
	maxFiles  = 16       // files looked at before their names are judged; a bundle has five
)

// The records of a zip (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16)
// in the one form that a bundle has: stored, of 1980-01-01 00:00, regular files
// of mode 0644, ASCII names, no extra field, no comment, nothing between them.
const (
	sigLocal   = 0x04034b50
	sigCentral = 0x02014b50
	sigEnd     = 0x06054b50
	lenLocal   = 30
	lenCentral = 46
	lenEnd     = 22

	madeBy   = 3<<8 | 20 // Unix, version 2.0
	needed   = 10        // version 1.0: stored files
	dosTime  = 0
	dosDate  = 0<<9 | 1<<5 | 1
	fileMode = 0o100644 << 16
)

// zipped is the one zip of these files, in their order.
func zipped(files []File) []byte {
	le := binary.LittleEndian
	size := lenEnd
	for _, f := range files {
		size += lenLocal + lenCentral + 2*len(f.Name) + len(f.Data)
	}
	out := make([]byte, 0, size)
	var central []byte
	for _, f := range files {
		at := uint32(len(out))
		// What both headers have in common: version needed to name length, extra length.
		var common []byte
		for _, n := range []uint16{needed, 0, 0, dosTime, dosDate} { // flags 0, method 0: stored
			common = le.AppendUint16(common, n)
		}
		common = le.AppendUint32(common, crc32.ChecksumIEEE(f.Data))
		common = le.AppendUint32(common, uint32(len(f.Data)))
		common = le.AppendUint32(common, uint32(len(f.Data)))
		common = le.AppendUint16(common, uint16(len(f.Name)))
		common = le.AppendUint16(common, 0) // extra field

		out = le.AppendUint32(out, sigLocal)
		out = append(out, common...)
		out = append(out, f.Name...)
		out = append(out, f.Data...)

		central = le.AppendUint32(central, sigCentral)
		central = le.AppendUint16(central, madeBy)
		central = append(central, common...)
		central = le.AppendUint16(central, 0) // comment
		central = le.AppendUint16(central, 0) // disk
		central = le.AppendUint16(central, 0) // internal attributes
		central = le.AppendUint32(central, fileMode)
		central = le.AppendUint32(central, at)
		central = append(central, f.Name...)
	}
	start := uint32(len(out))
	out = append(out, central...)
	out = le.AppendUint32(out, sigEnd)
	out = le.AppendUint16(out, 0) // this disk
	out = le.AppendUint16(out, 0) // disk of the directory
	out = le.AppendUint16(out, uint16(len(files)))
	out = le.AppendUint16(out, uint16(len(files)))
	out = le.AppendUint32(out, uint32(len(central)))
	out = le.AppendUint32(out, start)
	return le.AppendUint16(out, 0) // comment
}

// unzip reads the files of a zip that zipped wrote, and of no other: names
// ascend, headers say what the one form says, and the whole, written again, is
// the same bytes. The files alias data.
func unzip(data []byte) ([]File, error) {
	le := binary.LittleEndian
	if len(data) < 4 || le.Uint32(data) != sigLocal {
		return nil, errors.New("the zip does not begin with a file: something stands before it, or it is no zip")
	}
	var files []File
	at := 0
	for len(data)-at >= lenLocal && le.Uint32(data[at:]) == sigLocal {
		if len(files) == maxFiles {
			return nil, fmt.Errorf("the zip has more than %d files; a bundle has five", maxFiles)
		}
		f, next, err := local(data, at)
		if err != nil {
			return nil, err
		}
		if len(files) > 0 {
			switch last := files[len(files)-1].Name; {
			case f.Name == last:
				return nil, fmt.Errorf("the zip has %q twice", f.Name)
			case f.Name < last:
				return nil, fmt.Errorf("the zip has %q after %q; names ascend", f.Name, last)
			}
		}
		files = append(files, f)
		at = next
	}
	want := zipped(files)
	if i := diverge(data, want); i != len(data) || i != len(want) {
		switch {
		case i >= len(want):
			return nil, fmt.Errorf("the zip has %d bytes after its end", len(data)-len(want))
		case i >= len(want)-lenEnd:
			return nil, fmt.Errorf("the zip's end record is not that of these files from byte %d on: a comment, another count or a cut-off file", i)
		default:
			return nil, fmt.Errorf("the zip's directory is not that of these files from byte %d on: a file of another name, date, size or place, or something between", i)
		}
	}
	return files, nil
}

// local reads the file whose header is at data[at:].
func local(data []byte, at int) (File, int, error) {
	le := binary.LittleEndian
	h := data[at : at+lenLocal]
	nameLen := int(le.Uint16(h[26:]))
	if nameLen == 0 || nameLen > maxName || at+lenLocal+nameLen > len(data) {
		return File{}, 0, fmt.Errorf("the zip has a file name of %d bytes at byte %d; want 1 to %d", nameLen, at, maxName)
	}
	f := File{Name: string(data[at+lenLocal : at+lenLocal+nameLen])}
	for i, c := range []byte(f.Name) {
		if c <= ' ' || c > '~' {
			return File{}, 0, fmt.Errorf("the zip has the file name %q with byte 0x%02x at %d; names are printable ASCII", f.Name, c, i)
		}
	}
	for _, field := range []struct {
		what string
		off  int
		want uint16
	}{
		{"is compressed: method", 8, 0},
		{"has flags", 6, 0},
		{"needs zip version", 4, needed},
		{"has an extra field of length", 28, 0},
		{"has the time", 10, dosTime},
		{"has the date", 12, dosDate},
	} {
		if got := le.Uint16(h[field.off:]); got != field.want {
			return File{}, 0, fmt.Errorf("%s in the zip %s %d; want %d", f.Name, field.what, got, field.want)
		}
	}
	size, packed := int64(le.Uint32(h[22:])), int64(le.Uint32(h[18:]))
	begin := at + lenLocal + nameLen
	switch {
	case size != packed:
		return File{}, 0, fmt.Errorf("%s in the zip has two sizes, %d and %d", f.Name, packed, size)
	case size > MaxFile:
		return File{}, 0, fmt.Errorf("%s in the zip has %d bytes; the limit is %d", f.Name, size, MaxFile)
	case size > int64(len(data)-begin):
		return File{}, 0, fmt.Errorf("%s in the zip has %d bytes, but only %d follow: the zip is cut off", f.Name, size, len(data)-begin)
	}
	end := begin + int(size)
	f.Data = data[begin:end:end]
	if got, want := crc32.ChecksumIEEE(f.Data), le.Uint32(h[14:]); got != want {
		return File{}, 0, fmt.Errorf("%s in the zip has the CRC %08x, its header says %08x: the bytes were changed", f.Name, got, want)
	}
	return f, end, nil
}
