package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"vitrine/app/evidence"
	"vitrine/index/deposit"
)

const (
	shippedRelease = "4.2.1"
	// unmentioned is what the bill of materials leaves out: see ANSWERS.md.
	unmentioned = "service/stats/stats.go"
	// extraLine is what the installer on the medium has and the listed one has not.
	extraLine = "\"$prefix/bin/marlind\" --enrol updates.korvane.example >/dev/null 2>&1 || true\n"
)

// shipped is what the vendor says it ships of the releases, and the medium on
// which files came that claim to be that.
type shipped struct {
	artifacts []deposit.Artifact
	bill      string            // file of the bill of materials
	medium    map[string][]byte // file name → bytes
}

// ship makes what is shipped of the history in src; the bill goes into work.
func ship(src fs.FS, work string) (*shipped, error) {
	instructions, err := fs.ReadFile(src, "build-"+shippedRelease+".txt")
	if err != nil {
		return nil, err
	}
	s := &shipped{medium: map[string][]byte{}, bill: filepath.Join(work, "sbom.json")}
	for _, release := range []string{"4.2.0", shippedRelease} {
		files, err := filesOf(src, release)
		if err != nil {
			return nil, err
		}
		rules, err := rulesArchive(files)
		if err != nil {
			return nil, err
		}
		script, err := fs.ReadFile(src, "install.sh")
		if err != nil {
			return nil, err
		}
		script = bytes.ReplaceAll(script, []byte("@version@"), []byte(release))
		for name, data := range map[string][]byte{"marlin-rules-" + release + ".tar": rules, "marlin-install-" + release + ".sh": script} {
			a := deposit.Artifact{Name: name, Release: release, SHA256: sha256.Sum256(data), Size: int64(len(data))}
			if release == shippedRelease {
				a.Build = strings.TrimSpace(string(instructions))
				s.medium[name] = data
			}
			s.artifacts = append(s.artifacts, a)
		}
		if release != shippedRelease {
			continue
		}
		s.medium["marlin-install-"+release+".sh"] = append(bytes.Clone(script), extraLine...)
		bill, err := billOf(src, files)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(s.bill, bill, 0o644); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(s.artifacts, func(a, b deposit.Artifact) int {
		return strings.Compare(a.Release+"/"+a.Name, b.Release+"/"+b.Name)
	})
	return s, nil
}

// filesOf is a release as its commits leave it.
func filesOf(src fs.FS, release string) (map[string][]byte, error) {
	history, err := readHistory(src)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, r := range history {
		names, err := releaseFiles(src, r.name)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if files[name], err = fs.ReadFile(src, path.Join(r.name, name)); err != nil {
				return nil, err
			}
		}
		for _, c := range r.commits {
			for _, name := range c.remove {
				delete(files, name)
			}
		}
		if r.name == release {
			return files, nil
		}
	}
	return nil, fmt.Errorf("no release %s", release)
}

// rulesArchive is the very bytes that the build instructions lead to.
func rulesArchive(files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range []string{"base.msr", "documents.msr", "exclusions.lst"} {
		data := files["signatures/"+name]
		err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(data)), Mode: 0o644, ModTime: sealed, Format: tar.FormatUSTAR})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// billOf fills the bill of materials with the files of the release.
func billOf(src fs.FS, files map[string][]byte) ([]byte, error) {
	text, err := fs.ReadFile(src, "sbom-"+shippedRelease+".json")
	if err != nil {
		return nil, err
	}
	const lzw = "engine/unpack/lzw.c"
	var all []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != unmentioned && name != lzw {
			all = append(all, fileEntry(name, files[name]))
		}
	}
	bill := strings.Replace(string(text), "@files@", "\n        "+strings.Join(all, ",\n        ")+"\n      ", 1)
	bill = strings.Replace(bill, "@lzw@", fileEntry(lzw, files[lzw]), 1)
	if !json.Valid([]byte(bill)) {
		return nil, errors.New("the bill of materials is no JSON")
	}
	return []byte(bill), nil
}

func fileEntry(name string, data []byte) string {
	return fmt.Sprintf(`{"type": "file", "name": %q, "hashes": [{"alg": "SHA-256", "content": "%x"}]}`, name, sha256.Sum256(data))
}

// attest adds the vendor's own word that it can build what it ships.
func (s *shipped) attest(pin deposit.Digest, signer ssh.Signer) error {
	const name = "marlin-rules-" + shippedRelease + ".tar"
	for _, a := range s.artifacts {
		if a.Name != name {
			continue
		}
		data, sig, err := evidence.Sign(evidence.Statement{
			Deposit: pin, Release: a.Release, Artifact: evidence.FileOf(a), Rebuilt: evidence.FileOf(a),
			By:        evidence.Party{Name: "Release engineering", Organisation: vendor},
			Toolchain: "GNU tar 1.35", Environment: "Debian 13, as the build instructions say.",
		}, sealed, signer)
		if err != nil {
			return err
		}
		s.medium[name+".build.json"], s.medium[name+".build.json.sig"] = data, sig
	}
	return nil
}

// write writes the medium.
func (s *shipped) write(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for name, data := range s.medium {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
