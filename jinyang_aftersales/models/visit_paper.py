from odoo import models
from odoo.tools import format_datetime


class AftersalesVisit(models.Model):
    """The visit on paper: application 上门服务申请单 / 出差申请单 and 服务反馈表."""

    _inherit = "aftersales.visit"

    def _get_paper_lang(self):
        """Language of the forms: the customer's, else the company's.

        :rtype: str
        """
        self.ensure_one()
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _for_paper(self):
        """The visit as it is printed, for who may read it.

        :rtype: aftersales.visit
        """
        self.check_access("read")
        # sudo: names on the form, of contacts and colleagues who need not be readable otherwise
        return self.sudo().with_context(lang=self._get_paper_lang(), bin_size=False)

    def _format_paper_moment(self, name):
        """:return: a time of the visit in the company's time zone and the language of the form"""
        return self._format_moment_long(self[name])

    def _format_requested_on(self):
        """:return: when the visit was submitted, as it is printed"""
        return self._format_moment_long(self.approval_id.requested_on)

    def _format_moment_long(self, moment):
        zone = self.company_id._aftersales_zone().zone
        return moment and format_datetime(self.env, moment, tz=zone, dt_format="yyyy-MM-dd HH:mm")

    def _get_decision_text(self):
        """:return: the decision in the language of the form"""
        decision = self.approval_id
        return dict(decision._fields["decision"]._description_selection(self.env))[
            decision.decision
        ]
