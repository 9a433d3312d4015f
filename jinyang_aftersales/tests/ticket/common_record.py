"""Set-up of the tests of service records: a customer, and tickets with and without a complete record."""

from contextlib import contextmanager
from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time

from .. import common

ADDON = "jinyang_aftersales"
HELPDESK = "helpdesk_mgmt"


class RecordCommon(common.AftersalesCommon):
    """``cls.ticket`` is open, about a report, from QQ; ``make_ticket`` makes more, ``complete`` fills one in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage = {
            name: cls.env.ref(f"{HELPDESK}.helpdesk_ticket_stage_{name}")
            for name in ("new", "in_progress", "awaiting", "done", "cancelled", "rejected")
        }
        cls.channel = {
            "qq": cls.env.ref(f"{ADDON}.helpdesk_ticket_channel_qq"),
            "on_site": cls.env.ref(f"{ADDON}.helpdesk_ticket_channel_on_site"),
        }
        cls.customer = cls.make_customer("绵阳新华印务有限公司")
        cls.contact = cls.customer.software_contact_id
        cls.ticket = cls.make_ticket()

    @classmethod
    def category(cls, name):
        return cls.env.ref(f"{ADDON}.helpdesk_ticket_category_{name}")

    @classmethod
    def make_ticket(cls, category="report", channel="qq", user=None, **values):
        """A new ticket of the customer's company, created by a specialist.

        :param str category: record type, a false value for none
        :param str channel: ``qq``, ``on_site`` or a false value
        """
        return (
            cls.env["helpdesk.ticket"]
            .with_user(user or cls.specialist)
            .create(
                {
                    "name": "报表不平",
                    "description": "x",
                    "partner_id": cls.customer.id,
                    "category_id": category and cls.category(category).id,
                    "channel_id": channel and cls.channel[channel].id,
                    "user_id": cls.specialist.id,
                    **values,
                }
            )
        )

    @classmethod
    def answers(cls, record_type="report"):
        """Values of all required fields of a type, without its application."""
        return {
            "contact_id": cls.contact.id,
            "department": "财务部",
            **{
                "report": {
                    "report_name": "资产负债表",
                    "question": "不平",
                    "analysis": "期初余额有误",
                    "solution": "更正期初",
                },
                "data_clearing": {"data_to_clear": "2019 年订单", "tool_used": "清理工具 2.1"},
                "password": {"contact_told_id": cls.contact.id},
                "change": {"need": "增加一列"},
                "bug": {
                    "steps": "打开凭证，保存",
                    "error_shown": "对象引用为空",
                    "date_promised": date(2026, 7, 1),
                },
                "need": {"need": "移动审批"},
                "other": {"solution": "电话指导"},
            }[record_type],
        }

    @classmethod
    def complete(cls, ticket):
        """Fill in the required fields of a ticket."""
        ticket.write(cls.answers(ticket.record_type))
        if ticket.record_type in ("data_clearing", "password"):
            cls.execute_application(ticket)
        if ticket.record_type == "change":
            cls.submit_change(ticket)
        return ticket

    @classmethod
    def submit_change(cls, ticket):
        """A submitted program change of a ticket."""
        change = (
            cls.env["aftersales.change.request"]
            .with_user(cls.specialist)
            .create(
                {
                    "ticket_id": ticket.id,
                    "partner_id": cls.customer.id,
                    "contact_id": cls.contact.id,
                    "title": "增加一列",
                    "description": "送货单增加司机",
                    "company_id": cls.company.id,
                }
            )
        )
        change.action_submit()
        return change

    @classmethod
    def execute_application(cls, ticket, kind=None):
        """An application of the ticket, approved by the manager and executed."""
        application = cls.make_application(ticket, kind)
        application.action_submit()
        application.with_user(cls.manager).action_approve()
        if application.kind == "data_clearing":
            application.write({"tool_used": "清理工具 2.1", "backup_taken": True})
        else:
            application.write({"contact_told_id": cls.contact.id, "verified_how": "电话回拨"})
        application.action_execute()
        return application

    @classmethod
    def make_application(cls, ticket, kind=None):
        return (
            cls.env["aftersales.application"]
            .with_user(cls.specialist)
            .create(
                {
                    "kind": kind or ticket.record_type,
                    "partner_id": cls.customer.id,
                    "contact_id": cls.contact.id,
                    "ticket_id": ticket.id,
                    "description": "2019 年订单",
                    "company_id": cls.company.id,
                    "original_holder_id": cls.specialist.id,
                }
            )
        )

    @contextmanager
    def refused(self, message="Analysis", error=ValidationError):
        """Context manager: the block has to raise this error, and is rolled back."""
        with self.assertRaises(error) as caught:
            yield caught
            self.env.flush_all()
        self.assertIn(message, str(caught.exception))

    @contextmanager
    def at(self, moment):
        """Context manager: freeze the clock and flush at the end, like a request at that time."""
        with freeze_time(moment):
            yield
            self.env.flush_all()
