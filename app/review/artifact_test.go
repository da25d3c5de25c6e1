package review

import (
	"strings"
	"testing"

	"vitrine/app/journal"
	"vitrine/index/deposit"
)

const built = `{"statement":"{\"artifact\":{\"name\":\"e.deb\",\"sha256\":\"0100000000000000000000000000000000000000000000000000000000000000\",\"size\":3},` +
	`\"at\":\"2026-02-03T09:30:00Z\",\"by\":{\"name\":\"Ann\",\"organisation\":\"\"},` +
	`\"deposit\":\"0700000000000000000000000000000000000000000000000000000000000000\",\"differences\":\"\",\"environment\":\"\",` +
	`\"format\":\"vitrine-build-evidence\",\"identical\":true,` +
	`\"rebuilt\":{\"name\":\"o.deb\",\"sha256\":\"0100000000000000000000000000000000000000000000000000000000000000\",\"size\":3},` +
	`\"release\":\"v1\",\"toolchain\":\"gcc\",\"version\":1}",` +
	`"signature":"-----BEGIN SSH SIGNATURE-----","signer":"Ann","role":"reviewer","fingerprint":"SHA256:x"}`

func check() Check {
	return Check{File: "e.deb", SHA256: deposit.Digest{1}, Size: 3, Release: "v1", Artifact: "e.deb", Standing: deposit.IsArtifact}
}

func TestArtifactEntries(t *testing.T) {
	body, err := encode(check())
	if err != nil {
		t.Fatal(err)
	}
	s := fold(t, entries(t,
		journal.Entry{Kind: EntryChecked, Body: body},
		journal.Entry{Kind: EntryChecked}, // withheld
		journal.Entry{Kind: EntryBuilt, Body: []byte(built)},
		journal.Entry{Kind: EntryBuilt},
	))
	if c := s.Checks(); len(c) != 1 || c[0].Check != check() || c[0].Entry != 1 || !c[0].At.Equal(day) || !c[0].Same() {
		t.Errorf("checks: %+v", c)
	}
	e := s.Evidence()
	if len(e) != 1 || !e[0].Statement.Identical || e[0].Signer != "Ann" || e[0].Role != "reviewer" || e[0].Entry != 3 {
		t.Errorf("evidence: %+v", e)
	}
	for what, c := range map[string]struct{ kind, body, want string }{
		"evidence twice":     {EntryBuilt, built, "taken already (journal entry 3)"},
		"evidence that lies": {EntryBuilt, strings.Replace(built, `\"identical\":true`, `\"identical\":false`, 1), "identical is false"},
		"no role":            {EntryBuilt, strings.Replace(built, `"reviewer"`, `""`, 1), "role"},
		"another form":       {EntryBuilt, " " + built, "not the JSON"},
		"no such standing":   {EntryChecked, strings.Replace(string(body), `"listed"`, `"fine"`, 1), `cannot be "fine"`},
		"no name":            {EntryChecked, strings.Replace(string(body), `"v1"`, `""`, 1), "release is empty"},
		"no digest":          {EntryChecked, strings.Replace(string(body), `"01`, `"00`, 1), "without a digest"},
	} {
		err := s.Apply(journal.Entry{N: 9, Kind: c.kind, Time: day, Body: []byte(c.body)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", what, err, c.want)
		}
	}
}
