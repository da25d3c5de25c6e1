package policy

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

var (
	during        = time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)
	listedDeposit = deposit.Digest(sha256.Sum256([]byte("test")))
)

func newKey(t testing.TB) ssh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// room is a policy and the keys it names.
type room struct{ vendor, reviewer, operator ssh.Signer }

func newRoom(t testing.TB) (room, *Policy) {
	t.Helper()
	r := room{newKey(t), newKey(t), newKey(t)}
	return r, &Policy{
		Title:     "Review of the 2026 engine",
		Vendors:   []Party{{Name: "Vendor", Key: keyLine(r.vendor.PublicKey())}},
		Reviewers: []Party{{Name: "Ann Lee", Organisation: "Lab", Key: keyLine(r.reviewer.PublicKey())}},
		Operators: []Party{{Name: "Escrow desk", Key: keyLine(r.operator.PublicKey())}},
		Deposits:  []deposit.Digest{listedDeposit},
		NotBefore: "2026-05-11T08:00:00Z", NotAfter: "2026-05-15T17:00:00Z",
	}
}

// store signs p as the operator and writes both files.
func store(t testing.TB, p *Policy, operator ssh.Signer) string {
	t.Helper()
	file, sig, err := Sign(p, operator)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "visit.json")
	put(t, name, file)
	put(t, name+".sig", sig)
	return name
}

func put(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOpen(t *testing.T) {
	r, p := newRoom(t)
	name := store(t, p, r.operator)
	got, err := Open(name, r.operator.PublicKey(), during)
	if err != nil {
		t.Fatal(err)
	}
	if err := got.PermitsDeposit(listedDeposit); err != nil {
		t.Error(err)
	}
	if err := got.PermitsDeposit(deposit.Digest{1}); err == nil {
		t.Error("a deposit that is not named is permitted")
	}
	if who, err := got.Reviewer(r.reviewer.PublicKey()); err != nil || who.Name != "Ann Lee" || who.Organisation != "Lab" {
		t.Errorf("reviewer: %+v, %v", who, err)
	}
	for role, key := range map[string]ssh.Signer{"vendor": r.vendor, "operator": r.operator, "stranger": newKey(t)} {
		if who, err := got.Reviewer(key.PublicKey()); err == nil {
			t.Errorf("the %s's key is taken for reviewer %+v", role, who)
		}
	}
	trust := got.DepositTrust(during)
	if who, err := trust.Signers.Find(r.vendor.PublicKey(), "deposit@vitrine", during); err != nil || who != "Vendor" {
		t.Errorf("vendor: %q, %v", who, err)
	}
	if len(trust.Pinned) != 0 || !trust.At.Equal(during) {
		t.Errorf("trust %+v: a named vendor must sign", trust)
	}
	if who, err := got.ReviewSigners().Find(r.reviewer.PublicKey(), "review@vitrine", during); err != nil || who != "Ann Lee" {
		t.Errorf("review signer: %q, %v", who, err)
	}
	for _, c := range []struct {
		signers *seal.Signers
		key     ssh.PublicKey
		space   string
	}{
		{trust.Signers, r.reviewer.PublicKey(), "deposit@vitrine"},
		{trust.Signers, r.operator.PublicKey(), "deposit@vitrine"},
		{trust.Signers, r.vendor.PublicKey(), "review@vitrine"},
		{got.ReviewSigners(), r.vendor.PublicKey(), "review@vitrine"},
		{got.ReviewSigners(), r.reviewer.PublicKey(), "deposit@vitrine"},
	} {
		if who, err := c.signers.Find(c.key, c.space, during); err == nil {
			t.Errorf("a key of another role signs for %s as %s", c.space, who)
		}
	}
}

// TestOperatorVouches: without vendors the digests that the operator signed are
// what a deposit is accepted by.
func TestOperatorVouches(t *testing.T) {
	r, p := newRoom(t)
	p.Vendors = nil
	got, err := Open(store(t, p, r.operator), r.operator.PublicKey(), during)
	if err != nil {
		t.Fatal(err)
	}
	if trust := got.DepositTrust(during); len(trust.Pinned) != 1 || trust.Pinned[0] != listedDeposit || trust.Signers != nil {
		t.Errorf("%+v", trust)
	}
}

func TestPracticeRoom(t *testing.T) {
	r, p := newRoom(t)
	p.AnyReviewer = true
	got, err := Open(store(t, p, r.operator), r.operator.PublicKey(), during)
	if err != nil {
		t.Fatal(err)
	}
	guest := newKey(t)
	if who, err := got.Reviewer(guest.PublicKey()); err != nil || who.Key != keyLine(guest.PublicKey()) {
		t.Errorf("guest: %+v, %v", who, err)
	}
	if _, err := got.Reviewer(r.vendor.PublicKey()); err == nil {
		t.Error("the vendor may review in a practice room")
	}
}

// TestNothingPermittedUnverified: only Open and OpenPinned put a policy in
// force.
func TestNothingPermittedUnverified(t *testing.T) {
	r, p := newRoom(t)
	p.AnyReviewer = true
	parsed, err := Parse(get(t, store(t, p, r.operator)))
	if err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]*Policy{"nil": nil, "zero": {}, "in memory": p, "parsed": parsed} {
		if q.PermitsDeposit(listedDeposit) == nil || q.PermitsDeposit(deposit.Digest{}) == nil {
			t.Errorf("%s: permits a deposit", name)
		}
		if trust := q.DepositTrust(during); trust.Signers != nil || trust.Pinned != nil {
			t.Errorf("%s: trusts %+v", name, trust)
		}
		if _, err := q.Reviewer(r.reviewer.PublicKey()); err == nil {
			t.Errorf("%s: names a reviewer", name)
		}
		if len(q.ReviewSigners().Keys()) != 0 {
			t.Errorf("%s: has signers", name)
		}
	}
}

