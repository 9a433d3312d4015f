from odoo.http import request

from .portal_base import AftersalesPortal
from .portal_form import Entry

# number of entries that a drop-down list offers at most
MAX_CHOICES = 200


class AftersalesPortalFiling(AftersalesPortal):
    """Common fields of the forms of visits, applications and program changes: software and contact."""

    def _get_software_entries(self):
        """Fields of a form for the software and the contact, both of the visitor's company.

        :rtype: list[Entry]
        """
        env, user = request.env, request.env.user
        customer = user.commercial_partner_id
        installations = env["aftersales.installation"].search(
            [("commercial_partner_id", "=", customer.id)], limit=MAX_CHOICES
        )
        software = [(row.id, row._get_portal_label()) for row in installations]
        people = user.partner_id | env["res.partner"].search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("is_company", "=", False),
                ("type", "=", "contact"),
            ],
            limit=MAX_CHOICES,
        )
        return [
            Entry(
                "installation_id",
                env._("Software"),
                "record",
                choices=software,
                default=software[0][0] if len(software) == 1 else "",
            ),
            Entry(
                "contact_id",
                env._("Contact"),
                "record",
                required=True,
                choices=[(person.id, person.name or user.name) for person in people],
                default=user.partner_id.id,
                help=env._("Whom of you we talk to about it."),
            ),
        ]

    def _get_filed_values(self, form):
        """Values of the document a form makes: customer, company and the entered values.

        :param PortalForm form: a filled form
        :rtype: dict
        """
        values = {**self._get_customer_values(), **form.values}
        # sudo: only the serving company of the software is read; the form offered software of the visitor's company
        installation = (
            request.env["aftersales.installation"].sudo().browse(values["installation_id"])
        )
        if installation:
            values["company_id"] = installation.company_id.id
        return values

    def _in_own_words(self, document):
        """:return: the document with the visitor's language and the serving company's time zone"""
        return document.with_context(
            lang=request.env.lang, tz=document.company_id._aftersales_zone().zone
        )
