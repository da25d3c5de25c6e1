package room

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"vitrine/index/deposit"
)

func aSession() Session {
	at := deposit.Place{Release: "4.2.1", Path: "engine/unpack/lzw.c"}
	leaf := func(line int) *SessionPanes {
		return &SessionPanes{Tabs: []SessionTab{{Place: at, Line: line, Column: 3, Y: 640, Pinned: true, Folded: []int{3, 9}}}}
	}
	return Session{
		Release: "4.2.1", Side: "search", Active: 1, Recent: []deposit.Place{at},
		Back: []SessionSpot{{Place: at, Line: 7, Column: 2, Pane: -1, Text: "int main(void)"}}, Forward: []SessionSpot{{Place: at, Line: 9, Column: 1}},
		Layout: SessionPanes{A: leaf(1), B: leaf(40), Below: true, Share: 500},
	}
}

func TestSessionComesBack(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ann")
	before := v.Entries()
	if s, err := v.Session(); err != nil || !reflect.DeepEqual(s, Session{}) {
		t.Fatalf("a first visit has %+v, %v", s, err)
	}
	want := aSession()
	if err := v.SaveSession(want); err != nil {
		t.Fatal(err)
	}
	if v.Entries() != before {
		t.Error("the layout of a desk went into the journal")
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err := enterSample(t, cfg, "Ben").Session(); err != nil || s.Release != "" {
		t.Errorf("another reviewer gets %+v, %v", s, err)
	}
	got, err := enterSample(t, cfg, "Ann").Session()
	want.Version, want.Deposit = sessionVersion, SampleDigest().String()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("came back as %+v, %v\nwant %+v", got, err, want)
	}
}

// TestBadSessionIsNotUsed: whatever lies there, the visit goes on and says why.
func TestBadSessionIsNotUsed(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ann")
	if err := v.SaveSession(aSession()); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(v.beside("session.json"))
	if err != nil {
		t.Fatal(err)
	}
	deep := `{"shown":0}`
	for range maxDeep + 1 {
		deep = `{"a":` + deep + `,"b":{"shown":0},"shown":0}`
	}
	for what, text := range map[string]string{
		"empty":           "",
		"cut":             string(good[:len(good)/2]),
		"spaced":          " " + string(good),
		"another version": strings.Replace(string(good), `"version":1`, `"version":2`, 1),
		"another deposit": strings.Replace(string(good), v.cert.Digest, strings.Repeat("0", 64), 1),
		"another member":  strings.Replace(string(good), `"active"`, `"active":1,"actix"`, 1),
		"half a split":    strings.Replace(string(good), `"layout":{`, `"layout":{"a":{"shown":0},"b":{"a":{"shown":0},"shown":0},"shown":0},"was":{`, 1),
		"deep":            `{"active":0,"deposit":"` + v.cert.Digest + `","hidden":false,"layout":` + deep + `,"recent":null,"release":"","side":"","version":1}`,
		"huge":            strings.Repeat("x", maxSession+1),
	} {
		if err := os.WriteFile(v.beside("session.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := v.Session(); err == nil || !reflect.DeepEqual(s, Session{}) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %+v, %v", what, s, err)
		}
	}
	if err := v.SaveSession(Session{Side: strings.Repeat("x", maxSession)}); err == nil {
		t.Error("a session of any size is written")
	}
}

func TestBookmarksAreKept(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ann")
	if list, err := v.Bookmarks(); err != nil || list != nil {
		t.Fatalf("a first visit has %+v, %v", list, err)
	}
	want := []Bookmark{{Path: "a.c", Line: 4, Text: "int x;", Name: "the x", Release: "4.2.1"}}
	before := v.Entries()
	if err := v.SaveBookmarks(want); err != nil {
		t.Fatal(err)
	}
	if got, err := v.Bookmarks(); err != nil || !reflect.DeepEqual(got, want) || v.Entries() != before {
		t.Errorf("kept %+v, %v", got, err)
	}
	if err := v.SaveBookmarks(make([]Bookmark, MaxBookmarks+1)); err == nil {
		t.Error("any number of bookmarks is kept")
	}
	path := v.beside("bookmarks.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := v.Bookmarks(); err == nil || list != nil {
		t.Errorf("of a broken file came %+v, %v", list, err)
	}
	if b, err := os.ReadFile(path + ".unread"); err != nil || string(b) != "{}" {
		t.Errorf("what could not be read was not kept: %q, %v", b, err)
	}
	left, err := filepath.Glob(filepath.Join(v.dir, ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func TestSearchesAreKept(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ann")
	want := []KeptSearch{{Name: "the frees", Query: `free path:"a b/*"`}}
	before := v.Entries()
	if err := v.SaveKeptSearches(want); err != nil {
		t.Fatal(err)
	}
	if got, err := v.KeptSearches(); err != nil || !reflect.DeepEqual(got, want) || v.Entries() != before {
		t.Errorf("kept %+v, %v", got, err)
	}
	for what, list := range map[string][]KeptSearch{
		"many": make([]KeptSearch, MaxKeptSearches+1), "a name": {{Name: strings.Repeat("x", MaxSearchName+1)}}, "a query": {{Query: strings.Repeat("x", MaxKeptQuery+1)}},
	} {
		if err := v.SaveKeptSearches(list); err == nil {
			t.Errorf("too long is kept: %s", what)
		}
	}
	most := make([]KeptSearch, MaxKeptSearches)
	for i := range most {
		most[i] = KeptSearch{strings.Repeat(`"`, MaxSearchName), strings.Repeat(`"`, MaxKeptQuery)}
	}
	if err := v.SaveKeptSearches(most); err != nil {
		t.Errorf("what is allowed is not kept: %v", err)
	}
	if err := os.WriteFile(v.beside("searches.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := v.KeptSearches(); err == nil || list != nil {
		t.Errorf("of a broken file came %+v, %v", list, err)
	}
}
