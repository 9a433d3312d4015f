from odoo.tests import HttpCase, tagged

from ..common_rpc import RpcClient
from . import guard_common
from .guarded_fields import EDITABLE, GUARDED


@tagged("post_install", "-at_install")
class TestGuard(guard_common.CoreExamples, guard_common.GuardChecks, guard_common.GuardWalk):
    """M05: figures and facts of visits, tickets and calls are written by methods only, whoever asks and how."""

    guarded = GUARDED
    editable = EDITABLE


@tagged("post_install", "-at_install")
class TestGuardRpc(RpcClient, guard_common.GuardWalk, HttpCase):
    def test_a_specialist_writes_no_figure_of_a_ticket(self):
        """M05: by RPC, too."""
        ticket = self.make_helpdesk_ticket()
        computed = {
            name for name in self.find_guarded()["helpdesk.ticket"] if ticket._fields[name].compute
        }
        self.assertIn("first_response_hours", computed)
        before = {name: ticket[name] for name in computed}
        self.env.flush_all()
        self.come(self.specialist)
        for name in sorted(computed):
            with self.subTest(field=name):
                self.assertRefusedCall(ticket, "write", {name: self.forge(ticket, name)})
        self.env.invalidate_all()
        self.assertEqual({name: ticket[name] for name in computed}, before)
