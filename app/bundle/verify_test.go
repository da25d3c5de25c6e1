package bundle

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/app/review"
	"vitrine/index/seal"
)

// Every byte of a bundle, changed in turn, and every cut, is refused with a
// sentence of its own.
func TestEveryByte(t *testing.T) {
	data := signed(t, small(t)).Bytes()
	trusted := trust(t, key(t, "ada"))
	if _, err := verify(data, trusted, exported); err != nil {
		t.Fatal(err)
	}
	files, err := unzip(data)
	if err != nil {
		t.Fatal(err)
	}
	named := func(s string) bool {
		for _, f := range files {
			if strings.Contains(s, f.Name) {
				return true
			}
		}
		return strings.Contains(s, "zip") || strings.Contains(s, "missing") || strings.Contains(s, "does not belong")
	}
	bad := bytes.Clone(data)
	for i := range data {
		for _, flip := range []byte{1 << (i % 8), 0x20, 0xff} {
			bad[i] = data[i] ^ flip
			if _, err := verify(bad, trusted, exported); err == nil {
				t.Fatalf("byte %d changed from %#x to %#x and nothing said", i, data[i], bad[i])
			} else if !named(err.Error()) {
				t.Fatalf("byte %d: %q names nothing", i, err)
			}
			bad[i] = data[i]
		}
		if i%7 == 0 || i > len(data)-200 {
			if _, err := verify(data[:i], trusted, exported); err == nil {
				t.Fatalf("cut off at byte %d and nothing said", i)
			}
		}
	}
}

// resign is the bundle of these contents with sums and signature made anew: by
// someone who can sign, and lies. Files changed to nil are left out.
func resign(t *testing.T, signer ssh.Signer, namespace string, change map[string][]byte) []byte {
	t.Helper()
	d := prepare(t, small(t))
	var files []File
	for _, f := range d.Files[1:] {
		if data, ok := change[f.Name]; ok {
			f.Data = data
		}
		files = append(files, f)
	}
	list := sums(files)
	armored, err := seal.Sign(bytes.NewReader(list), signer, namespace)
	if err != nil {
		t.Fatal(err)
	}
	return zipped(append([]File{{nameSums, list}, {SignatureName("Ada Lovelace"), armored}}, files...))
}

