package symbol

type wordKind uint8

const (
	name wordKind = iota
	modifier
	attribute
	builtin
	template
	using
	operator
)

// wordClass is what a word is in a statement, in C and its kin.
func wordClass(w string, d *dialect) wordKind {
	if w == "" {
		return name
	}
	switch w {
	case "static", "const", "extern", "volatile":
		return modifier
	case "void", "int", "char", "float", "double", "long", "short":
		return builtin
	}
	switch {
	case d.java:
		return javaWord(w)
	case d.csharp:
		return csharpWord(w)
	}
	switch w {
	case "inline", "__inline", "__inline__", "__forceinline", "register", "restrict", "__restrict", "__restrict__", "typedef",
		"__extension__", "_Noreturn", "_Thread_local", "__thread", "__volatile__", "__const", "__signed__", "constexpr_":
		return modifier
	case "unsigned", "signed", "_Bool", "_Complex", "__int64", "__int128", "typeof", "__typeof__", "__typeof", "_Atomic", "__auto_type":
		return builtin
	case "__attribute__", "__attribute", "__declspec", "_Alignas", "__asm__", "asm", "__asm", "__cdecl", "__stdcall", "__fastcall", "WINAPI", "CALLBACK", "APIENTRY":
		return attribute
	}
	if !d.cpp {
		return name
	}
	switch w {
	case "constexpr", "consteval", "constinit", "thread_local", "mutable", "virtual", "explicit", "friend", "typename", "override", "final":
		return modifier
	case "bool", "auto", "wchar_t", "char16_t", "char32_t", "char8_t", "decltype":
		return builtin
	case "alignas", "noexcept", "throw", "requires":
		return attribute
	case "template":
		return template
	case "using":
		return using
	case "operator":
		return operator
	}
	return name
}

func javaWord(w string) wordKind {
	switch w {
	case "public", "private", "protected", "final", "abstract", "synchronized", "native", "transient", "strictfp", "default", "sealed":
		return modifier
	case "boolean", "byte":
		return builtin
	}
	return name
}

func csharpWord(w string) wordKind {
	switch w {
	case "public", "private", "protected", "internal", "abstract", "sealed", "virtual", "override", "readonly", "unsafe", "async", "partial",
		"new", "ref", "out", "in", "fixed", "event", "required", "implicit", "explicit", "file", "params":
		return modifier
	case "bool", "byte", "sbyte", "uint", "ulong", "ushort", "decimal", "object", "string", "var", "dynamic", "nint", "nuint":
		return builtin
	case "using":
		return using
	case "operator":
		return operator
	}
	return name
}
