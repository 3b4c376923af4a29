# checks.sh: what compose-test.sh and container-test.sh share; sourced by them. A script that sources it has a folder
# $scratch and a function `evidence`, which prints what helps to understand a failed check.
passed=0 failed=0

check() { # check NAME COMMAND…
  local name=$1 start=$SECONDS result=ok
  shift
  "$@" >"$scratch/said" 2>&1 || result=FAILED
  [ $result = ok ] && passed=$((passed + 1)) || failed=$((failed + 1))
  printf '%-7s %s (%d s)\n' $result "$name" $((SECONDS - start))
  [ $result = ok ] || { { tail -n 20 "$scratch/said"; evidence; } | sed 's/^/        | /'; return 1; }
}

eventually() { # eventually SECONDS COMMAND…
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || { echo "not within its time: $*"; return 1; }
    sleep 0.5
  done
}
