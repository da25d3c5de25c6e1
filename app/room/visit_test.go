package room

import (
	"context"
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"vitrine/app/bundle"
	"vitrine/app/review"
	"vitrine/index/seal"
	"vitrine/index/search"
)

func kindsOf(t *testing.T, v *Visit) []string {
	t.Helper()
	var kinds []string
	for e, err := range v.journal.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// TestVisit walks the whole way and looks at what the journal says of it.
func TestVisit(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada Lovelace")
	rel, d := newest(t, v)

	if _, err := v.Search(t.Context(), "return", func(search.Hit) bool { return true }); !errors.Is(err, ErrIndexNotReady) {
		t.Errorf("a search before the index is complete gave %v, want ErrIndexNotReady", err)
	}
	var last IndexState
	if err := v.BuildIndex(t.Context(), func(s IndexState) { last = s }); err != nil {
		t.Fatal(err)
	}
	if !last.Ready || !v.IndexState().Ready {
		t.Errorf("after BuildIndex the index is %+v", last)
	}
	lines := 0
	r, err := v.Search(t.Context(), "return release:"+rel, func(h search.Hit) bool {
		lines++
		if h.Place.Release != rel {
			t.Errorf("release:%s found a line in %s", rel, h.Place.Release)
		}
		return true
	})
	if err != nil || lines == 0 || r.Lines != lines {
		t.Errorf("search: %d lines, report %+v, %v", lines, r, err)
	}
	if _, err := v.Search(t.Context(), "x release:9.9", func(search.Hit) bool { return true }); err == nil || !strings.Contains(err.Error(), `no release "9.9"`) {
		t.Errorf("an unknown release gave %v", err)
	}

	public, err := v.Annotate(t.Context(), note(v, d, 2, "who checks this?"))
	if err != nil {
		t.Fatal(err)
	}
	private := note(v, d, 3, "ask for the fuzzing corpus")
	private.Private = true
	if _, err := v.Annotate(t.Context(), private); err != nil {
		t.Fatal(err)
	}
	edited := note(v, d, 2, "nobody checks this")
	edited.Supersedes, edited.Kind = public.ID, review.Concern
	if _, err := v.Annotate(t.Context(), edited); err != nil {
		t.Fatal(err)
	}
	if err := v.Withdraw(t.Context(), public.ID); err == nil {
		t.Error("a superseded annotation was withdrawn")
	}
	if got := v.Annotations(); len(got) != 2 || got[1].Text != "nobody checks this" {
		t.Errorf("annotations that stand: %+v", got)
	}

	key := writeKey(t, "id_ed25519")
	k, err := v.KeyFile(key)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := v.Draft(t.Context(), ExportOptions{Key: k})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range draft.Files {
		if strings.Contains(string(f.Data), "fuzzing corpus") {
			t.Errorf("%s holds a private note", f.Name)
		}
		if strings.Contains(string(f.Data), string(d.Text.Line(2))) && len(d.Text.Line(2)) > 8 {
			t.Errorf("%s holds source text that nobody asked for", f.Name)
		}
	}
	if draft.HeldBack[0] != (Held{"Private notes", 1}) {
		t.Errorf("held back: %+v", draft.HeldBack)
	}
	before := v.Entries()
	path := filepath.Join(t.TempDir(), "review.zip")
	receipt, err := v.Export(t.Context(), draft, nil, path)
	if err != nil {
		t.Fatal(err)
	}
	if v.Entries() != before+2 {
		t.Errorf("an export made %d journal entries, want its intent and its outcome", v.Entries()-before)
	}
	trusted, err := seal.ParseSigners([]byte(receipt.AllowedSigners + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	rep, err := bundle.Verify(path, trusted, time.Now())
	if err != nil || len(rep.Annotations) != 1 || rep.Digest.String() != receipt.SHA256 {
		t.Errorf("the bundle: %+v, %v", rep, err)
	}
	if _, err := v.Export(t.Context(), draft, nil, path); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second export to the same file gave %v", err)
	}

	kinds := kindsOf(t, v)
	want := []string{kindVisit, kindOpen}
	if !slices.Equal(kinds[:2], want) || !slices.Equal(kinds[len(kinds)-2:], []string{kindExport, kindExported}) {
		t.Errorf("the journal reads %v", kinds)
	}
}

// TestStaleDraft: what was shown is what leaves, or nothing does.
func TestStaleDraft(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	_, d := newest(t, v)
	k, err := v.KeyFile(writeKey(t, "key"))
	if err != nil {
		t.Fatal(err)
	}
	draft, err := v.Draft(t.Context(), ExportOptions{Key: k})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Annotate(t.Context(), note(v, d, 1, "later")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "stale.zip")
	if _, err := v.Export(t.Context(), draft, nil, path); err == nil {
		t.Error("a draft older than the last annotation was signed")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused export left a file")
	}
}

// A stubborn agent shows its keys and signs nothing.
type stubborn struct{ agent.ExtendedAgent }

func (stubborn) SignWithFlags(ssh.PublicKey, []byte, agent.SignatureFlags) (*ssh.Signature, error) {
	return nil, errors.New("not today")
}

// TestAgent: a key in an agent signs; when it fails after the intent was
// recorded, the failure is on record too, and nothing is left on disk.
func TestAgent(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	ring := agent.NewKeyring().(agent.ExtendedAgent)
	if err := ring.Add(agent.AddedKey{PrivateKey: private, Comment: "token"}); err != nil {
		t.Fatal(err)
	}
	for _, willing := range []bool{true, false} {
		served := ring
		if !willing {
			served = stubborn{ring}
		}
		t.Setenv("SSH_AUTH_SOCK", serveAgent(t, served))
		keys, err := v.Keys(t.Context())
		if err != nil || len(keys) != 1 || !keys[0].Agent || !strings.Contains(keys[0].Label, "token") {
			t.Fatalf("keys: %+v, %v", keys, err)
		}
		draft, err := v.Draft(t.Context(), ExportOptions{Key: keys[0]})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "agent.zip")
		_, err = v.Export(t.Context(), draft, nil, path)
		kinds := kindsOf(t, v)
		last, _ := os.Stat(path)
		if willing && (err != nil || kinds[len(kinds)-1] != kindExported || last == nil) {
			t.Errorf("a willing agent: %v, journal %v", err, kinds)
		}
		if !willing && (err == nil || kinds[len(kinds)-1] != kindFailed || last != nil) {
			t.Errorf("a stubborn agent: %v, journal %v, file %v", err, kinds, last)
		}
	}
}

// TestNotVerified: a bundle that was written and does not verify is taken back, as
// the journal says that the export failed.
func TestNotVerified(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	key, err := v.KeyFile(writeKey(t, "key"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := v.KeyFile(writeKey(t, "other"))
	if err != nil {
		t.Fatal(err)
	}
	key.public = other.public // whose signature it is verified by
	draft, err := v.Draft(t.Context(), ExportOptions{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, err = v.Export(t.Context(), draft, nil, filepath.Join(dir, "review.zip"))
	if err == nil || !strings.Contains(err.Error(), "was written but does not verify") {
		t.Errorf("it says %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
	if kinds := kindsOf(t, v); !slices.Equal(kinds[len(kinds)-2:], []string{kindExport, kindFailed}) {
		t.Errorf("the journal reads %v", kinds)
	}
}

// A reluctant agent does something before it signs.
type reluctant struct {
	agent.ExtendedAgent
	before func()
}

func (r reluctant) SignWithFlags(k ssh.PublicKey, data []byte, f agent.SignatureFlags) (*ssh.Signature, error) {
	r.before()
	return r.ExtendedAgent.SignWithFlags(k, data, f)
}

// exportBy exports with a key in an agent that does something while it signs.
func exportBy(t *testing.T, v *Visit, path string, before func()) error {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	ring := agent.NewKeyring().(agent.ExtendedAgent)
	if err := ring.Add(agent.AddedKey{PrivateKey: private}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSH_AUTH_SOCK", serveAgent(t, reluctant{ring, before}))
	keys, err := v.Keys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("keys: %+v, %v", keys, err)
	}
	draft, err := v.Draft(t.Context(), ExportOptions{Key: keys[0]})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Export(t.Context(), draft, nil, path)
	return err
}

// TestOutcomeNotRecorded: a bundle whose outcome cannot be recorded does not leave.
func TestOutcomeNotRecorded(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	dir := t.TempDir()
	err := exportBy(t, v, filepath.Join(dir, "review.zip"), func() {
		if err := v.journal.Close(); err != nil {
			t.Error(err)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "was not recorded and did not happen") {
		t.Errorf("it says %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
	v.closed = true // Cleanup has nothing left to close but the source
	if err := v.source.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPeriodEndsWhileSigning: an export that began within the period is brought to
// its end, and its outcome, good or bad, is on record.
func TestPeriodEndsWhileSigning(t *testing.T) {
	for _, fails := range []bool{false, true} {
		v := enterSample(t, testConfig(t), "Ada")
		path := filepath.Join(t.TempDir(), "review.zip")
		err := exportBy(t, v, path, func() {
			v.limits = now().Add(-time.Minute) // the export holds the gate's lock
			if fails {
				if err := os.WriteFile(path, nil, 0o600); err != nil { // it took the name
					t.Error(err)
				}
			}
		})
		want := []string{kindExport, kindExported}
		if fails {
			want[1] = kindFailed
		}
		kinds := kindsOf(t, v)
		if (err != nil) != fails || !slices.Equal(kinds[len(kinds)-2:], want) {
			t.Errorf("fails %v: %v, journal %v", fails, err, kinds)
		}
		if _, err := os.Stat(path); err != nil { // what took the name is not ours to remove
			t.Error(err)
		}
		if err := v.RecordSearch(t.Context(), "x"); err == nil {
			t.Error("after the period a search was recorded")
		}
	}
}

func serveAgent(t *testing.T, a agent.Agent) (socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent") // t.TempDir is too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() {
				_ = agent.ServeAgent(a, c) // ends with io.EOF when the client leaves
				c.Close()
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		served.Wait()
		os.RemoveAll(dir)
	})
	return filepath.Join(dir, "s")
}

func TestOneVisitAtATime(t *testing.T) {
	cfg := testConfig(t)
	enterSample(t, cfg, "Ada")
	if _, err := enterSampleAs(cfg, "Ada"); err == nil {
		t.Error("the same reviewer is in the room twice, with one journal")
	}
	enterSample(t, cfg, "Grace")
}

func TestNothingHappensUnrecorded(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	_, d := newest(t, v)
	if err := v.journal.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Annotate(t.Context(), note(v, d, 1, "lost?")); err == nil {
		t.Error("an annotation was acknowledged without a journal")
	}
	if n := len(v.Annotations()); n != 0 {
		t.Errorf("%d annotations stand that were never recorded", n)
	}
	if err := v.Copy(t.Context(), d, "x"); err == nil {
		t.Error("a copy was allowed without a record")
	}
	v.closed = true // Cleanup has nothing left to close but the source
	if err := v.source.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestPeriodEnds(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	_, d := newest(t, v)
	v.limits = now().Add(-time.Minute)
	if err := v.Copy(t.Context(), d, "x"); err == nil || !strings.Contains(err.Error(), "period ended") {
		t.Errorf("an act after the visit's period gave %v", err)
	}
}

func TestReviewerNames(t *testing.T) {
	cfg := testConfig(t)
	for _, name := range []string{strings.Repeat("x", 200), "tab\tbed"} {
		if v, err := enterSampleAs(cfg, name); err == nil {
			t.Errorf("entered as %q", v.Reviewer())
		}
	}
	if v := enterSample(t, cfg, "  "); v.Reviewer() != "tester" {
		t.Errorf("a nameless reviewer of a practice room is %q, want the login name", v.Reviewer())
	}
}

// TestChildDies: its death is reported, not inherited, and nothing is open.
func TestChildDies(t *testing.T) {
	for name, script := range map[string]string{
		"killed":       "#!/bin/sh\nkill -9 $$\n",
		"silent":       "#!/bin/sh\nexit 0\n",
		"panics":       "#!/bin/sh\necho 'fatal error: out of memory' >&2\nexit 2\n",
		"speaks out":   "#!/bin/sh\necho 'hello'\n",
		"floods":       "#!/bin/sh\nread order; yes | tr -d '\\n'\n",
		"bad verdict":  "#!/bin/sh\nread order; echo '{\"error\":\"tree 12 is not what it says\"}'; exit 2\n",
		"not a binary": "\x00\x01",
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t)
			cfg.Ctl = filepath.Join(t.TempDir(), "vitrinectl")
			if err := os.WriteFile(cfg.Ctl, []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			a, err := Admit(t.Context(), cfg, SampleRequest(), func(Step) {})
			if err == nil {
				t.Fatalf("admitted %+v", a.facts)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a sentence: %v", err)
			}
		})
	}
	cfg := testConfig(t)
	cfg.Ctl = filepath.Join(t.TempDir(), "missing")
	if _, err := Admit(t.Context(), cfg, SampleRequest(), func(Step) {}); err == nil || !strings.Contains(err.Error(), "vitrinectl must lie beside") {
		t.Errorf("a missing child gave %v", err)
	}
}

func TestAdmissionCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cfg := testConfig(t)
	_, err := Admit(ctx, cfg, SampleRequest(), func(s Step) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped admission gave %v", err)
	}
	entries, err := os.ReadDir(cfg.workspace())
	if err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return len(e.Name()) == 64 }) {
		t.Errorf("a stopped admission left %v, %v", entries, err)
	}
}

// TestTamperedWorkspace: the private copy is trusted for nothing either.
func TestTamperedWorkspace(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada")
	_, d := newest(t, v)
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	ws := filepath.Join(cfg.workspace(), v.cert.Digest)
	for _, name := range []string{"content", "index"} {
		err := filepath.WalkDir(filepath.Join(ws, name), func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil || len(b) == 0 {
				return err
			}
			b[len(b)/2] ^= 0x20
			if err := os.Chmod(path, 0o600); err != nil {
				return err
			}
			return os.WriteFile(path, b, 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	again := enterSample(t, cfg, "Ada")
	if err := again.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatalf("a damaged index must be rebuilt: %v", err)
	}
	e, err := again.Open(t.Context(), d.Place)
	if err == nil && string(e.Text.Bytes()) != string(d.Text.Bytes()) {
		t.Error("other bytes than deposited were shown")
	}
}

// writeKey makes a passphraseless ed25519 key file.
func writeKey(t *testing.T, name string) string {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := WriteNew(path, pem.EncodeToMemory(block)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestKeys(t *testing.T) {
	cfg := testConfig(t)
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(home, ".ssh")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, pass := range map[string]string{"plain": "", "locked": "secret"} {
		out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", pass, "-f", filepath.Join(dir, name)).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "lonely.pub"), []byte("ssh-ed25519 AAAA"), 0o600); err != nil {
		t.Fatal(err)
	}
	v := enterSample(t, cfg, "Ada")
	keys, err := v.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) != 2 || !keys[0].Encrypted || keys[0].Label != "locked" || keys[1].Encrypted {
		t.Fatalf("keys: %+v", keys)
	}
	draft, err := v.Draft(t.Context(), ExportOptions{Key: keys[0]})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "b.zip")
	for _, pass := range []string{"", "wrong"} {
		if _, err := v.Export(t.Context(), draft, []byte(pass), path); err == nil || !strings.Contains(err.Error(), "passphrase") {
			t.Errorf("passphrase %q gave %v", pass, err)
		}
	}
	if _, err := v.Export(t.Context(), draft, []byte("secret"), path); err != nil {
		t.Error(err)
	}
}
