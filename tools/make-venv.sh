#!/bin/sh
# Create the virtual environment $2 with the interpreter $1, on a bare Debian too.
set -eu
python=$1 venv=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$python is no Python 3.11 or later: install one, or name it with make PYTHON=..." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian keeps pip's installer, which every new environment needs, in a package of its own.
    "$(dirname "$0")/system-packages.sh" \
        "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi
"$python" -m venv --clear "$venv"
