#!/usr/bin/env bash
# A cluster on this machine: redis-server and n silos, each on ports of its own, for trying what one silo alone cannot show.
set -uo pipefail
root=$(cd "$(dirname "$0")" && pwd)

dir=${CLUSTER_DIR:-./data/cluster}
redis_port=${CLUSTER_REDIS_PORT:-6390}
silo_port=${CLUSTER_SILO_PORT:-11111}       # of silo 1; silo 2 has the next
gateway_port=${CLUSTER_GATEWAY_PORT:-30000}
http_port=${CLUSTER_HTTP_PORT:-8080}
start_limit=${CLUSTER_START_LIMIT:-120}     # seconds until a silo has to be ready
end_limit=${CLUSTER_END_LIMIT:-60}          # seconds a silo has to end; it cuts itself short after 40
most=9

usage() {
  cat <<TEXT
Usage: ./cluster.sh <command>

  up [n] [-- silo options]   start redis-server and n silos (3), and wait until they are ready
  status                     show what runs, and where; exit code 1 unless all is ready
  kill <i>                   end silo i without a word (SIGKILL), as a crash does
  restart <i>                end silo i if it runs, start it again, and wait until it is ready
  rolling                    build, then restart one silo after the other; the cluster trades on
  down                       end the silos, then redis-server; what they kept stays in $dir

  --no-build with up or rolling takes the silo that is built already (Release).

Every option of the silo may follow --, such as: ./cluster.sh up 3 -- --feed redis --execution redis
The environment moves it: CLUSTER_DIR ($dir), CLUSTER_REDIS_PORT ($redis_port), and of the first silo
CLUSTER_SILO_PORT ($silo_port), CLUSTER_GATEWAY_PORT ($gateway_port), CLUSTER_HTTP_PORT ($http_port).
TEXT
}

fail() { # message, exit code
  echo "$1" >&2
  exit "${2:-1}"
}

# --- processes: a number alone may belong to somebody else by now, so what is remembered is number and time of birth -------------

born() { # pid
  if [ -r "/proc/$1/stat" ]; then
    # The name in brackets may hold anything; the time is the 20th field behind it.
    sed -E 's/^.*\) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
  else
    ps -o lstart= -p "$1" 2>/dev/null
  fi
}

remember() { # file, pid
  printf '%s\n%s\n' "$2" "$(born "$2")" >"$1"
}

pid_of() { # file: prints the pid of what runs, else nothing
  [ -f "$1" ] || return 0
  local pid when
  { read -r pid; read -r when; } <"$1"
  if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ "$(born "$pid")" = "$when" ]; then
    # A process that ended and was not buried yet does not run.
    [ "$(sed -E 's/^.*\) //' "/proc/$pid/stat" 2>/dev/null | cut -c1)" = Z ] || echo "$pid"
  fi
}

end() { # name, pid file, seconds: SIGTERM, and SIGKILL to what does not end
  local pid deadline=$((SECONDS + $3))
  pid=$(pid_of "$2")
  if [ -n "$pid" ]; then
    kill -TERM "$pid" 2>/dev/null
    while [ -n "$(pid_of "$2")" ]; do
      if [ $SECONDS -ge $deadline ]; then
        echo "$1 did not end within $3 s and was killed" >&2
        kill -KILL "$pid" 2>/dev/null
        deadline=$((SECONDS + 10))
      fi
      sleep 0.1
    done
  fi
  rm -f "$2"
}

# --- ports and answers, with nothing but the shell ---------------------------------------------------------------------------------

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

need_free() { # port, what for, variable
  is_taken "$1" && fail "Port $1 is taken, and $2 needs it. End what uses it, or set $3 to another."
  return 0
}

http_get() { # port, path: prints the body; fails unless the answer is 200
  local line status
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$2" "$1" >&3
  read -r -t 5 line <&3 || { exec 3>&-; return 1; }
  status=${line#* }
  while read -r -t 5 line <&3 && [ "$line" != $'\r' ]; do :; done
  timeout 5 cat <&3
  exec 3>&-
  [ "${status%% *}" = 200 ]
}

redis_answers() {
  local answer
  exec 4<>"/dev/tcp/127.0.0.1/$redis_port" || return 1
  printf 'PING\r\n' >&4
  read -r -t 2 answer <&4
  exec 4>&-
  [ "${answer%$'\r'}" = +PONG ]
}

# --- parts ---------------------------------------------------------------------------------------------------------------------------

count() { cat "$dir/count" 2>/dev/null || echo 0; }

is_up() {
  local i
  [ -n "$(pid_of "$dir/redis.pid")" ] && return 0
  for i in $(seq 1 "$(count)"); do
    [ -n "$(pid_of "$dir/silo-$i/pid")" ] && return 0
  done
  return 1
}

need_up() {
  is_up || fail "No cluster runs in $dir. Start one with: ./cluster.sh up" 3
  # What it was started with counts, not what the environment says now.
  { read -r redis_port; read -r silo_port; read -r gateway_port; read -r http_port; } <"$dir/ports"
}

need_number() { # text: the number of a silo of this cluster
  case "$1" in
    [1-9]) [ "$1" -le "$(count)" ] && return 0 ;;
  esac
  fail "'$1' is no silo of this cluster; it has 1 to $(count)" 2
}

