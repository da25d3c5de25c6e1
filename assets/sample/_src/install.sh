#!/bin/sh
# Installs Marlin Scan Engine @version@ below /opt/marlin.
set -eu
here=$(dirname "$0")
prefix=${1:-/opt/marlin}
install -d "$prefix/bin" "$prefix/rules"
install -m 0755 "$here/marlin-scan" "$here/marlind" "$prefix/bin"
tar -xf "$here/marlin-rules-@version@.tar" -C "$prefix/rules"
