#!/bin/sh
# Finds or installs Chromium for sources that are rendered and for the tests that use a browser. With Debian's or Ubuntu's
# apt-get and as root it installs their chromium; else it says loudly what is not tested, and that is no failure.
set -eu

for name in ${LIMEN_CHROMIUM:+"$LIMEN_CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable chrome; do
    if path=$(command -v "$name"); then
        echo "limen: the browser is $path"
        exit 0
    fi
done

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    echo "limen: installing Chromium with apt-get (a few minutes)"
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium &&
        command -v chromium >/dev/null 2>&1; then
        echo "limen: the browser is $(command -v chromium)"
        exit 0
    fi
fi

cat >&2 <<'MESSAGE'
limen: ************************************************************************
limen: NO CHROMIUM: the tests that use a browser are SKIPPED, and sources with
limen: [browser] cannot be crawled. Install chromium (as root: apt-get install
limen: chromium), or set LIMEN_CHROMIUM to the path of a Chromium or Chrome.
limen: ************************************************************************
MESSAGE
