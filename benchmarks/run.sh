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

{
    echo "# Benchmarks"
    python benchmarks/training/speed.py --size 1m
    large python benchmarks/training/speed.py --size 20m
    python benchmarks/training/quality.py ${RATINGS:+--ratings "$RATINGS"}
    python benchmarks/ranking/speed.py
    large python benchmarks/ranking/speed.py --share 1 --repeats 1
    python benchmarks/evaluation/speed.py
    large python benchmarks/evaluation/speed.py --large
    python benchmarks/data/speed.py
    large python benchmarks/data/speed.py --large
} | tee benchmarks/report.md
