#!/bin/sh
# One door to the project: makes the environment from the hashed lock files when needed, then runs what is asked.
# Needs a POSIX shell and Python 3.11 or newer; uses uv when it is there. `./go help` says the rest.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

usage() {
    cat <<'END'
usage: ./go COMMAND [ARGUMENTS]

  demo [args]     run `rekha demo` and exit with its code
  test [args]     run the tests, all of them on all cores; arguments go to pytest, paths are relative to the checkout
  check           linters, types, import contract, schemas
  bench [args]    run `rekha bench` beside every packaged engine, in an environment of its own (.venv-bench)
  lock [args]     write the lock files anew (needs uv; --upgrade takes newer versions)
  env             make the environment and print where it is
  help            this text

REKHA_VENV=DIR    the environment's folder, instead of .venv in the checkout
REKHA_PYTHON=EXE  the Python to make it with, instead of the first good one found
REKHA_NO_UV=1     use pip even when uv is there
REKHA_WHEEL=FILE  install this wheel of the project instead of the checkout itself
END
}

# EX_UNAVAILABLE and EX_USAGE of sysexits.h.
die() {
    code=$1
    shift
    printf 'go: %s\n' "$*" >&2
    exit "$code"
}

say() {
    printf 'go: %s\n' "$*" >&2
}

have_uv() {
    [ -z "${REKHA_NO_UV:-}" ] && command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1
}

# A name on the PATH proves nothing: a shim may stand there for a Python that is not installed. So every candidate runs.
find_python() {
    without_venv=
    if [ -n "${REKHA_PYTHON:-}" ]; then
        set -- "$REKHA_PYTHON"
    else
        set -- python3.13 python3.12 python3.11 python3 python
    fi
    for candidate; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            if "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
                printf '%s\n' "$candidate"
                return 0
            fi
            without_venv=$candidate
        fi
    done
    if [ -n "$without_venv" ]; then
        die 69 "$without_venv cannot make environments (no venv or ensurepip; on Debian: apt-get install python3-venv)"
    fi
    die 69 "Python 3.11 or newer is needed and none of these runs: $*"
}

# Made by us or by hand, the environment serves if its Python runs, is new enough and really lives there.
serves() {
    [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '
import os, sys
ours = sys.prefix != sys.base_prefix and os.path.samefile(sys.prefix, sys.argv[1])
sys.exit(not (ours and sys.version_info >= (3, 11)))' "$venv" >/dev/null 2>&1 &&
        { have_uv || "$venv/bin/python" -m pip --version >/dev/null 2>&1; }
}

create() {
    if [ -e "$venv" ] && [ ! -f "$venv/pyvenv.cfg" ] && [ -n "$(ls -A "$venv")" ]; then
        die 69 "$venv is not a Python environment; move it away or set REKHA_VENV"
    fi
    python=
    have_uv || python=$(find_python) || exit $?
    say "making $venv"
    rm -rf "$venv"
    if [ -n "$python" ]; then
        "$python" -m venv "$venv" || die 69 "$python could not make an environment in $venv"
    else
        UV_PYTHON_DOWNLOADS=never uv venv --quiet --python "${REKHA_PYTHON:->=3.11}" "$venv" ||
            die 69 "Python 3.11 or newer is needed and uv finds none"
    fi
}

# Everything from outside is pinned and hashed, and nothing of it is built here. The project itself is then put in
# without asking anybody for anything: what builds it came with the lock file.
install() {
    lock=$1
    say "installing from ${lock##*/}"
    if have_uv; then
        UV_PYTHON_DOWNLOADS=never
        export UV_PYTHON_DOWNLOADS
        set -- uv pip install --quiet --python "$venv/bin/python"
    else
        set -- "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input
    fi
    "$@" --only-binary :all: --require-hashes -r "$lock" || die 69 "the packages of ${lock##*/} could not be installed"
    if [ -n "${REKHA_WHEEL:-}" ]; then
        "$@" --no-deps "$REKHA_WHEEL" || die 69 "$REKHA_WHEEL could not be installed"
    else
        "$@" --no-deps --no-build-isolation -e "$root" || die 69 "the project could not be installed"
    fi
}

# environment run|dev|bench: `dev` holds all of `run`, `bench` the engines ours is measured beside. The stamp is written last, so an interrupted installation is done again.
environment() {
    if [ "$1" = bench ]; then
        venv=${REKHA_VENV:-$root/.venv-bench}
    else
        venv=${REKHA_VENV:-$root/.venv}
    fi
    case $venv in
        /*) ;;
        *) venv=$PWD/$venv ;;
    esac
    case $1 in
        run) lock=$root/requirements.lock ;;
        *) lock=$root/requirements-$1.lock ;;
    esac
    sum=$(cat "$root/pyproject.toml" "$root"/requirements*.lock | cksum)
    stamp="$sum ${REKHA_WHEEL:-$root} $venv"
    if [ -x "$venv/bin/python" ] && [ -f "$venv/.rekha" ]; then
        found=$(cat "$venv/.rekha")
        if [ "$found" = "$1 $stamp" ] || [ "$found" = "dev $stamp" ]; then
            return 0
        fi
    fi
    serves || create
    rm -f "$venv/.rekha"
    install "$lock"
    printf '%s\n' "$1 $stamp" >"$venv/.rekha"
}

step() {
    title=$1
    shift
    printf '== %s\n' "$title"
    if ! "$@"; then
        failed="$failed $title;"
    fi
}

check() {
    failed=
    step formatting "$venv/bin/python" -m ruff format --check .
    step lint "$venv/bin/python" -m ruff check .
    step types "$venv/bin/python" -m mypy
    step imports "$venv/bin/python" -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
    step schemas "$venv/bin/rekha" schema --check
    if [ -n "$failed" ]; then
        printf 'go: failed:%s\n' "${failed%;}" >&2
        return 1
    fi
    printf 'go: all checks passed\n'
}

write_locks() {
    have_uv || die 69 "writing lock files needs uv"
    UV_PYTHON_DOWNLOADS=never
    export UV_PYTHON_DOWNLOADS
    set -- uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url "$@"
    "$@" --extra build -o requirements.lock pyproject.toml
    "$@" --extra build --extra dev -o requirements-dev.lock pyproject.toml
    "$@" --extra build --extra bench -o requirements-bench.lock pyproject.toml
    if grep -n '://' requirements*.lock; then
        die 1 "a lock file holds an address (ADR 0004)"
    fi
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
    demo)
        environment run
        cd "$root"
        exec "$venv/bin/rekha" demo "$@"
        ;;
    test)
        environment dev
        cd "$root"
        # Everything on all cores; what is named is run as it is asked for.
        [ "$#" -gt 0 ] || set -- -n auto
        exec "$venv/bin/python" -m pytest "$@"
        ;;
    check)
        environment dev
        cd "$root"
        check
        ;;
    bench)
        environment bench
        cd "$root"
        exec "$venv/bin/rekha" bench "$@"
        ;;
    lock)
        cd "$root"
        write_locks "$@"
        ;;
    env)
        environment run
        printf '%s\n' "$venv"
        ;;
    help | -h | --help)
        usage
        ;;
    *)
        usage >&2
        die 64 "there is no command '$command'"
        ;;
esac
