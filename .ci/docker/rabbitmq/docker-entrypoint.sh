#!/bin/bash
# Drops root privileges for RabbitMQ's programs, then replaces itself with the command: the broker is PID 1 and gets the signals.
set -euo pipefail
if [ "$(id -u)" = 0 ] && [[ $1 == rabbitmq* ]]; then
  find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq {} +
  exec gosu rabbitmq "$0" "$@"
fi
# A host name with a domain needs Erlang's long node names.
if [[ $(uname -n) == *.* ]]; then export RABBITMQ_USE_LONGNAME="${RABBITMQ_USE_LONGNAME:-true}"; fi
exec "$@"
