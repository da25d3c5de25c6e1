package seal

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

func public(key ssh.PublicKey) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}

// TestSignersAsStock holds Permits against ssh-keygen -Y verify: patterns,
// namespaces, periods, and which of several lines counts.
func TestSignersAsStock(t *testing.T) {
	t.Setenv("TZ", "UTC") // for ssh-keygen; ours is set below
	defer func(l *time.Location) { time.Local = l }(time.Local)
	time.Local = time.UTC
	s := newSigner(t, "ed25519")
	other := public(newSigner(t, "ed25519").PublicKey())
	armored := sign(t, s)
	key := public(s.PublicKey())
	const at = "20260501120000Z"
	when := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		list, principal string
		want            bool
	}{
		{"ann@lab KEY", "ann@lab", true},
		{"ann@lab KEY comment of two words", "ann@lab", true},
		{"\t ann@lab \t KEY", "ann@lab", true},
		{"# nobody\n\n  # else\nann@lab KEY", "ann@lab", true},
		{"ann@lab KEY", "ann@la", false},
		{"ann@lab KEY", "Ann@lab", false},
		{"bob,ann@lab KEY", "ann@lab", true},
		{"*@lab KEY", "ann@lab", true},
		{"*@lab KEY", "ann@lab.example", false},
		{"a??@lab KEY", "ann@lab", true},
		{"a?@lab KEY", "ann@lab", false},
		{"*@lab,!ann@lab KEY", "ann@lab", false},
		{"!ann@lab,*@lab KEY", "ann@lab", false},
		{"!bob@lab,*@lab KEY", "ann@lab", true},
		{"!bob@lab KEY", "ann@lab", false},
		{`"ann lee" KEY`, "ann lee", true},
		{`"ann lee,bob" KEY`, "bob", true},
		{"*a*n*@l*b KEY", "ann@lab", true},
		{"ann@lab OTHER", "ann@lab", false},
		{"ann@lab OTHER\nann@lab KEY", "ann@lab", true},
		{"bob KEY\nann@lab KEY", "ann@lab", true},
		{`ann@lab namespaces="review@vitrine" KEY`, "ann@lab", true},
		{`ann@lab NameSpaces="review@vitrine" KEY`, "ann@lab", true},
		{`ann@lab namespaces="git,review@*" KEY`, "ann@lab", true},
		{`ann@lab namespaces="*,!review@vitrine" KEY`, "ann@lab", false},
		{`ann@lab namespaces="git" KEY`, "ann@lab", false},
		{`ann@lab namespaces="" KEY`, "ann@lab", false},
		{"ann@lab namespaces=\"git\" KEY\nann@lab KEY", "ann@lab", true},
		{`ann@lab valid-after="20260501" KEY`, "ann@lab", true},
		{`ann@lab valid-after="20260501120000" KEY`, "ann@lab", true},
		{`ann@lab valid-after="20260501120001" KEY`, "ann@lab", false},
		{`ann@lab valid-after="20260502" KEY`, "ann@lab", false},
		{`ann@lab valid-before="202605011200" KEY`, "ann@lab", true},
		{`ann@lab valid-before="20260501115959" KEY`, "ann@lab", false},
		{`ann@lab valid-after="20260101",valid-before="20270101",namespaces="review@vitrine" KEY`, "ann@lab", true},
		{"ann@lab valid-before=\"20250101\" KEY\nann@lab valid-before=\"20270101\" KEY", "ann@lab", true},
	} {
		list := strings.NewReplacer("KEY", key, "OTHER", other).Replace(c.list) + "\n"
		out, serr := stockVerify(t, list, c.principal, testSpace, armored, testMessage, "-O", "verify-time="+at[:len(at)-1])
		signers, err := ParseSigners([]byte(list))
		if err != nil {
			t.Errorf("%s: %v", c.list, err)
			continue
		}
		perr := signers.Permits(c.principal, s.PublicKey(), testSpace, when)
		if (perr == nil) != c.want || (serr == nil) != c.want {
			t.Errorf("%s: ours %v, ssh-keygen %v (%s), want allowed: %v", c.list, perr, serr, strings.TrimSpace(out), c.want)
		}
		again, err := ParseSigners([]byte(signers.String()))
		if err != nil || again.String() != signers.String() {
			t.Errorf("%s: written as %q, read as %q, %v", c.list, signers, again, err)
			continue
		}
		if werr := again.Permits(c.principal, s.PublicKey(), testSpace, when); (werr == nil) != c.want {
			t.Errorf("%s: after being written as %q: %v", c.list, signers, werr)
		}
	}
}

