# Shared by the scripts of setup/: paths, messages, checks. Sourced, never run.
# shellcheck shell=bash disable=SC2034 # the variables are used by the scripts that source it
set -Eeuo pipefail

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# not in root's home, which the unprivileged owner of the database cluster cannot enter
if [ "$(id -u)" = 0 ]; then
  CACHE=${JINYANG_CACHE:-/var/cache/jinyang-aftersales}
else
  CACHE=${JINYANG_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/jinyang-aftersales}
fi
export PYTHONDONTWRITEBYTECODE='' PYTHONUNBUFFERED=1
# choose Chinese instead of Japanese glyphs in PDFs
export FC_LANG=zh-cn
unset CDPATH

step() { printf '== %s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
# shellcheck disable=SC2154
trap 'rc=$?; [ $rc -eq 0 ] || [ "$BASH_SUBSHELL" -gt 0 ] || [ -n "${QUIET_EXIT:-}" ] ||
  printf "error: %s stopped in %s at line %s; run it again to go on from there\n" "${0##*/}" "${BASH_SOURCE[0]##*/}" "$LINENO" >&2' ERR

have() { command -v "$1" >/dev/null 2>&1; }

hash_of() { sha256sum | cut -c1-12; }

lock() { # DESCRIPTOR WHAT: waits for it, and says so
  flock -n "$1" || { step "waiting for $2" && flock "$1"; }
}

# prefix for commands that have to end with this script, even when it is killed
TIED=()
if setpriv --pdeathsig TERM true 2>/dev/null; then TIED=(setpriv --pdeathsig TERM); fi

stop_children() { # PID ...: ends background processes of this script
  local pid signal
  # Send the signal again to a process that goes on: the first one is lost when it comes before bash runs the command.
  for signal in TERM TERM KILL; do
    for pid in "$@"; do kill "-$signal" "$pid" 2>/dev/null || true; done
    for _ in $(seq 50); do
      kill -0 "$@" 2>/dev/null || break
      sleep 0.1
    done
  done
  for pid in "$@"; do wait "$pid" 2>/dev/null || true; done
}

need_disk() { # MEGABYTES
  local free
  mkdir -p "$CACHE" 2>/dev/null || die "cannot write to $CACHE; set JINYANG_CACHE to a folder you own"
  free=$(df -Pm "$CACHE" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$1" ] || die "only $free MB free below $CACHE, $1 MB needed; free some space or set JINYANG_CACHE"
}

free_port() {
  "$VENV/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

have python3 || die "python3 is missing; as root: apt-get install python3 python3-venv"

# Keys of cached folders: a changed pin makes a new folder beside the old one
PIN_KEY=$( (cat "$REPO/requirements.txt" "$REPO/setup/lib/odoo.sh"; python3 --version) | hash_of)
ODOO_DIR=$CACHE/odoo-$(hash_of <"$REPO/setup/lib/odoo.sh")
VENV=$CACHE/venv-$PIN_KEY
LINT_KEY=$( (cat "$REPO/setup/requirements-lint.txt" "$REPO/setup/package-lock.json" 2>/dev/null; python3 --version) | hash_of)
LINT=$CACHE/lint-$LINT_KEY
ODOO_SRC=${ODOO_HOME:-$ODOO_DIR/usr/lib/python3/dist-packages}
ODOO=("$VENV/bin/python" -m odoo)
ADDONS=$REPO${ADDONS_PATH:+,$ADDONS_PATH}
