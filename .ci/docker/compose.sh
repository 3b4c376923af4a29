# compose.sh: what compose-test.sh and jobs-test.sh share. They set $program to the Compose program under test, and jobs-test.sh
# sets $file to the options that select another Compose file.
. .ci/docker/checks.sh

grace=30    # the Compose files' longest stop_grace_period, in seconds
bound=240   # time limit of a Compose command, in seconds
scratch=$(mktemp -d)
program=() file=()
export COMPOSE_PROJECT_NAME=warren-test-$$ WARREN_POOL=test WARREN_IMAGE=warren:test-$$
export WARREN_APPS=$scratch/apps WARREN_JARS=$scratch/jars
export WARREN_PORT=$((20000 + RANDOM % 5000)) WARREN_PORT_2=$((25000 + RANDOM % 5000))

compose() { timeout "$bound" "${program[@]}" "${file[@]}" "$@"; }

ids() { # ids [SERVICE]: this test's containers, stopped ones too
  docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" \
    ${1:+--filter "label=com.docker.compose.service=$1"}
}

clean_up() {
  [ ${#program[@]} = 0 ] || compose down -v --remove-orphans --rmi local >/dev/null 2>&1
  ids | xargs -r docker rm -fv >/dev/null
  docker ps -aq --filter "label=warren-test=$COMPOSE_PROJECT_NAME" | xargs -r docker rm -fv >/dev/null
}
trap 'clean_up; docker rmi -f "$WARREN_IMAGE" >/dev/null 2>&1; rm -rf "$scratch"' EXIT

evidence() {
  local id
  for id in $(ids); do
    docker inspect -f '{{.Name}}: {{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}, exit code {{.State.ExitCode}}' "$id"
    docker logs --tail 10 "$id" 2>&1
  done
}

check_with() { # check_with NAME COMMAND…: the printed name begins with the Compose program under test
  local name=$1
  shift
  check "${program[*]:-before all}: $name" "$@"
}

drop_in_an_app() { # a jar as a user would put into examples/apps; it needs the JDK only
  mkdir -p "$WARREN_APPS" "$WARREN_JARS" "$scratch/app"
  cat >"$scratch/app/Slow.java" <<'JAVA'
package shop;

import java.nio.file.Files;
import java.nio.file.Path;

public class Slow {
  /** Twice n and the host it was counted on, a tenth of a second later. */
  public static String twice(int n) throws Exception {
    Thread.sleep(100);
    return 2 * n + " " + Files.readString(Path.of("/etc/hostname")).strip();
  }

  /** A third of n, a tenth of a second later; some numbers have none. */
  public static int third(int n) throws Exception {
    Thread.sleep(100);
    if (n % 50 == 7) throw new IllegalStateException("no third of " + n);
    return n / 3;
  }

  /** Prints a line, then sleeps for that number of seconds. */
  public static int lasting(int seconds) throws Exception {
    System.out.println("a lasting call begins");
    Thread.sleep(seconds * 1000L);
    return seconds;
  }
}
JAVA
  javac --release 17 -d "$scratch/app/classes" "$scratch/app/Slow.java" &&
    jar --create --file "$WARREN_APPS/shop.jar" -C "$scratch/app/classes" .
}

healthy() { # healthy SERVICE COUNT: the service has exactly COUNT containers, and all are healthy
  ids "$1" | xargs -r docker inspect -f '{{.State.Status}} {{.State.Health.Status}}' >"$scratch/health"
  [ "$(grep -cx 'running healthy' "$scratch/health")" = "$2" ] && [ "$(wc -l <"$scratch/health")" = "$2" ]
}

nothing_left() {
  compose down -v || return 1
  [ -z "$(ids)" ] && [ -z "$(docker volume ls -q --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME")" ]
}
