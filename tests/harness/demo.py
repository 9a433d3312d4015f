"""The demo company, made once for all tests that need it by ``setup/demo``."""

import os
import shutil
import signal
import subprocess

import pytest

from .database import drop_database
from .logs import bad_records
from .rpc import Session
from .settings import CACHE, REPO, free_port

NAME = f"sys{os.getpid()}"
DATABASE = f"jinyang_demo_{NAME}"
FOLDER = CACHE / f"demo_{NAME}"

# Processes in the background ignore Ctrl-C and pass that on to their children: handle it again.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Demo:
    """setup/demo with ports of its own."""

    def __init__(self):
        self.port, self.mail_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mail_url = f"http://127.0.0.1:{self.mail_port}"

    def start(self, *options, **environment):
        """Start the command; its output can be read from the process."""
        variables = {
            "DEMO_NAME": NAME,
            "DEMO_PORT": str(self.port),
            "DEMO_MAIL_PORT": str(self.mail_port),
            **environment,
        }
        return subprocess.Popen(
            [REPO / "setup" / "demo", *options],
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *options, **environment):
        """Run the command to its end and return exit code and output."""
        process = self.start(*options, **environment)
        output, _ = process.communicate(timeout=400)
        return process.returncode, output

    def password(self):
        """The common password of all users of this demo."""
        return (FOLDER / "password").read_text().strip()

    def session(self, login):
        """Sign in at the served demo."""
        return Session(self.url, DATABASE, login, self.password())


@pytest.fixture(scope="session")
def demo(odoo_configured):
    """A demo made once, after an interruption; it is deleted in the end."""
    demo = Demo()
    process = demo.start("--no-serve")
    if not any("the company and its staff" in line for line in process.stdout):
        pytest.fail("the demo ended before it could be interrupted")
    process.terminate()
    assert process.wait(20) == 128 + signal.SIGTERM
    code, output = demo.run("--no-serve")
    assert code == 0, output
    assert "the demo is unfinished" in output
    assert not bad_records(FOLDER / "odoo.log")
    yield demo
    drop_database(DATABASE)
    shutil.rmtree(FOLDER)
