package lex

// languages are sorted by id. Ids stand in queries and records: never change one.
var languages = []*Lang{
	{id: "c", name: "C", extensions: []string{".c", ".h"}, spec: specC},
	{id: "cpp", name: "C++", extensions: []string{".cc", ".cpp", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".ipp", ".inl", ".tcc"}, spec: specCPP},
	{id: "objc", name: "Objective-C", extensions: []string{".m", ".mm"}, spec: specObjC},
}
