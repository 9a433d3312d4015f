# A PostgreSQL cluster of our own, reached through a socket in a private folder (no port to collide). Sourced.
# With PGHOST in the environment that server is used instead, and never started, stopped or configured.
# shellcheck shell=bash

PG_DIR='' PG_EXTERNAL='' BUILDING=''
# written on every database made here
DB_MARK="made by the set-up of jinyang_aftersales"
# names what only we make on a server that other machines may use too
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
  # a cluster of ours counts its users also where PGHOST names it: in a demo that a test starts, for example
  if [ -n "$PG_EXTERNAL" ] && [ -r "$PGHOST/cluster" ]; then
    PG_EXTERNAL=''
    { read -r dir && read -r DATA_DIR; } <"$PGHOST/cluster"
  elif [ -n "$PG_EXTERNAL" ]; then
    export PGPORT=${PGPORT:-5432} PGUSER=${PGUSER:-odoo}
    # databases of one name may exist on several servers, each has files of its own
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
  # what another server needs is in the way here
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
  # the path of a socket has to be short
  [ ${#PGHOST} -lt 85 ] || PGHOST=/tmp/${PGHOST##*/}
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
    pg_as_owner "$PG_BIN/initdb" -A trust -U odoo --no-sync -E UTF8 --locale=C.UTF-8 -D "$PG_DIR/data" >"$PG_DIR.log" 2>&1 ||
      die "initdb failed ($(tail -n 1 "$PG_DIR.log")); see $PG_DIR.log"
    pg_as_owner touch "$PG_DIR/data/ready"
  fi
  # whoever was stopping it may have been killed before it was down
  while [ "$(sed -n 8p "$PG_DIR/data/postmaster.pid" 2>/dev/null | tr -d ' ')" = stopping ] && pg_runs; do sleep 0.1; done
  if pg_runs; then
    # started with another TMPDIR perhaps
    PGHOST=$(sed -n 5p "$PG_DIR/data/postmaster.pid")
  else
    opts="-k $PGHOST -p $PGPORT -c listen_addresses='' -c shared_buffers=256MB -c max_connections=200"
    # what is thrown away after the run need not survive a power cut
    [ "${2:-}" = durable ] || opts+=" -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    pg_as_owner "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -t 60 -l "$PG_DIR/server.log" -o "$opts" start >/dev/null 2>&1 5>&- 9>&- ||
      die "PostgreSQL does not start ($(tail -n 1 "$PG_DIR/server.log" 2>/dev/null)); see $PG_DIR/server.log"
    printf '%s\n' "$PG_DIR" "$DATA_DIR" >"$PGHOST/cluster"
  fi
  # only who is alone may drop what others could be copying; nobody stops the cluster meanwhile, that takes 5
  if flock -n -x 9; then db_tidy; fi
  flock -s 9
  exec 5>&-
}

pg_runs() { pg_as_owner "$PG_BIN/pg_ctl" -D "$PG_DIR/data" status >/dev/null 2>&1; }

pg_check_external() { # a server of somebody else: what it must offer, in one line each
  local may
  [ "$PGUSER" != postgres ] || die "PGUSER=postgres: Odoo refuses to work as this user; make another one that may create databases"
  may=$(psql -wqAt -d postgres -c 'SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user' 2>&1) ||
    die "no database server answers at PGHOST=$PGHOST, port $PGPORT, as user $PGUSER ($(head -n 1 <<<"$may"))"
  [ "$may" = t ] || die "user $PGUSER at PGHOST=$PGHOST may not create databases; give it CREATEDB"
}

pg_stop() { # ends what is still being built, then the cluster if nobody else uses it
  db_build_stop
  [ -n "${PG_DIR:-}" ] && [ -z "${PG_EXTERNAL:-}" ] || return 0
  exec 5>"$PG_DIR.start"
  flock 5
  # the last one; a descriptor that was never opened or locked stops nothing
  if flock -n -x 9 2>/dev/null; then
    if pg_as_owner "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m fast -w stop >/dev/null 2>&1; then
      rm -f "$PGHOST/cluster"
      rmdir "$PGHOST" 2>/dev/null || true
    fi
  fi
  exec 5>&- 9>&-
}

db_names() { # PATTERN [KEEP]: our databases whose name matches, but for the newest KEEP
  psql -qAt -d postgres -v pattern="$1" -v keep="${2:-0}" -v mark="$DB_MARK" <<'SQL'
SELECT datname FROM pg_database WHERE datname ~ :'pattern' AND shobj_description(oid, 'pg_database') = :'mark' ORDER BY oid DESC OFFSET :keep
SQL
}

db_exists() { [ "$(psql -qAt -d postgres -v name="$1" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" = 1 ]; }

db_drop() { # every database named here begins with our own prefix
  case "$1" in jinyang_*) ;; *) die "refusing to drop the database $1, it is not ours" ;; esac
  psql -q -d postgres -v name="$1" <<<'DROP DATABASE IF EXISTS :"name" WITH (FORCE)' 2>/dev/null
  rm -rf "$DATA_DIR/filestore/$1"
}

