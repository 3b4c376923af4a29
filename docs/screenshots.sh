#!/usr/bin/env bash
# Takes the pictures in docs/images: starts a private RabbitMQ, three workers with host names of their own, and a
# coordinator, runs a job that fails in many ways, takes pictures of the page, and stops all of it. About three minutes.
#
#   docs/screenshots.sh
#
# Needs root on Linux (each worker has a host name in a namespace of its own), JDK, Maven, and what the tests of the page need
# (Debian: apt install rabbitmq-server chromium chromium-driver).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
top=$PWD work=$(mktemp -d) pids=()

stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do tail --pid="$pid" -f /dev/null; done
  rm -rf "$work"
}
trap stop EXIT

await() { # await FILE PATTERN: waits until the file has a line like this, and prints it
  for _ in $(seq 600); do grep -m1 -E "$2" "$1" 2>/dev/null && return; sleep 0.1; done
  cat "$1" >&2
  echo "screenshots: no '$2' in $1" >&2
  exit 1
}

./warren --version >/dev/null # builds it
lib="$top/coordinator/cli/target/dist/lib/*"
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath -pl coordinator/service -am
tests=coordinator/service/target/test-classes:$(cat coordinator/service/target/test.classpath)
javac -d "$work/classes" docs/screenshots/Scans.java
jar --create --file "$work/scans.jar" -C "$work/classes" .

mkfifo "$work/broker.in"
java -cp "$lib" docs/screenshots/Broker.java <"$work/broker.in" >"$work/broker.out" 2>"$work/broker.log" &
pids+=($!)
exec 9>"$work/broker.in" # the broker ends when this is closed, even if this script is killed
await "$work/broker.out" '^amqp:' >"$work/uri"
chmod 600 "$work/uri"

worker() { # worker HOST FONTS OPTION…
  local host=$1 fonts=$2
  shift 2
  echo "127.0.0.1 localhost $host" >"$work/hosts.$host"
  SCAN_FONTS=$fonts unshare --uts --mount sh -c 'hostname "$1"; mount --bind "$2" /etc/hosts; shift 2; exec "$@"' sh \
    "$host" "$work/hosts.$host" java -XX:+UseSerialGC -Xmx128m -cp "$lib" dev.warren.cli.WarrenMain worker \
    --broker-file "$work/uri" --pool scans --app "$work/scans.jar" --heartbeat 2s --child-option -Xmx500m \
    --hard-max-memory-per-child 250m "$@" >"$work/$host.log" 2>&1 9>&- &
  pids+=($!)
}
worker scan-a all --processes 5 --max-tasks-per-child 150
worker scan-b none --processes 4 --max-tasks-per-child 170
worker scan-c all --processes 3 --max-tasks-per-child 130

java -XX:+UseSerialGC -Xmx256m -cp "$lib" dev.warren.cli.WarrenMain coordinator --broker-file "$work/uri" --pool scans \
  --store "$work/store" --listen 127.0.0.1:0 >"$work/coordinator.log" 2>&1 9>&- &
pids+=($!)
url=$(await "$work/coordinator.log" 'ready on' | grep -o 'http://[^,]*')
for host in a b c; do await "$work/scan-$host.log" ' serves pool ' >/dev/null; done

submit() { curl -fsS --data-binary @- "$url/api/v1/jobs?function=com.acme.Scans::words&childLost=1&timeLimit=2s&$1" >/dev/null; }
seq 900001 900400 | submit name=first-scans
seq 12000 | submit name=archive-1957

# Pictures: name, width, height, scheme, view, what must be true first.
red="(() => [...document.querySelectorAll('.board canvas')].some((canvas) => { let red = 0; const d = \
canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; for (let i = 0; i < d.length; i += 4) \
if (d[i] > 200 && d[i + 1] < 130 && d[i + 2] < 120) red++; return red > 80; }))()"
sleep 75
causes=$(curl -fsS "$url/api/v1/jobs/archive-1957/causes")
font=$(grep -o '"cause":"[^"]*","title":"[^"]*font' <<<"$causes" | cut -d'"' -f4)
died=$(grep -o '"title":"child_lost: its child[^}]*' <<<"$causes" | grep -o '"firstIndex":[0-9]*' | head -n 1 | cut -d: -f2)
java -cp "$tests" dev.warren.service.browser.Screenshots "${url##*:}" docs/images <<END
page-now 1280 700 dark # $red
page-phone 390 844 light #
page-job 1280 1130 light #/jobs/archive-1957
page-cause 1280 760 dark #/jobs/archive-1957/causes/$font
page-call 1280 840 light #/jobs/archive-1957/calls/$died
page-dead 1280 640 dark #/dead
END
exec 9>&-
ls -l docs/images
