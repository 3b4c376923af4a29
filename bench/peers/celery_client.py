#!/usr/bin/env python3
"""Measures Celery with a worker of prefork processes: celery_client.py apply_async|roundtrip|sleeps

Prints "ready", then one figure for each line of its input. celery_tasks.py reads BENCH_BROKER and
BENCH_SETTINGS (default, safe, tuned). BENCH_WORKER_BROKER is the broker's address for the worker, default
BENCH_BROKER; BENCH_PROCESSES is the number of its processes, default the processors. "sleeps" measures
BENCH_CALLS sleeps of BENCH_MILLIS, in seconds.
"""
import ctypes
import os
import signal
import statistics
import subprocess
import sys
import time

from celery_tasks import same, sleep

HERE = os.path.dirname(os.path.abspath(__file__))
SAFE = os.environ["BENCH_SETTINGS"] != "default"


def apply_async():
    calls = 500 if SAFE else 1000
    start = time.perf_counter()
    results = [same.delay(i) for i in range(calls)]
    for result in results:
        result.get(timeout=60)
    return calls / (time.perf_counter() - start)


def roundtrip(calls=200):
    took = []
    for i in range(calls):
        start = time.perf_counter()
        same.delay(i).get(timeout=60)
        took.append(time.perf_counter() - start)
    return statistics.median(took) * 1e6


def sleeps():
    millis = int(os.environ["BENCH_MILLIS"])
    start = time.perf_counter()
    results = [sleep.delay(millis) for _ in range(int(os.environ["BENCH_CALLS"]))]
    for result in results:
        result.get(timeout=100)
    return time.perf_counter() - start


def end_with_parent():
    """Makes the kernel send the worker SIGTERM when the client ends in any way (Linux)."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    measure = {"apply_async": apply_async, "roundtrip": roundtrip, "sleeps": sleeps}[sys.argv[1]]
    command = [sys.executable, "-m", "celery", "-A", "celery_tasks", "worker"]
    command += ["--pool", "prefork", "--concurrency", os.environ.get("BENCH_PROCESSES", str(os.cpu_count())), "--loglevel", "ERROR"]
    environment = dict(os.environ, C_FORCE_ROOT="1")
    environment["BENCH_BROKER"] = os.environ.get("BENCH_WORKER_BROKER", os.environ["BENCH_BROKER"])
    worker = subprocess.Popen(
        command,
        cwd=HERE,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    try:
        same.delay(0).get(timeout=60)
        print("ready", flush=True)
        for _ in sys.stdin:
            print(measure(), flush=True)
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