build() {
  local bin
  if [ "$is_built" = no ]; then
    command -v dotnet >/dev/null 2>&1 || fail "A silo needs the .NET SDK 10: https://dotnet.microsoft.com/download"
    echo "Building the silo"
    (cd "$root" && dotnet build Silo -c Release -v quiet -clp:NoSummary) || fail "The silo could not be built."
  fi
  [ -f "$root/artifacts/bin/Silo/release/TradingEngine.Silo.dll" ] || fail "There is no silo yet: leave --no-build away."
  # Silos run from a copy, so that the next build leaves those that run as they are.
  bin="$dir/bin-$(date +%s)-$$"
  mkdir -p "$bin" && cp -R "$root/artifacts/bin/Silo/release/." "$bin/" || fail "The silo could not be copied to $bin."
  echo "$bin" >"$dir/bin"
}

start_redis() {
  command -v redis-server >/dev/null 2>&1 || fail "A cluster needs redis-server 7 or newer. Install it with: sudo apt-get install redis-server"
  need_free "$redis_port" Redis CLUSTER_REDIS_PORT
  mkdir -p "$dir/redis"
  set -m
  redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$dir/redis" --save '' --appendonly yes --appendfsync everysec \
    --maxmemory-policy noeviction --auto-aof-rewrite-min-size 512mb --daemonize no </dev/null >"$dir/redis.log" 2>&1 &
  local pid=$! deadline=$((SECONDS + 60))
  disown $pid
  set +m
  remember "$dir/redis.pid" "$pid"
  until redis_answers 2>/dev/null; do
    if [ -z "$(pid_of "$dir/redis.pid")" ] || [ $SECONDS -ge $deadline ]; then
      tail -n 20 "$dir/redis.log" >&2
      fail "redis-server did not start; its log is $dir/redis.log"
    fi
    sleep 0.1
  done
  echo "  redis    127.0.0.1:$redis_port    ready"
}

start_silo() { # number: starts it and goes on
  local own="$dir/silo-$1" options=() line
  mkdir -p "$own/data" "$dir/archive"
  # What the store moves to files is written by one silo, and read by whichever is asked.
  [ -e "$own/data/archive" ] || ln -s "$dir/archive" "$own/data/archive"
  while IFS= read -r -d '' line; do options+=("$line"); done <"$dir/options"
  set -m
  dotnet "$(cat "$dir/bin")/TradingEngine.Silo.dll" --store redis --redis "127.0.0.1:$redis_port" --data "$own/data" \
    --silo-port $((silo_port + $1 - 1)) --gateway-port $((gateway_port + $1 - 1)) --http "http://127.0.0.1:$((http_port + $1 - 1))" \
    ${options[@]+"${options[@]}"} </dev/null >"$own/out.log" 2>&1 &
  remember "$own/pid" $!
  disown $!
  set +m
}

await_silo() { # number: until it is ready; fails with its last lines when it is not
  local own="$dir/silo-$1" deadline=$((SECONDS + start_limit))
  until grep -q '^Ready' "$own/out.log" 2>/dev/null && [ "$(http_get $((http_port + $1 - 1)) /health/ready 2>/dev/null)" = ready ]; do
    if [ -z "$(pid_of "$own/pid")" ]; then
      tail -n 15 "$own/out.log" >&2
      echo "Silo $1 ended before it was ready; its output is $own/out.log" >&2
      return 1
    elif [ $SECONDS -ge $deadline ]; then
      tail -n 15 "$own/out.log" >&2
      echo "Silo $1 was not ready within $start_limit s; its output is $own/out.log" >&2
      return 1
    fi
    sleep 0.2
  done
  echo "  silo $1   127.0.0.1:$((gateway_port + $1 - 1))   http://127.0.0.1:$((http_port + $1 - 1))/   ready"
}

