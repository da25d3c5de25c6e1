package window

import "fmt"

// at opens a file at a line by quick open; the code has the keyboard then.
func at(file string, line int) func(*desktop) {
	return func(d *desktop) {
		text := fmt.Sprintf("%s:%d", file, line)
		d.key("Escape", "ctrl+p")
		d.until("quick")
		d.write(text)
		d.answered("quick", text)
		d.key("Return")
		d.caret(line)
	}
}

// press presses keys.
func press(keys ...string) func(*desktop) { return func(d *desktop) { d.key(keys...) } }

// done asks for an action by its key and waits until what it did is painted.
func done(key, id string) func(*desktop) {
	return more(press(key), until("action "+id), until("painted"))
}

// search types a query into the search panel and waits for its hits.
func search(query string) func(*desktop) {
	return func(d *desktop) {
		d.key("Escape", "ctrl+shift+f", "ctrl+a")
		d.write(query)
		d.answered("hits", query)
	}
}

// find types a pattern into the find bar.
func find(pattern string) func(*desktop) {
	return func(d *desktop) {
		d.key("Escape", "ctrl+f", "ctrl+a")
		d.write(pattern)
		d.answered("find", pattern)
	}
}

// The place of the deeds: a line of a function that is called, and calls another.
const (
	file = "pdf_decode.c"
	name = 37 // is_delimiter, and its name is at column 13
	call = 39 // it calls is_space
)

// onCall puts the caret into the name is_space of the call.
func onCall(d *desktop) {
	at(file, call)(d)
	d.key("Home", "ctrl+Right", "Right")
}

// more does one deed after the other.
func more(all ...func(*desktop)) func(*desktop) {
	return func(d *desktop) {
		for _, do := range all {
			do(d)
		}
	}
}

// until waits for a line of the trace.
func until(want string) func(*desktop) { return func(d *desktop) { d.until(want) } }

