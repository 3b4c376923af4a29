#!/usr/bin/env bash
# engine.sh [--with-debootstrap]: installs and starts a Docker engine, and installs docker-compose, if they are missing.
# Needs root on Debian unless both are present.
set -euo pipefail

answers() { docker info >/dev/null 2>&1; }
fail() { echo "engine.sh: $*" >&2; exit 1; }

declare -A package=([docker]=docker.io [docker-compose]=docker-compose)
answers || package+=([dockerd]=docker.io [iptables]=iptables)
[ "${1:-}" != --with-debootstrap ] || package+=([debootstrap]=debootstrap)

export PATH="$PATH:/usr/sbin:/sbin"
missing=()
for command in "${!package[@]}"; do
  command -v "$command" >/dev/null || missing+=("${package[$command]}")
done

if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "missing: ${missing[*]}; install them (on Debian: apt-get install ${missing[*]}), then run this again"
  apt-get -q update >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${missing[@]}" >/dev/null
fi

answers && exit 0
[ "$(id -u)" = 0 ] || fail "no Docker engine answers, and only root can start one"
log=/var/log/dockerd.log
setsid dockerd >"$log" 2>&1 </dev/null &
dockerd=$!
for _ in $(seq 60); do
  sleep 0.5
  if answers; then echo "dockerd started (log: $log)"; exit 0; fi
  kill -0 "$dockerd" 2>/dev/null || break
done
tail -n 20 "$log" >&2
fail "dockerd did not start within 30 s; see $log"
