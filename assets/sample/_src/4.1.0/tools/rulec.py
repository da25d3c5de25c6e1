#!/usr/bin/env python3
"""Check Marlin rule files before they are published.

The engine refuses a rule file at the first mistake and says only the line.
This tool reads the same language (docs/rules.md), reports every mistake, and
estimates how often a pattern's atom will be met in clean files, because a rule
whose atom is common makes every scan slower.

    rulec.py check signatures/*.msr
    rulec.py list  signatures/base.msr
    rulec.py diff  old.msr new.msr
"""

import argparse
import re
import sys
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)+-\d+$")
TARGETS = ("any", "pe", "elf", "script", "pdf", "text")
SEVERITIES = ("info", "low", "high", "critical")
MAX_PATTERNS = 16
MAX_ELEMENTS = 256
MIN_ATOM = 3
MAX_GAP = 1024

# Byte runs that are in nearly every file of their kind.
COMMON = (bytes(4), b"\xff" * 4, b"This program", b"    ", b"http")


@dataclass
class Pattern:
    label: str
    line: int
    elements: list = field(default_factory=list)

    def atom(self):
        """The longest run of fixed bytes, as the engine chooses it."""
        best = run = b""
        for element in self.elements + [None]:
            if isinstance(element, int):
                run += bytes([element])
                continue
            if len(run) > len(best):
                best = run
            run = b""
        return best[:16]


@dataclass
class Rule:
    name: str
    line: int
    target: str = "any"
    severity: str = "low"
    note: str = ""
    when: str = ""
    patterns: list = field(default_factory=list)

    def body(self):
        """What two rules must share to be the same rule."""
        return (self.target, self.severity, self.when,
                tuple(tuple(map(str, p.elements)) for p in self.patterns))


class Mistake(Exception):
    pass


def parse_text(text):
    if not re.fullmatch(r'"(\\.|[^"\\])*"', text):
        raise Mistake("unterminated string")
    return list(re.sub(r"\\(.)", r"\1", text[1:-1]).encode("utf-8"))


def parse_hex(text):
    elements = []
    for word in re.findall(r"\{[^}]*\}?|\S+", text):
        gap = re.fullmatch(r"\{(\d+)(?:-(\d+))?\}", word)
        if gap:
            low, high = int(gap[1]), int(gap[2] or gap[1])
            if low > high or high > MAX_GAP:
                raise Mistake(f"gap {word} is not within 0 to {MAX_GAP}")
            elements.append((low, high))
        elif word == "??":
            elements.append("??")
        elif re.fullmatch(r"[0-9A-Fa-f]{2}", word):
            elements.append(int(word, 16))
        else:
            raise Mistake(f"{word!r} is neither a byte nor a gap")
    return elements


def parse_pattern(label, line, text):
    pattern = Pattern(label, line)
    pattern.elements = parse_text(text) if text.startswith('"') else parse_hex(text)
    if not pattern.elements:
        raise Mistake("empty pattern")
    if len(pattern.elements) > MAX_ELEMENTS:
        raise Mistake(f"more than {MAX_ELEMENTS} elements")
    if isinstance(pattern.elements[0], tuple) or isinstance(pattern.elements[-1], tuple):
        raise Mistake("a gap cannot stand at the end of a pattern")
    if len(pattern.atom()) < MIN_ATOM:
        raise Mistake(f"no run of {MIN_ATOM} fixed bytes")
    return pattern


def parse_field(rule, line, text):
    key, colon, value = text.partition(":")
    value = value.strip()
    if not colon:
        raise Mistake("want key: value")
    if key == "target":
        if value not in TARGETS:
            raise Mistake(f"unknown target {value!r}")
        rule.target = value
    elif key == "severity":
        if value not in SEVERITIES:
            raise Mistake(f"unknown severity {value!r}")
        rule.severity = value
    elif key == "note":
        rule.note = value
    elif key == "when":
        counted = re.fullmatch(r"(\d+) of them", value)
        if value not in ("all", "any") and not counted:
            raise Mistake(f"unknown condition {value!r}")
        if counted and not 1 <= int(counted[1]) <= len(rule.patterns):
            raise Mistake(f"{value!r}, but there are {len(rule.patterns)} patterns")
        rule.when = value
    elif len(key) == 1 and key.isalpha():
        if len(rule.patterns) == MAX_PATTERNS:
            raise Mistake(f"more than {MAX_PATTERNS} patterns")
        rule.patterns.append(parse_pattern(key, line, value))
    else:
        raise Mistake(f"unknown key {key!r}")


def parse(path, mistakes):
    """Read one file; mistakes gets (path, line, text) for each problem."""
    rules, rule = [], None
    with open(path, encoding="utf-8") as f:
        for number, text in enumerate(f, 1):
            text = text.strip()
            if not text or text.startswith("#"):
                continue
            try:
                if rule is None:
                    head = re.fullmatch(r"rule (\S+) \{", text)
                    if not head:
                        raise Mistake("want: rule NAME {")
                    rule = Rule(head[1], number)
                    if not NAME.match(rule.name):
                        mistakes.append((path, number, f"{rule.name}: not Platform.Kind.Family-N"))
                elif text == "}":
                    if not rule.patterns or not rule.when:
                        mistakes.append((path, number, f"{rule.name}: no pattern or no condition"))
                    rules.append(rule)
                    rule = None
                else:
                    parse_field(rule, number, text)
            except Mistake as m:
                mistakes.append((path, number, str(m)))
    if rule is not None:
        mistakes.append((path, rule.line, f"{rule.name}: not closed"))
    return rules


def check(args):
    mistakes, seen = [], {}
    for path in args.files:
        for rule in parse(path, mistakes):
            if rule.name in seen:
                mistakes.append((path, rule.line, f"{rule.name}: also in {seen[rule.name]}"))
            seen[rule.name] = path
            for pattern in rule.patterns:
                atom = pattern.atom()
                if any(atom in common or atom == common for common in COMMON):
                    mistakes.append((path, pattern.line, f"{rule.name}: atom {atom!r} is too common"))
    for path, line, text in mistakes:
        print(f"{path}:{line}: {text}", file=sys.stderr)
    print(f"{len(seen)} rules, {len(mistakes)} mistakes")
    return 1 if mistakes else 0


def listing(args):
    mistakes = []
    for path in args.files:
        for rule in parse(path, mistakes):
            print(f"{rule.name:40} {rule.target:7} {rule.severity:9} {rule.note}")
    return 1 if mistakes else 0


def diff(args):
    if len(args.files) != 2:
        print("diff takes two files", file=sys.stderr)
        return 2
    old, new = ({r.name: r for r in parse(path, [])} for path in args.files)
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            print(f"- {name}")
        elif name not in old:
            print(f"+ {name}")
        elif old[name].body() != new[name].body():
            print(f"~ {name}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("check", "list", "diff"))
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    return {"check": check, "list": listing, "diff": diff}[args.command](args)


if __name__ == "__main__":
    sys.exit(main())
