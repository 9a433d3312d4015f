"""Runs the benches; called by setup/bench."""

import logging
import os
import sys
import time
from importlib import import_module

import odoo
from odoo.tools import config

from scale.rig import Side, compare

BENCHES = ("desk",)


def write_section(path, title, text):
    """Put a section of a Markdown file in the place of the one with its title, or at the end."""
    with open(path, encoding="utf-8") as file:
        parts = file.read().split("\n## ")
    section = f"{title}\n\n{text.strip()}\n"
    places = [place for place, part in enumerate(parts) if part.split("\n", 1)[0] == title]
    if places:
        parts[places[0]] = section
    else:
        parts.append(section)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n## ".join(part.rstrip("\n") + "\n" for part in parts))


def main(conf, ours, peer, results, *names):
    config.parse_config(["-c", conf])
    logging.getLogger().setLevel(logging.ERROR)
    odoo.tools.config["test_enable"] = False
    missed = []
    for name in names or BENCHES:
        bench = import_module(f"scale.{name}")
        sides = []
        for key, database in (("ours", ours), ("peer", peer)):
            side = Side.open(key, database)
            begun = time.perf_counter()
            bench.fill(side)
            print(f"{bench.TITLE}, {key}: rows made in {time.perf_counter() - begun:.0f} s")
            sides.append(side)
        lines, no = compare(bench.rows(*sides), *sides, show=lambda line: print(line, flush=True))
        if not os.environ.get("BENCH_ONLY") and not os.environ.get("BENCH_PROFILE"):
            write_section(results, bench.TITLE, "\n".join(lines))
        missed += no
        for side in sides:
            side.env.cr.close()
    print(f"{len(missed)} rows miss their target" + (": " + ", ".join(missed) if missed else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
