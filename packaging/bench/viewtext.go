package main

import (
	"math/rand/v2"
	"slices"
	"strings"

	"vitrine/viewer/code"
)

// denseC is C as it is written by people in a hurry: lines of about 160 columns, a
// token every five. It is the same each time.
type denseC struct {
	lines  [][]byte
	tokens [][]code.Token
}

func (t *denseC) Lines() int        { return len(t.lines) }
func (t *denseC) Line(n int) []byte { return t.lines[n-1] }

var (
	keywordsOfC = []string{"if", "return", "static", "const", "struct", "while", "sizeof", "else", "for", "switch", "goto", "unsigned"}
	typesOfC    = []string{"uint32_t", "size_t", "int", "char", "cl_error_t", "fmap_t", "bool"}
	namesOfC    = []string{"buf", "len", "ctx", "offset", "hdr", "entry", "next", "map", "count", "engine", "i", "ret", "flags", "pos", "table"}
	callsOfC    = []string{"memcpy", "cli_dbgmsg", "fmap_need_off_once", "cli_readint32", "strlen", "realloc", "cli_append_potentially_unwanted"}
	signsOfC    = []string{"(", ")", "->", " = ", " != ", " && ", "[", "]", "; ", ", ", " + ", " & ", "++", " >> "}
)

func newDenseC(lines int) *denseC {
	r := rand.New(rand.NewPCG(80, 160))
	pick := func(s []string) string { return s[r.IntN(len(s))] }
	t := &denseC{}
	for range lines {
		var b []byte
		var tokens []code.Token
		add := func(s string, c code.Class) {
			if c != code.Plain {
				tokens = append(tokens, code.Token{From: len(b), To: len(b) + len(s), Class: c})
			}
			b = append(b, s...)
		}
		indent := 1 + r.IntN(4)
		b = append(b, strings.Repeat("\t", indent)...)
		if r.IntN(8) == 0 {
			add("/* "+strings.Repeat(pick(namesOfC)+" of "+pick(callsOfC)+" ", 5)+"*/", code.Comment)
		}
		for len(b)+3*indent < stageColumns-8 {
			switch r.IntN(9) {
			case 0:
				add(pick(keywordsOfC), code.Keyword)
				b = append(b, ' ')
			case 1:
				add(pick(typesOfC), code.Type)
				b = append(b, ' ')
			case 2:
				add(pick(callsOfC), code.Func)
			case 3:
				add(`"%s: `+pick(namesOfC)+`\n"`, code.String)
			case 4:
				add("0x7f", code.Number)
			default:
				add(pick(namesOfC), code.Plain)
			}
			add(pick(signsOfC), code.Punct)
		}
		b = b[:min(len(b), stageColumns-3*indent)]
		for len(tokens) > 0 && tokens[len(tokens)-1].To > len(b) {
			tokens = tokens[:len(tokens)-1]
		}
		t.lines, t.tokens = append(t.lines, b), append(t.tokens, tokens)
	}
	return t
}

// plain is a line without tabs.
func (t *denseC) plain(n int) string { return strings.ReplaceAll(string(t.Line(n)), "\t", "    ") }

// classAt is the class of a column of plain.
func (t *denseC) classAt(n, column int) code.Class {
	at := column - 3*strings.Count(string(t.Line(n)), "\t")
	if i := slices.IndexFunc(t.tokens[n-1], func(k code.Token) bool { return k.From <= at && at < k.To }); i >= 0 {
		return t.tokens[n-1][i].Class
	}
	return code.Plain
}
