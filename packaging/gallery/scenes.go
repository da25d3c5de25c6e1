package main

// A scene is a screen or a state of one: how it is reached from the scene before,
// and how it is left.
type scene struct {
	name string
	must bool // nothing is reached without it
	go_  func(*walk)
	back func(*walk)
}

func escape(w *walk) { w.key("Escape") }

// scenes are in the order of a visit to the sample.
var scenes = []scene{
	{name: "chooser", must: true, go_: func(w *walk) { w.until("idle") }},
	{name: "certificate", must: true, go_: func(w *walk) {
		w.key("Return")
		w.until("screen certificate")
		w.until("idle")
	}},
	{name: "room", must: true, go_: func(w *walk) {
		w.key("Return")
		w.until("symbols ready")
		w.until("idle")
	}},
	{name: "reading", go_: func(w *walk) { w.open("pdf_decode.c", 60) }},
	{name: "hidden", go_: func(w *walk) {
		w.key("ctrl+shift+h")
		w.until("caret")
	}},
	{name: "quick-open", go_: func(w *walk) {
		w.key("ctrl+p")
		w.until("quick")
		w.write("pdf")
		w.answered("quick", "pdf")
	}, back: escape},
	{name: "find", go_: func(w *walk) {
		w.key("ctrl+f")
		w.until("find")
		w.write("total")
		w.answered("find", "total")
	}, back: escape},
	{name: "search", go_: func(w *walk) {
		w.key("ctrl+shift+f")
		w.until("side search")
		w.write("static int")
		w.answered("hits", "static int")
		w.key("Return")
		w.until("caret")
	}, back: escape},
	{name: "search-error", go_: func(w *walk) {
		w.key("ctrl+shift+f", "ctrl+a")
		w.write("static AND")
		w.until("error")
	}, back: func(w *walk) { w.key("ctrl+a", "BackSpace", "Escape") }},
	{name: "symbol", go_: func(w *walk) {
		w.key("ctrl+t")
		w.until("symbol")
		w.write("isdelim")
		w.answered("symbol", "isdelim")
	}, back: func(w *walk) {
		w.key("Return")
		w.until("outline")
		w.until("idle")
	}},
	{name: "uses", go_: func(w *walk) {
		w.key("shift+F12")
		w.until("uses")
		w.until("idle")
	}, back: escape},
	{name: "callers", go_: func(w *walk) {
		w.key("ctrl+alt+h")
		w.until("tree")
		w.until("idle")
	}, back: escape},
	{name: "card", go_: func(w *walk) {
		w.key("alt+F1")
		w.until("card")
	}, back: escape},
	{name: "annotate", go_: func(w *walk) {
		w.key("ctrl+m")
		w.until("focus inspector")
		w.write("Who owns the buffer after the second pass?")
	}, back: func(w *walk) {
		w.key("ctrl+Return")
		w.until("saved")
	}},
	{name: "annotations", go_: func(w *walk) {
		w.key("ctrl+shift+m")
		w.until("side notes")
	}, back: escape},
	{name: "bookmarks", go_: func(w *walk) {
		w.open("pdf_decode.c", 60)
		w.key("ctrl+F2")
		w.until("bookmarks 1")
		w.command("view.bookmarks")
	}, back: escape},
	{name: "characters", go_: func(w *walk) { w.command("view.characters") }, back: escape},
	{name: "peek", go_: func(w *walk) {
		w.open("pdf_decode.c", 39)
		w.key("Home", "ctrl+Right", "Right")
		w.command("symbol.peek")
		w.until("focus peek")
	}, back: escape},
	{name: "folded", go_: func(w *walk) { w.command("fold.all") }, back: func(w *walk) { w.command("fold.none") }},
	{name: "minimap-off-wrapped", go_: func(w *walk) {
		w.command("view.minimap")
		w.command("view.wrap")
	}, back: func(w *walk) {
		w.command("view.minimap")
		w.command("view.wrap")
	}},
	{name: "hex", go_: func(w *walk) {
		w.command("view.hex")
		w.until("hex true")
	}, back: func(w *walk) { w.command("view.hex") }},
	{name: "panes", go_: func(w *walk) {
		w.command("pane.split")
		w.open("lzw.c", 30)
	}, back: func(w *walk) { w.command("pane.close") }},
	{name: "start", go_: func(w *walk) { w.command("tab.closeAll") }, back: func(w *walk) { w.open("pdf_decode.c", 60) }},
	{name: "commands", go_: func(w *walk) {
		w.key("ctrl+shift+p")
		w.until("commands")
		w.write("tab")
	}, back: escape},
	{name: "menu", go_: func(w *walk) { w.key("alt+v") }, back: escape},
	{name: "keyboard", go_: func(w *walk) {
		w.command("help.keys")
		w.until("manual")
	}, back: escape},
	{name: "manual", go_: func(w *walk) {
		w.command("help.manual")
		w.until("manual")
	}, back: escape},
	{name: "shipped", go_: func(w *walk) {
		w.key("ctrl+shift+a")
		w.until("focus shipped")
	}, back: escape},
	{name: "export", go_: func(w *walk) {
		w.key("ctrl+e")
		w.until("screen export")
		w.until("draft")
		w.until("idle")
	}},
	{name: "receipt", go_: func(w *walk) {
		w.key("F6", "F6")
		w.until("focus sign")
		w.key("Tab", "Tab", "Return")
		w.until("screen receipt")
		w.until("idle")
	}, back: escape},
}
