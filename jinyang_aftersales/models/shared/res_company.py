from odoo import models


class ResCompany(models.Model):
    """Only the hourly job writes the fields that say how far it has come with a company."""

    _name = "res.company"
    # The guard comes first, so that it checks the values of the caller before other overrides change them.
    _inherit = ["aftersales.guard.mixin", "res.company"]

    def _get_letterhead(self):
        """Name and address of the company on paper.

        :return: ``company``, ``company_address``, ``company_phone``, ``company_email``
        :rtype: dict[str, str]
        """
        self.ensure_one()
        # sudo: what is printed on every letter, also for users who may not read the company's contact
        place = self.sudo().partner_id
        state, city = place.state_id.name or "", place.city or ""
        parts = (state, "" if city in state else city, place.street, place.street2)
        return {
            "company": self.name,
            "company_address": " ".join(part for part in parts if part),
            "company_phone": place.phone or "",
            "company_email": place.email or "",
        }
