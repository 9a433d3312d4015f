"""The test runner: its clock, its block of the network, and its end by a signal."""

import os
import signal
import subprocess
import sys
import time
import uuid

import psutil
import pytest
from harness.settings import REPO


def pytest_run(folder, plugin, text, *options):
    """Run a file of tests by pytest.

    :return: exit code and output
    """
    file = folder / "test_it.py"
    file.write_text(text)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo", "-p", plugin, file, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


def test_durations_are_right_though_a_test_freezes_the_clock(tmp_path):
    times = tmp_path / "times"
    text = """
import select

import freezegun
import pytest


@pytest.fixture
def frozen():
    with freezegun.freeze_time("2031-05-06"):
        yield


def test_frozen_in_the_middle(frozen):
    # it waits, but does not ask the clock
    select.select([], [], [], 0.3)
"""
    code, output = pytest_run(tmp_path, "true_times", text, "--times", times)
    assert code == 0, output
    [seconds, name] = times.read_text().split()
    assert name == "test_it.py::test_frozen_in_the_middle"
    assert 0.3 <= float(seconds) < 10


WORLD = """
import socket
import urllib.request


def test_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_a_number():
    with socket.socket() as to_elsewhere:
        assert to_elsewhere.connect_ex(("192.0.2.1", 9))


def test_a_name():
    try:
        urllib.request.urlopen("http://example.com/")
    except OSError:
        pass
"""


def test_whoever_connects_to_the_world_fails_whatever_he_makes_of_the_refusal(tmp_path):
    code, output = pytest_run(tmp_path, "offline", WORLD)
    assert code == 1
    assert "3 passed, 2 errors" in output
    assert "tried to connect to ('192.0.2.1', 9)" in output
    assert "tried to connect to ('example.com', 80)" in output


def marked(mark, *words):
    """:return: processes with this mark in their environment and all words in their command, of any parent"""
    return [
        process
        for process in psutil.process_iter(["environ", "cmdline"])
        if (process.info["environ"] or {}).get("JINYANG_MARK") == mark
        and all(word in " ".join(process.info["cmdline"] or []) for word in words)
    ]


@pytest.mark.parametrize(
    ("victim", "number"),
    [("setup/test", signal.SIGTERM), ("pytest", signal.SIGKILL)],
)
def test_a_signal_leaves_no_process_behind(victim, number):
    """M68: the signal is sent only to one process, while servers and Chromium of the run are working."""
    mark = uuid.uuid4().hex
    run = subprocess.Popen(
        [REPO / "setup" / "test", REPO / "tests" / "test_browser_tickets.py"],
        env=os.environ | {"JINYANG_MARK": mark, "ONLY": "system"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # a server is forked by a process of the same command
    while not marked(mark, "chromium", "renderer") or len(marked(mark, "harness.nursery")) < 2:
        assert run.poll() is None, run.stdout.read()
        time.sleep(0.5)
    if victim == "pytest":
        [process] = marked(mark, "-m pytest", "test_browser_tickets")
        process.send_signal(number)
    else:
        run.send_signal(number)
    assert run.wait(60) != 0, run.stdout.read()
    _gone, alive = psutil.wait_procs(marked(mark), timeout=10)
    assert not alive