func TestPeriod(t *testing.T) {
	r, p := newRoom(t)
	name := store(t, p, r.operator)
	for _, c := range []struct{ at, want string }{
		{"2026-05-11T07:59:59Z", "does not hold yet"},
		{"2026-05-11T08:00:00Z", ""},
		{"2026-05-15T17:00:00Z", ""},
		{"2026-05-15T19:00:00+02:00", ""},
		{"2026-05-15T17:00:01Z", "holds no more"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Open(name, r.operator.PublicKey(), at)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("at %s: %v, want %q", c.at, err, c.want)
		}
	}
}

// TestEveryFlippedByteRefused, in the file and in the signature.
func TestEveryFlippedByteRefused(t *testing.T) {
	r, p := newRoom(t)
	name := store(t, p, r.operator)
	for _, part := range []string{name, name + ".sig"} {
		f, err := os.OpenFile(part, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, was := range get(t, part) {
			for _, now := range []byte{was ^ 1, was ^ 0xff, was} {
				if _, err := f.WriteAt([]byte{now}, int64(i)); err != nil {
					t.Fatal(err)
				}
				if now == was {
					continue
				}
				if _, err := Open(name, r.operator.PublicKey(), during); err == nil {
					t.Fatalf("%s: byte %d changed: accepted", filepath.Base(part), i)
				}
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(name, r.operator.PublicKey(), during); err != nil {
		t.Fatal(err)
	}
}

// TestVerifiedBeforeParsed: bytes that no operator signed are not even looked
// at, so that the sentence is about the signature.
func TestVerifiedBeforeParsed(t *testing.T) {
	r, p := newRoom(t)
	name := store(t, p, r.operator)
	put(t, name, []byte("{{{{"))
	if _, err := Open(name, r.operator.PublicKey(), during); err == nil || !strings.Contains(err.Error(), "does not fit these bytes") {
		t.Errorf("%v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	r, p := newRoom(t)
	good := store(t, p, r.operator)
	other := store(t, p, r.vendor)
	unsigned := filepath.Join(t.TempDir(), "p.json")
	put(t, unsigned, get(t, good))
	resigned := func(space string, data []byte) string {
		name := filepath.Join(t.TempDir(), "p.json")
		sig, err := seal.Sign(bytes.NewReader(data), r.operator, space)
		if err != nil {
			t.Fatal(err)
		}
		put(t, name, data)
		put(t, name+".sig", sig)
		return name
	}
	file := string(get(t, good))
	edit := func(old, new string) string {
		if !strings.Contains(file, old) {
			t.Fatalf("%q is not in %s", old, file)
		}
		return resigned(Namespace, []byte(strings.Replace(file, old, new, 1)))
	}
	for name, c := range map[string]struct{ file, want string }{
		"another's signature": {other, "the operator of this workstation has"},
		"no signature":        {unsigned, "policy's signature"},
		"no file":             {filepath.Join(t.TempDir(), "none"), "cannot read policy"},
		"another namespace":   {resigned("deposit@vitrine", []byte(file)), "is for namespace"},
		"newer version":       {edit(`"version":1`, `"version":2,"zones":[]`), "version 2"},
		"another format":      {edit(`"vitrine-policy"`, `"vitrine-deposit"`), "not a policy"},
		"space":               {edit(`"version":1`, `"version": 1`), "canonical"},
		"unknown member":      {edit(`"version":1`, `"version":1,"z":0`), "unknown"},
		"repeated member":     {edit(`"title":`, `"title":"a","title":`), "policy damaged"},
		"case variant":        {edit(`"vendors":`, `"Vendors":`), "policy damaged"},
		"missing member":      {edit(`"anyReviewer":false,`, ``), "policy damaged"},
		"null list":           {edit(`"deposits":["`+listedDeposit.String()+`"]`, `"deposits":null`), "policy damaged"},
		"too large":           {resigned(Namespace, bytes.Repeat([]byte(" "), MaxPolicy+1)), "more than"},
	} {
		if _, err := Open(c.file, r.operator.PublicKey(), during); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
	if _, err := Open(good, nil, during); err == nil || !strings.Contains(err.Error(), "no operator") {
		t.Errorf("without an operator's key: %v", err)
	}
}

func TestSignRefuses(t *testing.T) {
	for want, change := range map[string]func(p *Policy, r room){
		"title is empty":   func(p *Policy, _ room) { p.Title = "" },
		"U+202E":           func(p *Policy, _ room) { p.Title = "a\u202eb" },
		"name is empty":    func(p *Policy, _ room) { p.Vendors[0].Name = "" },
		"two reviewers":    func(p *Policy, _ room) { p.Reviewers = append(p.Reviewers, p.Reviewers[0]) },
		"not a public key": func(p *Policy, _ room) { p.Reviewers[0].Key = "ssh-ed25519 AAAA" },
		"without a comment": func(p *Policy, _ room) {
			p.Reviewers[0].Key += " ann@lab"
		},
		"named as vendor already":   func(p *Policy, r room) { p.Reviewers[0].Key = keyLine(r.vendor.PublicKey()) },
		"named as operator already": func(p *Policy, r room) { p.Reviewers[0].Key = keyLine(r.operator.PublicKey()) },
		"named as reviewer already": func(p *Policy, r room) {
			p.Reviewers = append(p.Reviewers, Party{Name: "B", Key: p.Reviewers[0].Key})
		},
		"named twice":      func(p *Policy, _ room) { p.Deposits = append(p.Deposits, p.Deposits[0]) },
		"is no digest":     func(p *Policy, _ room) { p.Deposits[0] = deposit.Digest{} },
		"want UTC":         func(p *Policy, _ room) { p.NotAfter = "2026-05-15T17:00:00+02:00" },
		`time ""`:          func(p *Policy, _ room) { p.NotBefore = "" },
		"before it begins": func(p *Policy, _ room) { p.NotAfter = p.NotBefore },
		"at most 200": func(p *Policy, _ room) {
			for range maxParties {
				p.Vendors = append(p.Vendors, p.Vendors[0])
			}
		},
	} {
		r, p := newRoom(t)
		change(p, r)
		if _, _, err := Sign(p, r.operator); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
}

func TestOpenPinned(t *testing.T) {
	r, p := newRoom(t)
	file, sig, err := Sign(p, r.operator)
	if err != nil {
		t.Fatal(err)
	}
	pin := deposit.Digest(sha256.Sum256(file))
	got, err := OpenPinned(file, sig, pin, during)
	if err != nil || got.PermitsDeposit(listedDeposit) != nil {
		t.Fatal(err)
	}
	_, strange, err := Sign(&Policy{Title: "x", NotBefore: p.NotBefore, NotAfter: p.NotAfter}, r.operator)
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() (*Policy, error){
		"another pin":       func() (*Policy, error) { return OpenPinned(file, sig, deposit.Digest{1}, during) },
		"zero pin":          func() (*Policy, error) { return OpenPinned(file, sig, deposit.Digest{}, during) },
		"another signature": func() (*Policy, error) { return OpenPinned(file, strange, pin, during) },
		"no signature":      func() (*Policy, error) { return OpenPinned(file, nil, pin, during) },
		"too late":          func() (*Policy, error) { return OpenPinned(file, sig, pin, during.AddDate(1, 0, 0)) },
	} {
		if _, err := open(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestStockVerifies runs the command of the package comment.
func TestStockVerifies(t *testing.T) {
	r, p := newRoom(t)
	name := store(t, p, r.operator)
	cmd := exec.Command("ssh-keygen", "-Y", "check-novalidate", "-n", Namespace, "-s", name+".sig")
	cmd.Stdin = bytes.NewReader(get(t, name))
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "Good") {
		t.Errorf("ssh-keygen: %v: %s", err, out)
	}
}

func FuzzParse(f *testing.F) {
	_, p := newRoom(f)
	file, _, err := Sign(p, newKey(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			return
		}
		again, err := seal.Canonical(p)
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("accepted %q, which is written %q (%v)", data, again, err)
		}
	})
}
