package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vitrine/index/lex"
	"vitrine/index/symbol"
)

// What the symbols are held to: parts of ctags' functions, types and macros
// that are found, and of ours that ctags does not know; bytes a second.
const (
	recallTarget = 0.97
	falseTarget  = 0.03
	rateTarget   = 40e6
)

// maxSource is the largest file that is compared, in bytes: larger ones are data.
const maxSource = 8 << 20

func symbolsCommand() *cobra.Command {
	b := &symbolsBench{}
	c := &cobra.Command{
		Use:   "symbols PATH…",
		Short: "compare the symbols found in source files with those that universal-ctags finds",
		Long: `Finds the definitions in all source files under the paths, with index/symbol and with ctags, and prints
per language and kind how many of ctags' are found (recall) and how many of ours ctags has (precision),
by file, line, name and kind. ctags is no reference for right and wrong: look at the differences with --list.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b.ctx, b.out = cmd.Context(), cmd.OutOrStdout()
			return b.run(args)
		},
	}
	c.Flags().BoolVar(&b.list, "list", false, `print each difference: "-" ctags only, "+" ours only`)
	c.Flags().StringSliceVar(&b.only, "lang", nil, "languages to compare, by id; all that ctags knows")
	return c
}

// ctagsNames are ctags' names of languages, with the kinds that are asked for
// beyond its usual ones.
var ctagsNames = map[string][]string{
	"c": {"C", "--kinds-C=+px"}, "cpp": {"C++", "--kinds-C++=+px"}, "csharp": {"C#"}, "java": {"Java"},
	"go": {"Go"}, "rust": {"Rust"}, "javascript": {"JavaScript"}, "typescript": {"TypeScript"}, "python": {"Python"},
	"kotlin": {"Kotlin"}, "scala": {"Scala"}, "ruby": {"Ruby"}, "php": {"PHP"}, "perl": {"Perl"}, "lua": {"Lua"},
	"shell": {"Sh"}, "powershell": {"PowerShell"}, "sql": {"SQL"}, "objc": {"ObjectiveC"}, "pascal": {"Pascal"},
	"cmake": {"CMake"}, "make": {"Make"}, "protobuf": {"Protobuf"}, "asm": {"Asm"},
}

// A symbolKey says where and what a symbol is; class is what kinds of both have
// in common.
type symbolKey struct {
	file, name, class string
	line              int
}

type symbolsBench struct {
	ctx  context.Context
	out  io.Writer
	list bool
	only []string
}

func (b *symbolsBench) run(paths []string) error {
	files, err := b.files(paths)
	if err != nil {
		return err
	}
	var ids []string
	for id := range files {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "language\tkind\tctags\tours\tboth\trecall %\tprecision %\t")
	var rates []string
	for _, id := range ids {
		theirs, theirTime, err := b.ctags(id, files[id])
		if err != nil {
			return err
		}
		ours, size, ourTime, err := b.ours(id, files[id])
		if err != nil {
			return err
		}
		macros := byMacro(theirs, ours)
		b.compare(w, id, theirs, ours)
		rates = append(rates, fmt.Sprintf("%s: %d files, %.1f MB, ours %.1f MB/s (target %.0f), ctags %.1f MB/s; left out: %d functions defined by a macro's use", id, len(files[id]), float64(size)/1e6,
			float64(size)/1e6/ourTime.Seconds(), rateTarget/1e6, float64(size)/1e6/theirTime.Seconds(), macros))
	}
	fmt.Fprintf(w, "target\tfunction, type, macro\t\t\t\t%.0f\t%.0f\t\n", 100*recallTarget, 100*(1-falseTarget))
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(b.out, strings.Join(rates, "\n"))
	return err
}

// files are the source files under the paths, by language.
func (b *symbolsBench) files(paths []string) (map[string][]string, error) {
	files := map[string][]string{}
	for _, root := range paths {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.ContainsAny(p, "\n\t") {
				return err
			}
			if info, err := d.Info(); err != nil || info.Size() > maxSource {
				return err
			}
			text, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			l := lex.Detect(p, text)
			if l == nil || ctagsNames[l.ID()] == nil || len(b.only) > 0 && !slices.Contains(b.only, l.ID()) || bytes.IndexByte(text, 0) >= 0 {
				return b.ctx.Err()
			}
			files[l.ID()] = append(files[l.ID()], p)
			return b.ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, errors.New("there are no source files that ctags and we know under these paths")
	}
	return files, nil
}

// ctags asks ctags for the symbols of files.
func (b *symbolsBench) ctags(id string, files []string) (map[symbolKey]bool, time.Duration, error) {
	args := []string{"--options=NONE", "--language-force=" + ctagsNames[id][0], "--sort=no", "--links=no", "-x", "--_xformat=%n\t%K\t%N\t%F", "-L", "-"}
	args = append(args, ctagsNames[id][1:]...)
	cmd := exec.CommandContext(b.ctx, "ctags", args...)
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n"))
	out, err := cmd.Output()
	if err != nil {
		return nil, 0, fmt.Errorf("ctags (apt-get install universal-ctags): %w", err)
	}
	took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	keys := map[symbolKey]bool{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		f := strings.SplitN(lines.Text(), "\t", 4)
		if len(f) < 4 || strings.HasPrefix(f[2], "__anon") || strings.HasPrefix(strings.ToLower(f[2]), "anonymousfunction") || strings.HasPrefix(f[2], "<") {
			continue
		}
		n, err := strconv.Atoi(f[0])
		if err != nil {
			continue
		}
		if c := ctagsClass(id, f[1]); c != "" {
			keys[symbolKey{f[3], plainName(id, f[2]), c, n}] = true
		}
	}
	return keys, took, lines.Err()
}

// processorTime is what this process has used, the collector's share included.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// plainName is a name as both write it: "operator ++" without the space, of
// C#'s "IEnumerable.GetEnumerator" the last part.
func plainName(id, name string) string {
	switch id {
	case "php":
		name = strings.ReplaceAll(name, `\\`, `\`)
	case "objc":
		name, _, _ = strings.Cut(name, ":")
	case "perl":
		if i := strings.LastIndex(name, "::"); i >= 0 {
			name = name[i+2:]
		}
	case "csharp":
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	if rest, ok := strings.CutPrefix(name, "operator "); ok {
		return "operator" + strings.ReplaceAll(rest, " ", "")
	}
	return strings.ReplaceAll(name, " ", "")
}

// byMacro leaves out the functions that a macro defines, "TEST(a, b) {": ctags
// calls them by the macro's name, we by what it is given.
func byMacro(theirs, ours map[symbolKey]bool) int {
	type place struct {
		file string
		line int
	}
	macros := map[place]symbolKey{}
	for k := range theirs {
		if k.class == "function" && !ours[k] && k.name == strings.ToUpper(k.name) {
			macros[place{k.file, k.line}] = k
		}
	}
	n := 0
	for k := range ours {
		if m, ok := macros[place{k.file, k.line}]; ok && k.class == "function" && !theirs[k] {
			delete(theirs, m)
			delete(ours, k)
			n++
		}
	}
	return n
}

// ours are the symbols that we find. The time is the processor's, of finding alone.
func (b *symbolsBench) ours(id string, files []string) (map[symbolKey]bool, int, time.Duration, error) {
	keys := map[symbolKey]bool{}
	l := lex.ByID(id)
	var took time.Duration
	size := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, 0, 0, err
		}
		start := processorTime()
		o, err := symbol.Extract(b.ctx, l, text)
		took += processorTime() - start
		if err != nil {
			return nil, 0, 0, err
		}
		size += len(text)
		for _, s := range o.Symbols {
			if c := ourClass(id, s.Kind); c != "" {
				keys[symbolKey{f, plainName(id, s.Name), c, s.Line}] = true
			}
		}
	}
	return keys, size, took, nil
}

// compare prints a line per class.
func (b *symbolsBench) compare(w io.Writer, id string, theirs, ours map[symbolKey]bool) {
	var differences []string
	for _, class := range []string{"function", "type", "macro", "all three", "prototype", "member", "enumerator", "variable", "module"} {
		var t, o, both int
		in := func(k symbolKey) bool {
			return k.class == class || class == "all three" && (k.class == "function" || k.class == "type" || k.class == "macro")
		}
		for k := range theirs {
			if !in(k) {
				continue
			}
			t++
			if ours[k] {
				both++
			} else if class != "all three" {
				differences = append(differences, fmt.Sprintf("%s:%d: %s -%s %s", k.file, k.line, id, k.class, k.name))
			}
		}
		for k := range ours {
			if !in(k) {
				continue
			}
			o++
			if !theirs[k] && class != "all three" {
				differences = append(differences, fmt.Sprintf("%s:%d: %s +%s %s", k.file, k.line, id, k.class, k.name))
			}
		}
		if t+o > 0 {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\t%s\t\n", id, class, t, o, both, percent(both, t), percent(both, o))
		}
	}
	if b.list {
		slices.Sort(differences)
		for _, d := range differences {
			fmt.Fprintln(b.out, d)
		}
	}
}

func percent(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", 100*float64(n)/float64(of))
}

// declaresApart reports whether declarations of functions are a class of their own.
func declaresApart(id string) bool { return id == "c" || id == "cpp" || id == "objc" || id == "perl" }

func ourClass(id string, k symbol.Kind) string {
	switch k {
	case symbol.Function, symbol.Method:
		return "function"
	case symbol.Prototype:
		if declaresApart(id) {
			return "prototype"
		}
		return "function"
	case symbol.Class, symbol.Struct, symbol.Union, symbol.Interface, symbol.Enum, symbol.Type:
		return "type"
	case symbol.Macro:
		return "macro"
	case symbol.Field:
		switch id {
		case "ruby":
			return "function" // attr_reader
		case "python", "kotlin", "php", "swift":
			return "variable"
		}
		return "member"
	case symbol.Enumerator:
		return "enumerator"
	case symbol.Constant, symbol.Variable:
		return "variable"
	case symbol.Module:
		return "module"
	}
	return ""
}

// ctagsClass is the class of a kind of ctags.
func ctagsClass(id, kind string) string {
	switch {
	case id == "asm" && kind == "label", id == "make" && kind == "target":
		return "function"
	case id == "make" && kind == "macro":
		return "variable"
	case id == "ruby" && kind == "alias":
		return "function"
	}
	if id == "python" {
		switch kind {
		case "member":
			return "function"
		case "namespace", "module", "unknown":
			return "" // imported
		}
	}
	switch kind {
	case "function", "method", "func", "generator", "getter", "setter", "methodSpec", "subroutine", "procedure", "singletonMethod", "accessor", "rpc", "constructor", "def":
		return "function"
	case "prototype":
		if declaresApart(id) {
			return "prototype"
		}
		return "function"
	case "class", "struct", "union", "interface", "enum", "typedef", "type", "alias", "trait", "annotation", "protocol", "object", "talias", "message", "table", "category", "implementation":
		if id == "rust" && kind == "implementation" {
			return "" // not a definition
		}
		return "type"
	case "macro":
		return "macro"
	case "member", "field", "property", "event", "anonMember":
		return "member"
	case "enumerator", "enumConstant":
		return "enumerator"
	case "variable", "externvar", "constant", "const", "var", "val":
		return "variable"
	case "namespace", "package", "module":
		return "module"
	}
	return ""
}
