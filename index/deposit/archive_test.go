package deposit

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// A tarEntry is a header and content; tarOf makes an archive of some.
type tarEntry struct {
	header  tar.Header
	content string
}

func tarFile(name, content string) tarEntry {
	return tarEntry{tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(content))}, content}
}

func tarOther(name string, kind byte, link string) tarEntry {
	return tarEntry{tar.Header{Name: name, Typeflag: kind, Linkname: link, Mode: 0o644}, ""}
}

func tarOf(t testing.TB, entries ...tarEntry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		if err := w.WriteHeader(&e.header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipOf makes a zip file of one entry that change may change.
func zipOf(t testing.TB, name, content string, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: name, Method: zip.Store}
	h.SetMode(0o644)
	if change != nil {
		change(h)
	}
	out, err := w.CreateRaw(h)
	if err == nil {
		_, err = out.Write([]byte(content))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpacked gives an archive's files to a planting that keeps nothing.
func unpacked(ctx context.Context, data []byte, limits Limits, strip int) (*planting, error) {
	p := newPlanting(limits.orDefault(), func(k kind, data []byte) (ID, error) { return idOf(k, data), nil })
	if err := p.unpack(ctx, bytes.NewReader(data), int64(len(data)), strip); err != nil {
		return p, err
	}
	_, err := p.root()
	return p, err
}

// TestHostileArchives unpacks what would write elsewhere, fill the memory or
// have two meanings.
func TestHostileArchives(t *testing.T) {
	good := tarOf(t, tarFile("a.c", "int a;\n"))
	cut := gzipped(good)
	wrong := bytes.Clone(cut)
	wrong[len(wrong)-6] ^= 1
	small := zipOf(t, "a.c", "int a;\n", func(h *zip.FileHeader) {
		h.CRC32, h.UncompressedSize64, h.CompressedSize64 = 0x01020304, 7, 7
	})
	zeros := strings.Repeat("\x00", 80<<20)
	fast, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		data   []byte
		strip  int
		limits Limits
		want   string
	}{
		"slip":                   {tarOf(t, tarFile("../../etc/cron.d/x", "x")), 0, Limits{}, `an entry is named ".."`},
		"slip within":            {tarOf(t, tarFile("a/../../x", "x")), 0, Limits{}, `an entry is named ".."`},
		"slip behind the strip":  {tarOf(t, tarFile("../x", "x")), 1, Limits{}, `an entry is named ".."`},
		"absolute":               {tarOf(t, tarFile("/etc/passwd", "x")), 0, Limits{}, "absolute path"},
		"backslash":              {tarOf(t, tarFile(`..\x`, "x")), 0, Limits{}, "backslash"},
		"empty step":             {tarOf(t, tarFile("a//x", "x")), 0, Limits{}, "empty name"},
		".git":                   {tarOf(t, tarFile("a/.git/config", "x")), 0, Limits{}, `"a/.git", the folder of a git repository`},
		".git to others":         {tarOf(t, tarFile("a/GIT~1/config", "x")), 0, Limits{}, `"a/GIT~1", the folder of a git repository`},
		"escape":                 {tarOf(t, tarFile("a\x1b[2J", "x")), 0, Limits{}, "control character U+001B"},
		"Latin-1":                {tarOf(t, tarFile("gr\xf6\xdfe", "x")), 0, Limits{}, "is not UTF-8; rename it before sealing"},
		"twice":                  {tarOf(t, tarFile("a", "x"), tarFile("a", "y")), 0, Limits{}, `it holds "a" twice`},
		"twice, spelt otherwise": {tarOf(t, tarFile("a", "x"), tarFile("./a", "y")), 0, Limits{}, `it holds "a" twice`},
		"file and folder":        {tarOf(t, tarFile("a", "x"), tarFile("a/b", "y")), 0, Limits{}, `"a" is a file and a folder`},
		"folder and file":        {tarOf(t, tarFile("a/b", "y"), tarFile("a", "x")), 0, Limits{}, `"a" is a file and a folder`},
		"through a link":         {tarOf(t, tarOther("a", tar.TypeSymlink, "/etc"), tarFile("a/passwd", "x")), 0, Limits{}, `"a" is a file and a folder`},
		"link out":               {tarOf(t, tarOther("a", tar.TypeLink, "/etc/passwd")), 0, Limits{}, "absolute path"},
		"link to nothing":        {tarOf(t, tarOther("a", tar.TypeLink, "b"), tarFile("b", "x")), 0, Limits{}, `is a link to "b", which the archive does not hold before it`},
		"device":                 {tarOf(t, tarOther("a", tar.TypeBlock, "")), 0, Limits{}, `"a" is a device`},
		"pipe":                   {tarOf(t, tarOther("a", tar.TypeFifo, "")), 0, Limits{}, `"a" is a pipe`},
		"of another type":        {tarOf(t, tarOther("a", tar.TypeCont, "")), 0, Limits{}, "is of the type"},
		"name stripped":          {tarOf(t, tarFile("a", "x")), 1, Limits{}, "would lose its name"},
		"too deep":               {tarOf(t, tarFile(strings.Repeat("d/", 300)+"f", "x")), 0, Limits{}, "directories deep"},
		"too long":               {tarOf(t, tarFile(strings.Repeat(strings.Repeat("d", 99)+"/", 50)+"f", "")), 0, Limits{}, "a path has "},
		"nothing":                {tarOf(t, tarOther("a/", tar.TypeDir, "")), 0, Limits{}, "it holds no files"},
		"no archive":             {[]byte("#!/bin/sh\necho " + strings.Repeat("x", 600)), 0, Limits{}, "it is no archive that is read here, or an empty or cut off one"},
		"empty file":             {nil, 0, Limits{}, "it is no archive that is read here, or an empty or cut off one"},
		"xz":                     {[]byte("\xfd7zXZ\x00\x00\x04"), 0, Limits{}, "xz, which is not supported; compress it with gzip or zstd"},
		"cut off":                {cut[:len(cut)/2], 0, Limits{}, "or an empty or cut off one"},
		"cut off later":          {tarOf(t, tarFile("a", "x"), tarFile("b", "y"))[:1600], 0, Limits{}, "it is cut off"},
		"cut off between files":  {tarOf(t, tarFile("a", "x"), tarFile("b", "y"))[:1024], 0, Limits{}, "it is cut off"},
		"cut off in a file":      {tarOf(t, tarFile("a", "x"), tarFile("b", strings.Repeat("y", 1000)))[:1600], 0, Limits{}, "unexpected EOF"},
		"wrong checksum":         {wrong, 0, Limits{}, "checksum"},
		"another behind it":      {append(bytes.Clone(good), good...), 0, Limits{}, "something follows the end of the archive"},
		"too many":               {tarOf(t, tarFile("a", "x"), tarFile("b", "x")), 0, Limits{MaxFiles: 1}, "more than 1 files and folders"},
		"too large a file":       {tarOf(t, tarFile("a", "four")), 0, Limits{MaxObject: 3}, "more than the limit of 3 for one file"},
		"too much":               {tarOf(t, tarFile("a", "four"), tarFile("b", "four")), 0, Limits{MaxInflated: 1600}, "more bytes than the limits allow"},
		"gzip bomb":              {gzipped(tarOf(t, tarFile("a", zeros))), 0, Limits{MaxRatio: 10}, "more than "},
		"zstd bomb":              {fast.EncodeAll(tarOf(t, tarFile("a", zeros)), nil), 0, Limits{}, "more than "},
		"zip slip":               {zipOf(t, "../../x", "", nil), 0, Limits{}, `an entry is named ".."`},
		"zip absolute":           {zipOf(t, "/x", "", nil), 0, Limits{}, "absolute path"},
		"zip backslash":          {zipOf(t, `..\x`, "", nil), 0, Limits{}, "backslash"},
		"zip encrypted":          {zipOf(t, "x", "", func(h *zip.FileHeader) { h.Flags |= 1 }), 0, Limits{}, `"x" is encrypted`},
		"zip by another method":  {zipOf(t, "x", "", func(h *zip.FileHeader) { h.Method = 14 }), 0, Limits{}, "compressed by the method 14"},
		"zip device":             {zipOf(t, "x", "", func(h *zip.FileHeader) { h.SetMode(os.ModeDevice | 0o644) }), 0, Limits{}, `"x" is a device`},
		"zip wrong checksum":     {small, 0, Limits{}, "checksum error"},
		"zip bomb":               {zipOf(t, "x", "", func(h *zip.FileHeader) { h.Method, h.UncompressedSize64 = zip.Deflate, 1<<28 }), 0, Limits{}, "more than"},
		"zip that declares much": {zipOf(t, "x", "", func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 40 }), 0, Limits{}, "more than the limit"},
		"zip cut off":            {asZip(t, plainFiles(t, "1"), "")[:200], 0, Limits{}, "its directory"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := unpacked(t.Context(), test.data, test.limits, test.strip)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a sentence with %q", err, test.want)
			}
		})
	}
}

