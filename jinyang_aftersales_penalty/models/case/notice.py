from odoo import models
from odoo.tools import email_normalize

from .aftersales_penalty import NOTICE_ACTIVITY

NOTICE = "jinyang_aftersales_penalty.mail_template_penalty"


class AftersalesPenalty(models.Model):
    """How the employee hears of a penalty: an activity where there is a user, a mail, else on paper."""

    _inherit = "aftersales.penalty"

    def _tell_employee(self):
        """Tell the employee: an activity, and one mail in his language; the case stays behind the sign-in."""
        self.ensure_one()
        user = self._get_concerned_user()
        if user:
            # the mail below says more than the one about an activity
            self._notify_users(
                user,
                NOTICE_ACTIVITY,
                deadline=self.objection_deadline,
                mail=False,
            )
        partner = self._get_notice_partner()
        if partner:
            # sudo: the notice of a manager who need not be able to read employees or templates
            template = self.env.ref(NOTICE).sudo().with_context(lang=partner.lang or self.env.lang)
            template.send_mail(
                self.id,
                email_values={"recipient_ids": [(4, partner.id)], "email_to": False},
                email_layout_xmlid="mail.mail_notification_light",
            )
        elif not user:
            self._tell_deciding(
                self.env._(
                    "%s has neither a user nor an address: hand over the notice on paper.",
                    self.employee_id.name,
                )
            )

    def _get_notice_partner(self):
        """Who gets the mail: the user, else the work contact of the employee; empty without an address.

        :rtype: res.partner, privileged
        """
        # sudo: addresses of the employee
        employee = self.employee_id.sudo()
        partners = employee.user_id.partner_id | employee.work_contact_id
        return partners.filtered(lambda partner: email_normalize(partner.email or ""))[:1]
