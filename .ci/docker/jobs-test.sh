#!/usr/bin/env bash
# jobs-test.sh [FILE…]: tests the coordinator of docker-compose.yml and docker-compose.cluster.yml with curl: jobs whose
# results must be those of `warren map`, byte for byte, while coordinators, nodes of the broker, workers and the database are
# killed. Runs both files with docker-compose 1.29, then with docker compose v2; or only the FILEs.
# Needs the output of `mvn package`, a JDK, curl, an engine (engine.sh) and the images (images.sh).
# Prints one line per check, after a failure the containers' last log lines, and `N passed, N failed` at the end.
set -uo pipefail
cd "$(dirname "$0")/../.."
. .ci/docker/compose.sh

calls=1000         # of 0.1 s each, on two workers of two slots: a job lasts for 26 s
token=
urls=()            # of the coordinators, asked in turn
command=           # the service whose container runs `map`
export WARREN_PROCESSES=2

ask() { curl -sS --max-time 20 -H "Authorization: Bearer $token" "$@"; } # ask OPTION_OF_CURL…

status() { ask -o "$scratch/answer" -w '%{http_code}' "$@"; }

expect() { # expect STATUS OPTION_OF_CURL…
  local expected=$1 got
  shift
  got=$(status "$@")
  [ "$got" = "$expected" ] || { echo "status $got instead of $expected: $*"; cat "$scratch/answer"; return 1; }
}

submit() { # submit NAME [STATUS]: 201 for a new job
  local url
  for url in "${urls[@]}"; do
    seq 0 $((calls - 1)) | expect "${2:-201}" --data-binary @- "$url/jobs?name=$1&function=shop.Slow::third" && return
  done
  return 1
}

# results JOB FILE: streams the results into the file; when the stream is cut, goes on at the next coordinator
results() {
  local tries url lines
  : >"$2"
  for tries in $(seq 100); do
    for url in "${urls[@]}"; do
      lines=$(wc -l <"$2")
      ask -fN --max-time 200 "$url/jobs/$1/results?from=$lines" >>"$2" && return
      lines=$(wc -l <"$2")
      head -n "$lines" "$2" >"$2.whole" && mv "$2.whole" "$2" # without a part of a line
      sleep 0.5
    done
  done
  echo "no complete stream of $1 after $tries tries"
  return 1
}

arrived() { wc -l <"$scratch/results.$1"; } # JOB

begun() { [ "$(arrived "$1")" -ge $((calls / 20)) ]; } # JOB

in_its_middle() { begun "$1" && [ "$(arrived "$1")" -lt $calls ] || { echo "$(arrived "$1") of $calls results"; return 1; }; } # JOB

as_mapped() { cmp "$scratch/results.$1" "$scratch/mapped"; } # JOB

in_the_middle_of_a_job() { # in_the_middle_of_a_job JOB COMMAND…: runs it during the job, whose results must be complete
  local job=$1 stream
  shift
  submit "$job" || return
  : >"$scratch/results.$job" # here, since those of an earlier job of this name would count at first
  results "$job" "$scratch/results.$job" 2>"$scratch/stream" &
  stream=$!
  eventually 60 begun "$job" && in_its_middle "$job" && "$@" && wait $stream && as_mapped "$job" && return
  pkill -P $stream
  kill $stream 2>/dev/null
  cat "$scratch/stream"
  return 1
}

map() { # its exit code is 1, since calls fail
  seq 0 $((calls - 1)) | compose run --rm -T "$command" map --app /apps/shop.jar --fn shop.Slow::third >"$scratch/mapped" 2>"$scratch/err"
  [ $? = 1 ] && [ "$(wc -l <"$scratch/mapped")" = $calls ] || { cat "$scratch/err"; return 1; }
}

