from odoo import SUPERUSER_ID, models

from ...groups import MANAGERS

COMPLAINT = "aftersales.complaint"


class AftersalesComplaint(models.Model):
    """Who must not learn of a complaint does not: not by mail, chatter or activity (四 经理.3).

    The record rules decide who reads complaints; what hangs on a complaint (messages, followers, activities,
    reminders, announced delays) is for the managers who may read it, whoever was told or followed before.
    """

    _inherit = COMPLAINT

    def _get_hidden_users(self):
        """Who must not learn of the complaint; the record rule says the same.

        :return: the person concerned; as long as nobody is named, who did the work
        :rtype: res.users
        """
        self.ensure_one()
        # sudo: who is concerned, whoever writes
        complaint = self.sudo()
        if complaint.employee_id:
            return complaint.concerned_user_id.sudo(False)
        return complaint.involved_user_ids.sudo(False)

    def _get_uninitiated(self, partner_ids):
        """Own people among partners who do not read what is said about the complaint.

        :param partner_ids: ids of partners
        :return: res.partner, privileged
        """
        self.ensure_one()
        # sudo: who somebody is, whoever writes
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        own = partners.filtered(lambda partner: partner.user_ids and not partner.partner_share)
        if not own:
            return own
        managers = self.company_id._aftersales_users(MANAGERS) - self._get_hidden_users()
        return own - managers.sudo().partner_id

    def _keep_from_barred(self):
        """Somebody is concerned from now on: what he was told before is taken from him."""
        for complaint in self.sudo():
            hidden = complaint._get_hidden_users()
            complaint.message_unsubscribe(hidden.partner_id.ids)
            complaint.activity_ids.filtered(
                lambda row, hidden=hidden: row.user_id in hidden
            ).unlink()
            # sudo: notifications of others
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
            # sudo: whom a message that was just written names
            chosen = message.sudo().partner_ids.ids
        left_out = self._get_uninitiated(chosen) if self else False
        if left_out:
            # whoever chose them by hand has to know
            self._message_log(
                body=self.env._(
                    "Not sent to %s: who does not handle complaints, or is concerned, does not learn of them.",
                    ", ".join(left_out.mapped("display_name")),
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
        """What is said about it is for the managers who may read it: colleagues would have to be able to delete it.

        Whoever entered a complaint may still write a message.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        user = self.env.user
        if message_operation == "create" or user.share or user.id == SUPERUSER_ID:
            return operations
        return operations if user.has_group(MANAGERS) else dict.fromkeys(self, "unlink")
