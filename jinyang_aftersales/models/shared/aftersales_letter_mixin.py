from odoo import models
from odoo.tools import format_date, format_datetime


class AftersalesLetterMixin(models.AbstractModel):
    """A document that goes to its customer by mail or on paper, in the customer's language."""

    _name = "aftersales.letter.mixin"
    _description = "Document That Goes to the Customer"

    def _get_letter_partners(self):
        """Partners whose language a letter takes: the contact, else the customer; the company's comes after them.

        :rtype: res.partner
        """
        self.ensure_one()
        return self.contact_id | self.partner_id

    def _get_customer_lang(self):
        """Language of mails and printed forms for the customer.

        :return: code of an installed language
        :rtype: str
        """
        self.ensure_one()
        # sudo: only languages of partners, also for users who may not read the partners
        return self.company_id._aftersales_lang(*self.sudo()._get_letter_partners())

    def _for_paper(self):
        """The document in the environment in which it is printed.

        :rtype: odoo.models.BaseModel
        :raises AccessError: when the user may not read the document
        """
        self.check_access("read")
        # sudo: read access was checked above; the form shows names of contacts and colleagues that the user may not
        # be able to read
        return self.sudo().with_context(lang=self._get_customer_lang(), bin_size=False)

    def _format_paper_moment(self, moment):
        """A moment as it is printed, in the company's time zone and the language of the form.

        :param datetime.datetime moment: naive UTC, or False
        :return: the text, empty for False
        :rtype: str
        """
        zone = self.company_id._aftersales_zone().zone
        if not moment:
            return ""
        day = self._format_paper_day(self.company_id._aftersales_day(moment))
        return f"{day} {format_datetime(self.env, moment, tz=zone, dt_format='HH:mm')}"

    def _format_paper_day(self, day):
        """A day as all papers print it, in the language of the form.

        :param datetime.date day: or False
        :return: the text, empty for False
        :rtype: str
        """
        return format_date(self.env, day, date_format="long") if day else ""
