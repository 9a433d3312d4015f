from odoo import api, models
from odoo.fields import Domain

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


class AftersalesPrivateRow(models.AbstractModel):
    """Rows that hang on complaints are read by the managers who may read the complaint, and by no colleague else.

    Customers are not meant: they read the messages of their documents, see ``mail_message.py``.
    """

    _name = "aftersales.private.row"
    _description = "Row of a Private Document"

    # fields that say on which document a row hangs
    _row_document = ("res_model", "res_id")

    @api.model
    def _get_private_models(self):
        """Documents whose rows are for the managers who may read them.

        :return: names of models
        :rtype: tuple[str]
        """
        return (COMPLAINT,)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Leave out the rows of documents that are not for the user; the arguments are those of the ORM."""
        if not (self.env.su or bypass_access or self.env.user.share):
            model, number = self._row_document
            names = self._get_private_models()
            readable = Domain(model, "not in", names)
            if self.env.user.has_group(MANAGERS):
                for name in names:
                    ids = self.env[name]._search([])
                    readable |= Domain(model, "=", name) & Domain(number, "in", ids)
            domain = Domain(domain) & readable
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        """Forbid the rows of documents that are not for the user.

        :param str operation: read, write, create or unlink; who may create is left to the model
        :return: None, or the forbidden rows and what makes the error
        """
        result = super()._check_access(operation)
        if self.env.su or operation == "create" or not self or self.env.user.share:
            return result
        forbidden = self._filtered_private().with_env(self.env)
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        rules = self.env["ir.rule"]
        return forbidden, lambda: rules._make_access_error(operation, forbidden)

    def _filtered_private(self):
        """:return: those of the rows whose document is not for the user, privileged"""
        model, number = self._row_document
        manager = self.env.user.has_group(MANAGERS)
        # sudo: only to learn which document a row belongs to
        forbidden = self.sudo().browse()
        for name in self._get_private_models():
            rows = self.sudo().filtered(lambda row, name=name: row[model] == name)
            readable = []
            if rows and manager:
                documents = self.env[name].browse(set(rows.mapped(number))).exists()
                readable = documents._filtered_access("read").ids
            forbidden |= rows.filtered(lambda row, ids=readable: row[number] not in ids)
        return forbidden


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "aftersales.private.row"]
    _row_document = ("model", "res_id")


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "aftersales.private.row"]


class MailFollowers(models.Model):
    _name = "mail.followers"
    _inherit = ["mail.followers", "aftersales.private.row"]


class AftersalesReminder(models.Model):
    _name = "aftersales.reminder"
    _inherit = ["aftersales.reminder", "aftersales.private.row"]


class AftersalesDelay(models.Model):
    _name = "aftersales.delay"
    _inherit = ["aftersales.delay", "aftersales.private.row"]
