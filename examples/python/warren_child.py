#!/usr/bin/env python3
"""A Warren child in Python: runs functions by name, math::sqrt or my.stats::score.

Start it with ChildContext.command("python3", "warren_child.py"); docs/child-protocol.md specifies the
frames of the link. Modules are imported from the working directory, PYTHONPATH and the installed packages.
Only functions that match the worker's --functions may be called (SETUP's "allow"); without it, none. The
main thread runs the calls and sends RUNNING before and the outcome after each one, which is fast enough for
calls of a millisecond. A second thread reads the link.
"""
import importlib, json, os, queue, re, signal, socket, struct, sys, threading, time, traceback

LINK = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
STREAM = LINK.makefile("rb")
INBOX = queue.SimpleQueue()  # payloads of CALLS frames; None at QUIT
QUIT = threading.Event()
LOCK = threading.Lock()  # guards CANCELLED and `running` between the two threads
CANCELLED = set()  # calls that must not start, or must be interrupted
running = None  # (task, index) of the call in progress; None between calls


class Stopped(BaseException):
    """Raised inside a call by a signal; a BaseException, so that "except Exception" does not catch it."""


def send(kind, header, line=None):
    """Writes a frame: the length of the rest, a type byte, the header line and optionally another line."""
    payload = json.dumps(header).encode() + (b"" if line is None else b"\n" + line)
    LINK.sendall(struct.pack(">I", 1 + len(payload)) + kind + payload)


def receive():
    """Reads a frame and returns (type, payload), or (b"", b"") once the link is closed."""
    head = STREAM.read(5)
    return head[4:], STREAM.read(int.from_bytes(head[:4], "big") - 1) if head else b""


def read_link():
    """The reader thread. Kills the whole process group, running calls included, when the link closes."""
    while True:
        kind, payload = receive()
        if kind == b"C":
            INBOX.put(payload)
        elif kind == b"Q":
            QUIT.set()
            INBOX.put(None)
        elif kind == b"X":
            mark = json.loads(payload)
            with LOCK:
                CANCELLED.add((mark["task"], mark["index"]))
                if running in CANCELLED:
                    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
        else:
            os.killpg(0, signal.SIGKILL)


def stop_call(number, frame):
    """The signal handler, on the main thread; a signal that arrives after the call ended does nothing."""
    if running and (number == signal.SIGALRM or running in CANCELLED):
        if number == signal.SIGALRM:
            stack = "".join(traceback.format_stack(frame)[::-1])
            send(b"L", {"task": running[0], "index": running[1], "limit": "soft", "stack": stack})
        raise Stopped("time_limit" if number == signal.SIGALRM else "cancelled")


def matches(pattern, module, function):
    """Whether a pattern, my.stats.** or my.stats::score, matches a function's name."""
    where, _, what = pattern.partition("::")
    where = re.escape(where).replace(r"\*\*\.", r"(?:.+\.)?").replace(r"\*\*", ".+")
    what = re.escape(what or "*").replace(r"\*", ".*")
    where = where.replace(r"\*", r"[^.]*")
    return re.fullmatch(where, module) is not None and re.fullmatch(what, function) is not None


def find(name, setup):
    """Returns the function if SETUP allows it; the name is checked before any module is imported.
    A pattern with a wildcard allows only functions that the module itself defines and that do not
    begin with "_"; an imported function, such as os.system, needs a pattern with its exact name."""
    module, _, function = name.partition("(")[0].partition("::")  # "(" begins a JVM descriptor
    allow = setup.get("allow") or []
    if not any(matches(pattern, module, function) for pattern in allow):
        raise LookupError(f"{module}::{function} is not allowed here or does not exist")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, TypeError, ValueError) as e:
        raise LookupError(f"no function {module}::{function} in this Python: {e}") from e
    own = getattr(found, "__module__", None) == module and not function.startswith("_")
    if own or "**" in allow or f"{module}::{function}" in allow:
        return found
    raise LookupError(f"{module}::{function} is not {module}'s own; a pattern must name it exactly")


