#!/bin/sh
# Casewall's commands. `./do help` lists them. Needs Python 3.11 or newer and nothing else.
set -eu

CASEWALL_CWD=$PWD
export CASEWALL_CWD
cd "$(dirname "$0")"
PYTHONPATH=$PWD
export PYTHONPATH
unset PYTHONHOME DJANGO_SETTINGS_MODULE || :

say() { printf '%s\n' "$*" >&2; }
stop() {
    say "$*"
    exit 1
}
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# apt_install PACKAGE: quiet while it works, everything it said when it does not.
apt_install() {
    apt_log=$(mktemp)
    if DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" \
        >"$apt_log" 2>&1 </dev/null ||
        { apt-get update >"$apt_log" 2>&1 </dev/null &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" \
                >>"$apt_log" 2>&1 </dev/null; }; then
        rm -f "$apt_log"
    else
        tail -n 5 "$apt_log" >&2
        rm -f "$apt_log"
        return 1
    fi
}

usage() {
    cat <<'END'
Usage: ./do VERB [ARGUMENTS]

  help                 this list
  demo [--no-serve]    everything from a bare checkout: environment, two databases, invented
                       people, three sites on this machine; prints addresses and sign-ins
  test [ARGUMENTS]     everything that the build checks; ARGUMENTS go to pytest
  check                style, import contracts and types, without running a test
  bench                response times and ratios, written as a table
  nightly              the long suites
  casewall ARGUMENTS   the command line, for example: ./do casewall refer FILE --service S
  code EMAIL           the second-factor code of a demo account, as it is now
  clean                stop the databases and delete what these commands made
END
}

# The newest Python that is new enough, whatever it is called here.
find_python() {
    for python in python3 python3.11 python3.12 python3.13 python3.14 python; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            return
        fi
    done
    stop "Casewall needs Python 3.11 or newer. On Debian 12 run once:  sudo apt-get install python3 python3-venv"
}

make_venv() {
    say "Setting up the Python environment (first time only) ..."
    find_python
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 && return
    rm -rf .venv
    # Debian ships Python without the part that makes an environment.
    may_install || stop "Python cannot make an environment here. Run once:  sudo apt-get install python3-venv"
    say "Installing python3-venv (first time only) ..."
    apt_install python3-venv || stop "python3-venv could not be installed."
    "$python" -m venv .venv || stop "Python still cannot make an environment."
}

# install LOCK: makes .venv and brings it to the lock file, unless it is there already.
install() {
    # A copied or moved checkout, or a Python that was upgraded away, leaves a broken one behind.
    [ "$(cat .venv/.made-in 2>/dev/null)" = "$PWD" ] && .venv/bin/python -c '' 2>/dev/null || {
        make_venv
        printf '%s' "$PWD" >.venv/.made-in
    }
    for done_lock in "$1" requirements-dev.lock; do
        cmp -s "$done_lock" ".venv/.$done_lock" && return
    done
    say "Installing the packages of $1 (checked against their hashes) ..."
    rm -f .venv/.requirements*.lock
    pip_log=$(mktemp)
    if PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install --quiet --no-input --no-compile \
        --require-hashes --requirement "$1" >"$pip_log" 2>&1; then
        rm -f "$pip_log"
    else
        grep -v '^WARNING' "$pip_log" | tail -n 15 >&2
        rm -f "$pip_log"
        stop "The packages could not be installed (see above). Nothing else was changed; try again."
    fi
    cp "$1" ".venv/.$1"
}

# Browser tests drive the system's Chromium. CASEWALL_CHROMIUM names another one.
find_chromium() {
    for chromium in "${CASEWALL_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$chromium" ] && chromium=$(command -v "$chromium") && return
    done
    return 1
}

