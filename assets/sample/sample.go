// Package sample is the built-in deposit of the practice room: "Marlin Scan
// Engine" by "Korvane Labs", a product and a company that do not exist. It was
// written for this purpose, compiles, and has things in it worth finding.
//
// The readable sources are below _src (history.txt there says which commit
// brings what); generate makes from them a git repository, a sealed deposit
// and a signed policy, the same bytes every time. Nobody trusts the keys that
// sign them: anybody can derive these keys from the generator's text. What is
// trusted are the two digests in pins.go.
//
// The package knows bytes and digests, not how they are verified.
package sample

import (
	"embed"
	"io/fs"
)

//go:generate go run ./generate

//go:embed deposit medium policy.json policy.json.sig
var files embed.FS

// Deposit is the folder of the sealed deposit. ManifestDigest pins it.
var Deposit = folder("deposit")

// Medium is what came beside the deposit: files that claim to be what the vendor
// ships, to be compared with what the manifest lists. One is not.
var Medium = folder("medium")

// Policy and PolicySig are the practice room's policy and its signature.
// PolicyDigest pins it.
var (
	Policy    = file("policy.json")
	PolicySig = file("policy.json.sig")
)

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return sub
}

func file(name string) []byte {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err) // go:embed names the file
	}
	return data
}