// TestHardLink: a hard link in an archive is a copy.
func TestHardLink(t *testing.T) {
	p, err := unpacked(t.Context(), tarOf(t, tarFile("a/x", "one"), tarOther("b", tar.TypeLink, "a/x")), Limits{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := p.find("a/x")
	b, ok := p.find("b")
	if !ok || a.id != b.id || b.mode != modeFile {
		t.Errorf("the link is %o %s, the file %o %s", b.mode, b.id, a.mode, a.id)
	}
}

// TestFolderRefused seals folders that hold what no release can.
func TestFolderRefused(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		prepare func(dir string)
		want    string
	}{
		"pipe":         {func(dir string) { must(syscall.Mkfifo(filepath.Join(dir, "src/p"), 0o600)) }, `"src/p" is a pipe`},
		"working tree": {func(dir string) { git(t, dir, "init", "-q") }, `it holds ".git", the folder of a git repository: seal that repository itself`},
		"nested":       {func(dir string) { git(t, dir, "init", "-q", "src") }, `it holds "src/.git"`},
		"line break":   {func(dir string) { write(t, dir, "src/a\nb", "x") }, "control character U+000A; rename it"},
		"nothing":      {func(dir string) { must(os.RemoveAll(dir)); must(os.MkdirAll(filepath.Join(dir, "a/b"), 0o755)) }, "it holds no files"},
		"no folder":    {func(dir string) { must(os.RemoveAll(dir)) }, "no such file"},
		"a file":       {func(dir string) { must(os.RemoveAll(dir)); must(os.WriteFile(dir, nil, 0o600)) }, "not a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := plainFiles(t, "1")
			test.prepare(dir)
			o := options(t, "")
			o.Inputs = []Input{{Name: "engine", Snapshots: []Snapshot{{Release: "1", Folder: dir}}}}
			refusedSeal(t, o, test.want)
		})
	}
	t.Run("socket", func(t *testing.T) {
		dir, err := os.MkdirTemp("", "s") // a socket's path must be short
		must(err)
		defer os.RemoveAll(dir)
		l, err := net.Listen("unix", filepath.Join(dir, "s"))
		must(err)
		defer l.Close()
		o := options(t, "")
		o.Inputs = []Input{{Name: "engine", Snapshots: []Snapshot{{Release: "1", Folder: dir}}}}
		refusedSeal(t, o, `"s" is a socket`)
	})
	t.Run("the deposit within", func(t *testing.T) {
		dir := plainFiles(t, "1")
		o := options(t, "")
		o.Inputs = []Input{{Name: "engine", Snapshots: []Snapshot{{Release: "1", Folder: dir}}}}
		o.Out = filepath.Join(dir, "hollow", "deposit")
		refusedSeal(t, o, "the deposit would be made in the folder")
	})
}