def text_of(error, describe):
    """Returns describe(error), or a placeholder if a method of the exception raises."""
    try:
        return describe(error).encode("utf-8", "replace").decode()
    except BaseException as e:
        return f"(unreadable: {type(error).__name__}, {type(e).__name__})"


def failure(kind, error, setup, attempt=1, details=None):
    types = [f"{c.__module__}.{c.__qualname__}" for c in type(error).__mro__ if c is not object]
    stack = text_of(error, lambda e: "".join(traceback.format_exception(type(e), e, e.__traceback__)))
    stack = stack[-65536:]
    where = {"host": setup["host"], "pid": os.getpid(), "child": setup["child"]}
    return {"kind": kind, "type": types[0] if kind == "failed" else kind,
            "message": text_of(error, str)[:65536], "stack": stack, "types": types, "retryable": kind == "failed",
            "where": where, "attempt": attempt, "details": details or {}}


def run_call(header, call, captured, line, setup):
    """Runs one call and returns its outcome; no exception of the call escapes."""
    global running
    attempt, soft = header["attempt"], header["softMs"]
    try:
        function, args = find(header["fn"], setup), captured + json.loads(line)
    except (LookupError, ValueError) as e:
        details = {"elsewhere": True} if isinstance(e, LookupError) else {}  # the call may run on another worker
        return {"error": failure("rejected", e, setup, attempt, details)}
    try:
        send(b"B", {"task": call[0], "index": call[1], "ranMicros": 0})
        with LOCK:
            if call in CANCELLED:
                error = Stopped("cancelled before it began")
                return {"error": failure("cancelled", error, setup, attempt, {"started": False})}
            running = call
        signal.setitimer(signal.ITIMER_REAL, soft / 1000)
        value = function(*args)
        running = None
        return {"value": value}
    except Stopped as e:
        running = None
        details = {"limit": "soft", "limitMs": soft} if str(e) == "time_limit" else {}
        return {"error": failure(str(e), e, setup, attempt, details)}
    except BaseException as e:  # SystemExit too: a call must not end the child
        running = None
        return {"error": failure("failed", e, setup, attempt)}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def run_calls(payload, setup):
    """Runs the calls of one CALLS frame: a header line, the captured arguments, one line per call."""
    head, *lines = payload.split(b"\n")
    header = json.loads(head)
    captured = json.loads(lines.pop(0)) if header.get("captured") else []
    for i in range(header["count"]):
        if QUIT.is_set():
            return
        call, start = (header["task"], header["from"] + i), time.monotonic()
        outcome = run_call(header, call, captured, lines[i], setup)
        try:
            line = json.dumps(outcome, separators=(",", ":"), allow_nan=False).encode()
            if len(line) > setup["maxResultBytes"]:
                raise ValueError(f"{len(line)} bytes, over the limit of {setup['maxResultBytes']}")
        except Exception as e:  # the value's methods may raise anything
            error = failure("result_not_serializable", e, setup, header["attempt"])
            line = json.dumps({"error": error}, separators=(",", ":")).encode()
        micros = int((time.monotonic() - start) * 1e6)
        send(b"O", {"task": call[0], "from": call[1], "count": 1, "busyMicros": micros}, line)
        CANCELLED.discard(call)


def main():
    os.getpgrp() == os.getpid() or os.setpgid(0, 0)  # a process group, so that processes started by calls are killed with it
    sys.path.insert(0, os.getcwd())
    for number in (signal.SIGUSR1, signal.SIGALRM):
        signal.signal(number, stop_call)
    LINK.connect(os.environ["WARREN_LINK"])
    send(b"H", {"version": 1, "token": os.environ["WARREN_LINK_TOKEN"], "pid": os.getpid()})
    setup = json.loads(receive()[1])
    threading.Thread(target=read_link, name="link", daemon=True).start()
    if setup.get("initializer"):
        try:
            find(setup["initializer"], setup)(*(setup.get("initArgs") or []))
        except BaseException as e:
            return send(b"I", failure("initializer_failed", e, setup))
    send(b"R", {})
    while (calls := INBOX.get()) is not None:
        run_calls(calls, setup)


if __name__ == "__main__":
    main()
