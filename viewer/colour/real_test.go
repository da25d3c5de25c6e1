package colour

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"

	"vitrine/index/lex"
	"vitrine/viewer/code"
)

// lines is a text of a test.
type lines struct {
	b      []byte
	starts []int
}

func linesIn(b []byte) *lines {
	l := &lines{b: b}
	for at := 0; at < len(b); {
		l.starts = append(l.starts, at)
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return l
}

func (l *lines) Bytes() []byte { return l.b }
func (l *lines) Lines() int    { return len(l.starts) }
func (l *lines) Start(n int) int {
	if n > len(l.starts) {
		return len(l.b)
	}
	return l.starts[max(n, 1)-1]
}
func (l *lines) Line(n int) []byte {
	return bytes.TrimSuffix(l.b[l.Start(n):l.Start(n+1)], []byte("\n"))
}

func lexicalOf(file string, b []byte) func(context.Context) (Lexical, error) {
	return func(context.Context) (Lexical, error) {
		l := lex.Detect(file, b)
		if l == nil {
			return Lexical{}, nil
		}
		return Lexical{lex.NewMap(l, b), lex.NewStructure(l, b)}, nil
	}
}

// wholly is what chroma itself gives for the whole text.
func wholly(t *testing.T, file string, text *lines) [][]code.Token {
	t.Helper()
	it, err := lexerFor(file).Tokenise(&chroma.TokeniseOptions{State: "root"}, strings.ReplaceAll(string(text.b), "\r\n", "\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := newSheet(text, 1, text.Lines(), nil)
	s.begin(0)
	for tok := it(); tok != chroma.EOF; tok = it() {
		s.add(tok)
	}
	return s.lines
}

func TestExperiment(t *testing.T) {
	roots := strings.Split(os.Getenv("ROOTS"), ":")
	byLang := map[string][]string{}
	for _, r := range roots {
		filepath.WalkDir(r, func(p string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			if lexerFor(p) == nil {
				return nil
			}
			i, _ := d.Info()
			if i.Size() < 2000 || i.Size() > 300000 {
				return nil
			}
			l := Language(p)
			byLang[l] = append(byLang[l], p)
			return nil
		})
	}
	var names []string
	for l := range byLang {
		names = append(names, l)
	}
	sort.Strings(names)
	for _, l := range names {
		files := byLang[l]
		step := max(len(files)/8, 1)
		linesN, wrongGuess, wrongFinal, nfiles := 0, 0, 0, 0
		example := ""
		for i := 0; i < len(files); i += step {
			f := files[i]
			b, err := os.ReadFile(f)
			if err != nil || !bytes.Contains(b, []byte("\n")) {
				continue
			}
			b = bytes.ToValidUTF8(b, []byte("?"))
			text := linesIn(b)
			want := wholly(t, f, text)
			nfiles++
			for k := 1; k <= 12; k++ {
				from := text.Lines() * k / 13
				to := min(from+60, text.Lines())
				if from < 1 {
					continue
				}
				p := NewPainter(f, text, lexicalOf(f, b))
				p.near = 64
				var guess, final [][]code.Token
				err := p.Lines(context.Background(), from, to, func(s Slice) {
					if final == nil {
						final = make([][]code.Token, to-from+1)
					}
					copy(final[s.From-from:], s.Lines)
					if s.From+len(s.Lines) > to && guess == nil {
						guess = slices.Clone(final)
					}
				})
				if err != nil {
					t.Logf("%s: %v", f, err)
					continue
				}
				for n := from; n <= to; n++ {
					linesN++
					if guess != nil && !slices.Equal(guess[n-from], want[n-1]) {
						wrongGuess++
						if example == "" {
							example = fmt.Sprintf("%s:%d asked %d %q\n  guess %v\n  want  %v", f, n, from, text.Line(n), guess[n-from], want[n-1])
						}
					}
					if final == nil || !slices.Equal(final[n-from], want[n-1]) {
						if wrongFinal++; wrongFinal < 2 {
							var got []code.Token
							if final != nil {
								got = final[n-from]
							}
							t.Logf("FINAL %s:%d asked %d %q\n  final %v\n  want  %v", f, n, from, text.Line(n), got, want[n-1])
						}
					}
				}
			}
		}
		t.Logf("%-20s files %3d lines %6d wrong guess %6.2f%% final %d resumes %v\n%s", l, nfiles, linesN, 100*float64(wrongGuess)/float64(max(linesN, 1)), wrongFinal, machineFor(lexerFor(files[0])).resumes, example)
	}
}
