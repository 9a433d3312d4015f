"""Fast starts of Odoo servers: a process that has loaded the models forks one for each test.

A server begins with ``Registry.new``, which takes as long as most tests; here its first call gets the models loaded for
another copy of the same database. Otherwise the server works like ``odoo-bin``, in a process of its own.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

LAUNCHER = Path(__file__).with_name("launch.py")


class Nursery:
    """Handle of the process that forks servers."""

    def __init__(self, conf):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harness.nursery", str(conf)],
            cwd=LAUNCHER.parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # not interrupted by Ctrl-C, because fixtures stop the servers
            start_new_session=True,
        )

    def start(self, template, database, conf, output):
        """Start a server.

        :param str template: template of its database
        :param str database: its database
        :param Path conf: its configuration
        :param Path output: file to which its output is appended
        :rtype: psutil.Process
        """
        order = {
            "template": template,
            "database": database,
            "conf": str(conf),
            "output": str(output),
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process that starts servers has ended"
        return psutil.Process(int(answer))

    def stop(self):
        """End the process; its servers were stopped before."""
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def nurse(conf):
    """Fork a server for each line of standard input, until its end."""
    from odoo.modules.registry import Registry
    from odoo.tools import config

    from .launch import prepare, tie
    from .registries import give_back

    tie()
    config.parse_config(["-c", conf], setup_logging=False)
    prepare()
    signal.signal(signal.SIGCHLD, _reap)
    known = set()
    for line in sys.stdin:
        order = json.loads(line)
        template, database = order["template"], order["database"]
        if template not in known:
            known.add(template)
            Registry(database)
            give_back(template, database)
            gc.collect()
            # exclude the present objects from garbage collection, so that servers share their memory
            gc.freeze()
        pid = os.fork()
        if not pid:
            serve(**order)
        print(pid, flush=True)


def _reap(_signal, _frame):
    # wait for ended servers, whose CPU time is then counted with this process
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def serve(template, database, conf, output):
    """Become a server; never returns."""
    from odoo.cli.command import main
    from odoo.modules.registry import Registry

    from .launch import tie
    from .registries import lend

    tie()
    # a process group of its own, so that a test can kill server and workers together
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(os.devnull) as nothing, open(output, "a") as file:
        os.dup2(nothing.fileno(), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    load = Registry.new

    def new(name, **options):
        Registry.new = load
        lent = name == database and not any(options.values()) and lend(template, name)
        return lent or load(name, **options)

    Registry.new = new
    sys.argv = [str(LAUNCHER), "-c", conf]
    main()
    sys.exit()


if __name__ == "__main__":
    nurse(sys.argv[1])