want_chromium() {
    if ! find_chromium && may_install; then
        say "Installing Chromium for the browser tests (first time only) ..."
        apt_install chromium || :
    fi
    if find_chromium; then
        CASEWALL_CHROMIUM=$chromium
        export CASEWALL_CHROMIUM
    else
        say "Browser tests are skipped: there is no Chromium here. Run once:  sudo apt-get install chromium"
    fi
}

# The statistics are compared with R's own packages "stats" and "survival".
want_r() {
    if ! command -v Rscript >/dev/null 2>&1 && may_install; then
        say "Installing R for the comparison of statistics (first time only) ..."
        apt_install r-cran-survival || :
    fi
    command -v Rscript >/dev/null 2>&1 ||
        say "The comparison with R is skipped: there is no R here. Run once:  sudo apt-get install r-cran-survival"
}

lint() {
    say "Style (ruff) ..."
    .venv/bin/ruff check --quiet .
    say "Import contracts (import-linter) ..."
    .venv/bin/lint-imports --no-logo >.venv/contracts.log 2>&1 || {
        cat .venv/contracts.log >&2
        exit 1
    }
}

# The wall and the figures: every branch is run by a test. Silent when it is so.
full_coverage() {
    .venv/bin/coverage report --fail-under=100 --show-missing \
        --include='casewall/wall/*,casewall/outcomes/*,casewall/*/rules.py,casewall/*/*/rules.py' \
        >.venv/coverage.log 2>&1 || {
        cat .venv/coverage.log >&2
        stop "Some branches of the wall, the outcomes or the rules are run by no test (see above)."
    }
}

types() {
    say "Types (mypy) ..."
    # The Django plugin reads the settings, and they want every variable; none leads anywhere.
    made_up=$(mktemp -d)
    .venv/bin/python -c '
import os, subprocess, sys
from pathlib import Path
from casewall.config.clusters import site_environment
for site in ("programme", "safety", "front_door", "reporting", "owner"):
    os.environ.update(site_environment(site, Path(sys.argv[1]), {}))
sys.exit(subprocess.call([".venv/bin/mypy"]))
' "$made_up" && typed=0 || typed=$?
    rm -rf "$made_up"
    return "$typed"
}

verb=${1:-help}
[ $# -gt 0 ] && shift
case $verb in
help | -h | --help)
    usage
    ;;
demo | bench)
    install requirements.lock
    exec .venv/bin/python -m casewall "$verb" "$@"
    ;;
casewall)
    install requirements.lock
    exec .venv/bin/python -m casewall "$@"
    ;;
code)
    [ $# = 1 ] || stop "Say whose code:  ./do code EMAIL"
    install requirements.lock
    exec .venv/bin/python -m casewall code "$1"
    ;;
check)
    install requirements-dev.lock
    lint
    types
    ;;
test)
    install requirements-dev.lock
    want_chromium
    lint
    say "Tests (pytest) ..."
    # Each process works on clusters of its own; the files of a folder share what they set up.
    # One process more than there are cores, since each waits for a browser or a clock at times.
    cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
    .venv/bin/python -m pytest --numprocesses=$((cores + 1)) --dist=loadfile \
        --cov --cov-report=term:skip-covered -m "not slow" "$@"
    [ $# -gt 0 ] || full_coverage
    ;;
nightly)
    install requirements-dev.lock
    want_chromium
    want_r
    lint
    types
    say "The long suites (pytest) ..."
    exec .venv/bin/python -m pytest -m "slow or not slow" "$@"
    ;;
clean)
    for home in var/programme var/safety; do
        [ ! -d "$home" ] || [ ! -x .venv/bin/python ] ||
            .venv/bin/python -m casewall.config.embedded stop "$home"
    done
    rm -rf .venv var htmlcov .coverage .coverage.* .pytest_cache .ruff_cache .mypy_cache \
        .import_linter_cache .hypothesis
    find . -name __pycache__ -type d -prune -exec rm -rf {} +
    ;;
*)
    say "There is no verb '$verb'."
    usage >&2
    exit 2
    ;;
esac
