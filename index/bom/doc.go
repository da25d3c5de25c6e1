// Package bom reads bills of materials – the JSON of SPDX 2.2 and 2.3, and of
// CycloneDX 1.4, 1.5 and 1.6 – and says how they compare with the files of a
// release: which components have no deposited source, and which files no entry
// mentions.
//
// It knows components, their files and digests. It must not know where a bill
// came from or who signed it, and it fetches nothing: purls and licences are
// text.
//
// # What is read
//
// Of SPDX the packages with name, version, supplier, licence, SHA-256 checksums,
// purl and files (CONTAINS, CONTAINED_BY and hasFiles); of CycloneDX the
// components, nested ones too, with the same, where a component of the type file
// is a file of the component around it and an occurrence in its evidence is a
// file without a digest. The package that an SPDX document describes, and
// CycloneDX's metadata.component, are the subject: the product itself, which is
// no component of it, though its files are mentioned. Everything else is passed
// over.
//
// Other versions are refused by name. So are documents with a member twice, in
// whatever capitals – readers disagree on which one counts – and documents
// beyond [deposit.MaxDocument] and the limits of this package. Text is kept as
// it can be shown: what does not print becomes U+FFFD.
//
// # How a component is looked for
//
// A release holds files, of which it knows path and SHA-256, and nothing else;
// SHA-1 and MD5 in a bill bind nothing and are not used. A component is found at
// the best of these grades:
//
//	digest  a file of the release has the SHA-256 that the bill gives for the
//	        component or for one of its files. The digest of no bytes does not
//	        count: every empty file has it.
//	path    a file stands at the path that the bill gives for one of the
//	        component's files, after "./" and "/" in front were taken away.
//	        Where the bill gives a SHA-256 too and other bytes stand there, the
//	        file counts as different as well.
//	name    a directory of the release is called as the component is, or
//	        NAME-VERSION, where NAME is the last part of the component's name
//	        behind slashes, without the "/v2" of a Go module; capitals do not
//	        count and "_", "." and " " are as "-". This is a guess, and called
//	        one.
//	none    nothing of the above: the source of the component was not deposited,
//	        or nothing in the bill leads to it.
//
// A grade says that something of the component is there, not that all is; the
// numbers of files beside it say how much. A submodule is a name without
// content and is no file here.
//
// # Which files are mentioned
//
// A file is mentioned when the bill lists its path, or its SHA-256 (that of no
// bytes counts here: there is nothing to hide in it), or when it lies in or below
// a directory that a component has by name. A bill that lists no files mentions
// none, which says nothing about any: [Comparison.ListsFiles] is false then and
// nothing is listed.
package bom
