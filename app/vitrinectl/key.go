package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"

	"vitrine/app/room"
	"vitrine/index/seal"
)

// keyHelp says what --key takes, of whom.
func keyHelp(whose string) string {
	return "OpenSSH private key of " + whose + "; or a public key file, or agent:COMMENT or agent:SHA256:…, of a key that ssh-agent holds"
}

// A keyRef is what --key names: a private key's file, or a key in ssh-agent.
type keyRef struct {
	file  string
	agent ssh.PublicKey
}

const agentPrefix = "agent:"

// findKey finds what --key names. A public key's file stands for the key that
// ssh-agent holds, as in ssh-keygen -Y sign -f.
func findKey(name string) (keyRef, error) {
	if wanted, ok := strings.CutPrefix(name, agentPrefix); ok {
		key, err := agentKey(wanted)
		return keyRef{agent: key}, err
	}
	if data, err := seal.ReadFile(name, maxPublicKey); err == nil {
		if key, _, err := seal.ParseKey(strings.TrimSpace(string(data))); err == nil {
			return keyRef{agent: key}, nil
		}
	}
	return keyRef{file: name}, nil // what is wrong with it is said when it is opened
}

// agentKey finds the one key of the agent with this fingerprint or comment.
func agentKey(wanted string) (ssh.PublicKey, error) {
	keys, comments, err := seal.AgentKeys(agentSocket())
	if err != nil {
		return nil, err
	}
	var found ssh.PublicKey
	for i, key := range keys {
		if seal.Fingerprint(key) != wanted && comments[i] != wanted {
			continue
		}
		if found != nil && !seal.Same(found, key) {
			return nil, fmt.Errorf("ssh-agent holds several keys named %q; name one by its fingerprint, %s%s", wanted, agentPrefix, seal.Fingerprint(key))
		}
		found = key
	}
	if found == nil {
		return nil, fmt.Errorf("ssh-agent holds no key named %q; ssh-add -l lists those that it holds", wanted)
	}
	return found, nil
}

func agentSocket() string { return os.Getenv("SSH_AUTH_SOCK") }

// withSigner calls fn with the signer that --key names, and asks for its
// passphrase or the agent as needed.
func withSigner(ctx context.Context, name string, fn func(ssh.Signer) error) (err error) {
	ref, err := findKey(name)
	if err != nil {
		return fmt.Errorf("--key: %w", err)
	}
	if ref.agent == nil {
		signer, err := seal.LoadKey(ref.file, askPassphrase(ctx))
		if err != nil {
			return err
		}
		return fn(signer)
	}
	signer, agent, err := seal.AgentSigner(agentSocket(), ref.agent)
	if err != nil {
		return fmt.Errorf("--key: %s is a public key, whose private half is asked of ssh-agent: %w", line(name), err)
	}
	defer func() { err = errors.Join(err, agent.Close()) }()
	return fn(signer)
}

// reviewerKey finds the key that --key names among those of a visit.
func reviewerKey(v *room.Visit, name string) (room.Key, error) {
	ref, err := findKey(name)
	switch {
	case err != nil:
		return room.Key{}, fmt.Errorf("--key: %w", err)
	case ref.agent != nil:
		return v.AgentKey(ref.agent), nil
	}
	return v.KeyFile(ref.file)
}
