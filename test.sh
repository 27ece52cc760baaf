#!/usr/bin/env bash
# Builds everything and runs every test. Installs what the tests need on Debian, else says what to install.
set -uo pipefail
cd "$(dirname "$0")"

need() { # program, Debian package
  command -v "$1" >/dev/null 2>&1 && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $2"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2"; } >/dev/null 2>&1 && return
  fi
  echo "The tests need $1. Install it with: sudo apt-get install $2" >&2
  exit 1
}

need_python_redis() { # the sample agents run in the tests
  need python3 python3
  /usr/bin/python3 -c 'import redis' 2>/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing python3-redis"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-redis; } >/dev/null 2>&1 && return
  fi
  echo "The tests need redis-py. Install it with: sudo apt-get install python3-redis" >&2
  exit 1
}

need_promtool() { # it judges metrics and alert rules; taken out of its package, which would start a server as well
  PATH="$PWD/artifacts/tools/usr/bin:$PATH"
  command -v promtool >/dev/null 2>&1 && return
  if command -v apt-get >/dev/null 2>&1; then
    echo "Fetching promtool"
    mkdir -p artifacts/tools
    ( cd artifacts/tools && { [ "$(id -u)" != 0 ] || apt-get update -qq; } && apt-get download -qq prometheus && dpkg -x prometheus_*.deb . ) >/dev/null 2>&1 \
      && command -v promtool >/dev/null 2>&1 && return
  fi
  echo "The tests need promtool. Install it with: sudo apt-get install prometheus" >&2
  exit 1
}

command -v dotnet >/dev/null 2>&1 || { echo "The tests need the .NET SDK 10. See https://dotnet.microsoft.com/download" >&2; exit 1; }
need redis-server redis-server
need chromium chromium
need chromedriver chromium-driver
need_python_redis
need_promtool

dotnet build Orleans.sln -c Release -v quiet -clp:NoSummary || exit 1

# The kills wait more than they work: they run beside the tests that have no time to keep.
logs=$(mktemp -d)
for store in embedded lists streams; do
  dotnet artifacts/bin/Tests.Faults/release/TradingEngine.Tests.Faults.dll \
    kills --store "$store" --count 7 --signals 700 >"$logs/$store" 2>&1 &
done

passed=0 failed=0 status=0
program() { echo "artifacts/bin/Tests.$1/release/TradingEngine.Tests.$1.dll"; }

count_tests() { # project, what it printed, its exit code
  local summary total bad skipped
  [ "$3" = 0 ] || status=1
  summary=$(grep -E 'Total: *[0-9]+' "$2" | tail -1)
  total=$(sed -E 's/.*Total: *([0-9]+).*/\1/' <<<"$summary")
  bad=$(( $(sed -E 's/.*Errors: *([0-9]+).*/\1/' <<<"$summary") + $(sed -E 's/.*Failed: *([0-9]+).*/\1/' <<<"$summary") ))
  skipped=$(sed -E 's/.*(Skipped|Not Run): *([0-9]+).*/\2/' <<<"$summary")
  [ -n "$summary" ] || { echo "Tests/$1 printed no summary" >&2; status=1; total=0; bad=0; skipped=0; }
  passed=$((passed + total - bad - skipped)) failed=$((failed + bad))
}

run_tests() { # project
  echo "== Tests/$1"
  dotnet "$(program "$1")" 2>&1 | tee "$logs/$1"
  count_tests "$1" "$logs/$1" "${PIPESTATUS[0]}"
}

run_tests Unit
run_tests Stores

echo "== Tests/Faults: the silo is killed at work, on each store"
wait
for store in embedded lists streams; do
  cat "$logs/$store"
  if grep -qE "^$store .* 0 lost, 0 doubled, quantity .* s\$" "$logs/$store"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) status=1
  fi
done

# Those over HTTP wait for silos to start, as those of the cluster do: side by side they take the time of the longer ones.
dotnet "$(program Api)" >"$logs/Api" 2>&1 &
api=$!
run_tests Cluster
echo "== Tests/Api"
wait "$api"
ended=$?
cat "$logs/Api"
count_tests Api "$logs/Api" "$ended"
run_tests Browser
rm -rf "$logs"

echo "$passed passed, $failed failed"
exit "$status"
