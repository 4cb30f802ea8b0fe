#!/usr/bin/env bash
# Make DVC's pages of plots work without a network. `draw.sh pictures` draws the pictures of the docs again, from the sample.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Vega comes once from the package index, by its hash, and lies beside the environment.
uv pip install --quiet --no-deps --require-hashes --target build/vega -r docs/plots/vega.lock
export PYTHONPATH=$PWD/build/vega${PYTHONPATH:+:$PYTHONPATH}

if [ "${1:-}" = pictures ]; then
    dvc exp run --quiet --force --temp -n wider -S train.no_components=32
    python docs/plots/draw.py pictures
else
    python docs/plots/draw.py page >.dvc/plots/page.html
    dvc config --local plots.html_template plots/page.html
fi
