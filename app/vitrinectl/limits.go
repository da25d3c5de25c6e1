package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"vitrine/index/deposit"
)

func limitFlags(c *cobra.Command, limits *[]string) {
	c.Flags().StringArrayVar(limits, "limit", nil, "NAME=NUMBER: another limit than the program's, as a policy may set it; repeat it")
}

// limitsOf reads NAME=NUMBER, where the number may end in k, M, G or T for powers
// of 1024.
func limitsOf(flags []string) (deposit.Limits, error) {
	var l deposit.Limits
	for _, f := range flags {
		name, number, ok := strings.Cut(f, "=")
		value, err := amount(number)
		if !ok || err != nil {
			return l, fmt.Errorf("--limit %s: want NAME=NUMBER, such as maxObject=2G", f)
		}
		if err := l.Set(name, value); err != nil {
			return l, fmt.Errorf("--limit %s: %w", f, err)
		}
	}
	return l, nil
}

func amount(s string) (int64, error) {
	digits, shift := s, 0
	for i, unit := range "kMGT" {
		if rest, ok := strings.CutSuffix(s, string(unit)); ok {
			digits, shift = rest, 10*(i+1)
		}
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	if err == nil && v<<shift>>shift != v {
		err = strconv.ErrRange
	}
	return v << shift, err
}
