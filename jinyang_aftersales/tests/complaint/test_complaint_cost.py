"""The cost of the privacy of complaints: no extra queries, and no work where no complaint can be concerned."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.mail.tools.discuss import Store

from ...models.shared.aftersales_private_row import AftersalesPrivateRow
from .complaint_common import ComplaintCommon


@contextmanager
def nothing_private():
    """Context manager: switch the privacy off, to compare."""

    def _search(self, *args, **kwargs):
        return super(AftersalesPrivateRow, self)._search(*args, **kwargs)

    def _check_access(self, operation):
        return super(AftersalesPrivateRow, self)._check_access(operation)

    with (
        patch.object(AftersalesPrivateRow, "_search", _search),
        patch.object(AftersalesPrivateRow, "_check_access", _check_access),
    ):
        yield


@tagged("post_install", "-at_install")
class TestComplaintCost(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.make_user("plain", "base.group_user")
        cls.users = cls.plain | cls.specialist | cls.callback | cls.manager | cls.director
        cls.users.notification_type = "inbox"
        cls.ticket = cls.make_ticket()
        cls.complaint = cls.make_complaint()
        partners = cls.users.partner_id
        cls.ticket.message_subscribe(partners.ids)
        for number in range(5):
            cls.ticket.message_post(
                body=f"Message {number}", subtype_xmlid="mail.mt_comment", partner_ids=partners.ids
            )
        cls.complaint.message_post(body="Message", subtype_xmlid="mail.mt_comment")
        for user in cls.users:
            for document in (cls.ticket, cls.customer):
                document.activity_schedule("mail.mail_activity_data_todo", user_id=user.id)
        cls.env.flush_all()

    def of_ticket(self):
        """:return: reads of a ticket's page: functions that take an environment, by name"""
        here = [("res_model", "=", self.ticket._name), ("res_id", "=", self.ticket.id)]

        def chatter(env):
            ticket = env[self.ticket._name].browse(self.ticket.id)
            messages = env["mail.message"]._message_fetch(None, thread=ticket)["messages"]
            self.assertGreater(len(messages), 4)
            return Store().add(messages).get_result()

        return {
            "chatter": chatter,
            "messages": lambda env: env["mail.message"].browse(self.ticket.message_ids.ids).read(),
            "activities": lambda env: env["mail.activity"].search(here),
            "followers": lambda env: env["mail.followers"].search(here),
        }

    def of_the_user(self):
        """:return: reads over all documents of the user"""

        def inbox(env):
            messages = env["mail.message"]._message_fetch([("needaction", "=", True)])["messages"]
            self.assertGreater(len(messages), 4)
            return Store().add(messages, add_followers=True).get_result()

        return {
            "inbox": inbox,
            "activities": lambda env: env["mail.activity"].search([]).read(["summary"]),
            "systray": lambda env: env["res.users"]._get_activity_groups(),
            "activities of documents": lambda env: Store()
            .add(env["mail.activity"].search([("res_model", "!=", False)]))
            .get_result(),
            "followers": lambda env: env["mail.followers"].search([]).read(["partner_id"]),
        }

    def queries(self, function, user):
        """:return: queries of a call with an empty cache of records and warm caches of the registry"""
        env, cursor, found = self.env(user=user), type(self.cr), []
        # twice, because the first call fills caches that the second one finds invalidated
        for _time in range(2):
            function(env)
            self.env.flush_all()
            self.env.invalidate_all()
        # read the user before, as each request does
        self.assertFalse(env.user.share)
        execute = cursor.execute

        def noted(cr, query, params=None, *args, **kwargs):
            found.append(query.code if isinstance(query, SQL) else query)
            return execute(cr, query, params, *args, **kwargs)

        with patch.object(cursor, "execute", noted):
            function(env)
        self.assertTrue(found)
        return found

    def test_page_of_a_ticket_is_read_by_the_same_queries(self):
        for user in self.users - self.plain:
            for name, function in self.of_ticket().items():
                with self.subTest(user=user.login, looked_at=name):
                    found = self.queries(function, user)
                    with nothing_private():
                        self.assertCountEqual(found, self.queries(function, user))

    def test_inbox_and_lists_take_no_more_queries(self):
        for user in self.users:
            for name, function in self.of_the_user().items():
                with self.subTest(user=user.login, looked_at=name):
                    found = self.queries(function, user)
                    with nothing_private():
                        self.assertLessEqual(len(found), len(self.queries(function, user)))

    def test_searching_for_what_is_private_is_restricted(self):
        """The comparison of these tests can fail: it finds a query that is added."""
        rows = self.env["mail.message"].with_user(self.specialist)
        ours = [("model", "=", self.complaint._name), ("res_id", "=", self.complaint.id)]
        self.assertFalse(rows.search(ours))
        self.assertTrue(rows.with_user(self.manager).search(ours))
        with nothing_private():
            told = self.complaint.with_user(self.manager).message_post(
                body="x", partner_ids=self.specialist.partner_id.ids
            )
            self.assertTrue(rows.search([*ours, ("id", "=", told.id)]))
        self.assertFalse(rows.search([*ours, ("id", "=", told.id)]))
