package colour

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// howMany files of a language are looked at, at how many places of each, and how large they
// are: chroma reads about 1 MB/s, with the race detector a tenth of that. The detector has
// seen one of each; packaging/test runs the whole without it.
func howMany() (files, places int, size int64) {
	if raced {
		return 1, 2, 20_000
	}
	return 4, 5, 150_000
}

// realFiles are files of Go's distribution, which has a dozen languages, by language.
func realFiles(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, _, size := howMany()
	found := map[string][]string{}
	for _, folder := range []string{"src/runtime", "src/net/http", "src/crypto", "src/cmd/vendor/github.com", "src/syscall", "lib", "misc", "doc", "src/cmd/trace"} {
		err := filepath.WalkDir(filepath.Join(strings.TrimSpace(string(out)), folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || !Known(path) {
				return nil // a release of Go may lack a folder
			}
			if info, err := d.Info(); err == nil && info.Size() > 3000 && info.Size() < size {
				found[Language(path)] = append(found[Language(path)], path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// TestRealFilesAsWhole compares what is said of lines anywhere in real files with what
// chroma says of the whole: in the end it is the same in every language, and the guess
// before is as the table of anchors promises.
func TestRealFilesAsWhole(t *testing.T) {
	filesPerLanguage, placesPerFile, _ := howMany()
	for language, files := range realFiles(t) {
		t.Run(language, func(t *testing.T) {
			sort.Strings(files)
			asks, wrong, example := 0, 0, ""
			for i := range min(filesPerLanguage, len(files)) {
				file := files[i*len(files)/min(filesPerLanguage, len(files))]
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				b = bytes.ToValidUTF8(b, []byte("?"))
				text := InLines(b)
				want := wholly(t, file, text)
				for k := 1; k <= placesPerFile; k++ {
					p := NewPainter(file, text, lexicalOf(file, b))
					p.near = 0 // a guess everywhere
					from := 1 + text.Lines()*k/(placesPerFile+1)
					to := min(from+50, text.Lines())
					first, last := asked(t, p, from, to)
					if !p.machine.resumes {
						k = placesPerFile // it reads all each time
					}
					for n := from; n <= to; n++ {
						if asks++; !slices.Equal(first[n-from], want[n-1]) {
							if wrong++; example == "" {
								example = string(text.Line(n)) + " in " + file
							}
						}
						if !slices.Equal(last[n-from], want[n-1]) {
							t.Fatalf("%s, line %d of those from %d, %q: %v, whole %v", file, n, from, text.Line(n), last[n-from], want[n-1])
						}
					}
				}
			}
			if most := asks * differs[language].percent / 100; wrong > most {
				t.Errorf("guessed wrong: %d of %d lines, %d are said to be; the first is %s", wrong, asks, most, example)
			}
			t.Logf("%d lines of %d guessed wrong", wrong, asks)
		})
	}
}
