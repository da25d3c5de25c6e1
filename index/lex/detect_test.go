package lex

import (
	"slices"
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"src/a.c", "", "c"}, {"A.CPP", "", "cpp"}, {`x\y.go`, "", "go"}, {"a.tar.py", "", "python"}, {"config.h.in", "", "c"},
		{"Makefile", "", "make"}, {"CMakeLists.txt", "", "cmake"}, {"a.txt", "", ""}, {".c", "", ""}, {"a.d.ts", "", "typescript"},
		{"run", "#!/bin/sh -e\n", "shell"}, {"run", "#!/usr/bin/env -S FOO=1 python3.11\n", "python"}, {"run", "\uFEFF#! /usr/bin/perl5.36 -w\r\n", "perl"}, {"run", "#!/usr/bin/awk -f\n", ""}, {"run", "#!", ""},
		{"a.h", "#ifndef A_H\n#ifdef __cplusplus\nextern \"C\" {\nclass X;\n#endif\nint class; // class X {\n/*\nclass Y {\n*/\nconst char *s = \"std::\";\n", "c"},
		{"a.h", "#pragma once\nnamespace a {\n", "cpp"}, {"a.h", "template <class T> T f();\n", "cpp"}, {"a.h", "class A : public B\n{\n", "cpp"}, {"a.h", "#include <vector>\n", "cpp"},
		{"a.h", "struct A {\n  std::string s;\n};", "cpp"}, {"a.h", "#import <Foundation/Foundation.h>\n", "objc"}, {"a.h", "@interface A : B\n@end\n", "objc"}, {"a.h", "struct operator { int x; };\n", "c"},
		{"a.m", "#import \"A.h\"\n@implementation A\n", "objc"}, {"a.m", "function y = f(x)\n% matlab\n", ""},
		{"a.inc", "<?php\n", "php"}, {"a.inc", "{$IFDEF X}\n", "pascal"}, {"a.inc", "#define X 1\n", "c"}, {"a.inc", "hello\n", ""},
		{"a.ts", "<?xml version=\"1.0\"?>\n<TS>", ""}, {"a.ts", "let x = 1\n", "typescript"},
	} {
		got := ""
		if l := Detect(c.file, []byte(c.text)); l != nil {
			got = l.ID()
		}
		if got != c.want {
			t.Errorf("%s with %.40q is %q, want %q", c.file, c.text, got, c.want)
		}
	}
}

// TestLanguages: ids stand in queries and records for ever; the list only grows.
func TestLanguages(t *testing.T) {
	const ids = "asm c cmake cpp csharp go java javascript kotlin lua make nasm objc pascal perl php powershell protobuf python ruby rust scala shell sql swift typescript yara"
	var got []string
	owner := map[string]string{}
	for _, l := range Languages() {
		got = append(got, l.ID())
		if ByID(l.ID()) != l || l.Name() == "" {
			t.Errorf("%s: %q", l.ID(), l.Name())
		}
		for _, e := range l.Extensions() {
			if owner[e] != "" || !strings.HasPrefix(e, ".") || e != strings.ToLower(e) {
				t.Errorf("%s of %s, of %q too", e, l.ID(), owner[e])
			}
			owner[e] = l.ID()
		}
	}
	for _, id := range strings.Fields(ids) {
		if !slices.Contains(got, id) {
			t.Errorf("%s is gone", id)
		}
	}
	if !slices.IsSorted(got) {
		t.Errorf("not in order: %v", got)
	}
}

func TestMapQueries(t *testing.T) {
	text := "x = \"a\" + /* b */ y;\n#if A\n" + strings.Repeat("z(\"s\"); // c\n", 500)
	m := NewMap(ByID("c"), []byte(text))
	at := strings.Index
	if r, ok := m.At(at(text, "b */")); !ok || r.Kind != InComment || text[r.Start:r.End] != "/* b */" {
		t.Errorf("At: %+v", r)
	}
	if _, ok := m.At(len(text)); ok {
		t.Error("a region beyond the text")
	}
	within := func(kinds Kinds, what string) bool {
		i := at(text, what)
		return m.Within(kinds, i, i+len(what))
	}
	if !within(Strings, "a\"") || within(Strings, "a\" ") || !within(Comments, " b ") || !within(AllCode, "y;\n#if A\nz(") || within(AllCode, "\"s") || m.Within(Comments, len(text), len(text)) {
		t.Error("Within")
	}
	var parts []string
	for start, end := range m.Ranges(AllCode, 1, at(text, "#if")+2) {
		parts = append(parts, text[start:end])
	}
	if got := strings.Join(parts, "|"); got != " = | + | y;\n#i" {
		t.Errorf("Ranges: %q", got)
	}
	n := 0
	for range m.Ranges(Comments, 0, len(text)) {
		n++
	}
	if n != 501 {
		t.Errorf("%d comments", n)
	}
	at2, line := m.Restart(len(text) / 2)
	if len(text)/2-at2 > 2*restartSpacing || text[at2-1] != '\n' || strings.Count(text[:at2], "\n")+1 != line {
		t.Errorf("restart at %d, line %d", at2, line)
	}
}

// TestByName holds what a name alone tells against what a text does.
func TestByName(t *testing.T) {
	texts := []string{"", "#!/bin/sh\n", "#!/usr/bin/python\n", "class a { public: };\n", "@interface a\n", "use strict;\n", ":- a.\n"}
	for name, want := range map[string]string{"a.go": "go", "b/Makefile": "make", "c.py.in": "python", "a.h": "", "script": "", "a.txt": ""} {
		l, sure := ByName(name)
		if got := ""; l != nil {
			if got = l.ID(); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		if sure != (want != "") {
			t.Errorf("%s: sure %v", name, sure)
		}
		for _, text := range texts {
			if sure && Detect(name, []byte(text)) != l {
				t.Errorf("%s with %q is another language", name, text)
			}
		}
	}
}
