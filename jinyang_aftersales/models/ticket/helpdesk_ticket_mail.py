from odoo import api, models

from ...tools_text import clean_line


class HelpdeskTicket(models.Model):
    """What the customer is told of a ticket: that it has arrived, and by a template that it is closed."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "aftersales.letter.mixin"]

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a ticket of a mail, with a title of one line that answers can carry in their headers.

        :param dict msg_dict: what Odoo read in the mail
        :param dict custom_values: values of the alias
        :return: the ticket
        """
        subject = clean_line(msg_dict.get("subject"))
        return super().message_new({**msg_dict, "subject": subject}, custom_values)

    def _confirm_filing(self, customer):
        """Tell who filed the ticket on the portal that it has arrived.

        Nothing is said to who wrote a mail: two machines would answer each other.

        :param customer: res.partner who filed it
        """
        self.ensure_one()
        company = self.company_id
        spoken = self.with_context(lang=company._aftersales_lang(customer))
        spoken._post_to_customer(
            customer,
            spoken.env._(
                "Thank you. We have received your ticket %(number)s %(title)s and will get in touch with you. You can"
                " follow it on the portal; a reply to this mail reaches us there, too.",
                number=self.number,
                title=self.name,
            ),
            company.partner_id,
            email_from=company.email_formatted,
        )
