"""The Celery application that is measured, with its default settings or with safe ones.

Safe is what Celery's documentation recommends against losing tasks: acknowledged late, given back
when a worker process is lost, publishing confirmed, one task reserved per process, and a durable
queue (Debian's Celery is older than Celery's support for quorum queues). Tuned is the same with 16 tasks
reserved per process, as one would set it for a far broker.
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
