from odoo import models

from ..company.aftersales_job import SCHEDULED


class MailActivityMixin(models.AbstractModel):
    """Activities are the one way in which the product asks people to do something; their type says what for."""

    _inherit = "mail.activity.mixin"

    def _notify_users(
        self, users, activity_type, note="", deadline=None, mail=True, once=False, **values
    ):
        """Give each user an activity on each of the documents; mail about it is queued, not sent here.

        What the hourly job gives a user is told by one mail at the end of its run.

        :param users: res.users; for an empty recordset no activity is made
        :param str activity_type: external id of the activity type
        :param note: text that says what to do, or a function that makes the text of a document, whose environment
            then has the user's language
        :param datetime.date deadline: the last day; the company's today by default
        :param bool mail: whether users get mail about it, too
        :param bool once: leave out users who have an open activity of the type on the document
        :param values: further values of the activities
        """
        # sudo: the acting user may not be able to read the users who are told
        documents = self.sudo().with_context(mail_notify_force_send=False)
        folded = mail and self.env.context.get(SCHEDULED)
        if folded or not mail:
            documents = documents.with_context(mail_activity_quick_update=True)
        for user in users:
            asked = documents._filter_unasked(user, activity_type) if once else documents
            for company, part in asked.grouped("company_id").items():
                vals = {
                    "date_deadline": deadline or company._aftersales_today(),
                    "user_id": user.id,
                    **values,
                }
                # The summary, too, is in the reader's language. sudo: only the language of a colleague is read
                part = part.with_context(lang=user.sudo().lang or self.env.lang)
                if not callable(note):
                    tasks = part.activity_schedule(activity_type, note=note, **vals)
                else:
                    tasks = self.env["mail.activity"]
                    for document in part:
                        tasks |= document.activity_schedule(
                            activity_type, note=note(document), **vals
                        )
                # The name of the document is stored: Odoo would take the language of whoever writes it to the database
                tasks.mapped("res_name")
                if folded:
                    tasks._write_unlocked({"digest_company_id": self.env.company.id})

    def _filter_unasked(self, user, activity_type):
        """:return: documents on which the user has no open activity of the type"""
        kind = self.env.ref(activity_type)
        return self.filtered(
            lambda document: not document.activity_ids.filtered(
                lambda activity: (
                    activity.active
                    and activity.user_id == user
                    and activity.activity_type_id == kind
                )
            )
        )

    def _withdraw_activities(self, *activity_types):
        """Delete activities of :meth:`_notify_users`, because the work is done or no longer wanted.

        :param str activity_types: external ids of activity types
        """
        # sudo: activities of several people, which end with what happened to the document
        self.sudo().activity_unlink(activity_types)
