#!/usr/bin/env bash
# install-test.sh: tests warren-<version>.tar.gz as README.md's section on several hosts describes it: a RabbitMQ with a user
# of its own, a worker on each of two hosts with a Java runtime only, and a map from a third that lacks the function's jar.
# The commands are those of README.md, letter by letter. Needs the output of `mvn package`, a JDK, an engine (engine.sh) and
# the images (images.sh). Prints one line per check and `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/../.."
. .ci/docker/checks.sh

scratch=$(mktemp -d)
id=warren-install-test-$$ jre=warren-jre:install-test-$$

clean_up() {
  docker ps -aq --filter "label=$id" | timeout 60 xargs -r docker rm -fv >/dev/null 2>&1
  docker network rm "$id" >/dev/null 2>&1
  docker rmi -f "$jre" >/dev/null 2>&1
}
trap 'clean_up; rm -rf "$scratch"' EXIT

evidence() { for host in host-a host-b; do docker exec "$id-$host" tail -n 10 worker.log 2>&1; done; }

# command HOST NUMBER: the NUMBERth command that README.md shows behind the prompt `HOST$ `, its continuation lines included
command_of() {
  awk -v prompt="$1\$ " -v wanted="$2" '
    more { print; more = /\\$/; next }
    index($0, prompt) == 1 && ++seen == wanted { line = substr($0, length(prompt) + 1); print line; more = line ~ /\\$/ }
  ' README.md
}

on() { # on HOST NUMBER [PREFIX]: runs that command there
  local line
  line=$(command_of "$1" "$2")
  [ -n "$line" ] || { echo "README.md has no command $2 of $1"; return 1; }
  echo "$1\$ $line"
  timeout 120 docker exec "$id-$1" sh -c "${3:-}$line"
}

an_app() {
  mkdir -p "$scratch/com/acme"
  cat >"$scratch/com/acme/Stats.java" <<'JAVA'
package com.acme;

public class Stats {
  public static int score(int n) throws Exception {
    Thread.sleep(20);
    return n * n;
  }
}
JAVA
  javac --release 17 -d "$scratch/classes" "$scratch/com/acme/Stats.java" &&
    jar --create --file "$scratch/stats.jar" -C "$scratch/classes" .
}

a_runtime() { # an image with a Java runtime and nothing else
  docker build -q -t "$jre" - <<'DOCKER'
FROM debian:bookworm-slim
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openjdk-17-jre-headless && \
    rm -rf /var/lib/apt/lists/*
DOCKER
}

hosts() {
  local archive host
  archive=$(ls coordinator/cli/target/warren-*.tar.gz) || return
  docker network create "$id" &&
    docker run -d --name "$id-rabbit" --hostname rabbit --network "$id" --network-alias rabbit --label "$id" rabbitmq:3.10-management || return
  for host in host-a host-b laptop; do
    docker run -d --init --name "$id-$host" --hostname "$host" --network "$id" --label "$id" -w /root "$jre" sleep infinity &&
      docker cp "$archive" "$id-$host:/root/warren.tar.gz" && docker exec "$id-$host" tar xzf warren.tar.gz || return
  done
  docker cp "$scratch/stats.jar" "$id-host-a:/root/" && docker cp "$scratch/stats.jar" "$id-host-b:/root/" &&
    seq 500 >"$scratch/in.jsonl" && docker cp "$scratch/in.jsonl" "$id-laptop:/root/" &&
    eventually 90 docker exec "$id-rabbit" rabbitmqctl await_startup
}

no_jdk() { ! docker exec "$id-laptop" sh -c 'command -v javac || command -v mvn'; }

a_user() { # the container runs as root, so that sudo is only a name
  local prelude='sudo() { "$@"; }; '
  on rabbit 1 "$prelude" && on rabbit 2 "$prelude"
}

workers() {
  local host
  for host in host-a host-b; do
    on "$host" 1 || return
    docker exec -d "$id-$host" sh -c "exec $(command_of $host 2) >worker.log 2>&1"
  done
  eventually 90 docker exec "$id-host-a" grep -q 'serves pool scores' worker.log &&
    eventually 90 docker exec "$id-host-b" grep -q 'serves pool scores' worker.log
}

a_map() {
  on laptop 1 && on laptop 2 && docker exec "$id-laptop" cat out.jsonl >"$scratch/out.jsonl" || return
  [ "$(wc -l <"$scratch/out.jsonl")" = 500 ] && [ "$(tail -n 1 "$scratch/out.jsonl")" = '{"index":499,"value":250000}' ]
}

the_single_jar() {
  docker cp "$(ls coordinator/cli/target/warren-*.jar)" "$id-laptop:/root/warren.jar" &&
    docker exec "$id-laptop" sh -c 'echo 3 | java -jar warren.jar map --broker-file broker.uri --pool scores --fn com.acme.Stats::score' |
    grep -x '{"index":0,"value":9}'
}

no_warnings() { # of missing permissions
  ! docker exec "$id-host-a" grep -E 'WARN|ERROR' worker.log && ! docker exec "$id-host-b" grep -E 'WARN|ERROR' worker.log
}

check "prepare an app's jar" an_app && check "an image with a Java runtime" a_runtime && check "a broker and three hosts" hosts ||
  { echo "$passed passed, $failed failed"; exit 1; }
check "the hosts have neither a JDK nor Maven" no_jdk
check "a broker user with the least permissions" a_user
check "a worker on two hosts" workers
check "a map from a third host, without the function's jar" a_map
check "the runnable jar" the_single_jar
check "the workers have logged no warnings" no_warnings
echo "$passed passed, $failed failed"
[ $failed = 0 ]