func TestVerifyRefuses(t *testing.T) {
	ada, eve := key(t, "ada"), key(t, "eve")
	trusted := trust(t, ada)
	draft := prepare(t, small(t))
	good := signed(t, small(t))
	sig := SignatureName("Ada Lovelace")

	other := small(t)
	other.Deposit[5] = 0xee
	otherDraft := prepare(t, other)
	swap := func(name, old, new string) map[string][]byte {
		t.Helper()
		was := draft.File(name)
		if !bytes.Contains(was, []byte(old)) {
			t.Fatalf("%s does not contain %q", name, old)
		}
		return map[string][]byte{name: bytes.Replace(was, []byte(old), []byte(new), 1)}
	}
	with := func(change func([]File) []File) []byte {
		return zipped(change(append([]File(nil), good.Files...)))
	}
	replace := func(name string, data []byte) []byte {
		return with(func(f []File) []File {
			for i := range f {
				if f[i].Name == name {
					f[i].Data = data
				}
			}
			return f
		})
	}
	lf := good.Files[1].Data
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty file", nil, "no zip"},
		{"text", []byte("hello, world, this is no zip"), "no zip"},
		{"data before", append([]byte("#!/bin/sh\n"), good.Bytes()...), "stands before it"},
		{"data after", append(bytes.Clone(good.Bytes()), 0), "1 bytes after its end"},
		{"two bundles", append(bytes.Clone(good.Bytes()), good.Bytes()...), "bytes after its end"},
		{"extra file", with(func(f []File) []File { return append(f, File{"zzz.txt", []byte("x")}) }), `"zzz.txt" does not belong`},
		{"folder", with(func(f []File) []File { return append(f, File{"zzz/", nil}) }), `"zzz/" does not belong`},
		{"path upwards", with(func(f []File) []File { return append([]File{{"../x", nil}}, f...) }), `"../x" does not belong`},
		{"duplicate file", with(func(f []File) []File { return append(f, f[len(f)-1]) }), `"statement.json" twice`},
		{"another order", with(func(f []File) []File { f[3], f[4] = f[4], f[3]; return f }), "names ascend"},
		{"many files", with(func([]File) []File {
			var f []File
			for i := range 20 {
				f = append(f, File{string(rune('a' + i)), nil})
			}
			return f
		}), "more than 16 files"},
		{"missing file", with(func(f []File) []File { return f[:4] }), "statement.json is missing"},
		{"missing sums", with(func(f []File) []File { return f[1:] }), "SHA256SUMS is missing"},
		{"missing signature", with(func(f []File) []File { return append(f[:1], f[2:]...) }), ".sig, is missing"},
		{"two signatures", with(func(f []File) []File {
			return append([]File{f[0], f[1], {"SHA256SUMS.zoe.sig", f[1].Data}}, f[2:]...)
		}), "two signatures"},
		{"signature of another name", with(func(f []File) []File { f[1].Name = "SHA256SUMS.zoe.sig"; return f }), "that of the reviewer whom the statement names is SHA256SUMS.ada-lovelace.sig"},
		{"name with a blank", with(func(f []File) []File { return append(f, File{"z z", nil}) }), "printable ASCII"},
		{"signature with CRLF", replace(sig, bytes.ReplaceAll(lf, []byte("\n"), []byte("\r\n"))), sig},
		{"signature with a blank line", replace(sig, append(bytes.Clone(lf), '\n')), sig},
		{"no signature", replace(sig, []byte("signed, Ada\n")), sig},
		{"sums changed", replace(nameSums, append(bytes.Clone(draft.File(nameSums)), '\n')), "does not fit these bytes"},
		{"annotations changed", replace(nameAnnotations, []byte("{}\n")), "annotations.json has SHA-256"},
		{"unknown signer", resign(t, eve, Namespace, nil), "not among the allowed signers"},
		{"wrong namespace", resign(t, ada, "deposit@vitrine", nil), `namespace "deposit@vitrine"`},
		{"statement of another deposit", resign(t, ada, Namespace, map[string][]byte{nameStatement: otherDraft.File(nameStatement)}), "is not the statement's"},
		{"annotations of another deposit", resign(t, ada, Namespace, map[string][]byte{nameAnnotations: otherDraft.File(nameAnnotations)}), "is not the statement's"},
		{"findings of another deposit", resign(t, ada, Namespace, map[string][]byte{nameFindings: otherDraft.File(nameFindings)}), "findings.sarif does not say what annotations.json says"},
		{"findings hidden", resign(t, ada, Namespace, map[string][]byte{nameFindings: []byte("{}\n")}), "findings.sarif does not say"},
		{"miscounted", resign(t, ada, Namespace, swap(nameStatement, `"notes": 1`, `"notes": 2`)), "the statement says"},
		{"another assertion", resign(t, ada, Namespace, swap(nameStatement, "Nothing is asserted", "Everything is asserted")), "asserts something else"},
		{"newer version", resign(t, ada, Namespace, swap(nameStatement, `"version": 1`, `"version": 2`)), "version 2 of vitrine-statement; this program reads version 1"},
		{"another format", resign(t, ada, Namespace, swap(nameAnnotations, "vitrine-annotations", "vitrine-quotations")), `format "vitrine-quotations"`},
		{"unknown field", resign(t, ada, Namespace, swap(nameStatement, `"tool"`, `"tol"`)), "statement.json"},
		{"other capitals", resign(t, ada, Namespace, swap(nameStatement, `"tool"`, `"Tool"`)), "statement.json: from byte"},
		{"duplicate field", resign(t, ada, Namespace, swap(nameStatement, `"counts"`, `"tool": "x", "counts"`)), "statement.json: from byte"},
		{"other spacing", resign(t, ada, Namespace, swap(nameStatement, `"tool": `, `"tool":`)), "statement.json: from byte"},
		{"needless escape", resign(t, ada, Namespace, swap(nameAnnotations, `"Says`, `"\u0053ays`)), "annotations.json: from byte"},
		{"null list", resign(t, ada, Namespace, map[string][]byte{nameAnnotations: nullList(t, draft)}), "annotations are null"},
		{"trailing data", resign(t, ada, Namespace, map[string][]byte{nameStatement: append(bytes.Clone(draft.File(nameStatement)), "{}\n"...)}), "something follows"},
		{"unknown kind", resign(t, ada, Namespace, swap(nameAnnotations, `"note"`, `"poem"`)), `unknown kind "poem"`},
		{"many objects", resign(t, ada, Namespace, map[string][]byte{nameAnnotations: bytes.Repeat([]byte("{}"), maxObjects+1)}), "JSON objects"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := verify(c.data, trusted, exported)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v\nwant one with %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
		})
	}
	if _, err := verify(good.Bytes(), nil, exported); err == nil {
		t.Error("verified with nobody trusted")
	}
	if _, err := verify(resign(t, eve, Namespace, nil), trust(t, ada, eve), exported); err == nil || !strings.Contains(err.Error(), "the statement names the reviewer's key") {
		t.Errorf("a trusted key other than the reviewer's: %v", err)
	}
}

