package symbol

import "strings"

func init() {
	c := map[string]Kind{"struct": Struct, "union": Union, "enum": Enum}
	rules["c"] = func(r *reader) {
		r.separator = "::"
		readStatements(r, &dialect{classes: c, c: true})
	}
	cpp := map[string]Kind{"struct": Struct, "union": Union, "enum": Enum, "class": Class}
	rules["cpp"] = func(r *reader) {
		r.separator = "::"
		readStatements(r, &dialect{classes: cpp, c: true, cpp: true, angles: true})
	}
	java := map[string]Kind{"class": Class, "interface": Interface, "enum": Enum, "record": Class}
	rules["java"] = func(r *reader) { readStatements(r, &dialect{classes: java, java: true, angles: true, dots: true}) }
	csharp := map[string]Kind{"class": Class, "interface": Interface, "enum": Enum, "record": Class, "struct": Struct}
	rules["csharp"] = func(r *reader) { readStatements(r, &dialect{classes: csharp, csharp: true, angles: true, dots: true}) }
}

// defines reports whether a macro by its name defines a variable: those of the
// Linux kernel.
func defines(w string) bool {
	switch w {
	case "LIST_HEAD", "HLIST_HEAD", "RADIX_TREE", "BLOCKING_NOTIFIER_HEAD", "ATOMIC_NOTIFIER_HEAD", "RAW_NOTIFIER_HEAD", "SRCU_NOTIFIER_HEAD":
		return true
	}
	if strings.HasSuffix(w, "_FN") || hasAny(w, "EVENT") || hasAny(w, "SHOW_ATTRIBUTE") {
		return false // their names are made of the argument
	}
	return strings.HasPrefix(w, "DEFINE_") || strings.HasPrefix(w, "DECLARE_")
}

func hasAny(w, part string) bool { return strings.Contains(w, part) }
