#!/usr/bin/env bash
# Resolve every dependency once and write the locks. Existing pins are kept unless asked otherwise:
#     requirements/lock.sh --upgrade-package rectools-lightfm
#
# The packages that compute artifacts have locks of their own, and the stages in dvc.yaml depend on those locks.
# So an upgrade of LightFM trains again, and an upgrade of pytest runs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

everything=$(mktemp)
trap 'rm -f "$everything"' EXIT
cat requirements/*.lock >"$everything" 2>/dev/null || true

compile() {
    uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-annotate --custom-compile-command requirements/lock.sh "$@" </dev/null
}
names() { grep -ohE '^[a-z0-9][a-z0-9._-]*' "$@" | sort -u; }
emit_without() { names "$@" | sed 's/^/--no-emit-package=/'; }

compile "$@" pyproject.toml requirements/*.in --group dev --output-file "$everything" >/dev/null
for layer in numeric tables model page build installer; do
    compile --no-deps --constraints "$everything" requirements/$layer.in --output-file requirements/$layer.lock >/dev/null
done
layers=(requirements/{numeric,tables,model,page,build,installer}.lock)
compile --constraints "$everything" $(emit_without "${layers[@]}") \
    pyproject.toml --output-file requirements/tools.lock >/dev/null
compile --constraints "$everything" $(emit_without "${layers[@]}" requirements/tools.lock) \
    --group dev --output-file requirements/dev.lock >/dev/null
