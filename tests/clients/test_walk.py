"""The walk of the README, command by command, in a shell: what stands there is what a reader sees.

Lines that begin with `$ ` are typed (`> ` continues them), the others are what must be seen then. A `…` in such a line
stands for whatever differs from run to run; a line that is only `…` stands for any number of lines.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading

import pytest
from conftest import ROOT, TRIPLINE, free_port, tool

SECTION = re.compile(r"^## A walk\n(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "end-of-step"
# A command of the walk that takes longer than so many seconds waits for something that does not come.
PATIENCE = 60


def steps():
    """Each command of the walk with the lines that it shows."""
    section = SECTION.search((ROOT / "README.md").read_text())
    found = []
    for line in "".join(BLOCK.findall(section.group(1))).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            found[-1][1].append(line)
    return found


class Shell:
    """A bash that is given one command after the other."""

    def __init__(self, folder, path):
        self.folder = folder
        self.bash = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env={**os.environ, "PATH": path, "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def type(self, command):
        """What it shows; the shell and what runs in it are ended when that takes too long."""
        deadline = threading.Timer(PATIENCE, self.end)
        deadline.start()
        self.bash.stdin.write(f"{command}\necho; echo {END}\n")
        self.bash.stdin.flush()
        lines = []
        for line in self.bash.stdout:
            if line.rstrip("\n") == END:
                break
            lines.append(line.rstrip())
        else:
            pytest.fail("\n".join([f"$ {command}", *lines, f"and no end within {PATIENCE} s; the log of tripline:", self.log()]))
        deadline.cancel()
        return "\n".join(lines).rstrip("\n").splitlines()

    def log(self):
        """The last that tripline said."""
        log = self.folder / "tripline.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else "(none)"

    def end(self):
        """Whatever the walk has left running ends with it."""
        try:
            os.killpg(self.bash.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def close(self):
        self.end()
        self.bash.wait(timeout=60)


def matches(expected, seen):
    """Whether the lines that are seen are those expected, with their `…`."""
    if not expected:
        return not seen
    if expected[0].strip() == "…":
        return any(matches(expected[1:], seen[skipped:]) for skipped in range(len(seen) + 1))
    return bool(seen) and line_matches(expected[0], seen[0]) and matches(expected[1:], seen[1:])


def line_matches(expected, seen):
    """The parts between the `…` in their order, the first at the beginning and the last at the end."""
    first, *others = expected.split("…")
    if not others:
        return expected == seen
    *middle, last = others
    if not seen.startswith(first) or not seen[len(first) :].endswith(last):
        return False
    rest = seen[len(first) : len(seen) - len(last)]
    for part in middle:
        before, found, rest = rest.partition(part)
        if part and not found:
            return False
    return True


def test_the_matcher_tells_apart():
    for expected, seen, fits in [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a", "b"], ["a"], False),
        (["a … c"], ["a b c"], True),
        (["a … c … e"], ["a b c d e"], True),
        (["a … d … e"], ["a b c e"], False),
        (["a …"], ["b c"], False),
        (["… c"], ["a b"], False),
        (["a", "…", "z"], ["a", "b", "c", "z"], True),
        (["a", "…", "z"], ["a", "b", "c"], False),
        (["a", "…"], ["a", "b", "c"], True),
        ([], [], True),
        ([], ["surprise"], False),
    ]:
        assert matches(expected, seen) == fits, (expected, seen)


@pytest.fixture
def shell(broker, tmp_path):
    """A folder such as a fresh clone, and the programs that the walk uses on the path."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy/tripline.toml", tmp_path / "deploy")
    path = f"{pathlib.Path(TRIPLINE).parent}:{pathlib.Path(tool('kcat')).parent}:{os.environ['PATH']}"
    shell = Shell(tmp_path, path)
    yield shell
    shell.close()


def test_the_walk_shows_what_the_readme_says(broker, shell):
    http = f"127.0.0.1:{free_port()}"
    walk = steps()
    assert len(walk) >= 8
    for number, (command, expected) in enumerate(walk):
        here = command.replace("localhost:9092", broker.bootstrap).replace("127.0.0.1:9464", http)
        seen = shell.type(here)
        seen = [line.replace(broker.bootstrap, "localhost:9092").replace(http, "127.0.0.1:9464") for line in seen]
        print(f"$ {command}", *seen, sep="\n")
        if number == 0:
            settings = pathlib.Path(shell.folder, "tripline.toml")
            text = settings.read_text().replace("localhost:9092", broker.bootstrap).replace("127.0.0.1:9464", http)
            settings.write_text(text)
        assert matches(expected, seen), f"$ {command}\n" + "\n".join(["expected:", *expected, "seen:", *seen])
