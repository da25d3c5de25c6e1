// Command generate makes index/spoof/tables.txt from files of the Unicode
// consortium, all of one version:
//
//	confusables.txt  of UTS #39; Debian ships it in the source of ICU
//	                 (apt-get source icu, source/data/unidata)
//	the others       of UAX #44 and UTS #51; Debian's package unicode-data,
//	                 below /usr/share/unicode
//
// It knows these formats and that of tables.txt, which is text so that a
// person can read what changed from one version to the next.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	ucd := flag.String("ucd", "/usr/share/unicode", "folder of Unicode's files")
	confusables := flag.String("confusables", "", "confusables.txt of UTS #39")
	out := flag.String("o", "tables.txt", "file to write")
	flag.Parse()
	text, err := tables(*ucd, *confusables)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, text, 0o644); err != nil {
		log.Fatal(err)
	}
}

func tables(ucd, confusables string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`# Made by go generate ./index/spoof from Unicode's data files; DO NOT EDIT.
# Copyright © 1991-2022 Unicode, Inc.; see LICENSE.unicode.
`)
	version := ""
	// first notes the version that a file's head gives, in its name or after "Version:".
	first := func(head string) error {
		v := strings.Fields(strings.NewReplacer("Version:", "", ".txt", "", "#", "", "-", " ").Replace(head))
		if len(v) == 0 {
			return nil
		}
		switch found := v[len(v)-1]; {
		case strings.Count(found, ".") != 2:
		case version == "":
			version = found
		case version != found:
			return fmt.Errorf("files of Unicode %s and %s", version, found)
		}
		return nil
	}

	alike := map[string][]rune{}
	err := read(confusables, first, func(f []string) error {
		if len(f) < 3 {
			return fmt.Errorf("%d fields", len(f))
		}
		from, _, err := span(f[0])
		alike[f[1]] = append(alike[f[1]], from)
		return err
	})
	if err != nil {
		return nil, err
	}

	scripts := map[rune]string{}
	short := map[string]string{}
	err = read(filepath.Join(ucd, "PropertyValueAliases.txt"), first, func(f []string) error {
		if f[0] == "sc" {
			short[f[2]] = f[1]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	set := func(value func(string) (string, error)) func([]string) error {
		return func(f []string) error {
			from, to, err := span(f[0])
			if err != nil {
				return err
			}
			v, err := value(f[1])
			for r := from; r <= to; r++ {
				scripts[r] = v
			}
			return err
		}
	}
	err = read(filepath.Join(ucd, "Scripts.txt"), first, set(func(name string) (string, error) {
		if short[name] == "" {
			return "", fmt.Errorf("the script %q has no short name", name)
		}
		return short[name], nil
	}))
	if err != nil {
		return nil, err
	}
	err = read(filepath.Join(ucd, "ScriptExtensions.txt"), first, set(func(codes string) (string, error) {
		return strings.Join(strings.Fields(codes), ","), nil
	}))
	if err != nil {
		return nil, err
	}

	emoji := map[rune]string{}
	err = read(filepath.Join(ucd, "emoji", "emoji-data.txt"), func(string) error { return nil }, func(f []string) error {
		if f[1] != "Emoji" && f[1] != "Extended_Pictographic" {
			return nil
		}
		from, to, err := span(f[0])
		for r := from; r <= to; r++ {
			emoji[r] = "" // those without a number too: they are pictures, or to be
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for r := range emoji {
		if r < 0x80 {
			delete(emoji, r) // digits, which begin keycaps
		}
	}

	fmt.Fprintf(&b, "\n[unicode %s]\n", version)
	fmt.Fprintf(&b, "\n[alike] # what characters look like (the prototype of UTS #39, section 4): those characters\n")
	type group struct {
		to   string
		from []rune
	}
	var groups []group
	for to, from := range alike {
		slices.Sort(from)
		groups = append(groups, group{to, from})
	}
	slices.SortFunc(groups, func(x, y group) int { return slices.Compare(runes(x.to), runes(y.to)) })
	for _, g := range groups {
		for i, r := range runes(g.to) {
			if i > 0 {
				b.WriteByte('+')
			}
			fmt.Fprintf(&b, "%X", r)
		}
		b.WriteByte(':')
		for _, r := range g.from {
			fmt.Fprintf(&b, " %X", r)
		}
		b.WriteByte('\n')
	}
	b.WriteString("\n[scripts] # first and last character: their scripts (UAX #24, Script_Extensions)\n")
	ranges(&b, scripts)
	b.WriteString("\n[emoji] # characters of emoji, without ASCII (UTS #51, Emoji or Extended_Pictographic)\n")
	ranges(&b, emoji)
	return b.Bytes(), nil
}

func ranges(b *bytes.Buffer, of map[rune]string) {
	from := rune(-1)
	for r := rune(0); r <= 0x110000; r++ {
		v, ok := of[r]
		if from >= 0 && (!ok || v != of[from]) {
			fmt.Fprintln(b, strings.TrimSpace(fmt.Sprintf("%X %X %s", from, r-1, of[from])))
			from = -1
		}
		if ok && from < 0 {
			from = r
		}
	}
}

// read calls line with the fields of each line of a file, and head with its first ones,
// which are comments.
func read(name string, head func(string) error, line func(fields []string) error) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	for n := 1; lines.Scan(); n++ {
		text, comment, _ := strings.Cut(lines.Text(), "#")
		if n == 1 || strings.Contains(comment, " Version:") && n < 20 {
			if err := head(lines.Text()); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		f := strings.Split(text, ";")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		if err := line(f); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return lines.Err()
}

// span reads "0041..005A" or "0041".
func span(s string) (from, to rune, err error) {
	first, last, more := strings.Cut(s, "..")
	if !more {
		last = first
	}
	a, err := strconv.ParseInt(first, 16, 32)
	if err != nil {
		return 0, 0, err
	}
	z, err := strconv.ParseInt(last, 16, 32)
	return rune(a), rune(z), err
}

func runes(s string) (out []rune) {
	for _, f := range strings.Fields(s) {
		r, _, err := span(f)
		if err != nil {
			log.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}
