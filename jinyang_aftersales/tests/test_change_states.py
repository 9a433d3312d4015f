"""The life of a program change, from the customer's request to his opinion."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .change_common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeStates(ChangeCommon):
    def test_whole_life(self):
        change = self.make_change(state="done")
        self.assertEqual(change.state, "done")
        self.assertEqual(change.developer_id, self.developer)
        self.assertEqual(change.confirmed_by_id, self.specialist)
        self.assertEqual(change.test_ids.result, "pass")
        self.assertTrue(change.name.startswith("CG"))
        self.assertEqual(change.date_promised, self.today + timedelta(days=14))

    def test_manager_is_asked_when_the_need_is_confirmed(self):
        change = self.make_change(state="submitted")
        self.assertFalse(change.approval_ids)
        change.confirmed_need = "Two columns"
        change.action_confirm()
        self.assertEqual(change.approval_id.approver_ids, self.manager)

    def test_approval_needs_opinion_and_date(self):
        change = self.make_change(state="confirmed").with_user(self.manager)
        with self.assertRaisesRegex(UserError, "promised date"):
            change.action_approve("OK")
        with self.assertRaisesRegex(UserError, "opinion"):
            change.action_approve(False, {"date_promised": self.today})
        with self.assertRaisesRegex(UserError, "promised date"):
            change.action_approve("OK", {"date_promised": self.today - timedelta(days=1)})
        self.assertEqual(change.state, "confirmed")
