#!/usr/bin/env bash
# container-test.sh: tests the image without Compose: its size, hardening, little memory, reaping as process 1, probes, a log
# driver that stops reading, and a coordinator on a volume that forbids execution. Needs the output of `mvn package`, a JDK, an engine (engine.sh) and the images (images.sh).
# Prints one line per check, after a failure the containers' last log lines, and `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/../.."
. .ci/docker/checks.sh

largest=186000000 # bytes: about half the size of two images based on a JRE image
scratch=$(mktemp -d)
id=warren-container-test-$$ image=warren:container-test-$$
broker=$id-rabbitmq worker=$id-worker uri=amqp://warren:warren@$id-rabbitmq:5672/
hardened=(--user 12345:12345 --read-only --tmpfs /tmp:exec,mode=1777 --cap-drop ALL --security-opt no-new-privileges)
sink=

clean_up() {
  [ -z "$sink" ] || kill "$sink" 2>/dev/null
  docker ps -aq --filter "label=$id" | timeout 60 xargs -r docker rm -fv >/dev/null 2>&1
  docker network rm "$id" >/dev/null 2>&1
  docker volume rm "$id" >/dev/null 2>&1
  docker rmi -f "$image" >/dev/null 2>&1
}
trap 'clean_up; rm -rf "$scratch"' EXIT

evidence() { timeout 10 docker logs --tail 10 "$worker" 2>&1; }

an_app() {
  mkdir -p "$scratch/apps"
  cat >"$scratch/Odd.java" <<'JAVA'
package shop;

public class Odd {
  public static int same(int n) { return n; }

  public static int print(int lines) {
    for (int i = 0; i < lines; i++) System.out.println("x".repeat(1000));
    return lines;
  }

  /** Leaves an orphan process that ends 0.2 s later. */
  public static int orphan(int n) throws Exception {
    return new ProcessBuilder("sh", "-c", "(sleep 0.2 &) ; exit 0").start().waitFor();
  }

  /** Starts a process that uses that much memory. */
  public static int hog(int mib) throws Exception {
    return new ProcessBuilder("sh", "-c", "head -c " + mib + "m /dev/zero | tail | wc -c").start().waitFor();
  }
}
JAVA
  javac --release 17 -d "$scratch/classes" "$scratch/Odd.java" &&
    jar --create --file "$scratch/apps/odd.jar" -C "$scratch/classes" .
}

built() { docker build -q -f coordinator/Dockerfile -t "$image" .; }

small() {
  local bytes
  bytes=$(docker image inspect -f '{{.Size}}' "$image")
  echo "the image takes $((bytes / 1000000)) MB" | tee "$scratch/size"
  [ "$bytes" -le $largest ]
}

a_broker() {
  docker network create "$id" && docker run -d --name "$broker" --network "$id" --label "$id" \
    -e RABBITMQ_DEFAULT_USER=warren -e RABBITMQ_DEFAULT_PASS=warren rabbitmq:4.3-management &&
    eventually 90 docker exec "$broker" bash -c 'exec 3<>/dev/tcp/127.0.0.1/5672'
}

start_worker() { # start_worker OPTION_OF_RUN…: a worker of a new pool
  timeout 60 docker rm -fv "$worker" >/dev/null 2>&1
  pool=p$RANDOM
  docker run -d --name "$worker" --network "$id" --label "$id" --stop-timeout 30 -v "$scratch/apps:/apps:ro" \
    -e WARREN_BROKER="$uri" -e WARREN_POOL=$pool "$@" "$image" worker
}

probe() { timeout 10 docker exec "$worker" warren-probe "$1"; }

map() { # map FUNCTION: calls it with the arguments on stdin
  timeout 200 docker run --rm -i --network "$id" --label "$id" -v "$scratch/apps:/apps:ro" -e WARREN_BROKER="$uri" \
    -e WARREN_POOL="$pool" "$image" map --fn "shop.Odd::$1"
}

answers() { # answers COUNT FUNCTION ARGUMENT: COUNT calls all return a value
  local lines
  lines=$(yes "$3" | head -n "$1" | map "$2" | grep -c '"value"')
  [ "$lines" = "$1" ] || { echo "$lines answers for $1 calls"; return 1; }
}

running() {
  local state
  state=$(docker inspect -f '{{.State.Status}} {{.State.OOMKilled}} {{.RestartCount}}' "$worker")
  [ "$state" = "running false 0" ] || { echo "the worker is: $state"; return 1; }
}

stops_with_zero() {
  local start=$SECONDS code
  timeout 60 docker stop "$worker" || return 1
  code=$(docker inspect -f '{{.State.ExitCode}}' "$worker")
  [ "$code" = 0 ] && [ $((SECONDS - start)) -lt 15 ] || { echo "exit code $code after $((SECONDS - start)) s"; return 1; }
}

