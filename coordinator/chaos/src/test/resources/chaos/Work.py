"""Functions of Python children in the fault kit, which misuse their link to the supervisor."""
import os, signal, sys, time

LINK = sys.modules["__main__"].LINK


def close_link():
    LINK.shutdown(2)
    time.sleep(1000)


def garbage():
    LINK.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + os.urandom(4096))
    time.sleep(1000)


def huge_frame():
    LINK.sendall(b"\x7f\xff\xff\xff" + b"O" * 1000)
    time.sleep(1000)


def lie():
    header = b'{"task":999,"from":0,"count":1,"busyMicros":1}\n{"value":1}'
    LINK.sendall((1 + len(header)).to_bytes(4, "big") + b"O" + header)
    time.sleep(1000)


def answer_garbage():
    """Makes the next outcome of this child malformed."""
    main = sys.modules["__main__"]
    right = main.send

    def wrong(kind, header, *lines):
        main.send = right
        right(kind, header, b'{"value":1} trailing')

    main.send = wrong


def segv():
    os.kill(os.getpid(), signal.SIGSEGV)


DEEDS = {"CLOSE_LINK": close_link, "GARBAGE_ON_LINK": garbage, "HUGE_FRAME": huge_frame,
         "FALSE_OUTCOME": lie, "ANSWER_GARBAGE": answer_garbage, "SIGNAL_SEGV": segv, "SLEEP_20_MS": lambda: time.sleep(0.02)}


def first(folder, number):
    try:
        os.mkdir(f"{folder}/taken-{number}")
    except FileExistsError:
        return False
    with open(f"{folder}/pid-{number}", "w") as file:
        file.write(str(os.getpid()))
    os.rename(f"{folder}/pid-{number}", f"{folder}/deed-{number}")
    return True


def run(ticket):
    """The same as Work.run: leaves its trace, carries out its action, returns its number."""
    folder, number, deed = ticket["folder"], ticket["number"], ticket["deed"]
    with open(f"{folder}/began-{os.getpid()}", "ab") as file:
        file.write(number.to_bytes(4, "big"))
    if deed == "SLEEP_20_MS" or first(folder, number) or ticket["always"]:
        DEEDS[deed]()
    return number
