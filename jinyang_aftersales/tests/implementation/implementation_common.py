"""Set-up of the tests of implementations; it holds no test itself."""

from odoo.fields import Command
from odoo.tests import freeze_time

from ..common import AftersalesCommon
from ..visit.visit_common import drawing

# arguments of steps
ARGUMENTS = {"action_cancel": ["Not needed"]}
STATES = ("draft", "running", "finished", "accepted", "closed", "cancelled")
# steps of users who are no service managers: states that offer them, and the next state
STEPS = {
    "action_start": ({"draft"}, "running"),
    "action_finish": ({"running"}, "finished"),
    "action_sign": ({"finished"}, "accepted"),
    "action_cancel": ({"draft", "running"}, "cancelled"),
    "action_draft": ({"cancelled"}, "draft"),
}
MANAGER_STEPS = {
    "action_resume": ({"finished"}, "running"),
    "action_reopen": ({"accepted"}, "finished"),
}


class ImplementationCommon(AftersalesCommon):
    """An implementation from 16 to 20 November 2026 at one customer; it is Thursday the 19th in China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-11-19 02:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.users"].search([("login", "=like", "aftersales_%")]).write({"lang": "en_US"})
        cls.rows = cls.env["aftersales.implementation"]
        cls.customer = cls.make_customer("武汉恒达机械有限公司")
        cls.contact = cls.customer.software_contact_id
        cls.software = cls.make_software("Jinyang ERP")

    @classmethod
    def make(cls, state=None, user=None, **values):
        """An implementation of the specialist, from 16 to 20 November, brought to a state."""
        row = cls.rows.with_user(user or cls.specialist).create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "product_id": cls.software.id,
                "date_start": "2026-11-16",
                "date_end": "2026-11-20",
                "engineer_ids": [Command.set(cls.specialist.ids)],
                "session_ids": [
                    Command.create(
                        {
                            "date_start": "2026-11-17 01:00:00",
                            "topic": "Stock",
                            "hours": 2,
                            "trainer_id": cls.specialist.id,
                            "attendee_ids": [Command.set(cls.contact.ids)],
                        }
                    )
                ],
                **values,
            }
        )
        return cls.bring(row, state)

    @classmethod
    def bring(cls, row, state):
        if state in (None, "draft"):
            return row
        if state == "cancelled":
            row.action_cancel("Not needed")
            return row
        row.action_start()
        if state == "running":
            return row
        row.action_finish()
        if state == "finished":
            return row
        cls.sign(row)
        if state == "closed":
            cls.file(row)
        return row

    @classmethod
    def sign(cls, row):
        row.write({"signed_by_id": cls.contact.id, "customer_signature": drawing()})
        row.action_sign()

    @classmethod
    def file(cls, row, kinds=None):
        entries = row.sudo().archive_entry_ids.with_user(cls.archivist)
        for entry in entries:
            if not kinds or entry.kind in kinds:
                entry.place = "A1"
                entry.action_file()
