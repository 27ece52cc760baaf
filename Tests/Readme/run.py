#!/usr/bin/env python3
"""Does what the README tells a reader to type: every block of commands, word for word, from top to bottom.

A block is fenced with ```sh; what follows says how a reader would run it:

  sh                  types the lines one after the other; each has to end with 0
  sh terminal=NAME    types the line in a terminal of its own, where it goes on; until="TEXT" waits for it to say so
  sh ctrl-c=NAME      what is typed belongs to that terminal: nothing, but Ctrl+C, and the wait for its end
  sh skip             is not for this machine (says why after it)

<position id> stands for a position that is open at that moment. Placeholders are filled, nothing else is changed.
Needs what a reader needs: a fresh clone, the .NET SDK, curl, and redis-server and python3-redis for the parts with agents. The ports of the
README (8080 to 8082, 11111 to 11113, 30000 to 30002, 6390) must be free.
"""

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NO_ENGINE, NO_ANSWER = 3, 4  # exit codes of the client, which a busy machine brings about as well: a reader tries again
ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```sh(?P<how>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
STATED = re.compile(r'(?P<name>[a-z-]+)(?:=(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+)))?')


class Failure(Exception):
    """A line of the README that does not do what it promises."""


class Terminal:
    """A command that goes on in a terminal of its own."""

    def __init__(self, name, line):
        self.name, self.line = name, line
        self.log = tempfile.NamedTemporaryFile("w+", prefix=f"readme-{name}-", suffix=".log")
        self.process = subprocess.Popen(
            line, shell=True, executable="/bin/bash", cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)

    def said(self):
        return Path(self.log.name).read_text(errors="replace")

    def wait_for(self, text, seconds):
        deadline = time.monotonic() + seconds
        while text not in self.said():
            if self.process.poll() is not None:
                raise Failure(f"'{self.line}' ended with {self.process.returncode} before it said '{text}':\n{self.said()}")
            if time.monotonic() > deadline:
                raise Failure(f"'{self.line}' did not say '{text}' within {seconds} s:\n{self.said()}")
            time.sleep(0.2)

    def end(self, seconds=60):
        """Ctrl+C, as the terminal sends it: to everything that runs in it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                raise Failure(f"'{self.line}' did not end within {seconds} s of Ctrl+C:\n{self.said()}") from None


def blocks(readme):
    for found in FENCE.finditer(readme):
        how = {m["name"]: m["quoted"] or m["plain"] or "" for m in STATED.finditer(found["how"])}
        line = readme.count("\n", 0, found.start()) + 1
        text = re.sub(r"\\\n\s*", "", found["text"])
        yield line, how, [typed for typed in text.splitlines() if typed.strip() and not typed.startswith("#")]


def position_id(seconds):
    """A position that is open, as a reader would pick one from the list."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        listed = subprocess.run(
            shlex.split("dotnet run --project Client -- positions --output json"), cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode == 0:
            held = [p["id"] for p in json.loads(listed.stdout)["positions"] if p["phase"] == "open"]
            if held:
                return held[0]
        time.sleep(1)
    raise Failure(f"no position was open within {seconds} s")


def type_line(line, seconds):
    """Types a line, and again where a reader would: where nothing answered in time, or the position had met its stop meanwhile."""
    deadline, taken = time.monotonic() + seconds, 3
    while True:
        typed = line.replace("<position id>", position_id(seconds)) if "<position id>" in line else line
        began = time.monotonic()
        done = subprocess.run(
            typed, shell=True, executable="/bin/bash", cwd=ROOT, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=seconds, check=False)
        print(f"  {time.monotonic() - began:6.1f} s  {typed}", flush=True)
        if done.returncode == 0:
            return
        taken -= 1
        is_busy = done.returncode in (NO_ENGINE, NO_ANSWER) and time.monotonic() < deadline
        if not is_busy and not (typed != line and taken > 0):
            raise Failure(f"'{typed}' ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        print(f"           again  {done.stderr.strip()}", flush=True)


def run(readme, seconds):
    terminals = {}
    try:
        for line, how, lines in blocks(readme):
            if "skip" in how:
                print(f"README.md:{line}: skipped, {how['skip'] or 'as it says'}", flush=True)
                continue
            print(f"README.md:{line}", flush=True)
            if "ctrl-c" in how:
                terminals.pop(how["ctrl-c"]).end()
                print(f"          ended  {how['ctrl-c']}", flush=True)
            elif "terminal" in how:
                for typed in lines:
                    began = time.monotonic()
                    terminal = terminals[how["terminal"]] = Terminal(how["terminal"], typed)
                    if "until" in how:
                        terminal.wait_for(how["until"], seconds)
                    print(f"  {time.monotonic() - began:6.1f} s  {typed}   (goes on)", flush=True)
            else:
                for typed in lines:
                    type_line(typed, seconds)
            for terminal in terminals.values():
                if terminal.process.poll() is not None:
                    raise Failure(f"'{terminal.line}' ended with {terminal.process.returncode}:\n{terminal.said()}")
    finally:
        for terminal in terminals.values():
            terminal.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timeout", type=float, default=300, help="longest wait for one line, seconds (default 300: the first builds)")
    parser.add_argument("--list", action="store_true", help="show what would be typed, and type nothing")
    options = parser.parse_args()
    readme = (ROOT / "README.md").read_text()
    if options.list:
        for line, how, lines in blocks(readme):
            print(f"README.md:{line} {how}", *lines, sep="\n  ")
        return 0
    if (ROOT / "data").exists():
        print("There is ./data here, and a reader has none yet: run this in a fresh clone.", file=sys.stderr)
        return 2
    began = time.monotonic()
    try:
        run(readme, options.timeout)
    except (Failure, subprocess.TimeoutExpired) as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    print(f"Everything the README says was done in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