// deeds are in the order of a person who goes through the menus.
var deeds = []deed{
	{id: "file.open", then: "quick"},
	{id: "view.files", ready: at(file, name), then: "focus side"},
	{id: "search.deposit", then: "side search"},
	{id: "view.symbols", then: "side symbols"},
	{id: "view.annotations", then: "side notes"},
	{id: "view.characters"},
	{id: "view.side", after: press("ctrl+b")},
	{id: "view.wrap", then: "wrap true", after: press("alt+z")},
	{id: "view.larger", then: "text 14"},
	{id: "view.smaller", then: "text 13"},
	{id: "view.standard", ready: press("ctrl+equal"), then: "text 13"},
	{id: "view.tabs"},
	{id: "view.encoding"},
	{id: "view.hex", ready: at(file, name), then: "hex true", after: func(d *desktop) { d.command("view.hex"); d.until("hex false") }},
	{id: "view.font.hack", ready: at(file, name)},
	{id: "view.font.jetbrains"},
	{id: "view.theme.light"},
	{id: "view.theme.contrast"},
	{id: "view.theme.dark"},
	{id: "view.sameWords", ready: onCall, then: "painted"},
	{id: "files.follow", then: "painted", after: func(d *desktop) { d.command("files.follow") }},
	{id: "files.chains", then: "painted", after: func(d *desktop) { d.command("files.chains") }},

	{id: "files.size", ready: done("ctrl+shift+e", "view.files")},
	{id: "files.kind"},
	{id: "files.name"},
	{id: "files.marked", after: func(d *desktop) { d.command("files.marked") }},
	{id: "fold.close", ready: at(file, call)},
	{id: "fold.open"},
	{id: "fold.first"},
	{id: "fold.second", ready: press("ctrl+alt+9")},
	{id: "fold.all"},
	{id: "fold.none"},

	{id: "view.minimap", after: func(d *desktop) { d.command("view.minimap") }},
	{id: "view.scopes", then: "scopes false", after: press("ctrl+alt+s")},

	{id: "select.all", own: true, ready: at(file, name)},
	{id: "select.expand", ready: onCall},
	{id: "select.shrink"},
	{id: "select.bracket", ready: more(at(file, call), press("Home"), press("ctrl+Right", "ctrl+Right"))},
	{id: "select.blockDown", ready: at(file, name)},
	{id: "select.blockRight"},
	{id: "select.blockLeft"},
	{id: "select.blockUp"},
	{id: "select.blockPageDown"},
	{id: "select.blockPageUp"},
	{id: "code.copy", own: true, ready: more(at(file, name), press("shift+Down"))},

	{id: "go.line"},
	{id: "go.nextTab", then: "open"},
	{id: "go.previousTab", then: "open"},
	{id: "go.tree", then: "focus side"},
	{id: "go.hidden", then: "caret"},
	{id: "go.hiddenBack", then: "caret"},
	{id: "go.back", ready: at(file, call), then: "caret"},
	{id: "go.forward", then: "caret"},
	{id: "go.places"},
	{id: "go.older", then: "open 4.2.0"},
	{id: "go.newer", then: "open 4.2.1"},
	{id: "go.bracket", ready: more(at(file, call), press("Home"), press("ctrl+Right", "ctrl+Right"))},
	{id: "go.nextSymbol", ready: at(file, 1), then: "caret"},
	{id: "go.previousSymbol", ready: at(file, 100), then: "caret"},

	{id: "find.open", then: "focus find"},
	{id: "find.next", ready: find("total"), then: "caret"},
	{id: "find.previous", then: "caret"},
	{id: "find.word", ready: onCall, then: "caret"},
	{id: "find.wordBefore", then: "caret"},
	{id: "find.selection", ready: more(at(file, name), press("shift+Down", "shift+Down", "ctrl+f"), until("focus find"))},
	{id: "search.next", ready: search("static int"), then: "caret"},
	{id: "search.previous", then: "caret"},
	{id: "search.filter", ready: more(press("Escape"), done("ctrl+shift+f", "search.deposit"))},
	{id: "search.history"},
	{id: "search.keep", ready: search("static int")},
	{id: "search.selection", ready: more(at(file, call), press("Home", "ctrl+shift+Right")), then: "hits"},

	{id: "symbol.find", then: "symbol"},
	{id: "symbol.findHere", ready: at(file, name), then: "symbol"},
	{id: "symbol.definition", ready: onCall, then: "definition 1 is_space"},
	{id: "symbol.definitions", ready: onCall, then: "definition"},
	{id: "symbol.references", ready: onCall, then: "uses 5 1 is_space"},
	{id: "symbol.peek", ready: onCall, then: "focus peek"},
	{id: "symbol.peekReferences", ready: onCall, then: "focus peek"},
	{id: "symbol.card", ready: onCall, then: "card is_space"},
	{id: "symbol.callers", ready: onCall, then: "tree"},
	{id: "symbol.calls", ready: at(file, name), then: "tree"},
	{id: "symbol.members", ready: at(file, name), then: "tree"},
	{id: "symbol.releases", ready: onCall, then: "elsewhere"},
	{id: "symbol.includers", ready: at("buf.h", 1), then: "tree"},
	{id: "symbol.includes", ready: at(file, name), then: "tree"},

	{id: "note.begin", ready: at(file, name), then: "focus inspector"},
	{id: "note.save", own: true, ready: func(d *desktop) { d.key("ctrl+m"); d.write("Said by a test.") }, then: "saved"},
	{id: "go.nextMark", ready: at(file, 1), then: "caret"},
	{id: "go.previousMark", ready: at(file, 1), then: "caret"},
	{id: "go.mark", then: "marks"},

	{id: "bookmark.toggle", ready: at(file, name), then: "bookmarks 1"},
	{id: "bookmark.next", ready: at(file, 1), then: "caret"},
	{id: "bookmark.previous", ready: at(file, 1), then: "caret"},
	{id: "view.bookmarks", then: "side bookmarks"},

	{id: "pane.split", ready: at(file, name), then: "pane 2 2"},
	{id: "pane.1", then: "pane 1 2"},
	{id: "pane.2", then: "pane 2 2"},
	{id: "pane.larger"},
	{id: "pane.smaller"},
	{id: "pane.even", ready: done("ctrl+alt+Right", "pane.larger")},
	{id: "pane.moveTab"},
	{id: "pane.splitBelow", ready: more(press("ctrl+b"), at(file, name)), then: "pane"},
	{id: "pane.3", ready: press("ctrl+1", "ctrl+backslash", "ctrl+2"), then: "pane 3"},
	{id: "pane.4", ready: press("ctrl+1", "ctrl+shift+backslash", "ctrl+2"), then: "pane 4"},
	{id: "pane.close", then: "pane", after: press("ctrl+shift+w", "ctrl+shift+w", "ctrl+shift+w", "ctrl+b")},
	{id: "file.close", ready: at("lzw.c", 1)},
	{id: "file.reopen", then: "open"},
	{id: "go.usedTab", then: "open"},
	{id: "go.usedTabBack", then: "open"},
	{id: "tab.left", then: "tab"},
	{id: "tab.right", then: "tab"},
	{id: "tab.pin", after: func(d *desktop) { d.command("tab.pin") }},
	{id: "tab.closeOthers"},
	{id: "tab.closeAll", after: at(file, name)},

	{id: "shipped.open", then: "focus shipped", after: func(*desktop) {}},
	{id: "shipped.check", ready: until("painted")},
	{id: "shipped.evidence", after: press("Escape", "Escape")},
	{id: "export.open", then: "screen export"},
	{id: "room.certificate", ready: press("Escape")},
	{id: "go.crumbs", ready: at(file, name)},
	{id: "help.tips"},
	{id: "help.keys"},
	{id: "help.manual", then: "manual"},
}
