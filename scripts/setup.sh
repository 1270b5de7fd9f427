#!/bin/sh
# Makes or refreshes .venv from pyproject.toml and uv.lock: with uv where it is present, else with python's own venv and
# pip, held to the same versions. Called by make; a second run with nothing changed does nothing.
set -eu
cd "$(dirname "$0")/.."
stamp=.venv/.limen-ready

if [ -e "$stamp" ] && [ "$stamp" -nt pyproject.toml ] && [ "$stamp" -nt uv.lock ]; then
    exit 0
fi

if command -v uv >/dev/null 2>&1; then
    echo "limen: setting up .venv with uv"
    uv sync --frozen --extra dev --extra postgres --extra browser --extra tables
else
    python=
    for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "limen: needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3" >&2
        exit 1
    fi
    echo "limen: setting up .venv with $("$python" --version) and pip (about a minute)"
    "$python" -m venv .venv || {
        echo "limen: '$python -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    }
    .venv/bin/python scripts/constraints.py uv.lock >.venv/constraints.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --constraint .venv/constraints.txt --editable ".[dev,postgres,browser,tables]"
fi
touch "$stamp"
