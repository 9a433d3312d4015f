# A PostgreSQL cluster of our own, reached through a socket in a private folder (no port to collide). Sourced.
# If PGHOST is in the environment, its server is used instead, and never started, stopped or configured.
# shellcheck shell=bash

PG_DIR='' PG_EXTERNAL='' BUILDING=''
# comment on every database made here
DB_MARK="made by the set-up of jinyang_aftersales"
# part of names on a server that several machines may use: it tells ours from theirs
PLACE=$(echo "${HOSTNAME:-} $CACHE" | hash_of)

pg_as_owner() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u "$PG_OWNER" -- "$@")
  else
    "$@"
  fi
}

pg_start() { # NAME [durable]: starts the cluster NAME unless it runs, and exports PGHOST, PGPORT and PGUSER
  local dir opts
  PG_EXTERNAL=${PGHOST:-}
  # PGHOST may name our own cluster, e.g. in a demo started by a test: its users are counted as usual
  if [ -n "$PG_EXTERNAL" ] && [ -r "$PGHOST/cluster" ]; then
    PG_EXTERNAL=''
    { read -r dir && read -r DATA_DIR; } <"$PGHOST/cluster"
  elif [ -n "$PG_EXTERNAL" ]; then
    export PGPORT=${PGPORT:-5432} PGUSER=${PGUSER:-odoo}
    # one folder of files for each server, because databases of the same name may exist on several ones
    DATA_DIR=$CACHE/data-$(echo "$PGHOST:$PGPORT" | hash_of)
    step "PostgreSQL: the server at $PGHOST"
    pg_check_external
    DB_MARK+=" at $PLACE"
    db_tidy
    return
  else
    dir=$CACHE/pg-$1-
    DATA_DIR=$CACHE/data-$1
    [ "$1" != test ] || DATA_DIR=$CACHE/data
  fi
  # settings for another server would disturb the connection to ours
  unset PGHOSTADDR PGSERVICE PGDATABASE PGOPTIONS PGPASSWORD PGSSLMODE
  export PGPORT=5432 PGUSER=odoo
  # shellcheck disable=SC2012
  PG_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1) || true
  [ -n "$PG_BIN" ] || PG_BIN=$(dirname "$(command -v initdb || true)")
  [ -x "$PG_BIN/initdb" ] || die "PostgreSQL's server is missing; as root: apt-get install postgresql"
  PG_OWNER=$(id -un)
  if [ "$(id -u)" = 0 ]; then
    PG_OWNER=postgres
    id "$PG_OWNER" >/dev/null 2>&1 || die "the system user postgres is missing; as root: apt-get install postgresql"
  fi
  [[ $dir != *- ]] || dir+=$("$PG_BIN/postgres" --version | grep -oE '[0-9]+' | head -n 1)
  PG_DIR=$dir
  PGHOST=${TMPDIR:-/tmp}/jinyang-$(id -u)-$(echo "$PG_DIR" | hash_of)
  # the path of a socket has a maximal length
  [ ${#PGHOST} -lt 85 ] || PGHOST=/tmp/${PGHOST##*/}
  export PGHOST
  # Lock 5 is held while the cluster is started or stopped. Each user of the cluster shares lock 9; the last one stops it.
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
    pg_as_owner "$PG_BIN/initdb" -A trust -U odoo --no-sync -E UTF8 --locale=C.UTF-8 -D "$PG_DIR/data" >"$PG_DIR.log" 2>&1 ||
      die "initdb failed ($(tail -n 1 "$PG_DIR.log")); see $PG_DIR.log"
    pg_as_owner touch "$PG_DIR/data/ready"
  fi
  # a process may have been killed while it waited for the cluster to stop
  while [ "$(sed -n 8p "$PG_DIR/data/postmaster.pid" 2>/dev/null | tr -d ' ')" = stopping ] && pg_runs; do sleep 0.1; done
  if pg_runs; then
    # it may have been started with another TMPDIR
    PGHOST=$(sed -n 5p "$PG_DIR/data/postmaster.pid")
  else
    opts="-k $PGHOST -p $PGPORT -c listen_addresses='' -c shared_buffers=256MB -c max_connections=200"
    # data of test runs need not survive a power cut
    [ "${2:-}" = durable ] || opts+=" -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    pg_as_owner "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -t 60 -l "$PG_DIR/server.log" -o "$opts" start >/dev/null 2>&1 5>&- 9>&- ||
      die "PostgreSQL does not start ($(tail -n 1 "$PG_DIR/server.log" 2>/dev/null)); see $PG_DIR/server.log"
    printf '%s\n' "$PG_DIR" "$DATA_DIR" >"$PGHOST/cluster"
  fi
  # Databases may only be dropped while no other process could be copying them. Lock 5 is still held, so that nobody stops
  # the cluster meanwhile.
  if flock -n -x 9; then db_tidy; fi
  flock -s 9
  exec 5>&-
}

pg_cpu() { # CPU seconds of our cluster so far: of the postmaster, its present children and those that have ended
  local pid children
  if [ -z "$PG_DIR" ] || [ -n "$PG_EXTERNAL" ]; then echo 0 && return; fi
  pid=$(head -n 1 "$PG_DIR/data/postmaster.pid")
  children=$(cat "/proc/$pid/task/$pid/children")
  for pid in "$pid" $children; do
    cat "/proc/$pid/stat" 2>/dev/null || true # it may have ended meanwhile
  done | awk -v hz="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); sum += $12 + $13 } NR == 1 { sum += $14 + $15 } END { printf "%d\n", sum / hz }'
}

pg_runs() { pg_as_owner "$PG_BIN/pg_ctl" -D "$PG_DIR/data" status >/dev/null 2>&1; }

pg_check_external() { # checks an external server: each unmet requirement is an error of one line
  local may
  [ "$PGUSER" != postgres ] || die "PGUSER=postgres: Odoo refuses to work as this user; make another one that may create databases"
  may=$(psql -wqAt -d postgres -c 'SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user' 2>&1) ||
    die "no database server answers at PGHOST=$PGHOST, port $PGPORT, as user $PGUSER ($(head -n 1 <<<"$may"))"
  [ "$may" = t ] || die "user $PGUSER at PGHOST=$PGHOST may not create databases; give it CREATEDB"
}

pg_stop() { # ends a running build, then the cluster if no other process uses it
  db_build_stop
  [ -n "${PG_DIR:-}" ] && [ -z "${PG_EXTERNAL:-}" ] || return 0
  exec 5>"$PG_DIR.start"
  flock 5
  # stop it only if no other process shares lock 9; without an open descriptor flock fails and nothing is stopped
  if flock -n -x 9 2>/dev/null; then
    if pg_as_owner "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m fast -w stop >/dev/null 2>&1; then
      rm -f "$PGHOST/cluster"
      rmdir "$PGHOST" 2>/dev/null || true
    fi
  fi
  exec 5>&- 9>&-
}

db_names() { # PATTERN [KEEP]: prints our databases whose name matches, without the newest KEEP
  psql -qAt -d postgres -v pattern="$1" -v keep="${2:-0}" -v mark="$DB_MARK" <<'SQL'
SELECT datname FROM pg_database WHERE datname ~ :'pattern' AND shobj_description(oid, 'pg_database') = :'mark' ORDER BY oid DESC OFFSET :keep
SQL
}

db_exists() { [ "$(psql -qAt -d postgres -v name="$1" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" = 1 ]; }

db_drop() { # NAME: drops a database with its files; refuses names without our prefix
  case "$1" in jinyang_*) ;; *) die "refusing to drop the database $1, it is not ours" ;; esac
  psql -q -d postgres -v name="$1" <<<'DROP DATABASE IF EXISTS :"name" WITH (FORCE)' 2>/dev/null
  rm -rf "$DATA_DIR/filestore/$1"
}

