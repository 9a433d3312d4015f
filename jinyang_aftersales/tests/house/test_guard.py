from odoo.tests import HttpCase, tagged

from ..common_rpc import RpcClient
from . import guard_common
from .guarded_fields import EDITABLE, GUARDED


@tagged("post_install", "-at_install")
class TestGuard(guard_common.GuardChecks, guard_common.GuardWalk):
    """M05: figures and facts of visits, tickets and calls are written by methods only, whoever asks and how."""

    guarded = GUARDED
    editable = EDITABLE
    given = {
        "aftersales.visit": {"address": "Nanjing"},
        "aftersales.callback": {"kind": "renewal"},
    }

    @classmethod
    def make_aftersales_installation(cls):
        return cls.make_installation(cls.customer)

    @classmethod
    def make_contract_contract(cls):
        return cls.make_agreement(cls.get_example("aftersales.installation"), signed=True)

    @classmethod
    def make_hr_employee(cls):
        return cls.env["hr.employee"].create({"name": "Worker", "company_id": cls.company.id})

    @classmethod
    def make_aftersales_archive_entry(cls):
        return cls.get_example("contract.contract").archive_entry_ids

    @classmethod
    def make_aftersales_archive_register(cls):
        return cls.env["aftersales.archive.register"]._get(cls.company, "countersigned_contract")


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