stop_all() {
  local i
  for i in $(seq 1 "$(count)"); do
    local pid
    pid=$(pid_of "$dir/silo-$i/pid")
    [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null
  done
  for i in $(seq 1 "$(count)"); do
    end "Silo $i" "$dir/silo-$i/pid" "$end_limit"
  done
  end redis-server "$dir/redis.pid" 30
  rm -rf "$dir"/bin-*
}

# --- commands ------------------------------------------------------------------------------------------------------------------------

up() {
  local n=3 i
  if [ $# -gt 0 ] && [ "$1" != -- ]; then
    n=$1
    shift
  fi
  case "$n" in
    [1-9]) ;;
    *) fail "'$n' is no number of silos; use 1 to $most, and put options of the silo behind --" 2 ;;
  esac
  [ "${1:-}" = -- ] && shift
  for i in "$@"; do
    case "${i%%=*}" in
      --store | --redis | --data | --silo-port | --silo-listen-port | --gateway-port | --http)
        fail "${i%%=*} is set by cluster.sh itself; see ./cluster.sh --help for what moves it" 2 ;;
    esac
  done
  is_up && fail "A cluster runs in $dir already: ./cluster.sh status shows it, ./cluster.sh down ends it."
  for i in $(seq 1 "$n"); do
    need_free $((silo_port + i - 1)) "silo $i" CLUSTER_SILO_PORT
    need_free $((gateway_port + i - 1)) "silo $i" CLUSTER_GATEWAY_PORT
    need_free $((http_port + i - 1)) "silo $i" CLUSTER_HTTP_PORT
  done
  build
  printf '%s\0' "$@" >"$dir/options"
  [ $# -gt 0 ] || : >"$dir/options"
  printf '%s\n' "$redis_port" "$silo_port" "$gateway_port" "$http_port" >"$dir/ports"
  echo "$n" >"$dir/count"
  echo "Starting redis-server and $n silos in $dir"
  start_redis
  for i in $(seq 1 "$n"); do
    # The first one writes what a new store needs; the others find it there.
    start_silo "$i"
    await_silo "$i" || { stop_all; fail "The cluster was taken down again."; }
  done
  cat <<TEXT
Look at it:  http://127.0.0.1:$http_port/   or   dotnet run --project Client -- status --gateway 127.0.0.1:$gateway_port
End it:      ./cluster.sh down
TEXT
}

status() {
  need_up
  local i pid said is_ready=yes
  if redis_answers 2>/dev/null; then said=ready; else said="does not answer" is_ready=no; fi
  printf '%-8s %-8s %-22s %-28s %s\n' part pid clients http state
  printf '%-8s %-8s %-22s %-28s %s\n' redis "$(pid_of "$dir/redis.pid")" "127.0.0.1:$redis_port" - "$said"
  for i in $(seq 1 "$(count)"); do
    pid=$(pid_of "$dir/silo-$i/pid")
    said=$(http_get $((http_port + i - 1)) /health/ready 2>/dev/null)
    [ -n "$pid" ] || said="not running; ./cluster.sh restart $i"
    [ "$said" = ready ] || is_ready=no
    printf '%-8s %-8s %-22s %-28s %s\n' "silo $i" "${pid:--}" "127.0.0.1:$((gateway_port + i - 1))" \
      "http://127.0.0.1:$((http_port + i - 1))/" "${said:-starting}"
  done
  [ "$is_ready" = yes ]
}

kill_silo() {
  local pid
  need_up
  need_number "${1:-}"
  pid=$(pid_of "$dir/silo-$1/pid")
  [ -n "$pid" ] || fail "Silo $1 does not run. Start it with: ./cluster.sh restart $1"
  kill -KILL "$pid"
  while [ -n "$(pid_of "$dir/silo-$1/pid")" ]; do sleep 0.05; done
  rm -f "$dir/silo-$1/pid"
  echo "Silo $1 is killed. Bring it back with: ./cluster.sh restart $1"
}

restart() {
  need_up
  need_number "${1:-}"
  end "Silo $1" "$dir/silo-$1/pid" "$end_limit"
  start_silo "$1"
  await_silo "$1" || exit 1
}

rolling() {
  local i old
  need_up
  old=$(cat "$dir/bin")
  build
  for i in $(seq 1 "$(count)"); do
    restart "$i"
  done
  for i in $(seq 1 "$(count)"); do
    # On a machine that is too busy one may have been taken for dead meanwhile, and have ended.
    [ -n "$(pid_of "$dir/silo-$i/pid")" ] || { echo "Silo $i ended by itself: the end of $dir/silo-$i/out.log says why"; restart "$i"; }
  done
  [ "$old" = "$(cat "$dir/bin")" ] || rm -rf "$old"
  echo "All $(count) silos were restarted, one after the other."
}

down() {
  need_up
  stop_all
  echo "The cluster is down. What it kept is in $dir; delete that directory to begin anew."
}

is_built=no
words=()
while [ $# -gt 0 ]; do
  case "$1" in
    --) words+=("$@"); break ;;
    --no-build) is_built=yes ;;
    --help | -h) usage; exit 0 ;;
    *) words+=("$1") ;;
  esac
  shift
done
set -- ${words[@]+"${words[@]}"}
command=${1:-}
[ $# -gt 0 ] && shift
if [ "$command" = up ]; then
  mkdir -p "$dir" 2>/dev/null && [ -w "$dir" ] || fail "$dir cannot be written; set CLUSTER_DIR to a directory that can"
fi
[ -d "$dir" ] && dir=$(cd "$dir" && pwd)
case "$command" in
  up) up "$@" ;;
  down) down ;;
  status) status ;;
  kill) kill_silo "$@" ;;
  restart) restart "$@" ;;
  rolling) rolling ;;
  *) usage >&2; exit 2 ;;
esac
