from odoo import models
from odoo.tools import format_datetime


class AftersalesLetterMixin(models.AbstractModel):
    """A document that goes to its customer by mail or on paper, in the customer's language."""

    _name = "aftersales.letter.mixin"
    _description = "Document That Goes to the Customer"

    def _get_letter_partners(self):
        """Whose language counts: the contact's, else the customer's; the company's comes after them.

        :rtype: res.partner
        """
        self.ensure_one()
        return self.contact_id | self.partner_id

    def _get_customer_lang(self):
        """Language of mails and forms.

        :return: code of an installed language
        :rtype: str
        """
        self.ensure_one()
        # sudo: whom it concerns, whoever writes or prints
        return self.company_id._aftersales_lang(*self.sudo()._get_letter_partners())

    def _for_paper(self):
        """The document as it is printed, for who may read it.

        :rtype: odoo.models.BaseModel
        """
        self.check_access("read")
        # sudo: names on the form, of contacts and colleagues who need not be readable otherwise
        return self.sudo().with_context(lang=self._get_customer_lang(), bin_size=False)

    def _format_paper_moment(self, moment):
        """A time as it is printed, in the company's time zone and the language of the form.

        :param datetime.datetime moment: naive UTC, or False
        :return: empty for none
        :rtype: str
        """
        zone = self.company_id._aftersales_zone().zone
        if not moment:
            return ""
        return format_datetime(self.env, moment, tz=zone, dt_format="yyyy-MM-dd HH:mm")