// TestSignersZone: a time with Z is UTC, one without is the machine's.
func TestSignersZone(t *testing.T) {
	defer func(l *time.Location) { time.Local = l }(time.Local)
	time.Local = time.FixedZone("", 3600)
	key := newSigner(t, "ed25519").PublicKey()
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for stamp, want := range map[string]bool{
		"20260501120000Z": true, "20260501120000": true, "20260501130001": false, "202605011300": true, "202605011201Z": false,
	} {
		s, err := ParseSigners([]byte(`a valid-after="` + stamp + `" ` + public(key)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Find(key, "x", noon); (err == nil) != want {
			t.Errorf("valid after %s, at noon UTC: %v, want allowed: %v", stamp, err, want)
		}
	}
}

func TestSignersRefused(t *testing.T) {
	key := public(newSigner(t, "ed25519").PublicKey())
	for line, want := range map[string]string{
		"ann":                                             "no key follows",
		"ann nothing here":                                "no readable key",
		`"ann ` + key:                                     "not closed",
		`"" ` + key:                                       "principal is empty",
		"ann cert-authority " + key:                       "certificates are not taken",
		"ann CERT-AUTHORITY " + key:                       "certificates are not taken",
		"ann verify-required " + key:                      `unknown option "verify-required"`,
		"ann no-touch-required " + key:                    `unknown option "no-touch-required"`,
		`ann namespaces="a",x="b" ` + key:                 `unknown option "x"`,
		`ann namespaces=a ` + key:                         "want namespaces=",
		`ann namespaces="a ` + key:                        "no readable key",
		`ann namespaces="a", ` + key:                      "a comma ends",
		`ann namespaces="a"valid-after="20260101" ` + key: "want a comma",
		`ann namespaces="a",namespaces="b" ` + key:        "twice",
		`ann valid-after="20260101",valid-after="20260102" ` + key:  "twice",
		`ann valid-after="2026-01-01" ` + key:                       "want YYYYMMDD",
		`ann valid-after="20261301" ` + key:                         "not a date",
		`ann valid-after="19691231Z" ` + key:                        "not a date",
		`ann valid-after="" ` + key:                                 "want YYYYMMDD",
		`ann valid-after="20270101",valid-before="20260101" ` + key: "never be valid",
		"ann ssh-rsa " + strings.Fields(key)[1]:                     "no readable key",
		"ann ssh-dss AAAAB3NzaC1kc3MAAACBAP==":                      "no readable key",
		"ann " + key + "\x00":                                       "control character",
		"ann\x01 " + key:                                            "control character",
	} {
		_, err := ParseSigners([]byte("# one\nbob " + key + "\n" + line + "\n"))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%q: %v, want line 3 and %q", line, err, want)
		}
	}
	if _, err := ParseSigners(bytes.Repeat([]byte("#"), MaxSigners+1)); err == nil {
		t.Error("a list over the limit was read")
	}
}

func TestNobodyAllowed(t *testing.T) {
	key := newSigner(t, "ed25519").PublicKey()
	for name, s := range map[string]*Signers{"nil": nil, "zero": {}} {
		if who, err := s.Find(key, "x", time.Now()); err == nil {
			t.Errorf("%s: allows %q", name, who)
		}
	}
	s, err := ParseSigners([]byte("* " + public(key)))
	if err != nil {
		t.Fatal(err)
	}
	if s.Permits("", key, "x", time.Now()) == nil || s.Permits("a", nil, "x", time.Now()) == nil {
		t.Error("nobody is permitted")
	}
	if who, err := s.Find(key, "x", time.Now()); err != nil || who != "*" {
		t.Errorf("%q, %v", who, err)
	}
}

// TestFindSaysWhy: a person must learn whether a key is unknown, expired or for
// something else.
func TestFindSaysWhy(t *testing.T) {
	key := newSigner(t, "ed25519").PublicKey()
	s, err := ParseSigners([]byte("\nann valid-before=\"20260101Z\",namespaces=\"a\" " + public(key)))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		err  error
		want string
	}{
		{s.Permits("ann", key, "a", at), "line 2 was valid only before 2026-01-01"},
		{s.Permits("ann", key, "b", at), `line 2 allows namespaces "a"`},
		{s.Permits("bob", key, "a", at), "line 2 for ann, not for bob"},
		{s.Permits("ann", newSigner(t, "ed25519").PublicKey(), "a", at), "not among the allowed"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%v, want %q", c.err, c.want)
		}
	}
}

