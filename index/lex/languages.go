package lex

// languages are sorted by id. Ids stand in queries and records: never change one.
var languages = []*Lang{
	{id: "asm", name: "Assembler", extensions: []string{".s", ".sx"}, spec: specAsm, newlines: true},
	{id: "c", name: "C", extensions: []string{".c", ".h"}, spec: specC},
	{id: "cmake", name: "CMake", extensions: []string{".cmake"}, files: []string{"cmakelists.txt"}, spec: specCMake, newlines: true,
		blocks: blocks{fold: true,
			open:  map[string]byte{"function": 'f', "macro": 'm', "if": 'c', "foreach": 'e', "while": 'w', "block": 'b'},
			close: map[string]byte{"endfunction": 'f', "endmacro": 'm', "endif": 'c', "endforeach": 'e', "endwhile": 'w', "endblock": 'b'},
			start: set("if", "function", "macro", "foreach", "while", "block")}},
	{id: "cpp", name: "C++", extensions: []string{".cc", ".cpp", ".cxx", ".c++", ".cp", ".cu", ".cuh", ".hh", ".hpp", ".hxx", ".h++", ".inl", ".ino", ".ipp", ".ixx", ".tcc", ".tpp"}, spec: specCPP},
	{id: "csharp", name: "C#", extensions: []string{".cs", ".csx"}, spec: specCSharp},
	{id: "go", name: "Go", extensions: []string{".go"}, spec: specGo, newlines: true},
	{id: "java", name: "Java", extensions: []string{".java"}, spec: specJava},
	{id: "javascript", name: "JavaScript", extensions: []string{".js", ".cjs", ".mjs", ".jsx", ".es6"}, interpreters: []string{"node", "nodejs", "bun", "deno"}, spec: specJS, newlines: true},
	{id: "kotlin", name: "Kotlin", extensions: []string{".kt", ".kts"}, spec: specKotlin, newlines: true},
	{id: "lua", name: "Lua", extensions: []string{".lua", ".rockspec"}, interpreters: []string{"lua", "luajit"}, spec: specLua, newlines: true,
		blocks: blocks{
			open:  map[string]byte{"function": 'e', "if": 'e', "do": 'e', "repeat": 'r'},
			close: map[string]byte{"end": 'e', "until": 'r'}}},
	{id: "make", name: "Make", extensions: []string{".mk", ".mak"}, files: []string{"makefile", "gnumakefile", "makefile.am", "kbuild"}, interpreters: []string{"make", "gmake"}, spec: specMake, newlines: true,
		blocks: blocks{
			open:  map[string]byte{"define": 'd', "ifeq": 'c', "ifneq": 'c', "ifdef": 'c', "ifndef": 'c'},
			close: map[string]byte{"endef": 'd', "endif": 'c'},
			start: set("define", "ifeq", "ifneq", "ifdef", "ifndef", "endef", "endif")}},
	{id: "nasm", name: "NASM/MASM assembler", extensions: []string{".asm", ".nasm", ".masm"}, spec: specNasm, newlines: true},
	{id: "objc", name: "Objective-C", extensions: []string{".m", ".mm"}, spec: specObjC},
	{id: "pascal", name: "Pascal/Delphi", extensions: []string{".pas", ".pp", ".dpr", ".dpk", ".lpr"}, spec: specPascal,
		blocks: blocks{fold: true,
			open:  map[string]byte{"begin": 'e', "case": 'e', "try": 'e', "asm": 'e', "record": 'e', "class": 'e', "object": 'e', "interface": 'e', "repeat": 'r'},
			close: map[string]byte{"end": 'e', "until": 'r'}}},
	{id: "perl", name: "Perl", extensions: []string{".pl", ".pm", ".t", ".pod"}, interpreters: []string{"perl"}, spec: specPerl},
	{id: "php", name: "PHP", extensions: []string{".php", ".phtml", ".php3", ".php4", ".php5", ".phpt"}, interpreters: []string{"php"}, spec: specPHP, pages: true},
	{id: "powershell", name: "PowerShell", extensions: []string{".ps1", ".psm1", ".psd1"}, interpreters: []string{"pwsh", "powershell"}, spec: specPowerShell, newlines: true},
	{id: "protobuf", name: "Protocol Buffers", extensions: []string{".proto"}, spec: specProto},
	{id: "python", name: "Python", extensions: []string{".py", ".pyi", ".pyw", ".pyx", ".pxd"}, files: []string{"sconstruct", "sconscript", "wscript"}, interpreters: []string{"python", "pypy"}, spec: specPython, indents: true, newlines: true},
	{id: "ruby", name: "Ruby", extensions: []string{".rb", ".rake", ".gemspec", ".ru"}, files: []string{"rakefile", "gemfile", "vagrantfile", "podfile"}, interpreters: []string{"ruby", "jruby"}, spec: specRuby, newlines: true,
		blocks: blocks{
			open:  map[string]byte{"def": 'e', "class": 'e', "module": 'e', "begin": 'e', "do": 'e', "case": 'e', "if": 'e', "unless": 'e', "while": 'e', "until": 'e', "for": 'e'},
			close: map[string]byte{"end": 'e'},
			start: set("if", "unless", "while", "until", "for")}},
	{id: "rust", name: "Rust", extensions: []string{".rs"}, spec: specRust},
	{id: "scala", name: "Scala", extensions: []string{".scala", ".sc", ".sbt"}, spec: specScala, newlines: true},
	{id: "shell", name: "Shell", extensions: []string{".sh", ".bash", ".zsh", ".ksh", ".bats", ".ebuild"}, files: []string{".bashrc", ".profile", ".zshrc", "pkgbuild"}, interpreters: []string{"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "bats"}, spec: specShell, newlines: true,
		blocks: blocks{
			open:  map[string]byte{"if": 'f', "case": 'c', "do": 'd'},
			close: map[string]byte{"fi": 'f', "esac": 'c', "done": 'd'},
			start: set("if", "case", "do", "fi", "esac", "done")}},
	{id: "sql", name: "SQL", extensions: []string{".sql", ".ddl", ".pks", ".pkb", ".plsql", ".psql"}, spec: specSQL,
		blocks: blocks{fold: true,
			open:  map[string]byte{"begin": 'e', "case": 'e'},
			close: map[string]byte{"end": 'e'}}},
	{id: "swift", name: "Swift", extensions: []string{".swift"}, spec: specSwift, newlines: true},
	{id: "typescript", name: "TypeScript", extensions: []string{".ts", ".tsx", ".mts", ".cts"}, interpreters: []string{"ts-node", "tsx"}, spec: specJS, newlines: true},
	{id: "yara", name: "YARA", extensions: []string{".yar", ".yara"}, spec: specYARA},
}

func set(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}
