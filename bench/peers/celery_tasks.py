"""The measured Celery application, with the settings that BENCH_SETTINGS names.

default: Celery's defaults. safe: as Celery's documentation recommends against losing tasks: late
acknowledgement, requeue when a worker process is lost, publisher confirms, one task prefetched per process,
and a durable queue (Debian's Celery is older than its support for quorum queues). tuned: as safe, with 16
tasks prefetched per process, which suits a broker with a long round trip.
"""
import os
import time

from celery import Celery

app = Celery("celery_tasks", broker=os.environ["BENCH_BROKER"], backend="rpc://")
app.conf.task_default_queue = "celery-" + os.environ["BENCH_SETTINGS"]
if os.environ["BENCH_SETTINGS"] != "default":
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1 if os.environ["BENCH_SETTINGS"] == "safe" else 16,
        broker_transport_options={"confirm_publish": True},
    )


@app.task
def same(number):
    return number


@app.task
def sleep(millis):
    time.sleep(millis / 1000)
    return millis
