from odoo import models

from ...tools.facts import fact


class AftersalesApprovalMixin(models.AbstractModel):
    """Who the customer is, whether they are served, and what they owe: facts of every submission."""

    _inherit = "aftersales.approval.mixin"

    def _get_approval_rows(self):
        rows = super()._get_approval_rows()
        if "partner_id" not in self._fields:
            return rows
        customer = self.partner_id
        rows.append(fact(self.env._("Customer"), customer.display_name))
        contact = self["contact_id"] if "contact_id" in self._fields else customer.browse()
        if contact and contact != customer:
            phone = contact.phone or contact.landline or customer.phone or customer.landline
            rows.append(fact(self.env._("Contact"), contact.name, phone=phone))
        if "service_state" in self._fields:
            rows.append(self._get_service_fact())
        company = self.company_id
        owed = customer.with_company(company).service_amount_due
        rows.append(
            fact(
                self.env._("Owes"),
                self._say_amount(owed, company.currency_id) if owed else self.env._("Nothing"),
                alert=owed > 0,
            )
        )
        return rows

    def _get_service_fact(self):
        """:return: the fact of the service state, with the software it is about, and whether the work is charged"""
        state, end = self.service_state, self.service_date_end
        text = dict(self._fields["service_state"]._description_selection(self.env)).get(state, "")
        if end:
            text = self.env._("%(state)s (until %(day)s)", state=text, day=self._say_day(end))
        parts = [self.installation_id.display_name, text]
        if self.chargeable:
            parts.append(self.env._("charged"))
        return fact(
            self.env._("Service State"),
            " · ".join(filter(None, parts)),
            alert=state in ("expired", "none"),
        )
