from odoo import models


class MailActivityMixin(models.AbstractModel):
    """The one way in which the product asks somebody for something: an activity, known by its type."""

    _inherit = "mail.activity.mixin"

    def _notify_users(
        self, users, activity_type, note="", deadline=None, mail=True, once=False, **values
    ):
        """Give users an activity on each of the documents; mail about it is queued, not sent here.

        :param users: res.users, each gets one; nobody is told where there are none
        :param str activity_type: external id of the activity type
        :param note: what is to be done: a text, or a function of the document that gives the text in the
            language of its environment, which is the user's then
        :param datetime.date deadline: the last day; the company's today by default
        :param bool mail: whether users get mail about it, too
        :param bool once: leave out users who have an open activity of the type on the document
        :param values: further values of the activities
        """
        # sudo: routine of the product; who is told may not be known to who causes it
        documents = self.sudo().with_context(mail_notify_force_send=False)
        if not mail:
            documents = documents.with_context(mail_activity_quick_update=True)
        for user in users:
            asked = documents._filter_unasked(user, activity_type) if once else documents
            for company, part in asked.grouped("company_id").items():
                vals = {
                    "date_deadline": deadline or company._aftersales_today(),
                    "user_id": user.id,
                    **values,
                }
                if not callable(note):
                    part.activity_schedule(activity_type, note=note, **vals)
                    continue
                # sudo: the language of a colleague
                for document in part.with_context(lang=user.sudo().lang):
                    document.activity_schedule(activity_type, note=note(document), **vals)

    def _filter_unasked(self, user, activity_type):
        """:return: those of the documents on which the user has no open activity of the type"""
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
        """Take back activities of :meth:`_notify_users`: what they asked for has happened, or is wanted no more.

        :param str activity_types: external ids of activity types
        """
        # sudo: activities of several people, closed by what happened to the document
        self.sudo().activity_unlink(activity_types)
