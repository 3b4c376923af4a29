#!/usr/bin/env bash
# rabbitmq-versions.sh [VERSION…]: installs the RabbitMQ versions that the fault tests start, without Docker.
#
#   VERSION   taken from Debian       (no VERSION: all three)
#   3.10      bookworm
#   4.0       trixie
#   4.3       testing, which changes: if it holds another version, this script says so and fails
#
# The version that is installed on this machine, if any, is used. For each other version a small Debian with that server is
# created in ${XDG_CACHE_HOME:-~/.cache}/warren/rabbitmq-VERSION (about 300 MB and 1 to 2 minutes each, once); tests start servers
# from it in a private chroot and mount namespace (dev.warren.testkit.RabbitVersion). An existing folder is not changed; delete
# it to recreate it. Packages come from the mirror that apt uses on this machine.
#
# Needs root on Debian or another system with apt; installs debootstrap if it is missing.
set -euo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/warren
declare -A suites=([3.10]=bookworm [4.0]=trixie [4.3]=testing)

fail() { echo "rabbitmq-versions.sh: $1" >&2; exit 1; }

mirror() { # the first mirror in apt's lists, in either of their two formats
  awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) {print $i; exit}}' \
    $(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null)
}

quietly() { # prints the output only if the command fails
  "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

server_version() { # server_version TREE: prints the version of the server in it, empty if it has none
  local folder
  folder=$(ls -d "$1"/usr/lib/rabbitmq/lib/rabbitmq_server-* 2>/dev/null | head -n 1)
  echo "${folder##*rabbitmq_server-}"
}

there() { # there VERSION: prints where it is installed; fails if it is not
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

# Runs in a private mount namespace, so that nothing stays mounted, however this script ends.
inside() {
  unshare --mount sh -c 'mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"' "$tree" "$@"
}

make() { # make VERSION
  local version=$1 suite=${suites[$1]} found
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
    || fail "RabbitMQ $version is not installed, and only root on Debian can install it; run this as root"
  need_debootstrap
  echo "installing RabbitMQ $version from Debian $suite, 1 to 2 minutes ..."
  quietly debootstrap --variant=minbase "$suite" "$tree" "$(mirror)" || fail "no RabbitMQ $version: debootstrap of $suite failed, see above"
  # a frozen mirror has expired lists; and the installation must not start the daemon
  printf '%s\n' 'Acquire::Check-Valid-Until "false";' 'Acquire::Check-Date "false";' >"$tree/etc/apt/apt.conf.d/99frozen-mirror"
  install -m 755 <(printf '#!/bin/sh\nexit 101\n') "$tree/usr/sbin/policy-rc.d"
  echo '127.0.0.1 localhost' >"$tree/etc/hosts"
  quietly inside env DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c 'apt-get update && apt-get install -y --no-install-recommends rabbitmq-server' \
    || fail "no RabbitMQ $version: installing rabbitmq-server from $suite failed, see above"
  rm -rf "$tree"/var/cache/apt "$tree"/var/lib/apt/lists "$tree"/usr/share/{doc,man,locale} "$tree"/var/lib/rabbitmq
  mkdir -p "$tree/var/cache/apt/archives/partial" "$tree/var/lib/rabbitmq"
  found=$(server_version "$tree")
  [ "${found%.*}" = "$version" ] || fail "Debian's $suite holds RabbitMQ ${found:-of an unknown version} now, not $version: \
change the table in this script, and the versions in dev.warren.testkit.RabbitVersion"
  rm -rf "$cache/rabbitmq-$version"
  mv "$tree" "$cache/rabbitmq-$version"
}

[ $# -gt 0 ] || set -- 3.10 4.0 4.3
for version in "$@"; do
  [ -n "${suites[$version]:-}" ] || fail "unknown version '$version' (3.10, 4.0 or 4.3)"
done
mkdir -p "$cache"
exec 9>"$cache/rabbitmq-versions.lock"
flock 9 # two concurrent runs create each tree once
log=$(mktemp)
tree=$cache/making.$$
trap 'rm -rf "$log" "$tree"' EXIT
for version in "$@"; do
  there "$version" || { make "$version" && there "$version"; }
done
