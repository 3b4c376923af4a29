#!/usr/bin/env bash
# rabbitmq-versions.sh [VERSION…]: makes sure that the RabbitMQ versions which the fault tests start are there, without Docker.
#
#   VERSION   comes from Debian's     (no VERSION: all three)
#   3.10      bookworm
#   4.0       trixie
#   4.3       testing, which moves on: should it hold another version by now, this says so and fails
#
# A version that this machine has installed anyway is used as it is. Of any other a small Debian with that server is made in
# ${XDG_CACHE_HOME:-~/.cache}/warren/rabbitmq-VERSION (about 300 MB and 1 to 2 minutes each, once); tests start servers from
# there in a chroot and a mount namespace of their own (dev.warren.testkit.RabbitServer). What is there already is left alone;
# delete the folder to have it made anew. Packages come from the mirror that apt uses on this machine.
#
# Needs Debian or a system with apt, and root; installs debootstrap where it is missing.
set -euo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/warren
declare -A suites=([3.10]=bookworm [4.0]=trixie [4.3]=testing)

fail() { echo "rabbitmq-versions.sh: $1" >&2; exit 1; }

mirror() { # the first in apt's lists, in either of their two formats
  awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) {print $i; exit}}' \
    $(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null)
}

quietly() { # a step's output matters only when it fails
  "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

server_version() { # the version of the server in a tree, empty where there is none
  local folder
  folder=$(ls -d "$1"/usr/lib/rabbitmq/lib/rabbitmq_server-* 2>/dev/null | head -n 1)
  echo "${folder##*rabbitmq_server-}"
}

there() { # prints where a version is, if it is
  local own made
  own=$(server_version "")
  made=$(server_version "$cache/rabbitmq-$1")
  if [ "${own%.*}" = "$1" ]; then
    echo "RabbitMQ $own: installed"
  elif [ -n "$made" ]; then
    echo "RabbitMQ $made: $cache/rabbitmq-$1"
  else
    return 1
  fi
}

need_debootstrap() {
  command -v debootstrap >/dev/null && return
  echo "installing debootstrap ..."
  quietly sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends debootstrap' \
    || fail "could not install debootstrap; install it by hand, then run this again"
}

# Runs in a mount namespace of its own, so that nothing stays mounted whatever happens to this script.
inside() {
  unshare --mount sh -c 'mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"' "$tree" "$@"
}

make() { # make VERSION
  local version=$1 suite=${suites[$1]} found
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
    || fail "RabbitMQ $version is not there, and only root on a Debian can make it; run this as root"
  need_debootstrap
  echo "making RabbitMQ $version from Debian $suite, 1 to 2 minutes ..."
  quietly debootstrap --variant=minbase "$suite" "$tree" "$(mirror)" || fail "no RabbitMQ $version: debootstrap of $suite failed, see above"
  # a mirror may be a frozen one, whose lists count as expired; and an installed daemon must not be started
  printf '%s\n' 'Acquire::Check-Valid-Until "false";' 'Acquire::Check-Date "false";' >"$tree/etc/apt/apt.conf.d/99frozen-mirror"
  install -m 755 <(printf '#!/bin/sh\nexit 101\n') "$tree/usr/sbin/policy-rc.d"
  echo '127.0.0.1 localhost' >"$tree/etc/hosts"
  quietly inside env DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c 'apt-get update && apt-get install -y --no-install-recommends rabbitmq-server' \
    || fail "no RabbitMQ $version: installing rabbitmq-server from $suite failed, see above"
  rm -rf "$tree"/var/cache/apt "$tree"/var/lib/apt/lists "$tree"/usr/share/{doc,man,locale} "$tree"/var/lib/rabbitmq
  mkdir -p "$tree/var/cache/apt/archives/partial" "$tree/var/lib/rabbitmq"
  found=$(server_version "$tree")
  [ "${found%.*}" = "$version" ] || fail "Debian's $suite holds RabbitMQ ${found:-of an unknown version} by now, not $version: \
change the table in this script, and the versions in dev.warren.testkit.RabbitServer"
  rm -rf "$cache/rabbitmq-$version"
  mv "$tree" "$cache/rabbitmq-$version"
}

[ $# -gt 0 ] || set -- 3.10 4.0 4.3
for version in "$@"; do
  [ -n "${suites[$version]:-}" ] || fail "unknown version '$version' (3.10, 4.0 or 4.3)"
done
mkdir -p "$cache"
exec 9>"$cache/rabbitmq-versions.lock"
flock 9 # two runs at a time make each tree once
log=$(mktemp)
tree=$cache/making.$$
trap 'rm -rf "$log" "$tree"' EXIT
for version in "$@"; do
  there "$version" || { make "$version" && there "$version"; }
done
