package deposit

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A DocumentInput is a bill of materials of a release, in SPDX's or CycloneDX's
// JSON.
type DocumentInput struct {
	Release string
	File    string
}

// copyTo checks the document and copies it into a folder under the name that
// its release gives it.
func (d DocumentInput) copyTo(dir string) (Document, error) {
	root, err := os.OpenRoot(filepath.Dir(d.File))
	if err != nil {
		return Document{}, fmt.Errorf("opening the bill of materials: %w", err)
	}
	data, err := readWhole(root, filepath.Base(d.File), MaxDocument)
	if err := errors.Join(err, root.Close()); err != nil {
		return Document{}, fmt.Errorf("reading the bill of materials: %w", err)
	}
	kind, err := documentKind(data)
	if err != nil {
		return Document{}, fmt.Errorf("%s: %w", d.File, err)
	}
	name := "sbom-" + strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)) {
			return r
		}
		return '-'
	}, d.Release) + ".json"
	if err := createBytes(filepath.Join(dir, name), data, 0o644); err != nil {
		return Document{}, err
	}
	return Document{Name: name, Kind: kind, Release: d.Release, SHA256: digestOf(data), Size: int64(len(data))}, nil
}

// documentKind tells SPDX's JSON from CycloneDX's by the member that each must
// have.
func documentKind(data []byte) (string, error) {
	var top struct {
		SPDX      string `json:"spdxVersion"`
		CycloneDX string `json:"bomFormat"`
	}
	if err := json.Unmarshal(data, &top); err != nil {
		return "", fmt.Errorf("it is no JSON: %w", err)
	}
	switch {
	case top.SPDX != "":
		return KindSPDX, nil
	case top.CycloneDX == "CycloneDX":
		return KindCycloneDX, nil
	}
	return "", errors.New("it is neither SPDX's JSON (no spdxVersion) nor CycloneDX's (no bomFormat)")
}
