#!/bin/sh
# Scans each fixture and compares with tests/expected.csv.
set -eu

engine=${1:-build/marlin-scan}
exec python3 tools/corpus_run.py --engine "$engine" \
    --rules signatures/base.msr --rules signatures/documents.msr \
    tests/fixtures tests/expected.csv
