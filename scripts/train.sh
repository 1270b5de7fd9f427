#!/bin/sh
# Fits the models that ship with the package to the annotated passages, and says how good they are on those held out.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

if ! "$python" -c 'import sklearn, torch' >/dev/null 2>&1; then
    if command -v uv >/dev/null 2>&1; then
        uv sync --frozen --inexact --extra train
    else
        "$python" -m pip install --quiet --disable-pip-version-check \
            --constraint .venv/constraints.txt --editable ".[train]"
    fi
fi
for code in en zh; do
    held="--held-out tests/eval/corpus/held-$code.jsonl --held-out tests/eval/corpus/field-$code.jsonl"
    # shellcheck disable=SC2086 # two words
    "$python" -m training.fit_roles "$code" training/corpus/"$code"-*.jsonl tests/eval/corpus/dev-"$code".jsonl tests/eval/corpus/"$code".jsonl $held
    "$python" -m training.fit_stage "$code" training/corpus/"$code"-*.jsonl tests/eval/corpus/dev-"$code".jsonl
    # shellcheck disable=SC2086
    for seed in 0 1; do
        "$python" -m training.fit_linking "$code" training/corpus/"$code"-*.jsonl tests/eval/corpus/dev-"$code".jsonl \
            tests/eval/corpus/"$code".jsonl --seed "$seed" $held
    done
done
