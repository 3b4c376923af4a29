#!/usr/bin/env bash
# compose-test.sh: tests docker-compose.yml, first with docker-compose 1.29, then with docker compose v2.
# Needs the output of `mvn package`, a JDK, an engine (engine.sh) and the images (images.sh).
# Prints one line per check, after a failure the containers' last log lines, and `N passed, N failed` at the end.
set -uo pipefail
cd "$(dirname "$0")/../.."
. .ci/docker/compose.sh

calls=600   # of 0.1 s each: a map lasts long enough to scale and to stop workers in the middle of it

some_jars_to_audit() { # enough for all workers, few enough for a test
  mkdir -p "$WARREN_JARS"
  cd "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" &&
    find . -name '*.jar' -size -4M | sort | sed -n 1,150p | xargs cp --parents --target-directory="$WARREN_JARS"
}

prepared() { drop_in_an_app && (some_jars_to_audit); }

started_with_three_workers() { compose up -d --scale worker=3; }

all_healthy() { eventually 60 healthy rabbitmq 1 && eventually 60 healthy worker 3 && eventually 60 healthy coordinator 1; }

not_run_by_root() {
  local id
  for id in $(ids worker) $(ids coordinator); do
    docker exec "$id" sh -c '[ "$(id -u)" != 0 ] && [ "$(stat -c %u /proc/[0-9]*/exe 2>/dev/null | sort -u)" = "$(id -u)" ]' || return 1
  done
}

health() { # health STATE COUNT: exactly COUNT workers are in this state
  [ "$(ids worker | xargs docker inspect -f '{{.State.Health.Status}}' | grep -cx "$1")" = "$2" ]
}

told_from_hung_ones() { # the broker and one worker freeze: only that worker becomes unhealthy, and all recover
  local hung result=0
  hung=$(ids worker | head -n 1)
  docker pause "$(ids rabbitmq)" && docker exec "$hung" bash -c 'kill -STOP -1' || return 1
  eventually 60 health unhealthy 1 && health healthy 2 || result=1
  docker exec "$hung" bash -c 'kill -CONT -1'
  docker unpause "$(ids rabbitmq)"
  return $result
}

demo() { compose run --rm -T coordinator demo </dev/null; }

map() { # the dropped-in function over 0, 1, 2 …, its output in $scratch/out
  seq 0 $((calls - 1)) |
    compose run --rm -T coordinator map --app /apps/shop.jar --fn shop.Slow::twice --unordered >"$scratch/out" 2>"$scratch/err" ||
    { echo "map's exit code is $?"; tail -n 20 "$scratch/err"; return 1; }
}

complete() { # one line per call, every index once, every value right
  [ "$(wc -l <"$scratch/out")" = $calls ] || { echo "$(wc -l <"$scratch/out") lines for $calls calls"; return 1; }
  sed -E 's/^\{"index":([0-9]+),"value":"([0-9]+) [^" ]+"\}$/\1 \2/' "$scratch/out" |
    awk 'NF != 2 || $2 != 2 * $1 || seen[$1]++ {print "wrong or twice: " $0; bad = 1; exit} END {exit bad}'
}

uncharged() { # uncharged SINCE: no worker reported a lost host, since all stops in this test are planned
  local id
  for id in $(ids worker); do docker logs --since "$1" "$id"; done >"$scratch/logs" 2>&1
  ! grep 'lost host' "$scratch/logs"
}

mapped_by_three_workers() {
  local began
  began=$(date +%s)
  map && complete && uncharged "$began" || return 1
  local hosts
  hosts=$(sed -E 's/.* ([^ "]+)"\}$/\1/' "$scratch/out" | sort -u | wc -l)
  [ "$hosts" = 3 ] || { echo "ran on $hosts workers"; return 1; }
}

begun() { [ "$(wc -l <"$scratch/out")" -ge $((calls / 10)) ]; }

begun_or_ended() { begun || ! kill -0 "$1" 2>/dev/null; } # JOB

in_the_middle_of_a_map() { # in_the_middle_of_a_map COMMAND…: runs it during a map, which must lose no call
  local job began
  began=$(date +%s)
  : >"$scratch/out"
  map &
  job=$!
  eventually 60 begun_or_ended $job && begun || { kill $job; cat "$scratch/err"; return 1; }
  "$@" || { kill $job; return 1; }
  [ "$(wc -l <"$scratch/out")" -lt $calls ] || { echo "the map had ended before"; return 1; }
  wait $job && complete && uncharged "$began"
}

scaled_to_one() {
  local id all
  all=$(ids worker)
  for id in $all; do docker wait "$id" >"$scratch/exit.$id" & done
  compose up -d --no-recreate --scale worker=1 || return 1
  [ "$(ids worker | wc -l)" = 1 ] || return 1
  for id in $all; do
    [ "$id" = "$(ids worker)" ] || [ "$(cat "$scratch/exit.$id")" = 0 ] ||
      { echo "a worker that was scaled away ended with '$(cat "$scratch/exit.$id")'"; return 1; }
  done
}

