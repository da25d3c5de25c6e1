package lex

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkScan gives MB/s per language and stage. The text is Go's
// source, or what LEX_CORPUS names, or the cases over and over.
func BenchmarkScan(b *testing.B) {
	for _, l := range Languages() {
		text := sample(l)
		stage := func(name string, f func()) {
			b.Run(l.ID()+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
		}
		s := new(Scanner)
		stage("tokens", func() {
			s.Reset(l, text)
			for s.Next().Kind != EOF {
			}
		})
		stage("map", func() { NewMap(l, text) })
		stage("structure", func() { NewStructure(l, text) })
	}
}

// sample is half a megabyte of a language: from LEX_CORPUS or Go's source if
// files are found, else the cases over and over.
func sample(l *Lang) []byte {
	const size = 512 << 10
	var text []byte
	root := os.Getenv("LEX_CORPUS")
	if root == "" {
		root = filepath.Join(goRoot(), "src")
	}
	filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if len(text) >= size {
			return filepath.SkipAll
		}
		for _, e := range l.extensions {
			if filepath.Ext(path) == e {
				if data, err := os.ReadFile(path); err == nil && Detect(path, data) == l {
					text = append(text, data...)
				}
			}
		}
		return nil
	})
	for len(text) < size/8 {
		for _, c := range cases {
			if c.lang == l.id {
				text = append(append(text, c.text...), '\n')
			}
		}
	}
	return bytes.Clone(text)
}
