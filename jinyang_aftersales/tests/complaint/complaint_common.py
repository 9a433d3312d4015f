"""Set-up of the tests of complaints; it holds no test itself."""

from odoo.tests import freeze_time

from ..common import AftersalesCommon


class ComplaintCommon(AftersalesCommon):
    """A customer complains about the specialist, who has an employee; it is Thursday 19 November 2026 in China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-11-19 02:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.users"].search([("login", "=like", "aftersales_%")]).write({"lang": "en_US"})
        cls.complaints = cls.env["aftersales.complaint"]
        cls.customer = cls.make_customer(lang="en_US")
        cls.contact = cls.customer.software_contact_id
        cls.contact.lang = "en_US"
        cls.second = cls.make_user("second", "jinyang_aftersales.group_manager", lang="en_US")
        cls.employee = cls.make_employee(cls.specialist)

    @classmethod
    def make_employee(cls, user, company=None):
        return cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": (company or cls.company).id}
        )

    @classmethod
    def make_ticket(cls, user=None, **values):
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Report is empty",
                "description": "<p>The balance sheet is empty.</p>",
                "partner_id": cls.contact.id,
                "company_id": cls.company.id,
                "user_id": (user or cls.specialist).id,
                **values,
            }
        )

    @classmethod
    def make_complaint(cls, user=None, state=None, **values):
        """A complaint a colleague took by phone, about the specialist; brought to a state by the manager.

        :param user: res.users who enters it
        :param str state: state to reach
        """
        complaint = cls.complaints.with_user(user or cls.colleague).create(
            {
                "kind": "attitude",
                "description": "He hung up on me.",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "employee_id": cls.employee.id,
                **values,
            }
        )
        return cls.bring(complaint.with_user(cls.manager), state)

    @classmethod
    def bring(cls, complaint, state, outcome="confirmed"):
        if state in (None, "received"):
            return complaint
        if state == "cancelled":
            complaint.action_cancel("Twice")
            return complaint
        if complaint.state == "received":
            complaint.action_investigate()
        if state == "investigating":
            return complaint
        cls.decide(complaint, outcome)
        if state == "closed":
            call = complaint.sudo().callback_ids.filtered(lambda row: row.state == "todo")
            call.with_user(call.user_id).action_record("reached", scores={"score_result": 5})
        return complaint

    @classmethod
    def decide(cls, complaint, outcome="confirmed"):
        complaint.write(
            {
                "findings": "The recording says so.",
                "outcome": outcome,
                "answer_draft": "We are sorry.",
            }
        )
        complaint.action_answer()
        return complaint

    def activities(self, record):
        """Open activities of a complaint."""
        kind = self.env.ref("jinyang_aftersales.mail_activity_complaint")
        return record.sudo().activity_ids.filtered(lambda row: row.activity_type_id == kind)
