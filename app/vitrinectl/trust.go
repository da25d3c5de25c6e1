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
