"""Counts calls of our own functions for one approval of a visit; run by setup/measure in Odoo's shell.

``_has_field_access`` and ``_field_to_sql`` are not counted, nor the functions they call, because Odoo calls them for
every field it reads. The second of two approvals is measured: the first fills the caches.

The variable ``MEASURE_ALL`` of the environment asks for every file and function instead of those with most calls.
"""

import ast
import os
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from odoo import Command
from odoo.modules import get_module_path
from odoo.tests import new_test_user

ADDONS = ("jinyang_aftersales", "jinyang_aftersales_penalty")
LEFT_OUT = {"_has_field_access", "_field_to_sql"}


def make_visits(env, count):
    """Make visits that wait for a manager.

    :return: the visits, as the manager sees them
    """
    groups = "jinyang_aftersales.group_{}"
    specialist, manager = (
        new_test_user(env, f"measured_{name}", groups.format(name), email=f"{name}@example.com")
        for name in ("user", "manager")
    )
    customer = env["res.partner"].create(
        {"name": "Customer", "is_company": True, "service_user_id": specialist.id}
    )
    contact = env["res.partner"].create({"name": "Contact", "parent_id": customer.id})
    customer.software_contact_id = contact
    start = env.cr.now().replace(microsecond=0)
    visits = env["aftersales.visit"].with_user(specialist)
    for day in range(1, count + 1):
        visit = visits.create(
            {
                "partner_id": customer.id,
                "problem": "Printer",
                "address": "Chengdu",
                "date_planned_start": start + timedelta(days=day),
                "date_planned_end": start + timedelta(days=day, hours=2),
                "arrival_agreed_with_id": contact.id,
                "technician_ids": [Command.set(specialist.ids)],
            }
        )
        visit.action_submit()
        visits |= visit
    return visits.with_user(manager)


def approve(visit):
    """Approve as a request does: with empty record caches before, and a flush to the database after.

    :return: calls by (file, function), and number of queries
    """
    env = visit.env
    env.flush_all()
    env.invalidate_all()
    folders = tuple(f"{get_module_path(addon)}/" for addon in ADDONS)
    calls = Counter()

    def note(frame, event, _argument):
        code, caller = frame.f_code, frame.f_back.f_code
        ours = event == "call" and code.co_filename.startswith(folders)
        if ours and not {code.co_name, caller.co_name} & LEFT_OUT:
            calls[code.co_filename, code.co_name] += 1

    queries = env.cr.sql_log_count
    sys.setprofile(note)
    try:
        visit.action_approve()
        env.flush_all()
    finally:
        sys.setprofile(None)
    return calls, env.cr.sql_log_count - queries


def longest():
    """:return: lines, name and file of the longest function of our addons"""
    return max(
        (node.end_lineno - node.lineno + 1, node.name, str(path))
        for addon in ADDONS
        for path in Path(get_module_path(addon)).rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    )


def list_most(calls):
    """Print the functions that are called most."""
    for (path, name), count in calls.most_common(15):
        print(f"  {count:4} {Path(path).name} {name}")


def list_all(calls):
    """Print each file with the calls in it, and its functions; files with the most calls first."""
    files = Counter()
    for (path, _name), count in calls.items():
        files[path] += count
    for path, total in files.most_common():
        print(f"  {total:4} {Path(path).parent.name}/{Path(path).name}")
        for (place, name), count in calls.most_common():
            if place == path:
                print(f"       {count:4} {name}")


def main(env):
    """Print the figures, and the functions with most calls or all of them."""
    first, second = make_visits(env, 2)
    approve(first)
    calls, queries = approve(second)
    files = {path for path, _name in calls}
    print(f"one approval: {calls.total()} calls in {len(files)} files, {queries} queries")
    show = list_all if os.environ.get("MEASURE_ALL") else list_most
    show(calls)
    lines, name, path = longest()
    print(f"longest function: {lines} lines, {name} in {path}")


if __name__ == "__main__":
    main(env)  # noqa: F821
