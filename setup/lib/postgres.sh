# A PostgreSQL cluster of our own, reached through a socket in a private folder (no port to collide). Sourced.
# With PGHOST in the environment that server is used instead, and never started, stopped or configured.
# shellcheck shell=bash

pg_as_owner() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u "$PG_OWNER" -- "$@")
  else
    "$@"
  fi
}

pg_start() { # NAME [durable]: starts the cluster NAME unless it runs, and exports PGHOST, PGPORT and PGUSER
  PG_EXTERNAL=${PGHOST:-}
  # databases of one name may exist on several servers, each has files of its own
  DATA_DIR=$CACHE/data-$1
  [ "$1" != test ] || DATA_DIR=$CACHE/data
  export PGPORT=${PGPORT:-5432} PGUSER=${PGUSER:-odoo}
  if [ -n "$PG_EXTERNAL" ]; then
    DATA_DIR=${JINYANG_DATA:-$CACHE/data-$(echo "$PGHOST:$PGPORT" | hash_of)}
    step "PostgreSQL: the server at $PGHOST"
    psql -qAt -d postgres -c 'SELECT 1' >/dev/null || die "no database server answers at PGHOST=$PGHOST as user $PGUSER"
    return
  fi
  local bin opts
  # shellcheck disable=SC2012
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")
  [ -x "$bin/initdb" ] || die "PostgreSQL's server is missing; as root: apt-get install postgresql"
  PG_OWNER=$(id -un)
  if [ "$(id -u)" = 0 ]; then
    PG_OWNER=postgres
    id "$PG_OWNER" >/dev/null 2>&1 || die "the system user postgres is missing; as root: apt-get install postgresql"
  fi
  PG_BIN=$bin
  PG_DIR=$CACHE/pg-$1-$("$bin/postgres" --version | grep -oE '[0-9]+' | head -n 1)
  PGHOST=${TMPDIR:-/tmp}/jinyang-$(id -u)-$(echo "$PG_DIR" | hash_of)
  export PGHOST
  # one starts or stops it at a time (5); everybody who uses it says so (9), and the last one stops it
  exec 5>"$PG_DIR.start" 9>"$PG_DIR.lock"
  flock 5
  flock -s 9
  mkdir -p "$PG_DIR" "$PGHOST"
  [ -O "$PGHOST" ] || [ "$(stat -c %U "$PGHOST")" = "$PG_OWNER" ] || die "$PGHOST belongs to someone else; remove it or set TMPDIR"
  if [ "$(id -u)" = 0 ]; then chown "$PG_OWNER" "$PG_DIR" "$PGHOST"; fi
  chmod 700 "$PG_DIR" "$PGHOST"
  pg_as_owner test -w "$PG_DIR" || die "user $PG_OWNER cannot reach $PG_DIR; set JINYANG_CACHE to a folder open to it"
  if [ ! -f "$PG_DIR/data/ready" ]; then
    step "PostgreSQL: a new cluster in $PG_DIR"
    rm -rf "$PG_DIR/data"
    pg_as_owner "$bin/initdb" -A trust -U odoo --no-sync -E UTF8 --locale=C.UTF-8 -D "$PG_DIR/data" >"$PG_DIR.log" 2>&1 ||
      die "initdb failed; see $PG_DIR.log"
    pg_as_owner touch "$PG_DIR/data/ready"
  fi
  opts="-k $PGHOST -p $PGPORT -c listen_addresses='' -c shared_buffers=256MB -c max_connections=200"
  # what is thrown away after the run need not survive a power cut
  [ "${2:-}" = durable ] || opts+=" -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
  if ! pg_as_owner "$bin/pg_ctl" -D "$PG_DIR/data" status >/dev/null 2>&1; then
    pg_as_owner "$bin/pg_ctl" -D "$PG_DIR/data" -w -t 60 -l "$PG_DIR/server.log" -o "$opts" start >/dev/null 2>&1 5>&- 9>&- ||
      die "PostgreSQL does not start; see $PG_DIR/server.log"
  fi
  exec 5>&-
}

pg_stop() {
  [ -n "${PG_DIR:-}" ] && [ -z "${PG_EXTERNAL:-}" ] || return 0
  exec 5>"$PG_DIR.start"
  flock 5
  if flock -n -x 9; then
    pg_as_owner "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m fast -w stop >/dev/null 2>&1 || true
  fi
  exec 5>&- 9>&-
}

