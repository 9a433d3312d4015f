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

pg_cpu() { # the seconds of CPU our cluster has used so far: the postmaster, who works for it now, and who has ended
  local pid children
  if [ -z "$PG_DIR" ] || [ -n "$PG_EXTERNAL" ]; then echo 0 && return; fi
  pid=$(head -n 1 "$PG_DIR/data/postmaster.pid")
  children=$(cat "/proc/$pid/task/$pid/children")
  for pid in "$pid" $children; do
    cat "/proc/$pid/stat" 2>/dev/null || true # it may have ended meanwhile
  done | awk -v hz="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); sum += $12 + $13 } NR == 1 { sum += $14 + $15 } END { printf "%d\n", sum / hz }'
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
  # no file of it is ever changed, so copies may share them
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

# Two databases with everything we depend on are built once for the pins, then copied: "full" is the Odoo that customers have,
# in "lean" the modules that install themselves are left out. BASE_MODULES says what else is in both
BASE_MODULES=${BASE_MODULES:-helpdesk_mgmt,contract,hr,calendar,portal,report_xlsx,l10n_cn}

db_name() { # KIND WORD ...: the name of a database that is made of these things
  echo "jinyang_$1_$(echo "$PIN_KEY" "${@:2}" ${PG_EXTERNAL:+"$PLACE"} | hash_of)"
}

addon_key() { # ADDON ...: what they are made of; without git, which refuses the checkout of another user
  (
    cd "$REPO" || exit
    find "$@" -type f ! -path '*/tests/*' ! -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  ) | hash_of
}

db_make() { # NAME FROM COMMAND ...: NAME is what COMMAND, a command of Odoo, makes of a copy of FROM; it appears when it is complete
  local name=$1 from=$2 build=jinyang_build_${PLACE}_$FLAVOUR file=$CACHE/build-$FLAVOUR kept
  shift 2
  mkdir -p "$DATA_DIR"
  if [ -n "$from" ]; then db_copy "$from" "$build"; else db_drop "$build"; fi
  odoo_conf "$file.conf" "$build" 0
  rm -f "$file.log"
  # in the background: a signal to this script is heard at once, not when Odoo is done
  "${TIED[@]}" "${ODOO[@]}" "$@" -c "$file.conf" -d "$build" --no-http --logfile "$file.log" <&0 >"$file.out" 2>&1 &
  BUILDING=$!
  if ! wait "$BUILDING" || ! check_log "$file.log"; then
    BUILDING=''
    db_drop "$build"
    # under a name of its own: the next build writes the same log
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

db_lock() { # FLAVOUR: what is made of it is made by one at a time
  FLAVOUR=$1
  exec 7>"$CACHE/template-$FLAVOUR.lock"
  lock 7 "another run to make its database"
}

db_template() { # core|penalty lean|full: makes DATABASE name the database with that addon, and what it needs, as they are now
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

db_prepare() { # KIND SCRIPT WORD ...: makes DATABASE name a copy of it in which SCRIPT ran in Odoo's shell; made once for these WORDs
  local from=$DATABASE
  DATABASE=$(db_name "$1" "$from" "${@:3}")
  db_lock "$FLAVOUR"
  if ! db_exists "$DATABASE"; then
    step "the same, prepared by ${2##*/}"
    db_make "$DATABASE" "$from" shell < <(cat "$2" && printf '\nenv.cr.commit()\n')
  fi
  exec 7>&-
}

db_ground() { # makes DATABASE name a copy of it in which the company and the people of the tests are there already
  local script=$REPO/setup/lib/ground.py
  [ ! -f "$script" ] || db_prepare ground "$script" "$(cat "$script" "$REPO"/jinyang_*/tests/ground.py | hash_of)"
}

db_web() { # makes DATABASE name a copy of it whose scripts and styles are compiled
  local script=$REPO/setup/lib/bundles.py
  # Odoo compiles them again when the time of a file differs
  db_prepare web "$script" "$( (cd "$REPO" && find jinyang_*/static -type f -printf '%p %T@\n' | LC_ALL=C sort && cat "$script") | hash_of)"
}

db_tidy() { # drops what former runs left behind
  local name run kind
  # a few states of the addons are kept, for other checkouts
  for kind in core penalty base_lean base_full core_lean core_full penalty_lean penalty_full ground web; do
    for name in $(db_names "^jinyang_${kind}_[0-9a-f]{12}\$" 5); do db_drop "$name"; done
  done
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
