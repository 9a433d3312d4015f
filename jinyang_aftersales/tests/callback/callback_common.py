"""Set-up of the tests of call-backs; it holds no test itself."""

from datetime import datetime

from odoo.tests import freeze_time

from ..common import AftersalesCommon


class CallbackCommon(AftersalesCommon):
    """A ticket the specialist worked on; the day is Thursday 19 November 2026, 10:00 in China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-11-19 02:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.calls = cls.env["aftersales.callback"]
        cls.customer = cls.make_customer()
        cls.installation = cls.make_installation(cls.customer, end=cls.day("2027-06-30"))
        cls.ticket = cls.make_ticket()

    @classmethod
    def make_ticket(cls, user=None, **values):
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Report is empty",
                "description": "<p>The balance sheet is empty.</p>",
                "partner_id": cls.customer.software_contact_id.id,
                "company_id": cls.company.id,
                "installation_id": cls.installation.id,
                "user_id": (user or cls.specialist).id,
                **values,
            }
        )

    @classmethod
    def open_call(cls, kind="visit", ticket=None, **values):
        """A call about a ticket that the specialist worked on, as the call-back specialist sees it."""
        call = cls.calls._open_for(ticket or cls.make_ticket(), kind, **values)
        return call.with_user(cls.callback)

    @classmethod
    def escalate(cls, call=None, question="Why is the report empty?"):
        """A call in which the customer asked something."""
        call = call or cls.open_call()
        call.action_record("reached", open_question=question)
        return call

    @classmethod
    def close(cls, ticket):
        """Close a ticket without checking its record, which is tested elsewhere."""
        ticket.sudo().stage_id = cls.closed_stage()

    @classmethod
    def closed_stage(cls):
        return cls.env["helpdesk.ticket.stage"].create(
            {"name": "Closed for tests", "closed": True, "record_required": False}
        )

    @classmethod
    def add_holiday(cls, first, last, name="National Day"):
        """A public holiday of the company over whole days in Shanghai."""
        start = datetime.fromisoformat(f"{first}T00:00:00+08:00")
        stop = datetime.fromisoformat(f"{last}T23:59:59+08:00")
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "calendar_id": False,
                "date_from": datetime.utcfromtimestamp(start.timestamp()),
                "date_to": datetime.utcfromtimestamp(stop.timestamp()),
            }
        )

    def activities(self, record, name):
        """Open activities of one of our types on a record."""
        kind = self.env.ref(f"jinyang_aftersales.mail_activity_{name}")
        return record.sudo().activity_ids.filtered(lambda row: row.activity_type_id == kind)
