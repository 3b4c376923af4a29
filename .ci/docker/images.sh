#!/usr/bin/env bash
# images.sh [SUITE…]: provides the images that Warren and its tests use. Pulls them if a registry answers; otherwise builds
# substitutes with the official tags from the packages of a Debian suite:
#
#   SUITE      images                                         (no SUITE: all three)
#   bookworm   debian:bookworm-slim  rabbitmq:3.10-management
#   trixie     debian:trixie-slim    rabbitmq:4.0-management   postgres:17
#   testing    debian:testing-slim   rabbitmq:4.3-management   (testing changes: the tag is the version found)
#
# An existing image is not changed. Needs a Docker engine (engine.sh), and root to build substitutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

declare -A rabbitmq=([bookworm]=3.10 [trixie]=4.0 [testing]=4.3)

there() { docker image inspect "$1" >/dev/null 2>&1; }

obtained() { # obtained IMAGE: it exists or could be pulled; asking for its manifest first fails fast without a registry
  there "$1" && return
  timeout 20 docker manifest inspect "$1" >/dev/null 2>&1 && docker pull -q "$1"
}

mirror() { # this machine's: the first in apt's lists, in either of their two formats
  awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) {print $i; exit}}' \
    $(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null)
}

quietly() { # prints the output only if the command fails
  "$@" >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log" >&2; return 1; }
}

build() { # build TAG FOLDER BASE; with the classic builder, whose features suffice
  quietly env DOCKER_BUILDKIT=0 docker build --build-arg "BASE=$3" -t "$1" "$here/$2"
}

base() {
  local suite=$1 tree=$scratch/$1
  ! obtained "debian:$suite-slim" || return 0
  "$here/engine.sh" --with-debootstrap
  quietly debootstrap --variant=minbase "$suite" "$tree" "$(mirror)"
  rm -f "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/*_*
  # as in the official slim images: no manuals and translations, and none from later packages
  printf 'path-exclude /usr/share/%s/*\n' doc man locale info >"$tree/etc/dpkg/dpkg.cfg.d/slim"
  printf 'path-include /usr/share/doc/*/copyright\n' >>"$tree/etc/dpkg/dpkg.cfg.d/slim"
  find "$tree"/usr/share/{doc,man,locale,info} ! -type d ! -name copyright -delete
  # a frozen mirror has expired lists; and a package installed in a build must not start its daemon
  printf '%s\n' 'Acquire::Check-Valid-Until "false";' 'Acquire::Check-Date "false";' >"$tree/etc/apt/apt.conf.d/99frozen-mirror"
  install -m 755 <(printf '#!/bin/sh\nexit 101\n') "$tree/usr/sbin/policy-rc.d"
  tar -C "$tree" --numeric-owner -c . |
    docker import --change 'CMD ["bash"]' --change 'ENV LANG=C.UTF-8' - "debian:$suite-slim" >/dev/null
  rm -rf "$tree"
  echo "built debian:$suite-slim"
}

rabbitmq() {
  local suite=$1 wanted=${rabbitmq[$1]} built=warren-standin/rabbitmq:$1 version tag
  ! obtained "rabbitmq:$wanted-management" || return 0
  base "$suite"
  build "$built" rabbitmq "debian:$suite-slim"
  version=$(docker run --rm --entrypoint dpkg-query "$built" -W -f '${source:Upstream-Version}' rabbitmq-server)
  for tag in "$version" "${version%.*}"; do
    docker tag "$built" "rabbitmq:$tag-management"
    echo "built rabbitmq:$tag-management"
  done
  [ "${version%.*}" = "$wanted" ] || echo "images.sh: $suite holds RabbitMQ $version now, not $wanted" >&2
}

postgres() {
  ! obtained postgres:17 || return 0
  base trixie
  build postgres:17 postgres debian:trixie-slim
  echo "built postgres:17"
}

[ $# -gt 0 ] || set -- bookworm trixie testing
for suite in "$@"; do
  [ -n "${rabbitmq[$suite]:-}" ] || { echo "images.sh: unknown suite '$suite' (bookworm, trixie or testing)" >&2; exit 2; }
done
for suite in "$@"; do
  base "$suite"
  rabbitmq "$suite"
  [ "$suite" != trixie ] || postgres
done
