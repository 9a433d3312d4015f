"""The locks of Python packages contain the pins of their .in files, each with its hashes, and no server names."""

import re

import pytest
from harness.settings import REPO

PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


def read_pins(text):
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in PIN.findall(text)}


@pytest.mark.parametrize("name", ["requirements", "setup/requirements-lint"])
def test_a_lock_holds_its_pins_with_hashes(name):
    wanted = read_pins((REPO / f"{name}.in").read_text())
    lock = (REPO / f"{name}.txt").read_text()
    assert wanted and wanted <= read_pins(lock), f"run ./setup/lock: {wanted - read_pins(lock)}"
    entries = [entry for entry in re.split(r"\n(?=\S)", lock) if PIN.match(entry)]
    assert len(entries) == len(read_pins(lock))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock


def test_what_is_installed_without_dependencies_is_listed_whole():
    # Odoo is on no index, so that its requirements are pinned by hand: the lock may contain no others
    assert read_pins((REPO / "requirements.in").read_text()) == read_pins(
        (REPO / "requirements.txt").read_text()
    )
