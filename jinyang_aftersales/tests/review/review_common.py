from datetime import timedelta

from odoo.fields import Command

from ..change.change_common import ChangeCommon

NOW = "2026-03-12 02:00:00"


class ReviewCommon(ChangeCommon):
    """Rows of the managers' list, and what they are about; today is Thursday, 12 March 2026."""

    def rows(self, kind, user=None):
        self.env.flush_all()
        reviews = self.env["aftersales.review"].with_user(user or self.manager)
        return reviews.search([("kind", "=", kind)])

    def make_kind_change(self, user=None):
        change = self.make_change(state="submitted", kind="change")
        change.with_user(user or self.director).action_correct_kind("bug", "It never worked")
        return change

    def make_project(self, days=-3, **values):
        return self.env["aftersales.implementation"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.make_software().id,
                "company_id": self.company.id,
                "engineer_ids": [Command.set(self.specialist.ids)],
                "lead_engineer_id": self.specialist.id,
                "date_start": self.today + timedelta(days=days - 20),
                "date_end": self.today + timedelta(days=days),
                **values,
            }
        )

    def make_ticket(self, **values):
        return self.env["helpdesk.ticket"].create(
            {
                "name": "Year end",
                "description": "x",
                "partner_id": self.contact.id,
                "user_id": self.specialist.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def make_visit(self, **values):
        return self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "contact_id": self.contact.id,
                "company_id": self.company.id,
                "technician_ids": [Command.set(self.specialist.ids)],
                "date_planned_start": "2026-03-10 01:00:00",
                "date_planned_end": "2026-03-10 08:00:00",
                **values,
            }
        )
