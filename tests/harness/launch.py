"""The tests' ``odoo-bin``: with several workers Odoo starts its helper process by the path of this file."""

import ctypes
import signal

import offline

PR_SET_PDEATHSIG = 1


def tie():
    """End this process together with its parent, also when the parent is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def prepare():
    """Prepare Odoo in this process for tests: block other hosts, and hash passwords fast.

    One round of hashing is what Odoo's own tests use; the default of 600,000 takes half a second for each user.
    """
    from odoo.addons.base.models import res_users

    offline.refuse_others()
    res_users.MIN_ROUNDS = 1


if __name__ == "__main__":
    tie()
    from odoo.cli.command import main

    prepare()
    main()