db_copy() { # FROM TO: the files first, so that a database that is there is complete
  db_drop "$2"
  mkdir -p "$DATA_DIR/filestore"
  if [ -d "$DATA_DIR/filestore/$1" ]; then cp -r "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"; fi
  createdb -T "$1" "$2" "$DB_MARK"
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

addon_key() { # what the addons are made of; without git, which refuses the checkout of another user
  (
    cd "$REPO" || exit
    find jinyang_aftersales jinyang_aftersales_penalty -type f ! -path '*/tests/*' ! -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    echo "$PIN_KEY"
  ) | hash_of
}

db_build() { # NAME MODULES [FROM]: NAME holds MODULES; made under another name first, so that a broken build leaves nothing
  local conf=$CACHE/build.conf log=$CACHE/build.log out=$CACHE/build.out build=jinyang_build_$PLACE
  mkdir -p "$DATA_DIR"
  if [ -n "${3:-}" ]; then db_copy "$3" "$build"; else db_drop "$build"; fi
  odoo_conf "$conf" "$build" 0
  rm -f "$log"
  # in the background: a signal to this script is heard at once, not when Odoo is done
  "${TIED[@]}" "${ODOO[@]}" -c "$conf" -d "$build" -i "$2" --skip-auto-install --load-language zh_CN --no-http --stop-after-init \
    --logfile "$log" >"$out" 2>&1 &
  BUILDING=$!
  if ! wait "$BUILDING" || ! check_log "$log"; then
    BUILDING=''
    db_drop "$build"
    # under a name of its own: the next build writes the same log
    local kept=$CACHE/build-failed-$$.log
    mv -f "$log" "$kept" 2>/dev/null || kept=$out
    { grep -sE -A 40 ' (ERROR|CRITICAL) ' "$kept" || tail -n 20 "$out"; } | tail -n 40 >&2
    die "the database $1 could not be built from $2; the whole log is in $kept"
  fi
  BUILDING=''
  rm -f "$conf" "$log" "$out"
  db_copy "$build" "$1"
  db_drop "$build"
}

db_build_stop() { # ends a build that this script waits for no longer
  [ -n "$BUILDING" ] || return 0
  kill -TERM "$BUILDING" 2>/dev/null || true
  wait "$BUILDING" 2>/dev/null || true
  BUILDING=''
}

check_log() { # FILE: an unexpected warning or error is a failure
  "$VENV/bin/python" -m checklog_odoo "$1" >/dev/null 2>"$1.check" || { grep -vE '^$' "$1" | grep -E ' (WARNING|ERROR|CRITICAL) ' | head -n 20 >&2; return 1; }
  rm -f "$1.check"
}

db_template() { # NAME MODULES: makes DATABASE name the database with the addons as they are now
  local key base
  key=$(addon_key)
  base=jinyang_base_$PIN_KEY
  if [ -n "$PG_EXTERNAL" ]; then
    key=$(echo "$key $PLACE" | hash_of)
    base+=_$PLACE
  fi
  DATABASE=jinyang_$1_$key
  exec 7>"$CACHE/template.lock"
  lock 7 "another run to make its database"
  if ! db_exists "$base"; then
    step "the database with Odoo and the OCA addons (once for these pins)"
    db_build "$base" "$BASE_MODULES"
  fi
  if ! db_exists "$DATABASE"; then
    step "the database with $2 as it is now"
    db_build "$DATABASE" "$2" "$base"
  fi
  exec 7>&-
}

db_tidy() { # drops what former runs left behind
  local name run
  # a few states of the addons are kept, for other checkouts
  for name in $(db_names '^jinyang_core_[0-9a-f]{12}$' 5) $(db_names '^jinyang_penalty_[0-9a-f]{12}$' 5); do db_drop "$name"; done
  # a run that was killed, or whose databases were kept, is forgotten with its folder
  for name in $(db_names '^jinyang_run_'); do
    run=${name#jinyang_run_}
    [ -d "$CACHE/run-${run%%_*}" ] || db_drop "$name"
  done
}

# shellcheck disable=SC2034 # RUN is for the caller
run_folder() { # makes RUN name a new folder for logs and settings; old ones of failed runs go after a week
  find "$CACHE" -maxdepth 1 \( -name 'run-*' -o -name 'test-*' -o -name 'i18n-*' -o -name 'build-*' \) -mtime +7 -exec rm -rf {} + || true
  RUN=$(mktemp -d "$CACHE/run-XXXXXX")
}