func nullList(t *testing.T, d *Draft) []byte {
	t.Helper()
	data, err := encode(&List{Format: formatAnnotations, Version: version, Deposit: d.Statement.Deposit.Digest})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestVerifyAtTime(t *testing.T) {
	b := signed(t, small(t))
	line := strings.Replace(seal.Line("ada@example.org", key(t, "ada").PublicKey(), Namespace), "namespaces=", `valid-before="20260401Z",namespaces=`, 1)
	trusted, err := seal.ParseSigners([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verify(b.Bytes(), trusted, exported); err != nil {
		t.Error(err)
	}
	if _, err := verify(b.Bytes(), trusted, exported.Add(60*24*time.Hour)); err == nil {
		t.Error("verified with a key that has expired")
	}
}

// Zips that other programs write, with the same files in them, are not bundles.
func TestForeignZips(t *testing.T) {
	b := signed(t, small(t))
	trusted := trust(t, key(t, "ada"))
	build := func(set func(*zip.FileHeader), raw bool) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range b.Files {
			h := &zip.FileHeader{Name: f.Name, Method: zip.Store}
			set(h)
			var fw io.Writer
			var err error
			if raw {
				h.CRC32, h.CompressedSize64, h.UncompressedSize64 = crc32.ChecksumIEEE(f.Data), uint64(len(f.Data)), uint64(len(f.Data))
				fw, err = w.CreateRaw(h)
			} else {
				fw, err = w.CreateHeader(h)
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fw.Write(f.Data); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for _, c := range []struct {
		name string
		set  func(*zip.FileHeader)
		raw  bool
		want string
	}{
		{"compressed", func(h *zip.FileHeader) { h.Method = zip.Deflate }, false, "SHA256SUMS in the zip is compressed: method 8"},
		{"streamed", func(*zip.FileHeader) {}, false, "has flags"},
		{"newer", func(h *zip.FileHeader) { h.ReaderVersion = 20 }, true, "needs zip version 20"},
		{"dated", func(h *zip.FileHeader) { h.ReaderVersion = needed }, true, "has the date 0"},
		{"extra field", func(h *zip.FileHeader) { h.ReaderVersion, h.Extra = needed, []byte{0xfe, 0xca, 0, 0} }, true, "extra field of length 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := verify(build(c.set, c.raw), trusted, exported); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	// Comments alone, patched in: of the zip, and of its last file.
	end := len(b.Bytes()) - lenEnd
	commented := append(bytes.Clone(b.Bytes()), "hello"...)
	commented[end+20] = 5
	if _, err := verify(commented, trusted, exported); err == nil || !strings.Contains(err.Error(), "end record") {
		t.Errorf("a zip with a comment: %v", err)
	}
	commented = append(append(bytes.Clone(b.Bytes()[:end]), "hi"...), b.Bytes()[end:]...)
	commented[end-lenCentral-len(nameStatement)+32] = 2
	commented[end+2+12] += 2
	if r, err := zip.NewReader(bytes.NewReader(commented), int64(len(commented))); err != nil || r.File[4].Comment != "hi" {
		t.Fatalf("the test does not make a comment (%v)", err)
	}
	if _, err := verify(commented, trusted, exported); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("a file with a comment: %v", err)
	}
	// Go's own reader agrees about what is inside.
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(len(b.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(rc)
		if err != nil || f.Name != b.Files[i].Name || !bytes.Equal(data, b.Files[i].Data) || f.Mode() != 0o644 {
			t.Errorf("archive/zip reads %s (%v, mode %v) otherwise", f.Name, err, f.Mode())
		}
	}
}

func TestReadLimits(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.zip")
	f, err := os.Create(big)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(MaxBundle + 1); err != nil { // sparse: costs nothing
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{big: "the limit is", dir: "not a regular file", filepath.Join(dir, "none"): "no such file"} {
		if _, err := Verify(path, nil, exported); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
		if _, err := Show(path); err == nil {
			t.Errorf("%s was shown", path)
		}
	}
	lying := bytes.Clone(signed(t, small(t)).Bytes())
	lying[20], lying[24] = 0xff, 0xff // sizes of the first file: + 0xff0000
	if _, err := unzip(lying); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("a size beyond the zip: %v", err)
	}
	lying[21], lying[25] = 0x7f, 0x7f
	if _, err := unzip(lying); err == nil || !strings.Contains(err.Error(), "the limit is") {
		t.Errorf("a size beyond the limit: %v", err)
	}
}

// FuzzOpen holds what is accepted to the invariants of a bundle; the seed is
// good, so that changes of it reach every check.
func FuzzOpen(f *testing.F) {
	f.Add(signed(f, small(f)).Bytes())
	f.Add(signed(f, example(f)).Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Add(zipped(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := unzip(data)
		if err == nil && !bytes.Equal(zipped(files), data) {
			t.Fatal("a zip was accepted that its files do not make")
		}
		p, err := open(data)
		if err != nil {
			return
		}
		in := p.statement
		if p.list.Deposit != in.Deposit.Digest || len(p.list.Annotations) != in.Counts.Annotations() {
			t.Fatal("annotations and statement disagree")
		}
	})
}

// FuzzContents gets past sums and signature, which stop nearly every change:
// statement and annotations are taken as they come.
func FuzzContents(f *testing.F) {
	for _, in := range []Input{small(f), example(f)} {
		d := prepare(f, in)
		f.Add(d.File(nameStatement), d.File(nameAnnotations))
	}
	f.Fuzz(func(t *testing.T, statement, annotations []byte) {
		st, list := new(Statement), new(List)
		if decode(statement, st) != nil || st.validate() != nil || decode(annotations, list) != nil || list.validate(st) != nil {
			return
		}
		for _, a := range list.Annotations {
			for _, l := range a.Locations {
				if err := review.Location.Validate(l.Location); err != nil {
					t.Fatalf("a location was accepted: %v", err)
				}
			}
		}
		log, err := findings(st, list)
		if err != nil {
			t.Fatal(err)
		}
		data, err := encode(log)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkSARIF(data); err != nil {
			t.Fatal(err)
		}
	})
}