any_user_and_nothing_to_write_to() {
  start_worker "${hardened[@]}" && eventually 60 probe ready && probe alive && answers 50 same 1 && running && stops_with_zero
}

tight_memory() { # 9 children of about 42 MB each and a supervisor of 100 MB do not fit
  start_worker --memory 256m -e WARREN_PROCESSES=8 && eventually 60 probe ready && answers 400 same 1 || return
  yes 150 | head -n 3 | map hog # may be killed; the worker must not be
  answers 50 same 1 && running || return
  docker logs "$worker" 2>&1 | grep 'children do not fit into 256 MiB'
}

slots_of_a_small_container() {
  start_worker --memory 256m && eventually 60 probe ready && docker logs "$worker" 2>&1 | grep 'with 1 slots'
}

zombies() { docker exec "$worker" sh -c 'grep -l "^State:.Z" /proc/[0-9]*/status 2>/dev/null' | wc -l; }

no_zombies() { [ "$(zombies)" = 0 ]; }

reaps_as_process_1() {
  start_worker && eventually 60 probe ready && [ "$(docker exec "$worker" cat /proc/1/comm)" = tini ] &&
    answers 40 orphan 1 && eventually 20 no_zombies
}

ready_only_with_a_broker() {
  start_worker -e WARREN_BROKER=amqp://warren:warren@nowhere:5672/ && eventually 60 probe alive && ! probe ready
}

child_of_process_1() { # succeeds while the worker's JVM runs, as the host sees it
  ps -o comm= --ppid "$jvm_parent" | grep -q java
}

worker_has_ended() { ! child_of_process_1; }

a_log_that_nobody_reads() { # the engine may block on its log sink, so the end of the worker's process is what is checked
  local port=$((20000 + RANDOM % 10000)) jvm_parent
  python3 -c 'import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(1); c, _ = s.accept(); time.sleep(170)' $port &
  sink=$!
  sleep 1 # until it listens
  start_worker --log-driver syslog --log-opt "syslog-address=tcp://127.0.0.1:$port" -e WARREN_PROCESSES=2 &&
    eventually 60 probe ready && answers 60 print 1000 && answers 60 print 1000 && probe alive || return
  jvm_parent=$(docker inspect -f '{{.State.Pid}}' "$worker")
  child_of_process_1 || { echo "no process of the worker's JVM found"; return 1; }
  docker kill --signal TERM "$worker" && eventually 25 worker_has_ended
}

probe_coordinator() { timeout 10 docker exec "$worker" warren-probe "$1" 8765; }

# A coordinator with children of its own, as any user, with nothing but a volume to write to, which forbids execution like /tmp.
a_coordinator_on_a_volume() {
  local token port url
  timeout 60 docker rm -fv "$worker" >/dev/null 2>&1
  docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=noexec,nosuid,mode=1777 "$id" &&
    docker run -d --name "$worker" --label "$id" "${hardened[@]/exec,mode/noexec,mode}" -v "$id:/var/lib/warren" -p 127.0.0.1::8765 \
      -e WARREN_LISTEN=0.0.0.0:8765 -e WARREN_TOKEN_FILE=/var/lib/warren/token -e WARREN_PROCESSES=1 "$image" coordinator &&
    eventually 60 probe_coordinator ready && probe_coordinator alive || return
  token=$(docker exec "$worker" cat /var/lib/warren/token)
  [ "$(docker exec "$worker" stat -c %a /var/lib/warren/token /var/lib/warren/store | paste -sd,)" = 600,700 ] || return
  port=$(docker port "$worker" 8765) url=http://$port/api/v1/jobs
  seq 100 | curl -sSf -H "Authorization: Bearer $token" --data-binary @- "$url?name=a&function=java.lang.Integer::toBinaryString" &&
    [ "$(curl -sSf -H "Authorization: Bearer $token" "$url/a/results" | tail -n 1)" = '{"index":99,"value":"1100100"}' ] || return
  ! docker exec "$worker" warren-probe alive 8766 && stops_with_zero
}

check "prepare an app's jar" an_app && check "the image builds" built && check "a broker runs" a_broker || { echo "$passed passed, $failed failed"; exit 1; }
check "the image is at most 186 MB" small
check "it runs as any user, without capabilities, on a read-only root" any_user_and_nothing_to_write_to
check "with 256 MB and 8 slots the worker survives" tight_memory
check "with 256 MB and no configured slots there is one slot" slots_of_a_small_container
check "orphan processes of functions are reaped" reaps_as_process_1
check "a worker without a broker is alive and not ready" ready_only_with_a_broker
check "a coordinator runs as any user, on a volume that forbids execution" a_coordinator_on_a_volume
check "a log driver that stops reading blocks neither calls nor the end of the worker" a_log_that_nobody_reads
cat "$scratch/size"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
