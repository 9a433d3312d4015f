from odoo import SUPERUSER_ID, models

from ...groups import MANAGERS
from ...tools.text import list_words
from .values import COMPLAINT


class AftersalesComplaint(models.Model):
    """Complaints are hidden from colleagues they are about, also in mail, chatter and activities (四 经理.3).

    Record rules decide who reads a complaint. Its messages, followers, activities, reminders and announced delays are
    for managers who may read it, also where other colleagues followed it before.
    """

    _inherit = COMPLAINT

    def _get_hidden_users(self):
        """Users who must not learn of the complaint; the record rule excludes the same.

        :return: the person concerned; while none is named, all colleagues who did the work
        :rtype: res.users
        """
        self.ensure_one()
        # sudo: reads the people concerned, for users without access to these fields
        complaint = self.sudo()
        if complaint.employee_id:
            return complaint.concerned_user_id.sudo(False)
        return complaint.involved_user_ids.sudo(False)

    def _get_uninitiated(self, partner_ids):
        """Colleagues among partners who may not read the messages of the complaint.

        :param partner_ids: ids of partners
        :return: res.partner, as superuser
        """
        self.ensure_one()
        # sudo: reads the users of partners, for users without access to them
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        own = partners.filtered(lambda partner: partner.user_ids and not partner.partner_share)
        if not own:
            return own
        managers = self.company_id._aftersales_users(MANAGERS) - self._get_hidden_users()
        return own - managers.sudo().partner_id

    def _keep_from_barred(self):
        """Remove followers, activities and notifications of users who must not learn of the complaint any more."""
        for complaint in self.sudo():
            hidden = complaint._get_hidden_users()
            complaint.message_unsubscribe(hidden.partner_id.ids)
            complaint.activity_ids.filtered(
                lambda row, hidden=hidden: row.user_id in hidden
            ).unlink()
            # sudo: deletes notifications of other users
            notifications = self.env["mail.notification"].sudo()
            notifications.search(
                [
                    ("mail_message_id.model", "=", COMPLAINT),
                    ("mail_message_id.res_id", "=", complaint.id),
                    ("res_partner_id", "in", hidden.partner_id.ids),
                ]
            ).unlink()

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        for complaint in self:
            left_out = complaint._get_uninitiated(partner_ids or [])
            super(AftersalesComplaint, complaint)._message_subscribe(
                [number for number in partner_ids or [] if number not in left_out.ids],
                subtype_ids,
                customer_ids,
            )
        return True

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        chosen = (msg_vals or {}).get("partner_ids")
        if chosen is None:
            # sudo: reads the recipients of the message, for authors who may not read it
            chosen = message.sudo().partner_ids.ids
        left_out = self._get_uninitiated(chosen) if self else False
        if left_out:
            # log the chosen recipients that were left out, so that the sender sees it
            self._message_log(
                body=self.env._(
                    "Not sent to %s: who does not handle complaints, or is concerned, does not learn of them.",
                    list_words(self.env, left_out.mapped("display_name")),
                )
            )
        return recipients

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not self:
            return recipients
        left_out = self._get_uninitiated([row["id"] for row in recipients if row["id"]])
        return [row for row in recipients if row["id"] not in left_out.ids]

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Let only managers read the messages of complaints.

        For other colleagues reading a message asks for the right to delete the complaint, which nobody has.
        Colleagues who entered a complaint may still write messages.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        user = self.env.user
        if message_operation == "create" or user.share or user.id == SUPERUSER_ID:
            return operations
        return operations if user.has_group(MANAGERS) else dict.fromkeys(self, "unlink")
