package seal

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// maxKeyFile bounds a key file in bytes; RSA with 16384 bits has under 14 KiB.
const maxKeyFile = 64 << 10

// agentPatience bounds how long the agent may take to answer what needs no
// person: connecting and listing. Signing has no bound, for there somebody may
// be asked to touch a token.
const agentPatience = 10 * time.Second

// Fingerprint is the key's name for people, as ssh-keygen -l writes it:
// "SHA256:" and the unpadded base64 of the wire form's SHA-256.
func Fingerprint(key ssh.PublicKey) string { return ssh.FingerprintSHA256(key) }

// Same reports whether a and b are the same key.
func Same(a, b ssh.PublicKey) bool {
	return a != nil && b != nil && bytes.Equal(a.Marshal(), b.Marshal())
}

// ParseKey reads a public key as a .pub file has it, "ssh-ed25519 AAAA… who",
// and returns it with the comment. Options before the key, more lines and key
// types that cannot sign here are refused.
func ParseKey(line string) (key ssh.PublicKey, comment string, err error) {
	if len(line) > maxKeyFile {
		return nil, "", fmt.Errorf("public key of %d bytes, at most %d are read", len(line), maxKeyFile)
	}
	key, comment, options, rest, err := ssh.ParseAuthorizedKey([]byte(line))
	if err != nil {
		return nil, "", errors.New(`not a public key: want a line as in a .pub file, "ssh-ed25519 AAAA…"`)
	}
	if len(options) > 0 {
		return nil, "", fmt.Errorf("public key with option %q before it: give the key alone", options[0])
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return nil, "", errors.New("more than one public key: give one line")
	}
	if err := checkKey(key); err != nil {
		return nil, "", err
	}
	return key, comment, nil
}

// LoadKey reads an OpenSSH private key file. passphrase is called with the
// path, once, only if the file is encrypted; nil means that nobody can be
// asked. What it returns is wiped after use.
func LoadKey(path string, passphrase func(path string) ([]byte, error)) (ssh.Signer, error) {
	data, err := ReadFile(path, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("cannot read key: %w", err)
	}
	defer clear(data)
	signer, err := ssh.ParsePrivateKey(data)
	var missing *ssh.PassphraseMissingError
	if errors.As(err, &missing) {
		signer, err = unlock(path, data, passphrase)
		if err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, unreadable(path, data, err)
	}
	if err := checkKey(signer.PublicKey()); err != nil {
		return nil, fmt.Errorf("key %s: %w", path, err)
	}
	return signer, nil
}

func unlock(path string, data []byte, passphrase func(string) ([]byte, error)) (ssh.Signer, error) {
	if passphrase == nil {
		return nil, fmt.Errorf("key %s is protected by a passphrase and nobody can be asked for it", path)
	}
	words, err := passphrase(path)
	if err != nil {
		return nil, fmt.Errorf("no passphrase for key %s: %w", path, err)
	}
	defer clear(words)
	signer, err := ssh.ParsePrivateKeyWithPassphrase(data, words)
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, fmt.Errorf("wrong passphrase for key %s: %w", path, ErrPassphrase)
	}
	if err != nil {
		return nil, unreadable(path, data, err)
	}
	return signer, nil
}

// ErrPassphrase is in the error of LoadKey when the passphrase was wrong, so
// that a caller can ask again.
var ErrPassphrase = errors.New("the passphrase does not open it")

// unreadable says what a file is that is no private key we can use.
func unreadable(path string, data []byte, err error) error {
	if _, _, perr := ParseKey(string(data)); perr == nil {
		return fmt.Errorf("%s is a public key; name the private key, the file without .pub", path)
	}
	if bytes.Contains(data, []byte("-----BEGIN OPENSSH PRIVATE KEY-----")) {
		return fmt.Errorf("cannot use key %s, a hardware-backed key must be used through ssh-agent: %w", path, err)
	}
	return fmt.Errorf("%s is not an OpenSSH private key: %w", path, err)
}

// AgentKeys lists the keys that the ssh-agent listening on the unix socket
// holds and that can sign here, with their comments.
func AgentKeys(socket string) (keys []ssh.PublicKey, comments []string, err error) {
	conn, client, err := dialAgent(socket)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	listed, err := client.List()
	if err != nil {
		return nil, nil, fmt.Errorf("ssh-agent does not list its keys: %w", err)
	}
	for _, k := range listed {
		key, err := ssh.ParsePublicKey(k.Blob)
		if err != nil || checkKey(key) != nil {
			continue // a certificate or an old type: not for us
		}
		keys, comments = append(keys, key), append(comments, k.Comment)
	}
	return keys, comments, nil
}

// AgentSigner returns a signer that asks the agent to sign with key. Close the
// closer when done with the signer.
func AgentSigner(socket string, key ssh.PublicKey) (ssh.Signer, io.Closer, error) {
	conn, client, err := dialAgent(socket)
	if err != nil {
		return nil, nil, err
	}
	signers, err := client.Signers()
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("ssh-agent does not list its keys: %w", err), conn.Close())
	}
	for _, s := range signers {
		if Same(s.PublicKey(), key) {
			return s, conn, nil
		}
	}
	return nil, nil, errors.Join(fmt.Errorf("ssh-agent does not hold key %s; add it with ssh-add", Fingerprint(key)), conn.Close())
}

func dialAgent(socket string) (net.Conn, agent.ExtendedAgent, error) {
	if socket == "" {
		return nil, nil, errors.New("no ssh-agent: SSH_AUTH_SOCK is not set")
	}
	conn, err := net.DialTimeout("unix", socket, agentPatience)
	if err != nil {
		return nil, nil, fmt.Errorf("no ssh-agent answers: %w", err)
	}
	if err := conn.SetDeadline(time.Now().Add(agentPatience)); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("ssh-agent: %w", err), conn.Close())
	}
	return conn, agent.NewClient(conn), nil
}

func rsaBits(key ssh.PublicKey) int {
	if ck, ok := key.(ssh.CryptoPublicKey); ok {
		if pub, ok := ck.CryptoPublicKey().(*rsa.PublicKey); ok {
			return pub.N.BitLen()
		}
	}
	return agentRSABits(key)
}

// agentRSABits reads the modulus from the wire: a key that an agent lists is
// only a type and a blob.
func agentRSABits(key ssh.PublicKey) int {
	parsed, err := ssh.ParsePublicKey(key.Marshal())
	if err != nil {
		return 0
	}
	if ck, ok := parsed.(ssh.CryptoPublicKey); ok {
		if pub, ok := ck.CryptoPublicKey().(*rsa.PublicKey); ok {
			return pub.N.BitLen()
		}
	}
	return 0
}

// ReadFile reads an ordinary file of at most limit bytes: a key, a list of
// signers, a policy. What is none – a named pipe that nobody writes to, a
// device without an end – is refused before it is opened, for opening it could
// wait for ever, and reading it could fill the memory.
func ReadFile(path string, limit int64) (data []byte, err error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not an ordinary file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s has more than %d bytes", path, limit)
	}
	return data, nil
}
