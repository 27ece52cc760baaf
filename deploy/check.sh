#!/usr/bin/env bash
# Checks what lies here without a daemon, a cluster or a network. A line each: "ok", or "not run: why". Exit code 1 when one is wrong.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

say() { printf '%-52s %s\n' "$1" "$2"; }

check() { # name, command…
  local name=$1 output
  shift
  if output=$("$@" 2>&1) && { [ -z "${must_be_silent:-}" ] || [ -z "$output" ]; }; then
    say "$name" ok
  else
    say "$name" WRONG
    sed 's/^/    /' <<<"$output"
    status=1
  fi
}

needs() { # name, program, how to get it: false where it is not there, and says so
  command -v "$2" >/dev/null 2>&1 && return
  say "$1" "not run: there is no $2; $3"
  return 1
}

# --- systemd: an exit code of 0 can go with a warning, so nothing may be said ---------------------------------------------------
if needs "systemd-analyze verify tradingengine.service" systemd-analyze "sudo apt-get install systemd"; then
  must_be_silent=yes check "systemd-analyze verify tradingengine.service" systemd-analyze verify "$here/systemd/tradingengine.service"
  exposure=$(systemd-analyze security --offline=true "$here/systemd/tradingengine.service" 2>/dev/null | sed -n 's/.*exposure level[^:]*: *//p' | head -1)
  [ -z "$exposure" ] || say "systemd-analyze security tradingengine.service" "ok, exposure ${exposure%% *} of 10"
fi

# --- compose: the files that prepare.sh makes are stood in for by empty ones -----------------------------------------------------
compose=
if docker compose version >/dev/null 2>&1; then compose="docker compose"; elif command -v docker-compose >/dev/null 2>&1; then compose=docker-compose; fi
if [ -n "$compose" ]; then
  cp -R "$here" "$scratch/deploy"
  mkdir -p "$scratch/deploy/docker/secrets"
  touch "$scratch/deploy/docker/secrets/silo.env"
  check "$compose config" $compose -f "$scratch/deploy/docker/compose.yml" config -q
else
  say "docker compose config" "not run: there is no docker compose; sudo apt-get install docker-compose"
fi

# --- Dockerfile: what it copies by name is there, and it names no image without a version -----------------------------------------
dockerfile() {
  local missing=0 path
  for path in $(sed -n 's/^COPY \([A-Z].*\) [^ ]*$/\1/p; s/^COPY \(global.json .*\) \.\/$/\1/p' "$here/docker/Dockerfile" | tr ' ' '\n' | grep -v '^--'); do
    [ -e "$root/$path" ] || { echo "COPY $path: there is no such file"; missing=1; }
  done
  ! grep -E '^FROM [^ ]+(:latest)?( AS .*)?$' "$here/docker/Dockerfile" | grep -vE ':[0-9]' || missing=1
  return $missing
}
check "Dockerfile copies what there is, from pinned images" dockerfile
if needs "docker build" docker "it needs a docker daemon as well"; then
  if docker info >/dev/null 2>&1; then
    check "docker build" docker build -q -f "$here/docker/Dockerfile" "$root"
  else
    say "docker build" "not run: no docker daemon answers"
  fi
fi

# --- kubernetes: rendered by kubectl, and read by the typed models of the API, where an unknown field is an error ------------------
if needs "kubectl kustomize" kubectl "see https://kubernetes.io/docs/tasks/tools/"; then
  check "kubectl kustomize" sh -c "kubectl kustomize '$here/kubernetes' >'$scratch/all.yaml' && [ -s '$scratch/all.yaml' ]"
fi
tests="$root/artifacts/bin/Tests.Cluster/release/TradingEngine.Tests.Cluster.dll"
if [ -f "$tests" ]; then
  check "manifests by the models of the Kubernetes API" dotnet "$tests" -class '*ManifestTests'
else
  say "manifests by the models of the Kubernetes API" "not run: dotnet build Tests/Cluster -c Release comes before"
fi

# --- prometheus and grafana --------------------------------------------------------------------------------------------------------
if needs "promtool check" promtool "sudo apt-get install prometheus"; then
  mkdir -p "$scratch/secrets"
  touch "$scratch/secrets/metrics-key" "$scratch/secrets/tls-ca.pem"
  check "promtool check rules prometheus/alerts.yml" promtool check rules "$here/prometheus/alerts.yml"
  check "promtool test rules prometheus/alerts.test.yml" sh -c "cd '$here/prometheus' && promtool test rules alerts.test.yml"
  check "promtool check config prometheus/prometheus.yml" promtool check config --syntax-only "$here/prometheus/prometheus.yml"
  # Its paths are those of the container.
  sed -e "s#/run/secrets#$scratch/secrets#; s#/etc/prometheus/rules#$here/prometheus#" "$here/docker/prometheus.yml" >"$scratch/prometheus.yml"
  check "promtool check config docker/prometheus.yml" promtool check config "$scratch/prometheus.yml"
fi
for dashboard in "$here"/grafana/*.json; do
  [ -f "$dashboard" ] && check "grafana/$(basename "$dashboard") is JSON" python3 -m json.tool "$dashboard" /dev/null
done

# --- scripts ----------------------------------------------------------------------------------------------------------------------
for script in "$root/cluster.sh" "$here/check.sh"; do check "bash -n $(basename "$script")" bash -n "$script"; done
check "sh -n prepare.sh" sh -n "$here/docker/prepare.sh"
exit $status
