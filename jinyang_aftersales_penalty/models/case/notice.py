from odoo import api, fields, models
from odoo.tools import email_normalize

from .aftersales_penalty import NOTICE_ACTIVITY

NOTICE = "jinyang_aftersales_penalty.mail_template_penalty"


class AftersalesPenalty(models.Model):
    """Notice of a penalty to the employee: an activity for the user and a mail; without an address, on paper."""

    _inherit = "aftersales.penalty"

    state_seen = fields.Selection(
        selection=[
            ("may_object", "I May Object"),
            ("waiting", "Waits for the Decision"),
            ("objected", "Objected, Waits for the Decision"),
            ("confirmed", "To Be Deducted"),
            ("deducted", "Deducted"),
            ("returned", "Returned"),
            ("waived", "Waived"),
            ("cancelled", "Cancelled"),
        ],
        string="What It Means for Me",
        compute="_compute_state_seen",
    )

    @api.depends("state", "objection_deadline", "company_id")
    def _compute_state_seen(self):
        """The state in the words of the employee's page: what they can do, or wait for."""
        for penalty in self:
            seen = penalty.state
            if seen == "notified":
                due = penalty.objection_deadline
                late = due and due < penalty.company_id._aftersales_today()
                seen = "waiting" if late else "may_object"
            penalty.state_seen = False if seen == "proposed" else seen

    def _tell_employee(self):
        """Give the employee an activity and a mail in their language; details are only shown after the sign-in."""
        self.ensure_one()
        user = self._get_concerned_user()
        if user:
            # no mail about the activity: the mail below replaces it
            self._notify_users(
                user,
                NOTICE_ACTIVITY,
                deadline=self.objection_deadline,
                mail=False,
            )
        partner = self._get_notice_partner()
        if partner:
            # sudo: managers may lack the right to read employees and templates
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
        """Recipient of the mail: the user, else the work contact of the employee; empty without an address.

        :rtype: res.partner, privileged
        """
        # sudo: managers may not read employees; only the addresses are used
        employee = self.employee_id.sudo()
        partners = employee.user_id.partner_id | employee.work_contact_id
        return partners.filtered(lambda partner: email_normalize(partner.email or ""))[:1]
