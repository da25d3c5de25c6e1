package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// A trustFlag says whose signatures count. Keys never come from what is checked.
type trustFlag struct {
	signers, revoked string
	keyrings, pins   []string
}

const revokedHelp = "revocation list: a KRL, or public keys, one a line"

func (f trustFlag) load() (deposit.Trust, error) {
	t := deposit.Trust{At: time.Now()}
	var err error
	if t.Revoked, err = readRevoked(f.revoked); err != nil {
		return t, err
	}
	if t.Keyring, err = readKeyrings(f.keyrings); err != nil {
		return t, err
	}
	for _, p := range f.pins {
		var d deposit.Digest
		if err := d.UnmarshalText([]byte(p)); err != nil {
			return t, fmt.Errorf("--pin: %w", err)
		}
		t.Pinned = append(t.Pinned, d)
	}
	if f.signers == "" {
		if len(t.Pinned) == 0 {
			return t, errors.New("whom to trust? give --trust an allowed_signers file with the vendor's key, had from elsewhere than the deposit")
		}
		return t, nil
	}
	t.Signers, err = readSigners(f.signers)
	return t, err
}

// reviewers is whose signatures count on a bundle.
func (f trustFlag) reviewers() (*seal.Signers, error) {
	revoked, err := readRevoked(f.revoked)
	if err != nil {
		return nil, err
	}
	s, err := readSigners(f.signers)
	return s.Revoke(revoked), err
}

// readRevoked reads a revocation list; without a path there is none.
func readRevoked(path string) (*seal.Revoked, error) {
	if path == "" {
		return nil, nil
	}
	b, err := seal.ReadFile(path, seal.MaxRevoked)
	if err != nil {
		return nil, fmt.Errorf("--revoked: %w", err)
	}
	r, err := seal.ParseRevoked(b)
	if err != nil {
		return nil, fmt.Errorf("--revoked: %s: %w", path, err)
	}
	return r, nil
}

// readKeyrings reads the certificates of all the files.
func readKeyrings(paths []string) (*seal.Keyring, error) {
	all := new(seal.Keyring)
	for _, path := range paths {
		b, err := seal.ReadFile(path, seal.MaxKeyring)
		if err != nil {
			return nil, fmt.Errorf("--keyring: %w", err)
		}
		k, err := seal.ParseKeyring(b)
		if err != nil {
			return nil, fmt.Errorf("--keyring: %s: %w", path, err)
		}
		all = all.With(k)
	}
	return all, nil
}

func readSigners(path string) (*seal.Signers, error) {
	b, err := seal.ReadFile(path, seal.MaxSigners)
	if err != nil {
		return nil, fmt.Errorf("--trust: %w", err)
	}
	s, err := seal.ParseSigners(b)
	if err != nil {
		return nil, fmt.Errorf("--trust: %s: %w", path, err)
	}
	return s, nil
}

// askPassphrase asks on the terminal, without echo. A read from a terminal
// cannot be called off: when ctx ends, echo comes back and the answer, which
// the person is asked to give with Enter, is thrown away.
func askPassphrase(ctx context.Context) func(path string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		fd := int(os.Stdin.Fd())
		if !term.IsTerminal(fd) {
			return nil, fmt.Errorf("%s needs its passphrase and there is no terminal to ask on; use a key in ssh-agent", path)
		}
		before, err := term.GetState(fd)
		if err != nil {
			return nil, fmt.Errorf("the terminal: %w", err)
		}
		defer context.AfterFunc(ctx, func() {
			if term.Restore(fd, before) == nil {
				fmt.Fprint(os.Stderr, "\nStopping: press Enter, or Ctrl-C once more.\n")
			}
		})()
		fmt.Fprintf(os.Stderr, "Passphrase of %s: ", line(path))
		p, err := term.ReadPassword(fd)
		fmt.Fprintln(os.Stderr)
		if ctx.Err() != nil {
			clear(p)
			return nil, ctx.Err()
		}
		return p, err
	}
}
