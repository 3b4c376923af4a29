#!/usr/bin/env python3
"""Measures CPython's multiprocessing.Pool: multiprocessing_pool.py fork|spawn SCENARIO

Prints "ready", then one figure, from one run of the scenario, for each line of its input.
"""
import multiprocessing
import os
import statistics
import sys
import time

PROCESSES = os.cpu_count() or 1


def same(number):
    return number


def busy_millisecond(number):
    end = time.perf_counter_ns() + 1_000_000
    while time.perf_counter_ns() < end:
        pass
    return number


def rate(calls, work):
    start = time.perf_counter()
    work()
    return calls / (time.perf_counter() - start)


def map_default(pool):
    numbers = list(range(1_000_000))
    return rate(len(numbers), lambda: pool.map(same, numbers))


def map_chunk1(pool, calls=20_000):
    return rate(calls, lambda: pool.map(same, range(calls), 1))


def imap_unordered(pool, calls=20_000):
    return rate(calls, lambda: [None for _ in pool.imap_unordered(same, iter(range(calls)), 1)])


def apply_async(pool, calls=20_000):
    def work():
        results = [pool.apply_async(same, (i,)) for i in range(calls)]
        for result in results:
            result.get()

    return rate(calls, work)


def roundtrip(pool, calls=1000):
    took = []
    for i in range(calls):
        start = time.perf_counter()
        pool.apply(same, (i,))
        took.append(time.perf_counter() - start)
    return statistics.median(took) * 1e6


def busy(pool, calls=2000):
    per_second = rate(calls, lambda: pool.map(busy_millisecond, range(calls), 1))
    return 100 * per_second / 1000 / PROCESSES


# per scenario: the measure, and the number of calls after which a child is replaced (None: never)
SCENARIOS = {
    "map.default": (map_default, None),
    "map.chunk1": (map_chunk1, None),
    "imap_unordered.chunk1": (imap_unordered, None),
    "apply_async": (apply_async, None),
    "apply.roundtrip_p50": (roundtrip, None),
    "map.1ms.chunk1": (busy, None),
    "recycle.every_call": (lambda pool: map_chunk1(pool, 60), 1),
    "recycle.every_100": (lambda pool: map_chunk1(pool, 6000), 100),
}


def main():
    method, scenario = sys.argv[1:]
    measure, max_tasks = SCENARIOS[scenario]
    context = multiprocessing.get_context(method)
    with context.Pool(PROCESSES, maxtasksperchild=max_tasks) as pool:
        print("ready", flush=True)
        # not from sys.stdin: a child forked while this thread reads it inherits its locked lock
        while os.read(0, 100):
            print(measure(pool), flush=True)


if __name__ == "__main__":
    main()
