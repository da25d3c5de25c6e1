package bom

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/index/deposit"
)

// MaxComponents bounds the components of one bill: the largest known, of whole
// Linux distributions, have some ten thousand. Files are bounded by maxObjects.
const MaxComponents = 100_000

// A Bill is what a bill of materials says.
type Bill struct {
	Format     string // "SPDX 2.3", "CycloneDX 1.5"
	Subject    string // name and version of what it is about, "" if it does not say
	Components []Component
	// Files are those of the subject, and those that belong to no component.
	Files []File
	// Lists is whether the bill lists any file at all.
	Lists bool
}

// A Component is a part that the product is made of.
type Component struct {
	Name     string
	Version  string
	PURL     string
	Supplier string
	Licence  string
	SHA256   []deposit.Digest // of the component as it was had: an archive, a package
	Files    []File
}

// A File is what the bill says of a file.
type File struct {
	Path   string         // without "./" or "/" in front; "" when only the digest is known
	SHA256 deposit.Digest // zero when it is not known
}

// Parse reads a bill of materials.
func Parse(data []byte) (*Bill, error) {
	if len(data) > deposit.MaxDocument {
		return nil, fmt.Errorf("the bill of materials has %d bytes, at most %d are read", len(data), deposit.MaxDocument)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("the bill of materials is not UTF-8")
	}
	if err := survey(data, ordinary); err != nil {
		return nil, fmt.Errorf("the bill of materials: %w", err)
	}
	var top struct {
		SPDX      string          `json:"spdxVersion"`
		CycloneDX string          `json:"bomFormat"`
		Version   string          `json:"specVersion"`
		Context   json.RawMessage `json:"@context"`
	}
	if err := json.Unmarshal(data, &top); err != nil {
		return nil, fmt.Errorf("the bill of materials: %w", err)
	}
	var b *Bill
	var err error
	switch {
	case top.SPDX == "SPDX-2.2" || top.SPDX == "SPDX-2.3":
		b, err = parseSPDX(data)
	case top.SPDX != "":
		return nil, fmt.Errorf("the bill of materials is %.40q; SPDX-2.2 and SPDX-2.3 are read, convert it", top.SPDX)
	case top.CycloneDX == "CycloneDX" && (top.Version == "1.4" || top.Version == "1.5" || top.Version == "1.6"):
		b, err = parseCycloneDX(data, top.Version)
	case top.CycloneDX == "CycloneDX":
		return nil, fmt.Errorf("the bill of materials is CycloneDX %.40q; 1.4, 1.5 and 1.6 are read, convert it", top.Version)
	case top.Context != nil:
		return nil, errors.New("the bill of materials is JSON-LD, as SPDX 3 writes it; SPDX 2.3 is read, convert it")
	default:
		return nil, errors.New("the bill of materials is neither SPDX's JSON (no spdxVersion) nor CycloneDX's (no bomFormat)")
	}
	if err != nil {
		return nil, fmt.Errorf("the bill of materials, %s: %w", b.Format, err)
	}
	b.Lists = len(b.Files) > 0
	for i := range b.Components {
		b.Lists = b.Lists || len(b.Components[i].Files) > 0
	}
	return b, nil
}

// addComponent adds what was read, within the limit.
func (b *Bill) addComponent(c Component) error {
	if len(b.Components) == MaxComponents {
		return fmt.Errorf("more than %d components", MaxComponents)
	}
	c.Name, c.Version, c.PURL = shown(c.Name), shown(c.Version), shown(c.PURL)
	c.Supplier, c.Licence = shown(c.Supplier), shown(c.Licence)
	if c.Name == "" {
		c.Name = c.PURL
	}
	b.Components = append(b.Components, c)
	return nil
}

// maxShown bounds a name on a screen; licences of combined works are long.
const maxShown = 400

// shown is text on one line as it can be shown.
func shown(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return utf8.RuneError
	}, s))
	if len(s) > maxShown {
		return strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return s
}

// cleanPath is a path of a bill as a release has it, "" when it has none.
func cleanPath(s string) string {
	return path.Clean("/" + strings.ReplaceAll(s, `\`, "/"))[1:]
}

// digest reads a SHA-256 in hex; others, and what is none, give false.
func digest(algorithm, hex string) (d deposit.Digest, ok bool) {
	if algorithm != "SHA256" && algorithm != "SHA-256" {
		return d, false
	}
	return d, d.UnmarshalText([]byte(strings.ToLower(hex))) == nil && !d.IsZero()
}

// join puts name and version together for a person.
func join(name, version string) string { return strings.TrimSpace(shown(name) + " " + shown(version)) }

// supplier takes SPDX's kind of actor away: "Organization: Example (a@b)".
func supplier(s string) string {
	if s == "NOASSERTION" || s == "NONE" {
		return ""
	}
	for _, kind := range []string{"Organization:", "Person:", "Tool:"} {
		if rest, ok := strings.CutPrefix(s, kind); ok {
			return strings.TrimSpace(rest)
		}
	}
	return s
}