know_the_token() {
  token=$(compose exec -T "$command" cat /var/lib/warren/token </dev/null) && [ ${#token} = 64 ]
}

guarded() { # the port is published on loopback only and needs the token; token and store are private
  local id port
  for id in $(ids | xargs docker inspect -f '{{.Id}} {{.Config.Cmd}}' | awk '$2 == "[coordinator]" {print $1}'); do
    port=$(docker inspect -f '{{json .HostConfig.PortBindings}}' "$id")
    [[ $port == *'"HostIp":"127.0.0.1"'* ]] && [ "$(docker exec "$id" stat -c %a /var/lib/warren/token)" = 600 ] || { echo "$port"; return 1; }
  done
  token=wrong-wrong-wrong-wrong expect 401 "${urls[0]}/jobs" && expect 200 "${urls[0]}/jobs" && expect 200 "${urls[0]}/health"
}

kill_java() { # kill_java CONTAINER: with SIGKILL
  docker exec "$1" bash -c 'for p in /proc/[0-9]*; do [ "$(cat $p/comm)" != java ] || kill -9 ${p#/proc/}; done'
}

restarted_by_docker() { # the coordinator's process, killed with SIGKILL
  local id
  id=$(ids coordinator)
  kill_java "$id" && eventually 60 expect 200 "${urls[0]}/health" &&
    [ "$(docker inspect -f '{{.RestartCount}}' "$id")" -ge 1 ]
}

up() { compose up -d --no-recreate --scale worker=2; }

killed_and_up() { # killed_and_up JOB SERVICE…: one container of each in turn, with SIGKILL, and `up` after each
  local job=$1 service
  shift
  for service; do
    in_its_middle "$job" && docker kill "$(ids "$service" | head -n 1)" && sleep 1 && up || return
  done
}

listed() { # listed JOB
  compose run --rm -T "$command" jobs list </dev/null >"$scratch/list" && grep "^$1 .* $calls " "$scratch/list" || { cat "$scratch/list"; return 1; }
}

stopped_and_started() { stopped_with_zero coordinator && compose start coordinator; }

stopped_with_zero() { # stopped_with_zero SERVICE: within its grace period
  local start=$SECONDS
  compose stop "$1" && [ $((SECONDS - start)) -lt 20 ] && [ "$(docker inspect -f '{{.State.ExitCode}}' "$(ids "$1")")" = 0 ]
}

moved_to_a_new_volume() { # with the commands of docs/JOBS.md
  compose run --rm -T --no-deps --entrypoint tar coordinator -C /var/lib/warren -cz store token </dev/null >"$scratch/jobs.tgz" &&
    compose down -v && compose run --rm -T --no-deps --entrypoint tar coordinator -C /var/lib/warren -xz <"$scratch/jobs.tgz" &&
    up && eventually 60 expect 200 "${urls[0]}/health" && results first "$scratch/results.first" && as_mapped first
}

# ---- docker-compose.yml

one_machine() {
  file=() command=coordinator urls=("http://127.0.0.1:$WARREN_PORT/api/v1")
  check_with "the coordinator's image builds" compose build coordinator &&
    check_with "up starts two workers and a coordinator" up &&
    check_with "the coordinator becomes healthy" eventually 60 healthy coordinator 1 &&
    check_with "it has created a token" know_the_token &&
    check_with "map, as a reference" map || return
  check_with "only this machine can reach it, and it needs the token" guarded
  check_with "a coordinator killed in the middle of a job is restarted and goes on" in_the_middle_of_a_job first restarted_by_docker
  check_with "containers of coordinator, broker and worker killed in the middle of a job" \
    in_the_middle_of_a_job second killed_and_up second coordinator rabbitmq worker
  check_with "the same job again is not run again" submit second 200
  check_with "jobs list on the command line" listed second
  check_with "a coordinator that is stopped in the middle of a job ends with 0, and goes on" in_the_middle_of_a_job third stopped_and_started
  check_with "its jobs move to a new volume" moved_to_a_new_volume
  check_with "down leaves nothing" nothing_left
}

# ---- docker-compose.cluster.yml

cluster_healthy() {
  local service
  for service in rabbitmq-1 rabbitmq-2 rabbitmq-3 postgres coordinator-1 coordinator-2; do eventually 90 healthy $service 1 || return; done
  eventually 60 healthy worker 2
}

replicated() { # every quorum queue has a replica on each of the three nodes
  docker exec "$(ids rabbitmq-1)" rabbitmqctl -q --no-table-headers list_queues type name members >"$scratch/queues" || return
  cat "$scratch/queues"
  [ "$(grep -c ^quorum "$scratch/queues")" -ge 2 ] && ! awk '$1 == "quorum" && gsub(/rabbit@/, "") != 3' "$scratch/queues" | grep .
}

owner() { # owner JOB: the container of the coordinator that runs it
  ask "${urls[0]}/jobs/$1" | sed -n 's/.*"owner":"\([0-9a-f]*\).*/\1/p'
}

taken_over() { # the coordinator that runs the job is killed, and the other one goes on
  local dead other
  dead=$(owner third) && [ -n "$dead" ] || { echo "nobody runs the job"; return 1; }
  other=$({ ids coordinator-1; ids coordinator-2; } | grep -v "^$dead")
  docker kill "$dead" && eventually 40 goes_on "$other"
}

goes_on() { docker logs "$1" 2>&1 | grep 'job third: .* in flight'; } # CONTAINER

leader_killed() { # the node that leads the queue of tasks
  local node
  node=$(docker exec "$(ids rabbitmq-1)" rabbitmqctl -q --no-table-headers list_queues name leader |
    awk -v name="warren.$WARREN_POOL.tasks" '$1 == name {sub("rabbit@", "", $2); print $2}')
  docker kill "$(ids "$node")" && echo "killed $node, the leader"
}

cluster() {
  file=(-f docker-compose.cluster.yml) command=coordinator-1
  urls=("http://127.0.0.1:$WARREN_PORT/api/v1" "http://127.0.0.1:$WARREN_PORT_2/api/v1")
  check_with "cluster: the image builds" compose build &&
    check_with "cluster: up starts three nodes, a database, two coordinators and two workers" up &&
    check_with "cluster: all become healthy" cluster_healthy &&
    check_with "cluster: the coordinators have created a token" know_the_token &&
    check_with "cluster: map, as a reference" map || return
  check_with "cluster: every queue of calls has three replicas" replicated
  check_with "cluster: only this machine can reach it, and it needs the token" guarded
  check_with "cluster: the coordinator of a running job is killed, and the other takes over" in_the_middle_of_a_job third taken_over
  check_with "cluster: up starts it again" up && check_with "cluster: all are healthy again" cluster_healthy
  check_with "cluster: the node that leads the queue of calls is killed in the middle of a job" in_the_middle_of_a_job fourth leader_killed
  check_with "cluster: up starts it again" up && check_with "cluster: all are healthy again" cluster_healthy
  check_with "cluster: the database is killed in the middle of a job" in_the_middle_of_a_job fifth killed_and_up fifth postgres
  check_with "cluster: the coordinator stops with 0" stopped_with_zero coordinator-1
  check_with "cluster: down leaves nothing" nothing_left
}

[ $# -gt 0 ] || set -- docker-compose.yml docker-compose.cluster.yml
check_with "prepare an app's jar" drop_in_an_app
check_with "docker-compose runs" docker-compose version
check_with "docker compose runs" .ci/docker/compose-v2.sh
for name in docker-compose "docker compose"; do
  read -ra program <<<"$name"
  for each; do
    case $each in
      docker-compose.yml) one_machine ;;
      docker-compose.cluster.yml) cluster ;;
      *) echo "jobs-test.sh: unknown file '$each'" >&2; exit 2 ;;
    esac
    clean_up
  done
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
