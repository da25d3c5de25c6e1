package block

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// SumsName is the file that lists a folder.
const SumsName = "SHA256SUMS"

// maxSums bounds SHA256SUMS: a line of it has about 80 bytes, and no folder has
// more than some files for each of some segments.
const maxSums = 1 << 20

// WriteSums lists the files of a folder. head is the first line.
func WriteSums(dir, head string, manifest [32]byte) error {
	names, err := filesOf(dir)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n%x  manifest\n", head, manifest)
	for _, name := range names {
		if _, ok := slices.BinarySearch(names, name+Suffix); ok {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%x  %s\n", sha256.Sum256(data), name)
	}
	return os.WriteFile(filepath.Join(dir, SumsName), appendSum(out.Bytes()), 0o600)
}

func appendSum(list []byte) []byte {
	return fmt.Appendf(list, "%x  above\n", sha256.Sum256(list))
}

// Sums is a folder's list, as it was written.
type Sums struct {
	dir      string
	files    map[string]string // digests in hex by name
	Manifest [32]byte
	Digest   [32]byte // of the list: with it, all of the folder
}

// ReadSums reads the list of a folder, which must begin with head. Another
// version is refused by name.
func ReadSums(dir, head string) (*Sums, error) {
	f, err := os.Open(filepath.Join(dir, SumsName))
	if err != nil {
		return nil, err
	}
	list, err := io.ReadAll(io.LimitReader(f, maxSums+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if len(list) > maxSums {
		return nil, fmt.Errorf("%s has more than %d bytes; build it again", SumsName, maxSums)
	}
	first, body, _ := strings.Cut(string(list), "\n")
	if first != head {
		return nil, fmt.Errorf("is of another version (%.40q) than this program's (%q); build it again", first, head)
	}
	above := strings.LastIndexByte(strings.TrimSuffix(string(list), "\n"), '\n') + 1
	if !bytes.Equal(appendSum(list[:above:above]), list) {
		return nil, fmt.Errorf("%s does not match its own checksum; build it again", SumsName)
	}
	s := &Sums{dir: dir, files: map[string]string{}, Digest: sha256.Sum256(list)}
	for line := range strings.Lines(body) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		switch {
		case !ok:
			return nil, fmt.Errorf("%s has the line %.80q; build it again", SumsName, line)
		case name == "manifest":
			raw, err := hex.DecodeString(sum)
			if err != nil || len(raw) != len(s.Manifest) {
				return nil, fmt.Errorf("%s has the line %.80q; build it again", SumsName, line)
			}
			copy(s.Manifest[:], raw)
		case name != "above":
			s.files[name] = sum
		}
	}
	return s, nil
}

// Names are the listed files, in byte order.
func (s *Sums) Names() []string { return slices.Sorted(maps.Keys(s.files)) }

// Check compares which files there are with the list. Their bytes are compared
// by Read and File.Bytes.
func (s *Sums) Check() error {
	names, err := filesOf(s.dir)
	if err != nil {
		return err
	}
	listed := 0
	for _, name := range names {
		if _, ok := s.files[name]; ok {
			listed++
		} else if _, ok := s.files[name+Suffix]; !ok {
			return fmt.Errorf("has the file %s, which %s does not list; build it again", name, SumsName)
		}
	}
	if listed != len(s.files) {
		return fmt.Errorf("has %d of the %d files that %s lists; build it again", listed, len(s.files), SumsName)
	}
	return nil
}

// Read reads a listed file whole.
func (s *Sums) Read(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	if fmt.Sprintf("%x", sha256.Sum256(data)) != s.files[name] {
		return nil, fmt.Errorf("%s %w; build it again", name, ErrDamaged)
	}
	return data, nil
}

// Open maps a file of the folder through its listed .blocks file.
func (s *Sums) Open(name string) (*File, error) {
	digests, err := s.Read(name + Suffix)
	if err != nil {
		return nil, err
	}
	return Open(filepath.Join(s.dir, filepath.FromSlash(name)), digests)
}

// filesOf lists the files below dir but for SHA256SUMS, in byte order.
func filesOf(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if name != SumsName {
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	slices.Sort(names)
	return names, err
}
