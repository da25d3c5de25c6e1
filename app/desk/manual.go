package desk

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"vitrine/viewer/words"

	"vitrine/assets"
)

// A page of the manual is a file of assets/manual, in a small part of Markdown:
//
//	# Title               the first line
//	## Heading
//	text                  a paragraph, up to a blank line
//	- text                an item of a list; it may go on in lines that are indented
//	**bold**  `name`      within text
//	[words](page)         leads to a page, named by its file without ".md"
//	{key:view.wrap}       the key of an action; {menu:view.wrap} is where it is in the
//	                      menus; {press:Esc} is a key of no action
//
// Keys are those of the menus, so that a page cannot tell others.
type page struct {
	id     string
	title  string
	blocks []block
	text   string // lower case, for searching
}

type block struct {
	kind  blockKind
	spans []mark
}

type blockKind uint8

const (
	paragraph blockKind = iota
	heading2
	item
)

// A mark is a stretch of text with what it is.
type mark struct {
	kind markKind
	text string
	to   string // of a link: the page; of a key: the action
}

type markKind uint8

const (
	plainText markKind = iota
	boldText
	nameText
	linkText
	keyOf
	menuOf
	pressed
)

// manualOrder is the order of the contents; a test holds it to the files.
var manualOrder = []string{
	"start", "chooser", "admission", "files", "quick", "reading", "find", "search", "symbols", "hidden", "panes", "annotations", "shipped", "export", "actions",
}

// manual reads the pages, in the order of the contents.
func manual() ([]page, error) {
	var out []page
	for _, id := range manualOrder {
		b, err := fs.ReadFile(assets.Manual, path.Join("manual", id+".md"))
		if err != nil {
			return nil, fmt.Errorf(words.T("the manual: %w"), err)
		}
		p, err := parsePage(id, string(b))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func parsePage(id, text string) (page, error) {
	p := page{id: id, text: strings.ToLower(text)}
	kind, said := paragraph, ""
	flush := func() error {
		if said == "" {
			return nil
		}
		spans, err := parseMarks(said)
		if err != nil {
			return fmt.Errorf(words.T("the manual's page %s: %w"), id, err)
		}
		p.blocks = append(p.blocks, block{kind, spans})
		kind, said = paragraph, ""
		return nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n ")
		var err error
		switch {
		case strings.HasPrefix(line, "# "):
			p.title = line[2:]
		case strings.HasPrefix(line, "## "):
			if err = flush(); err == nil {
				kind, said = heading2, line[3:]
				err = flush()
			}
		case strings.HasPrefix(line, "- "):
			err = flush()
			kind, said = item, line[2:]
		case line == "":
			err = flush()
		default:
			said = strings.TrimSpace(said + " " + strings.TrimSpace(line))
		}
		if err != nil {
			return p, err
		}
	}
	if p.title == "" {
		return p, fmt.Errorf(words.T("the manual's page %s has no title"), id)
	}
	return p, flush()
}

// parseMarks takes a paragraph's text apart.
func parseMarks(s string) ([]mark, error) {
	var out []mark
	plain := ""
	add := func(m mark) {
		if plain != "" {
			out = append(out, mark{text: plain})
			plain = ""
		}
		out = append(out, m)
	}
	for s != "" {
		var inner string
		var ok bool
		switch {
		case strings.HasPrefix(s, "**"):
			if inner, s, ok = strings.Cut(s[2:], "**"); ok {
				add(mark{kind: boldText, text: inner})
			}
		case s[0] == '`':
			if inner, s, ok = strings.Cut(s[1:], "`"); ok {
				add(mark{kind: nameText, text: inner})
			}
		case s[0] == '[':
			var to string
			if inner, s, ok = strings.Cut(s[1:], "]("); ok {
				if to, s, ok = strings.Cut(s, ")"); ok {
					add(mark{linkText, inner, to})
				}
			}
		case s[0] == '{':
			if inner, s, ok = strings.Cut(s[1:], "}"); ok {
				what, arg, _ := strings.Cut(inner, ":")
				kinds := map[string]markKind{"key": keyOf, "menu": menuOf, "press": pressed}
				kind, known := kinds[what]
				if !known {
					return nil, fmt.Errorf(words.T("{%s} means nothing"), inner)
				}
				add(mark{kind: kind, text: arg, to: arg})
			}
		default:
			plain += s[:1]
			s, ok = s[1:], true
		}
		if !ok {
			return nil, fmt.Errorf(words.T("a sign is not closed before %q"), s)
		}
	}
	add(mark{})
	return out[:len(out)-1], nil
}
