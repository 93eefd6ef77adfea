#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""record.py: records what real programs write to their terminal, for test-screen-model.

Run it as root in this folder: unshare -pfmu --mount-proc ./record.py [NAME...]
so that process viewers show nothing of the machine. Each recording has a line in screens.list:
its name, rows and columns, and where the size changed: offset, rows and columns."""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time

SHELL = ["bash", "--norc", "--noprofile", "-i"]
COLOURS = (
    "for i in $(seq 0 255); do printf '\\033[38;5;%dm%03d\\033[48;5;%dm#\\033[m ' $i $i $i; done; "
    "for i in $(seq 0 5 255); do printf '\\033[38;2;%d;%d;90m*\\033[48;2;9;%d;%dm+\\033[m' "
    "$i $((255 - i)) $i $i; done; "
    "printf '\\033[1mb\\033[2md\\033[3mi\\033[4mu\\033[5mk\\033[7mr\\033[8mc\\033[9ms\\033[21mU"
    "\\033[4:3mw\\033[22;23;24;25;27mn\\033[0m\\r\\n'\n"
)
BOXES = (
    "printf '\\033[2J\\033[3;4H┌──────────┬─────┐\\r\\n   │ 世界 日本│ e\u0301a\u0308 │\\r\\n"
    "   ├──────────┼─────┤\\r\\n   │ ░▒▓█▀▄   │ ☺♥€ │\\r\\n   ╰──────────┴─────╯\\r\\n'; "
    "printf '\\033(0lqqqqk\\033(B \\033(0x\\033(B🙂👍 é ü 한국어 Ελληνικά\\r\\n'; "
    "for i in $(seq 1 40); do printf '%s' '宽字符x'; done; printf '\\033[41m\\033[K\\033[m\\r\\n'\n"
)
REGION = (
    "printf '\\033[?1049h\\033[H\\033[1;44mfixed header\\033[K\\033[m\\033[3;%dr\\033[3;1H' "
    "$(($(tput lines) - 2)); for i in $(seq 1 3000); do echo \"line $i of the region\"; done\n"
)
SIZES = [(24, 80), (50, 200), (10, 40)]
PROGRAMS = [
    ("vim", ["vim", "-u", "NONE", "-N", "-c", "syntax on | set nu ls=2 ruler hls", "text.c"],
     ["\x06", "/static\r", "n", "ihello \x1b", ":vsplit\r", "\x06", "G"]),
    ("vim-left", SHELL, ["ls -la --color=always\r", "vim -u NONE -N -c 'syntax on' text.c\r",
                         "\x06", ":q!\r"]),
    ("less", ["less", "-R", "text.c"], ["\x06", "\x06", "/static\r", "n", "k", "k"]),
    ("htop", ["htop", "-d", "5"], ["\x1b[B", "t", "h", "q"]),
    ("top", ["top", "-d", "0.3"], ["1", "c", "z"]),
    ("mc", ["mc", "-u", "."], ["\x1b[B", "\x1b[B", "\t", "\x1b9"]),
    ("tmux", ["tmux", "-L", "demo", "-f", "/dev/null", "new", "-s", "demo", " ".join(SHELL)],
     ["ls -l --color=always /usr\r", "\x02\"", "seq 300\r", "\x02%", "cat text.c\r", "\x02o"]),
    ("shell", SHELL, ["ls -l --color=always /usr/bin | head -60\r", "grep --color=always -n a text.c"
                      " | head -40\r", "echo " + "w" * 150, "\x01", "\x05"]),
    ("numbers", SHELL, ["seq 1 12000\r"]),
    ("flood", SHELL, [COLOURS, COLOURS]),
    ("boxes", SHELL, [BOXES]),
    ("region", SHELL, [REGION]),
]
RESIZED = [
    ("vim-resized", 24, 80, PROGRAMS[0], 30, 100),
    ("less-resized", 24, 80, PROGRAMS[2], 12, 60),
    ("shell-resized", 30, 100, PROGRAMS[7], 20, 70),
    ("mc-resized", 24, 80, PROGRAMS[5], 40, 120),
]


def set_size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def drain(fd, quiet=0.4, limit=3.0):
    out, end = b"", time.time() + limit
    while time.time() < end and select.select([fd], [], [], quiet)[0]:
        try:
            out += os.read(fd, 65536)
        except OSError:
            break
    return out


def start(argv, rows, columns):
    pid, fd = pty.fork()
    if pid == 0:
        time.sleep(0.2)
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8", PS1="$ ",
                          HOME=os.getcwd(), USER="root", LESSHISTFILE="-")
        for name in ("COLUMNS", "LINES", "TMUX", "PROMPT_COMMAND"):
            os.environ.pop(name, None)
        os.execvp(argv[0], argv)
    set_size(fd, rows, columns)
    return pid, fd


def record(name, argv, keys, rows, columns, resized=None):
    pid, fd = start(argv, rows, columns)
    out = drain(fd, 0.8)
    line = f"{name} {rows} {columns}"
    for i, key in enumerate(keys):
        if resized and i == len(keys) // 2:
            line += f" {len(out)} {resized[0]} {resized[1]}"
            set_size(fd, *resized)
            out += drain(fd)
        os.write(fd, key.encode())
        out += drain(fd)
    os.kill(pid, 9)
    os.close(fd)
    subprocess.run(["tmux", "-L", "demo", "kill-server"], stderr=subprocess.DEVNULL)
    with open(os.path.join(FOLDER, name + ".bin"), "wb") as file:
        file.write(out)
    return line


FOLDER = os.getcwd()
wanted = sys.argv[1:]
subprocess.run(["hostname", "demo"])
source = os.path.join(FOLDER, "../../../agent-core/pty/screen-lexer.c")
work = tempfile.mkdtemp(prefix="demo")
shutil.copy(source, os.path.join(work, "text.c"))
os.chdir(work)
lines = []
for name, argv, keys in PROGRAMS:
    for rows, columns in SIZES:
        if not wanted or name in wanted:
            lines.append(record(f"{name}-{rows}x{columns}", argv, keys, rows, columns))
for name, rows, columns, (_, argv, keys), new_rows, new_columns in RESIZED:
    if not wanted or name in wanted:
        lines.append(record(name, argv, keys, rows, columns, (new_rows, new_columns)))
path = os.path.join(FOLDER, "screens.list")
kept = []
if os.path.exists(path):
    with open(path) as file:
        done = {line.split()[0] for line in lines}
        kept = [line for line in file.read().splitlines() if line.split()[0] not in done]
with open(path, "w") as file:
    file.write("\n".join(sorted(kept + lines)) + "\n")
shutil.rmtree(work)