// TestLine: whatever the name, the line is one line and names nobody else.
func TestLine(t *testing.T) {
	s := newSigner(t, "ed25519")
	armored := sign(t, s)
	for name, principal := range map[string]string{
		"ann@lab": "ann@lab", "Ann Lee": "Ann Lee", "": "_", "*": "_", "a,b": "a_b", `a"b`: "a_b",
		"!a": "_a", "#a": "#a", "a\nb": "a_b", "Zoë": "Zoë", " a": " a",
	} {
		line := Line(name, s.PublicKey(), testSpace)
		if strings.Count(line, "\n") != 1 {
			t.Errorf("%q: %q", name, line)
		}
		signers, err := ParseSigners([]byte(line))
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if who, err := signers.Find(s.PublicKey(), testSpace, time.Now()); err != nil || who != principal {
			t.Errorf("%q: found as %q, %v", name, who, err)
		}
		if out, err := stockVerify(t, line, principal, testSpace, armored, testMessage); err != nil {
			t.Errorf("%q: ssh-keygen -I %q: %s", name, principal, out)
		}
	}
}

func TestMatchPattern(t *testing.T) {
	for _, c := range []struct {
		s, p string
		want bool
	}{
		{"", "", true}, {"", "*", true}, {"", "?", false}, {"a", "", false}, {"abc", "*", true},
		{"abc", "a*c", true}, {"abc", "a*b", false}, {"aXbXc", "a*X*c", true}, {"abab", "*ab", true}, {"aab", "*a?", true},
		{strings.Repeat("a", 5000), strings.Repeat("*a", 2000) + "b", false},
	} {
		if got := matchPattern(c.s, c.p); got != c.want {
			t.Errorf("%.20q matches %.20q: %v", c.s, c.p, got)
		}
	}
}

// FuzzParseSigners: what is read can be written, and reads the same again.
func FuzzParseSigners(f *testing.F) {
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA4s//0Jb1Fp/rAJV2Uu/Mr8xh+oMzF3UMKVHdBJM6Lw"
	for _, seed := range []string{
		"ann@lab %s\n", "# c\n\n*@lab,!bob namespaces=\"a,b\" %s x\n", `"a b" valid-after="20260101",valid-before="20270101Z" %s`,
		"a cert-authority %s", "a namespaces=\"x\\\"y\" %s",
	} {
		f.Add([]byte(fmt.Sprintf(seed, key)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseSigners(data)
		if err != nil {
			return
		}
		text := s.String()
		again, err := ParseSigners([]byte(text))
		if err != nil || again.String() != text {
			t.Fatalf("%q is written %q, which reads %v, %v", data, text, again, err)
		}
		for _, key := range s.Keys() {
			w1, e1 := s.Find(key, "a", time.Unix(1_800_000_000, 0))
			w2, e2 := again.Find(key, "a", time.Unix(1_800_000_000, 0))
			if w1 != w2 || (e1 == nil) != (e2 == nil) {
				t.Fatalf("%q: found %q (%v), after writing %q (%v)", data, w1, e1, w2, e2)
			}
		}
	})
}
