package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// maxSigners bounds an allowed_signers file: some thousand keys.
const maxSigners = 1 << 20

// A trustFlag says whose signatures count. Keys never come from what is checked.
type trustFlag struct {
	signers string
	pins    []string
}

func (f trustFlag) load() (deposit.Trust, error) {
	t := deposit.Trust{At: time.Now()}
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
	var err error
	t.Signers, err = readSigners(f.signers)
	return t, err
}

func readSigners(path string) (*seal.Signers, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--trust: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSigners+1))
	if err != nil {
		return nil, fmt.Errorf("--trust: %w", err)
	}
	if len(b) > maxSigners {
		return nil, fmt.Errorf("--trust: %s has over %d bytes; that is no allowed_signers file", path, maxSigners)
	}
	s, err := seal.ParseSigners(b)
	if err != nil {
		return nil, fmt.Errorf("--trust: %s: %w", path, err)
	}
	return s, nil
}

// askPassphrase asks on the terminal, without echo.
func askPassphrase(path string) ([]byte, error) {
	fd := int(os.Stdin.Fd())
	if !term.IsTerminal(fd) {
		return nil, fmt.Errorf("%s needs its passphrase and there is no terminal to ask on; use a key in ssh-agent", path)
	}
	fmt.Fprintf(os.Stderr, "Passphrase of %s: ", path)
	p, err := term.ReadPassword(fd)
	fmt.Fprintln(os.Stderr)
	return p, err
}