// FuzzArchive gives any bytes to the readers of archives: no path that is
// planted leads anywhere but down.
func FuzzArchive(f *testing.F) {
	f.Add(tarOf(f, tarFile("a/b.c", "int b;\n"), tarOther("l", tar.TypeSymlink, "a"), tarOther("h", tar.TypeLink, "a/b.c")), 0)
	f.Add(gzipped(tarOf(f, tarFile("top/a", "x"))), 1)
	f.Add(zipOf(f, "a/x", "", nil), 0)
	f.Add(zstded(f, tarOf(f, tarFile("../a", "x"))), 0)
	limits := Limits{MaxObject: 1 << 16, MaxInflated: 1 << 20, MaxFiles: 1000}
	f.Fuzz(func(t *testing.T, data []byte, strip int) {
		p, err := unpacked(t.Context(), data, limits, max(strip, 0))
		if err != nil {
			return
		}
		if p.bytes > 1<<20 {
			t.Errorf("%d bytes were planted", p.bytes)
		}
		var check func(b *branch)
		check = func(b *branch) {
			for name, e := range b.leaves {
				if err := checkEntryName([]byte(name)); err != nil || e.mode == modeTree {
					t.Errorf("a file is named %q: %v", name, err)
				}
			}
			for name, below := range b.branches {
				if err := checkEntryName([]byte(name)); err != nil {
					t.Errorf("a folder is named %q: %v", name, err)
				}
				check(below)
			}
		}
		check(p.trunk)
	})
}
