package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

func TestLoadKey(t *testing.T) {
	dir := t.TempDir()
	plain, locked := filepath.Join(dir, "plain"), filepath.Join(dir, "locked")
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", plain)
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-a", "2", "-N", "open sesame", "-f", locked)
	asked := 0
	say := func(words string) func(string) ([]byte, error) {
		return func(path string) ([]byte, error) {
			asked++
			if path != locked {
				t.Errorf("asked for %s", path)
			}
			return []byte(words), nil
		}
	}
	s, err := LoadKey(plain, say("not needed"))
	if err != nil || asked != 0 {
		t.Fatalf("%v, asked %d times", err, asked)
	}
	if got := run(t, "ssh-keygen", "-l", "-f", plain); !strings.Contains(got, " "+Fingerprint(s.PublicKey())+" ") {
		t.Errorf("fingerprint %s, ssh-keygen says %s", Fingerprint(s.PublicKey()), got)
	}
	if s, err = LoadKey(locked, say("open sesame")); err != nil || asked != 1 {
		t.Fatalf("%v, asked %d times", err, asked)
	}
	if out, err := stockVerify(t, Line("a", s.PublicKey()), "a", testSpace, sign(t, s), testMessage); err != nil {
		t.Error(out)
	}
	_, err = LoadKey(locked, say("wrong"))
	if !errors.Is(err, ErrPassphrase) || !strings.Contains(err.Error(), "wrong passphrase for key "+locked) {
		t.Errorf("wrong passphrase: %v", err)
	}
	cancelled := errors.New("cancelled")
	if _, err := LoadKey(locked, func(string) ([]byte, error) { return nil, cancelled }); !errors.Is(err, cancelled) {
		t.Errorf("nobody answers: %v", err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(small, "")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		locked:                     "",
		plain + ".pub":             "is a public key",
		dir:                        "cannot read key",
		filepath.Join(dir, "none"): "no such file",
		write(t, filepath.Join(dir, "junk"), []byte("hello")):              "not an OpenSSH private key",
		write(t, filepath.Join(dir, "empty"), nil):                         "not an OpenSSH private key",
		write(t, filepath.Join(dir, "long"), make([]byte, maxKeyFile+1)):   "more than",
		write(t, filepath.Join(dir, "rsa1024"), pem.EncodeToMemory(block)): "1024 bits",
	} {
		if want == "" {
			want = "nobody can be asked"
		}
		if _, err := LoadKey(path, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", filepath.Base(path), err, want)
		}
	}
}

func TestParseKey(t *testing.T) {
	line := public(newSigner(t, "ed25519").PublicKey())
	key, comment, err := ParseKey(line + " ann at the lab\n")
	if err != nil || public(key) != line || comment != "ann at the lab" {
		t.Fatalf("%v, %q, %v", key, comment, err)
	}
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ssh.NewPublicKey(weak.Public())
	if err != nil {
		t.Fatal(err)
	}
	for bad, want := range map[string]string{
		"":                          "not a public key",
		"ssh-ed25519":               "not a public key",
		"restrict " + line:          "option",
		line + "\n" + line:          "more than one",
		public(pub):                 "1024 bits",
		strings.Repeat("x", 70_000): "at most",
	} {
		if _, _, err := ParseKey(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", bad, err, want)
		}
	}
}

// TestStockAgent signs through OpenSSH's own agent.
func TestStockAgent(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "agent")
	cmd := exec.Command("ssh-agent", "-D", "-a", socket)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Error("a killed agent ended well")
		}
	})
	// It says where it listens once it does.
	if _, err := out.Read(make([]byte, 200)); err != nil {
		t.Fatal(err)
	}
	for _, kind := range [][]string{{"ed25519"}, {"ecdsa"}, {"rsa", "-b", "2048"}} {
		file := filepath.Join(dir, kind[0])
		run(t, "ssh-keygen", append([]string{"-q", "-N", "", "-C", "key of " + kind[0], "-f", file, "-t"}, kind...)...)
		add := exec.Command("ssh-add", "-q", file)
		add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
		if out, err := add.CombinedOutput(); err != nil {
			t.Fatalf("ssh-add: %v: %s", err, out)
		}
	}
	keys, comments, err := AgentKeys(socket)
	if err != nil || len(keys) != 3 || comments[2] != "key of rsa" {
		t.Fatalf("%d keys, %q, %v", len(keys), comments, err)
	}
	for _, key := range keys {
		s, closer, err := AgentSigner(socket, key)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := stockVerify(t, Line("a", key), "a", testSpace, sign(t, s), testMessage); err != nil {
			t.Errorf("%s: %s", key.Type(), out)
		}
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := AgentSigner(socket, newSigner(t, "ed25519").PublicKey()); err == nil || !strings.Contains(err.Error(), "ssh-add") {
		t.Errorf("a key the agent does not hold: %v", err)
	}
	for _, socket := range []string{"", filepath.Join(dir, "none")} {
		if _, _, err := AgentKeys(socket); err == nil || !strings.Contains(err.Error(), "no ssh-agent") {
			t.Errorf("socket %q: %v", socket, err)
		}
	}
}

// lyingAgent lists a key and signs with another.
type lyingAgent struct {
	agent.Agent
	listed ssh.PublicKey
}

func (a lyingAgent) List() ([]*agent.Key, error) {
	return []*agent.Key{{Format: a.listed.Type(), Blob: a.listed.Marshal()}}, nil
}

func (a lyingAgent) Sign(_ ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	signers, err := a.Signers()
	if err != nil {
		return nil, err
	}
	return signers[0].Sign(rand.Reader, data)
}

// TestFaultyAgentFound: a wrong signature is found when it is made.
func TestFaultyAgentFound(t *testing.T) {
	ring := agent.NewKeyring()
	_, raw, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := ring.Add(agent.AddedKey{PrivateKey: &raw}); err != nil {
		t.Fatal(err)
	}
	listed := newSigner(t, "ed25519").PublicKey()
	socket := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			err = agent.ServeAgent(lyingAgent{ring, listed}, conn)
		}
		served <- err
	}()
	s, closer, err := AgentSigner(socket, listed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Sign(bytes.NewReader(testMessage), s, testSpace); err == nil || !strings.Contains(err.Error(), "wrong signature") {
		t.Errorf("%v", err)
	}
	if err := errors.Join(closer.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	<-served
}
