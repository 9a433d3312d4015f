"""What ``odoo-bin`` is: with several workers Odoo starts its helper process by this file's path."""

import ctypes
import signal

import offline

PR_SET_PDEATHSIG = 1


def tie():
    """End this process with the one that started it, however that ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def prepare():
    """Make the Odoo of this process one for tests: it talks to nobody else, and hashes passwords fast.

    One round is what Odoo takes in the tests it runs itself; its 600,000 take half a second for each user.
    """
    from odoo.addons.base.models import res_users

    offline.refuse_others()
    res_users.MIN_ROUNDS = 1


if __name__ == "__main__":
    tie()
    from odoo.cli.command import main

    prepare()
    main()
