//go:build race

package lex

const raced = true
