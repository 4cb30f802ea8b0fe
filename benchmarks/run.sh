#!/usr/bin/env bash
# Run all benchmarks and write one report, benchmarks/report.md: ratios against peers in the same run.
# --quick leaves out what has 20 million interactions. RATINGS names a folder of MovieLens to measure quality on, too.
set -euo pipefail
cd "$(dirname "$0")/.."
quick=${1:-}
large() { [ "$quick" = --quick ] || "$@"; }

# What is compared with is no part of the environment: it lies beside it.
peers=build/peers
uv pip install --quiet --no-deps --require-hashes --target "$peers" -r benchmarks/peers.lock
export PYTHONPATH=$PWD/$peers
SUMMARY=$(mktemp)
export SUMMARY
details=$(mktemp)
trap 'rm -f "$SUMMARY" "$details"' EXIT

{
    python benchmarks/training/speed.py --size 1m
    large python benchmarks/training/speed.py --size 20m
    python benchmarks/training/quality.py ${RATINGS:+--ratings "$RATINGS"}
    python benchmarks/ranking/speed.py
    large python benchmarks/ranking/speed.py --share 1 --repeats 1
    python benchmarks/evaluation/speed.py
    large python benchmarks/evaluation/speed.py --large
    python benchmarks/search/speed.py
    large python benchmarks/search/speed.py --large
    python benchmarks/cleaning/speed.py
    large python benchmarks/cleaning/speed.py --large
    large python benchmarks/reporting/speed.py
} | tee "$details"

{
    printf '# Benchmarks\n`make bench` wrote this'; [ -z "$quick" ] || printf ' without what takes long (`BENCH=%s`)' "$quick"
    printf '. %s.\n\n' "$(head -n 1 "$details")"
    printf '| what | against | found | aimed at |\n| --- | --- | --- | --- |\n'
    cat "$SUMMARY"
    grep -v ' cores, ' "$details"
} >benchmarks/report.md
