#!/bin/sh
# Installs RabbitMQ's server, without starting it, if it is not installed.
# The tests and `warren demo --broker start` start private servers on loopback, in temporary folders.
set -eu

server=/usr/lib/rabbitmq/bin/rabbitmq-server
[ -x "$server" ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
  echo "RabbitMQ is not installed: as root run 'apt-get install --no-install-recommends rabbitmq-server'" \
    "(on other systems: install it so that $server exists), then run this again" >&2
  exit 1
fi

# Debian starts a service when it is installed, unless this file forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y --no-install-recommends rabbitmq-server; }
echo "installing RabbitMQ (rabbitmq-server from $(. /etc/os-release && echo "$PRETTY_NAME")) ..."
log=$(mktemp)
if ! install > "$log" 2>&1 && ! { apt-get update && install; } > "$log" 2>&1; then
  tail -20 "$log" >&2
  rm -f "$log"
  exit 1
fi
rm -f "$log"
[ -x "$server" ] || { echo "rabbitmq-server was installed, but there is no $server" >&2; exit 1; }
