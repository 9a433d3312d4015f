from odoo import models
from odoo.tools import format_datetime


class AftersalesVisit(models.Model):
    """The visit on paper: application 上门服务申请单 / 出差申请单 and 服务反馈表."""

    _inherit = "aftersales.visit"

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
