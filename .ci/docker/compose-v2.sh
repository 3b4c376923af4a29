#!/usr/bin/env bash
# compose-v2.sh: installs `docker compose` (version 2) for this user if it is missing. trixie's package would replace
# docker-compose 1.29, whose Debian package has the same name, so only the plugin is extracted from it. Needs the image
# debian:trixie-slim (images.sh trixie, or pulled).
set -euo pipefail
! docker compose version >/dev/null 2>&1 || exit 0
plugins=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins
mkdir -p "$plugins"
docker run --rm debian:trixie-slim bash -euo pipefail -c '
  cd /tmp
  { apt-get -q update && apt-get -q -o APT::Sandbox::User=root download docker-compose; } >&2
  dpkg-deb --fsys-tarfile docker-compose_*.deb | tar -xO ./usr/libexec/docker/cli-plugins/docker-compose
' 2>"$plugins/docker-compose.log" >"$plugins/docker-compose.part" || { tail "$plugins/docker-compose.log" >&2; exit 1; }
chmod 755 "$plugins/docker-compose.part"
mv "$plugins/docker-compose.part" "$plugins/docker-compose"
rm "$plugins/docker-compose.log"
echo "installed $(docker compose version)"
