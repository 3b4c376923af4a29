# checks.sh: functions that compose-test.sh and container-test.sh source. The script must define the folder $scratch and the
# function `evidence`, which prints diagnostics for a failed check.
passed=0 failed=0

check() { # check NAME COMMAND…: runs the command, prints its result and counts it
  local name=$1 start=$SECONDS result=ok
  shift
  "$@" >"$scratch/said" 2>&1 || result=FAILED
  [ $result = ok ] && passed=$((passed + 1)) || failed=$((failed + 1))
  printf '%-7s %s (%d s)\n' $result "$name" $((SECONDS - start))
  [ $result = ok ] || { { tail -n 20 "$scratch/said"; evidence; } | sed 's/^/        | /'; return 1; }
}

eventually() { # eventually SECONDS COMMAND…: repeats the command until it succeeds; fails after that many seconds
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || { echo "timed out: $*"; return 1; }
    sleep 0.5
  done
}
