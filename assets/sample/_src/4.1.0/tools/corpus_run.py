#!/usr/bin/env python3
"""Run marlin-scan over a corpus and compare with the expected verdicts.

The expectation is a CSV file: path relative to the corpus, and the rule that
must be found, or "clean". Run before every release; the release is held back
when a line is wrong.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time


def read_expected(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return {row["path"]: row["rule"] for row in csv.DictReader(f)}


class Engine:
    """One marlin-scan in worker mode."""

    def __init__(self, binary, rules, exclusions):
        command = [binary]
        for rule in rules:
            command += ["--rules", rule]
        if exclusions:
            command += ["--exclude", exclusions]
        self.process = subprocess.Popen(command + ["--worker"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def scan(self, path):
        self.process.stdin.write(path + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the engine ended over {path}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def verdict(result):
    if result["status"] != 0:
        return "error"
    return result["found"][0]["rule"] if result["found"] else "clean"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="build/marlin-scan")
    parser.add_argument("--rules", action="append", required=True)
    parser.add_argument("--exclude")
    parser.add_argument("corpus")
    parser.add_argument("expected")
    args = parser.parse_args()

    engine = Engine(args.engine, args.rules, args.exclude)
    wrong = partial = size = 0
    started = time.monotonic()
    expected = read_expected(args.expected)
    for name, want in sorted(expected.items()):
        result = engine.scan(os.path.join(args.corpus, name))
        got = verdict(result)
        size += result["bytes"]
        partial += result["partial"]
        if got != want:
            wrong += 1
            print(f"{name}: {got}, expected {want}")
    engine.close()
    seconds = time.monotonic() - started
    print(f"{len(expected)} files, {wrong} wrong, {partial} partial, "
          f"{size / 1e6 / max(seconds, 1e-6):.1f} MB/s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
