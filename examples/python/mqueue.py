#!/usr/bin/env python3
"""Sends or receives messages with priorities through a message queue of the kernel, the one that Java and the command know as
posixmq:/NAME. Nothing but the C library is needed:

    mqueue.py send /NAME < lines      mqueue.py recv /NAME COUNT

A line is a priority, a space and the message, as "9 fire". What is received, the highest priority first and in it the oldest, is
printed so.
"""
import ctypes
import errno
import os
import sys


class Attributes(ctypes.Structure):
    """struct mq_attr"""

    _fields_ = [
        ("flags", ctypes.c_long),
        ("maxmsg", ctypes.c_long),
        ("msgsize", ctypes.c_long),
        ("curmsgs", ctypes.c_long),
        ("reserved", ctypes.c_long * 4),
    ]


def library():
    """The C library; before glibc 2.34 these functions are in librt."""
    libc = ctypes.CDLL(None, use_errno=True)
    return libc if hasattr(libc, "mq_open") else ctypes.CDLL("librt.so.1", use_errno=True)


LIB = library()
LIB.mq_receive.restype = ctypes.c_ssize_t
LIB.mq_send.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint]
LIB.mq_receive.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_uint)]


def call(name, function, *arguments):
    """A call that a signal may interrupt, and that fails with an exception."""
    while True:
        result = function(*arguments)
        if result >= 0:
            return result
        code = ctypes.get_errno()
        if code != errno.EINTR:
            raise OSError(code, name + ": " + os.strerror(code))


def main(words):
    if words[1:2] != ["send"] and words[1:2] != ["recv"] or len(words) != (3 if words[1] == "send" else 4):
        sys.exit("usage: mqueue.py send /NAME < lines, or mqueue.py recv /NAME COUNT")
    flags = os.O_WRONLY if words[1] == "send" else os.O_RDONLY
    queue = call("mq_open", LIB.mq_open, words[2].encode(), flags)
    if words[1] == "send":
        for line in sys.stdin.buffer:
            priority, message = line.rstrip(b"\n").split(b" ", 1)
            call("mq_send", LIB.mq_send, queue, message, len(message), int(priority))
        return
    attributes = Attributes()
    call("mq_getattr", LIB.mq_getattr, queue, ctypes.byref(attributes))
    # Room for the largest message is needed, whatever comes, or the call fails with EMSGSIZE.
    message = ctypes.create_string_buffer(attributes.msgsize)
    priority = ctypes.c_uint()
    for _ in range(int(words[3])):
        length = call("mq_receive", LIB.mq_receive, queue, message, len(message), ctypes.byref(priority))
        sys.stdout.buffer.write(b"%d %s\n" % (priority.value, message.raw[:length]))  # whatever bytes they are
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv)
