package room

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vitrine/assets/sample"
	"vitrine/index/deposit"
)

const (
	maxRecent     = 12       // what a chooser shows without scrolling
	maxRecentFile = 64 << 10 // 12 entries of two long paths
	maxBeside     = 200      // files looked at beside a deposit for a policy
)

// A Recent is a deposit that was admitted here before.
type Recent struct {
	Title   string    `json:"title"`
	Vendor  string    `json:"vendor"`
	Deposit string    `json:"deposit"`
	Policy  string    `json:"policy"`
	Sample  bool      `json:"sample"`
	Seen    time.Time `json:"seen"`
}

// RecentDeposits lists what was admitted here, newest first. It is a
// convenience: a list that cannot be read is an error to show, and admission
// writes a new one.
func RecentDeposits(cfg Config) ([]Recent, error) {
	path := filepath.Join(cfg.Home, "recent.json")
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("recent deposits: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxRecentFile+1))
	if err != nil || len(b) > maxRecentFile {
		return nil, fmt.Errorf("recent deposits: %s cannot be read or is too large; delete it to start a new list", path)
	}
	var list []Recent
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, fmt.Errorf("recent deposits: %s is damaged (%w); delete it to start a new list", path, err)
	}
	return list[:min(len(list), maxRecent)], nil
}

func remember(cfg Config, r Recent) error {
	list := []Recent{r}
	old, err := RecentDeposits(cfg)
	if err == nil { // a damaged list is replaced: it holds nothing that was promised
		for _, o := range old {
			if o.Deposit != r.Deposit && len(list) < maxRecent {
				list = append(list, o)
			}
		}
	}
	b, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return fmt.Errorf("recent deposits: %w", err)
	}
	if err := replaceFile(filepath.Join(cfg.Home, "recent.json"), b); err != nil {
		return fmt.Errorf("recent deposits: %w", err)
	}
	return nil
}

// A Look is an unverified glance at a folder, so that a chooser can say what it
// seems to be before anything is trusted.
type Look struct {
	IsDeposit     bool
	Title, Vendor string
	Policy        string // a policy file beside it, "" when none
}

// Inspect glances at a folder. Nothing it returns is verified.
func Inspect(ctx context.Context, dir string) (Look, error) {
	var l Look
	dir, err := filepath.Abs(dir)
	if err != nil {
		return l, fmt.Errorf("the folder: %w", err)
	}
	if st, err := os.Stat(dir); err != nil {
		return l, fmt.Errorf("the folder: %w", err)
	} else if !st.IsDir() {
		return l, fmt.Errorf("%s is a file; a deposit is a folder with manifest.json, manifest.json.sig and its bundles", dir)
	}
	m, _, err := deposit.ReadManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	l.IsDeposit, l.Title, l.Vendor = true, m.Title, m.Vendor
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return l, nil // the folder above need not be readable
	}
	for _, e := range entries[:min(len(entries), maxBeside)] {
		if ctx.Err() != nil {
			return l, ctx.Err()
		}
		name := e.Name()
		if !strings.Contains(name, "policy") || filepath.Ext(name) != ".json" {
			continue
		}
		path := filepath.Join(filepath.Dir(dir), name)
		if _, err := os.Stat(path + ".sig"); err == nil {
			l.Policy = path
			break
		}
	}
	return l, nil
}

// unpackSample writes the built-in deposit to a folder of its own, whole, so
// that it is admitted like any other.
func unpackSample(cfg Config) (string, error) {
	return unpack(cfg, sample.ManifestDigest.String(), sample.Deposit)
}

// unpack writes built-in files to a folder of their own.
func unpack(cfg Config, name string, files fs.FS) (string, error) {
	dir := filepath.Join(cfg.Home, sampleDir, name)
	if sameFiles(dir, files) {
		return dir, nil // admission verifies a deposit again anyway
	}
	// An older unpacking that was touched since: ours to replace, the original
	// is in the program.
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("the built-in deposit: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return "", fmt.Errorf("the built-in deposit: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "unpacking-")
	if err != nil {
		return "", fmt.Errorf("the built-in deposit: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := os.CopyFS(tmp, files); err != nil {
		return "", fmt.Errorf("the built-in deposit: %w", err)
	}
	err = os.Rename(tmp, dir)
	if _, there := os.Stat(dir); err != nil && there != nil {
		return "", fmt.Errorf("the built-in deposit: %w", err)
	}
	return dir, nil
}

// sameFiles reports whether dir holds every file of want, byte for byte, and
// nothing else: admission would refuse what the manifest does not name.
func sameFiles(dir string, want fs.FS) bool {
	have, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	if all, err := fs.ReadDir(want, "."); err != nil || len(have) != len(all) {
		return false
	}
	return sameContent(dir, want) == nil
}

func sameContent(dir string, want fs.FS) error {
	return fs.WalkDir(want, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		a, err := fs.ReadFile(want, path)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if err == nil && !bytes.Equal(a, b) {
			err = fs.ErrInvalid
		}
		return err
	})
}
