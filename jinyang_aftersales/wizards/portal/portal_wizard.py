from odoo import models

INVITATION = "jinyang_aftersales.mail_template_portal_invitation"


class PortalWizardUser(models.TransientModel):
    """Contacts of customers are invited by a mail of the company, in their language and without advertisement."""

    _inherit = "portal.wizard.user"

    def _send_email(self):
        """Invite the contact, by Odoo's template only when ours was deleted.

        :return: True
        """
        self.ensure_one()
        template = self.env.ref(INVITATION, raise_if_not_found=False)
        if not template:
            return super()._send_email()
        # sudo: as Odoo does, reads language and partner of a user whom the acting user may invite
        user = self.user_id.sudo()
        user.partner_id.signup_prepare()
        template.with_context(
            lang=user.lang, welcome_message=self.wizard_id.welcome_message
        ).send_mail(user.id, force_send=True)
        return True
