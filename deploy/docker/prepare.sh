#!/bin/sh
# Writes what compose.yml needs to keep secret to deploy/docker/secrets, and keeps what is there. Needs openssl and the .NET SDK.
set -eu
umask 077
root=$(cd "$(dirname "$0")/../.." && pwd)
secrets="$root/deploy/docker/secrets"
mkdir -p "$secrets"
command -v openssl >/dev/null 2>&1 || { echo "This needs openssl. Install it with: sudo apt-get install openssl" >&2; exit 1; }

if [ ! -f "$secrets/tls.pem" ]; then
  # Good for trying it: signed by itself. Put a certificate of your own there, with its key, as PEM.
  openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=tradingengine \
    -addext "subjectAltName=DNS:localhost,DNS:silo1,DNS:silo2,DNS:silo3,IP:127.0.0.1" \
    -keyout "$secrets/tls.key" -out "$secrets/tls-ca.pem" 2>/dev/null
  cat "$secrets/tls-ca.pem" "$secrets/tls.key" >"$secrets/tls.pem"
  rm "$secrets/tls.key"
  echo "tls.pem        a certificate for localhost and silo1 to silo3, signed by itself"
fi

if [ ! -f "$secrets/silo.env" ]; then
  # A user of Redis for each party, each with a password of its own: deploy/redis says what each may do.
  sh "$root/deploy/redis/make-users.sh" "$secrets/users.acl" >"$secrets/redis-passwords"
  echo "TRADING_ENGINE_REDIS=redis:6379,user=engine,password=$(sed -n 's/^engine //p' "$secrets/redis-passwords")" >"$secrets/silo.env"
  echo "users.acl      users of Redis; redis-passwords has their passwords, for your agents"
  echo "silo.env       the engine's"
fi

if [ ! -f "$secrets/api-keys" ]; then
  keys() { dotnet run --project "$root/Client" -c Release -- keys create --file "$secrets/api-keys" "$@"; }
  echo "operator       your key of the API, shown only now: $(keys --name operator --role admin)"
  printf '%s' "$(keys --name prometheus --role viewer)" >"$secrets/metrics-key"
  echo "api-keys       hashes of the keys of operator (admin) and prometheus (viewer)"
fi

# Containers read them as users of their own; others of this machine do not get into the directory.
chmod 644 "$secrets"/*
chmod 700 "$secrets"