db_exists() { [ "$(psql -qAt -d postgres -v name="$1" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" = 1 ]; }

db_drop() { # every database named here begins with our own prefix
  case "$1" in jinyang_*) ;; *) die "refusing to drop the database $1, it is not ours" ;; esac
  psql -q -d postgres -v name="$1" <<<'DROP DATABASE IF EXISTS :"name" WITH (FORCE)' 2>/dev/null
  rm -rf "$DATA_DIR/filestore/$1"
}

db_copy() { # FROM TO
  db_drop "$2"
  createdb -T "$1" "$2"
  mkdir -p "$DATA_DIR/filestore"
  if [ -d "$DATA_DIR/filestore/$1" ]; then cp -r "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"; fi
}

odoo_conf() { # FILE DATABASE HTTP_PORT: the settings common to every server and test run
  cat >"$1" <<C
[options]
addons_path = $ADDONS
data_dir = $DATA_DIR
db_host = $PGHOST
db_port = $PGPORT
db_user = $PGUSER
db_name = $2
dbfilter = ^$2\$
list_db = False
http_interface = 127.0.0.1
http_port = $3
max_cron_threads = 0
without_demo = True
C
}

# The database with everything we depend on is built once for its pins, then copied
BASE_MODULES=helpdesk_mgmt,contract,hr,calendar,portal,report_xlsx,l10n_cn

addon_key() { (cd "$REPO" && git ls-files -co --exclude-standard -- jinyang_aftersales jinyang_aftersales_penalty |
  grep -v '/tests/' | sort | while read -r f; do if [ -f "$f" ]; then sha256sum "$f"; fi; done; echo "$PIN_KEY") | hash_of; }

db_build() { # NAME MODULES [FROM]: NAME holds MODULES; made under another name first, so that a broken build leaves nothing
  local build=jinyang_build_$$ conf=$CACHE/build-$$.conf
  mkdir -p "$DATA_DIR"
  if [ -n "${3:-}" ]; then db_copy "$3" "$build"; else db_drop "$build"; fi
  odoo_conf "$conf" "$build" 0
  if ! "${ODOO[@]}" -c "$conf" -d "$build" -i "$2" --skip-auto-install --load-language zh_CN --no-http --stop-after-init \
    --logfile "$CACHE/build-$$.log" >"$CACHE/build-$$.out" 2>&1 || ! check_log "$CACHE/build-$$.log"; then
    db_drop "$build"
    rm -f "$conf"
    grep -qE ' (WARNING|ERROR|CRITICAL) ' "$CACHE/build-$$.log" || tail -n 20 "$CACHE/build-$$.out" >&2
    die "the database $1 could not be built from $2; the whole log is in $CACHE/build-$$.log"
  fi
  rm -f "$conf" "$CACHE/build-$$.log" "$CACHE/build-$$.out"
  db_copy "$build" "$1"
  db_drop "$build"
}

check_log() { # FILE: an unexpected warning or error is a failure
  "$VENV/bin/python" -m checklog_odoo "$1" >/dev/null 2>"$1.check" || { grep -vE '^$' "$1" | grep -E ' (WARNING|ERROR|CRITICAL) ' | head -n 20 >&2; return 1; }
  rm -f "$1.check"
}

db_template() { # NAME MODULES: prints the database with the addons as they are now
  local key base old
  base=jinyang_base_$PIN_KEY
  key=$(addon_key)
  DATABASE=jinyang_$1_$key
  (
    flock 7
    if ! db_exists "$base"; then
      step "the database with Odoo and the OCA addons (once for these pins)"
      db_build "$base" "$BASE_MODULES"
    fi
    if ! db_exists "$DATABASE"; then
      # a few are kept: another checkout may be at work with its own state of the addons
      for old in $(psql -qAt -d postgres -v like="jinyang\_$1\_%" <<<"SELECT datname FROM pg_database WHERE datname LIKE :'like' ORDER BY oid DESC OFFSET 5"); do db_drop "$old"; done
      step "the database with $2 as it is now"
      db_build "$DATABASE" "$2" "$base"
    fi
  ) 7>"$CACHE/template.lock"
}