db_copy() { # FROM TO: copies the files first, so that an existing database is complete
  db_drop "$2"
  mkdir -p "$DATA_DIR/filestore"
  # hard links, because files of the filestore are never changed
  if [ -d "$DATA_DIR/filestore/$1" ]; then cp -rl "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"; fi
  createdb -T "$1" "$2" "$DB_MARK"
}

db_rename() { # FROM TO
  db_drop "$2"
  if [ -d "$DATA_DIR/filestore/$1" ]; then mv "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"; fi
  psql -q -d postgres -v ON_ERROR_STOP=1 -v from="$1" -v to="$2" -v mark="$DB_MARK" <<'SQL'
COMMENT ON DATABASE :"from" IS :'mark';
ALTER DATABASE :"from" RENAME TO :"to";
SQL
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

# Two base databases with all modules we depend on are built once for the pins, then copied: "full" like customers' databases,
# "lean" without the modules that install themselves. BASE_MODULES are installed in both.
BASE_MODULES=${BASE_MODULES:-helpdesk_mgmt,contract,hr,calendar,portal,report_xlsx,l10n_cn}

db_name() { # KIND WORD ...: prints the name of a database of this kind, with a hash of the words
  echo "jinyang_$1_$(echo "$PIN_KEY" "${@:2}" ${PG_EXTERNAL:+"$PLACE"} | hash_of)"
}

addon_key() { # ADDON ...: prints a hash of the files that make a database, without tests, readme and changelog
  # not by git, which refuses the checkout of another user
  (
    cd "$REPO" || exit
    find "$@" -type f ! -path '*/tests/*' ! -path '*/__pycache__/*' ! -path '*/readme/*' ! -name towncrier.toml -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  ) | hash_of
}

db_make() { # NAME FROM COMMAND ...: runs COMMAND of Odoo on a copy of FROM, which gets its NAME when it is complete
  local name=$1 from=$2 build=jinyang_build_${PLACE}_$FLAVOUR file=$CACHE/build-$FLAVOUR kept
  shift 2
  mkdir -p "$DATA_DIR"
  if [ -n "$from" ]; then db_copy "$from" "$build"; else db_drop "$build"; fi
  odoo_conf "$file.conf" "$build" 0
  rm -f "$file.log"
  # in the background, because bash handles a signal only after a command in the foreground has ended
  "${TIED[@]}" "${ODOO[@]}" "$@" -c "$file.conf" -d "$build" --no-http --logfile "$file.log" <&0 >"$file.out" 2>&1 &
  BUILDING=$!
  if ! wait "$BUILDING" || ! check_log "$file.log"; then
    BUILDING=''
    db_drop "$build"
    # keep the log under another name, because the next build overwrites it
    kept=$CACHE/build-failed-$$.log
    mv -f "$file.log" "$kept" 2>/dev/null || kept=$file.out
    { grep -sE -A 40 ' (ERROR|CRITICAL) ' "$kept" || tail -n 20 "$file.out"; } | tail -n 40 >&2
    die "the database $name could not be made; the whole log is in $kept"
  fi
  BUILDING=''
  rm -f "$file".*
  db_rename "$build" "$name"
}

db_install() { # NAME FROM MODULES
  local options=(-i "$3" --stop-after-init)
  [ "$FLAVOUR" = full ] || options+=(--skip-auto-install)
  [ -n "$2" ] || options+=(--load-language zh_CN)
  db_make "$1" "$2" "${options[@]}" </dev/null
}

db_build_stop() { # ends a running build
  [ -n "$BUILDING" ] || return 0
  stop_children "$BUILDING"
  BUILDING=''
}

check_log() { # FILE: fails if the log has an unexpected warning or error
  "$VENV/bin/python" -m checklog_odoo "$1" >/dev/null 2>"$1.check" || { grep -vE '^$' "$1" | grep -E ' (WARNING|ERROR|CRITICAL) ' | head -n 20 >&2; return 1; }
  rm -f "$1.check"
}

db_lock() { # FLAVOUR: lets one process at a time make databases of lean or full
  FLAVOUR=$1
  exec 7>"$CACHE/template-$FLAVOUR.lock"
  lock 7 "another run to make its database"
}

db_template() { # core|penalty lean|full: sets DATABASE to a database with the present state of that addon; makes it if needed
  local base core
  base=$(db_name "base_$2" "$BASE_MODULES")
  core=$(db_name "core_$2" "$base" "$(addon_key jinyang_aftersales)")
  DATABASE=$core
  [ "$1" = core ] || DATABASE=$(db_name "penalty_$2" "$core" "$(addon_key jinyang_aftersales_penalty)")
  db_lock "$2"
  if ! db_exists "$DATABASE" && ! db_exists "$core"; then
    if ! db_exists "$base"; then
      step "the $2 database with Odoo and the OCA addons (once for these pins)"
      db_install "$base" '' "$BASE_MODULES"
    fi
    step "the $2 database with jinyang_aftersales as it is now"
    db_install "$core" "$base" jinyang_aftersales
  fi
  if ! db_exists "$DATABASE"; then
    step "the $2 database with jinyang_aftersales_penalty as it is now"
    db_install "$DATABASE" "$core" jinyang_aftersales_penalty
  fi
  exec 7>&-
}

db_prepare() { # KIND SCRIPT WORD ...: sets DATABASE to a copy of it in which SCRIPT ran in Odoo's shell; made once for these WORDs
  local from=$DATABASE
  DATABASE=$(db_name "$1" "$from" "${@:3}")
  db_lock "$FLAVOUR"
  if ! db_exists "$DATABASE"; then
    step "the same, prepared by ${2##*/}"
    db_make "$DATABASE" "$from" shell < <(cat "$2" && printf '\nenv.cr.commit()\n')
  fi
  exec 7>&-
}

db_ground() { # sets DATABASE to a copy of it with the company and the users of the tests
  local script=$REPO/setup/lib/ground.py
  [ ! -f "$script" ] || db_prepare ground "$script" "$(cat "$script" "$REPO"/jinyang_*/tests/ground.py | hash_of)"
}

db_web() { # sets DATABASE to a copy of it with compiled scripts and styles
  local bundles=$REPO/setup/lib/bundles.py settle=$REPO/setup/lib/settle_times.py
  # Odoo compiles bundles again when the times of the files differ: give each file the time that follows from its content
  (cd "$REPO" && python3 "$settle" jinyang_*/static)
  db_prepare web "$bundles" "$(cat "$bundles" "$settle" | hash_of)"
}

db_tidy() { # drops old templates, and databases of former runs
  local name run kind
  # the newest five of each kind are kept, for other checkouts
  for kind in core penalty base_lean base_full core_lean core_full penalty_lean penalty_full ground web; do
    for name in $(db_names "^jinyang_${kind}_[0-9a-f]{12}\$" 5); do db_drop "$name"; done
  done
  # databases of a killed run, or of one with KEEP=1, are dropped when its folder is gone
  for name in $(db_names '^jinyang_run_'); do
    run=${name#jinyang_run_}
    [ -d "$CACHE/run-${run%%_*}" ] || db_drop "$name"
  done
}

# shellcheck disable=SC2034 # RUN is for the caller
run_folder() { # sets RUN to a new folder for logs and settings; deletes folders of failed runs after a week
  find "$CACHE" -maxdepth 1 \( -name 'run-*' -o -name 'test-*' -o -name 'i18n-*' -o -name 'build-*' \) -mtime +7 -exec rm -rf {} + || true
  RUN=$(mktemp -d "$CACHE/run-XXXXXX")
}
