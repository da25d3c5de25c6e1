package bundle

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// A Bundle is a signed draft: the bytes of one zip file.
type Bundle struct {
	Files []File // in the order of the zip, the signature among them
	data  []byte
}

// Sign signs the draft's SHA256SUMS as it was shown and makes the bundle. The
// key has to be the one that the statement names, and the result is verified
// before it is returned: an agent can return anything.
func (d *Draft) Sign(signer ssh.Signer) (*Bundle, error) {
	st, _, err := contents(d.Files)
	if err != nil {
		return nil, fmt.Errorf("sign the bundle: %w", err)
	}
	if got := seal.Fingerprint(signer.PublicKey()); got != st.Reviewer.Fingerprint {
		return nil, fmt.Errorf("sign the bundle: the key is %s; the statement names the reviewer's key %s", got, st.Reviewer.Fingerprint)
	}
	list := find(d.Files, nameSums)
	armored, err := seal.Sign(bytes.NewReader(list), signer, Namespace)
	if err != nil {
		return nil, fmt.Errorf("sign the bundle: %w", err)
	}
	b := new(Bundle)
	for _, f := range d.Files {
		b.Files = append(b.Files, f)
		if f.Name == nameSums {
			b.Files = append(b.Files, File{SignatureName(st.Reviewer.Name), armored})
		}
	}
	b.data = zipped(b.Files)
	p, err := open(b.data)
	if err != nil {
		return nil, fmt.Errorf("sign the bundle: what was made does not verify: %w", err)
	}
	if err := p.signature.Verify(bytes.NewReader(list), Namespace); err != nil {
		return nil, fmt.Errorf("sign the bundle: the signature made does not verify: %w", err)
	}
	return b, nil
}

// Bytes is the zip. It must not be changed.
func (b *Bundle) Bytes() []byte { return b.data }

// Digest is the SHA-256 of the zip, by which a journal or a slip names it.
func (b *Bundle) Digest() deposit.Digest { return sha256.Sum256(b.data) }

// WriteFile writes the bundle to a new file. What is there already is never
// overwritten, and nothing half-written is ever seen under path: the bytes go
// to a temporary file beside it, are synced, and take the name at once.
func (b *Bundle) WriteFile(path string) error {
	if err := write(path, b.data, os.Link, syncDir); err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	return nil
}

// write takes the hard link as a parameter since not every medium has links: a
// USB stick with FAT has none; and sync, since any may be pulled out.
func write(path string, data []byte, link func(old, new string) error, sync func(dir string) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return exists(path)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".vitrine-*.tmp")
	if err != nil {
		return err
	}
	// After success the name is gone and removing fails; after a failure the
	// first error is the one that counts.
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644) // CreateTemp's 0600 would lock the recipient out
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	// A link fails when the name is taken, a rename replaces: so link first, and
	// rename, after another look, only where links do not exist.
	if err := link(f.Name(), path); errors.Is(err, os.ErrExist) {
		return exists(path)
	} else if err != nil {
		if _, err := os.Lstat(path); err == nil {
			return exists(path)
		}
		if err := os.Rename(f.Name(), path); err != nil {
			return err
		}
	}
	if err := sync(dir); err != nil {
		return errors.Join(err, os.Remove(path)) // who is told that it failed finds nothing
	}
	return nil
}

func exists(path string) error {
	return fmt.Errorf("%s exists already and is not overwritten: choose another name", path)
}

// syncDir makes the new name durable. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}