stopped_with_zero() { # stopped_with_zero [SERVICE…]: stops within the grace period, each process of Warren with exit code 0
  local start=$SECONDS id code
  compose stop "$@" || return 1
  [ $((SECONDS - start)) -le $grace ] || { echo "took $((SECONDS - start)) s"; return 1; }
  for id in $(ids worker) $([ $# -gt 0 ] || ids coordinator); do
    code=$(docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' "$id")
    [ "$code" = "exited 0" ] || { echo "$id: $code"; return 1; }
  done
}

restarted() { stopped_with_zero worker && compose start worker; }

broker_moved() { # another container takes the broker's old address
  local other before
  before=$(address rabbitmq)
  compose rm -s -f rabbitmq >/dev/null 2>&1
  other=$(docker run -d --label "warren-test=$COMPOSE_PROJECT_NAME" --network "${COMPOSE_PROJECT_NAME}_default" \
    --entrypoint sleep "$WARREN_IMAGE" 300) || return 1
  compose up -d --no-recreate rabbitmq && eventually 60 healthy rabbitmq 1 || return 1
  docker rm -f "$other" >/dev/null
  [ "$(address rabbitmq)" != "$before" ] || { echo "the broker is at $before again"; return 1; }
}

address() { docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(ids "$1")"; } # SERVICE

# As after `compose down`, which leaves a coordinator that `run` started: the map ends with 3 after its broker timeout.
broker_deleted_in_a_map() {
  local job start
  : >"$scratch/out"
  seq 0 $((calls - 1)) |
    compose run --rm -T -e WARREN_BROKER_TIMEOUT=5s coordinator map --app /apps/shop.jar --fn shop.Slow::twice --unordered \
      >"$scratch/out" 2>"$scratch/err" &
  job=$!
  eventually 60 begun_or_ended $job && begun || { kill $job; cat "$scratch/err"; return 1; }
  start=$SECONDS
  compose rm -s -f rabbitmq >/dev/null 2>&1
  wait $job
  [ $? = 3 ] && [ $((SECONDS - start)) -le 45 ] || { echo "after $((SECONDS - start)) s"; cat "$scratch/err"; return 1; }
  grep 'unreachable for 5 s' "$scratch/err" || { cat "$scratch/err"; return 1; }
  compose up -d --no-recreate rabbitmq && eventually 60 healthy rabbitmq 1 && eventually 60 healthy worker 1
}

calls_begun() { docker logs "$1" 2>&1 | grep -c 'a lasting call begins'; } # CONTAINER

has_begun() { [ "$(calls_begun "$1")" -gt 0 ]; } # CONTAINER

# docker stop during a call of a pool's only worker: the call ends, having run once, and the worker ends with 0
stopped_in_a_call() { # stopped_in_a_call PROCESS_1 OPTION_OF_RUN…
  local first=$1 seconds=8 pool=alone-$RANDOM id job start took
  shift
  id=$(docker run -d "$@" --stop-timeout $grace --label "warren-test=$COMPOSE_PROJECT_NAME" \
    --network "${COMPOSE_PROJECT_NAME}_default" -v "$WARREN_APPS:/apps:ro" -e WARREN_POOL=$pool \
    -e WARREN_BROKER=amqp://warren:warren@rabbitmq:5672/ "$(docker inspect -f '{{.Image}}' "$(ids worker | head -n 1)")" worker) || return 1
  [ "$(docker exec "$id" cat /proc/1/comm)" = "$first" ] || { docker exec "$id" cat /proc/1/comm; return 1; }
  echo $seconds | compose run --rm -T -e WARREN_POOL=$pool coordinator map --app /apps/shop.jar --fn shop.Slow::lasting \
    >"$scratch/out" 2>"$scratch/err" &
  job=$!
  eventually 60 has_begun "$id" || { kill $job; docker logs "$id"; cat "$scratch/err"; return 1; }
  start=$SECONDS
  docker stop "$id" >/dev/null || return 1
  took=$((SECONDS - start))
  wait $job || { echo "map's exit code is $?"; cat "$scratch/err"; return 1; }
  docker logs "$id" 2>&1
  [ "$(cat "$scratch/out")" = "{\"index\":0,\"value\":$seconds}" ] || { cat "$scratch/out"; return 1; }
  [ $took -le $((seconds + 10)) ] || { echo "took $took s"; return 1; }
  [ "$(docker inspect -f '{{.State.ExitCode}}' "$id")" = 0 ] && [ "$(calls_begun "$id")" = 1 ] &&
    ! docker logs "$id" 2>&1 | grep 'lost host' && docker rm -v "$id" >/dev/null
}

all_checks() {
  check_with "the images build" compose build &&
    check_with "up starts a broker, three workers and a coordinator" started_with_three_workers &&
    check_with "all become healthy" all_healthy || return
  check_with "nothing of Warren runs as root" not_run_by_root
  check_with "the demo runs on them" demo
  check_with "a function of a dropped-in jar runs on all three" mapped_by_three_workers
  check_with "a hung worker becomes unhealthy, one without a broker does not" told_from_hung_ones
  check_with "all are healthy again" all_healthy
  check_with "stopping and starting all workers in the middle of a map loses nothing" in_the_middle_of_a_map restarted
  check_with "scaling to one in the middle of a map loses nothing" in_the_middle_of_a_map scaled_to_one
  check_with "docker stop waits for the running call" stopped_in_a_call docker-init --init
  check_with "the same with tini as process 1" stopped_in_a_call tini
  check_with "a broker that moves to another address in the middle of a map loses nothing" in_the_middle_of_a_map broker_moved
  check_with "a map whose broker is deleted ends in time" broker_deleted_in_a_map
  check_with "stop ends workers and coordinator with 0 within the grace period" stopped_with_zero
  check_with "down leaves nothing" nothing_left
}

check_with "prepare an app's jar and jars to audit" prepared
check_with "docker-compose runs" docker-compose version
check_with "docker compose runs" .ci/docker/compose-v2.sh
for name in docker-compose "docker compose"; do
  read -ra program <<<"$name"
  all_checks
  clean_up
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
