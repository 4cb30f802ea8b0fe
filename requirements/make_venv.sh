#!/usr/bin/env bash
# Make the virtual environment $1 with the Python $2 from the hash-pinned locks, or bring it up to date.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1 python=$2

fail() {
    echo "make venv: $*" >&2
    exit 1
}

command -v "$python" >/dev/null || fail "'$python' is not there; install Python 3.11, 3.12 or 3.13, or name one: make PYTHON=python3.12 ..."
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
case $version in
    3.11 | 3.12 | 3.13) ;;
    *) fail "'$python' is Python $version; this project needs 3.11, 3.12 or 3.13: make PYTHON=python3.12 ..." ;;
esac
headers=$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
command -v "${CC:-gcc}" >/dev/null || fail "'${CC:-gcc}' is not there, and LightFM is compiled from source; on Debian: apt-get install gcc python$version-dev"
[ -f "$headers/Python.h" ] || fail "Python's headers are not there, and LightFM is compiled against them; on Debian: apt-get install python$version-dev"

if ! [ -x "$venv/bin/python" ] || [ "$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" != "$version" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null || fail "'$python -m venv' failed; on Debian: apt-get install python$version-venv"
fi
rm -f "$venv/.complete"
if ! cmp -s requirements/installer.lock "$venv/installer.lock"; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.lock
    cp requirements/installer.lock "$venv/installer.lock"
fi
export VIRTUAL_ENV=$PWD/$venv
"$venv/bin/uv" pip sync --quiet --compile-bytecode --require-hashes --build-constraints requirements/build.lock requirements/*.lock
"$venv/bin/uv" pip install --quiet --no-deps --no-build-isolation --editable .
touch "$venv/.complete"
