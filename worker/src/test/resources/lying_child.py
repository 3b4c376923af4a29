"""A child that answers each call with the bytes in its argument, for tests of its supervisor.

Its functions: raw(line) sends the line instead of an outcome; frames(seed, count) sends count damaged
frames first; links(count) opens count additional links, each of which announces a huge frame.
"""
import json, os, random, socket, struct, sys

PATH, TOKEN = os.environ["WARREN_LINK"], os.environ["WARREN_LINK_TOKEN"]
LINK = socket.socket(socket.AF_UNIX)
LINK.connect(PATH)
others = []


def frame(kind, payload):
    return struct.pack(">I", 1 + len(payload)) + kind + payload


def send(kind, header, *lines):
    LINK.sendall(frame(kind, b"\n".join([json.dumps(header).encode(), *lines])))


def receive(count):
    data = b""
    while len(data) < count:
        more = LINK.recv(count - len(data))
        if not more:
            sys.exit(0)
        data += more
    return data


def damaged(chance, header):
    kind = chance.choice([b"B", b"L", b"U", b"O", b"I", b"R", b"H", b"C"])
    body = bytearray(json.dumps(header).encode() + b"\n" + b'{"value":1}')
    for _ in range(chance.randrange(1, 6)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return frame(kind, bytes(body))


def answer(header, function, args, index):
    call = {"task": header["task"], "from": index, "count": 1, "busyMicros": 1}
    if function == "frames":
        chance = random.Random(args[0])
        for _ in range(args[1]):
            LINK.sendall(damaged(chance, call))
    elif function == "links":
        for _ in range(args[0]):
            link = socket.socket(socket.AF_UNIX)
            link.connect(PATH)
            link.sendall(struct.pack(">I", 256 * 1024 * 1024) + b"O" + b"x" * 1000)
            others.append(link)
    send(b"O", call, args[0].encode("latin-1") if function == "raw" else b'{"value":1}')


send(b"H", {"version": 1, "token": TOKEN, "pid": os.getpid()})
while True:
    length, kind = struct.unpack(">Ic", receive(5))
    head, *lines = receive(length - 1).split(b"\n")
    if kind == b"S":
        send(b"R", {})
    elif kind == b"Q":
        sys.exit(0)
    elif kind == b"C":
        header = json.loads(head)
        for i in range(header["count"]):
            function = header["fn"].partition("(")[0].partition("::")[2]
            answer(header, function, json.loads(lines[i]), header["from"] + i)
