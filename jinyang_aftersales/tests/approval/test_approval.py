import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import common

PDF = base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()
APPROVAL = "jinyang_aftersales.mail_activity_approval"


@tagged("post_install", "-at_install")
class TestApproval(common.AftersalesCommon):
    """Submitting, deciding and the inbox, on the simplest document that is approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls.make_application()

    @classmethod
    def make_application(cls, user=None, **values):
        customer = cls.make_customer()
        return (
            cls.env["aftersales.application"]
            .with_user(user or cls.specialist)
            .create(
                {
                    "kind": "data_clearing",
                    "partner_id": customer.id,
                    "description": "Orders of 2019",
                    "company_id": cls.company.id,
                    "scan": PDF,
                    **values,
                }
            )
        )

    def activities(self, application=None):
        return (application or self.application).sudo().activity_ids

    def test_submitting_asks_every_manager(self):
        self.application.action_submit()
        self.assertEqual(self.application.state, "submitted")
        self.assertEqual(self.activities().user_id, self.manager)
        self.assertEqual(self.activities().activity_category, "aftersales_approval")
        self.assertTrue(self.application.with_user(self.manager).is_to_approve)
        found = self.env["aftersales.application"].with_user(self.manager)
        self.assertIn(self.application, found.search([("is_to_approve", "=", True)]))

    def test_decision_and_end_of_the_activities_are_one_act(self):
        second = self.make_user("manager2", "jinyang_aftersales.group_manager")
        self.application.action_submit()
        self.assertEqual(self.activities().user_id, self.manager | second)
        activity = self.activities().filtered(lambda row: row.user_id == second)
        activity.with_user(second).action_approve_document("Take a backup first")
        self.assertEqual(self.application.state, "approved")
        self.assertFalse(self.activities())
        # its mail says what was decided, not only the name of the document
        [message] = self.application.sudo().message_ids.filtered(
            lambda row: "Take a backup first" in row.body
        )
        self.assertEqual(message.subject, f"{self.application.display_name}: Approved")
        self.assertRecordValues(
            self.application.approval_ids,
            [
                {
                    "decision": "approved",
                    "decided_by_id": second.id,
                    "opinion": "Take a backup first",
                    "requested_by_id": self.specialist.id,
                }
            ],
        )

    def test_second_decision_is_told_who_made_the_first(self):
        self.application.action_submit()
        self.application.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "already been decided by Manager"):
            self.application.with_user(self.director).action_refuse("No")
        self.assertEqual(len(self.application.approval_ids), 1)

    def test_refusing_needs_a_reason(self):
        self.application.action_submit()
        with self.assertRaisesRegex(UserError, "Say why"):
            self.application.with_user(self.manager).action_refuse("  ")
        self.application.with_user(self.manager).action_refuse("No stamp")
        self.assertEqual(self.application.state, "refused")
        self.assertEqual(self.application.approval_opinion, "No stamp")

    def test_nobody_decides_on_an_own_request(self):
        own = self.make_application(self.manager)
        own.action_submit()
        self.assertEqual(self.activities(own).user_id, self.director)
        with self.assertRaisesRegex(UserError, "somebody else decides"):
            own.action_approve()
        own.with_user(self.director).action_approve()

    def test_specialist_decides_nothing(self):
        self.application.action_submit()
        with self.assertRaises(UserError):
            self.application.action_approve()
        with self.assertRaises(UserError):
            self.activities().with_user(self.specialist).action_approve_document()

    def test_submission_is_refused_when_nobody_is_left(self):
        own = self.make_application(self.manager)
        self.director.write({"active": False})
        with self.assertRaisesRegex(UserError, "no service manager or director"):
            own.action_submit()
        self.assertEqual(own.state, "draft")

    def test_inbox_ends_an_approval_by_a_decision_only(self):
        self.application.action_submit()
        activity = self.activities().with_user(self.manager)
        for attempt in (
            activity.action_done,
            activity.action_feedback,
            activity.action_done_schedule_next,
            activity.action_cancel,
            activity.unlink,
            activity.action_archive,
            lambda: activity.write({"user_id": self.specialist.id}),
            lambda: self.application.with_user(self.manager).activity_unlink([APPROVAL]),
            lambda: self.application.with_user(self.manager).activity_feedback([APPROVAL]),
        ):
            with self.assertRaisesRegex(UserError, "approve or refuse"), self.cr.savepoint():
                attempt()
        self.assertTrue(activity.exists().active)
        self.assertEqual(self.application.state, "submitted")

    def test_approval_activities_are_made_by_submitting_only(self):
        with self.assertRaisesRegex(UserError, "Submit the document"):
            self.application.activity_schedule(APPROVAL, user_id=self.manager.id)

    def test_rows_and_states_cannot_be_forged(self):
        self.application.action_submit()
        application = self.application.with_user(self.manager)
        row = application.approval_ids
        for attempt in (
            lambda: application.write({"state": "approved"}),
            lambda: row.write({"decision": "approved"}),
            lambda: row.sudo().write({"decision": "approved"}),
            lambda: row.sudo().unlink(),
            lambda: row.sudo().copy(),
            lambda: application.write({"approval_ids": [(2, row.id)]}),
            lambda: application.create(
                {"kind": "password", "partner_id": application.partner_id.id, "state": "approved"}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertEqual(row.decision, "pending")

    def test_defaults_of_a_caller_forge_nothing(self):
        """A client may send a default for any field in the context of a request."""
        context = {
            "default_state": "done",
            "default_executed_by_id": self.manager.id,
            "default_decision": "approved",
            "default_decided_by_id": self.manager.id,
            "default_decided_on": "2026-01-01 00:00:00",
            "default_chargeable": True,
        }
        application = self.application.with_context(**context)
        application.action_submit()
        self.assertRecordValues(
            application.approval_ids,
            [{"decision": "pending", "decided_by_id": False, "decided_on": False}],
        )
        application = application.create(
            {"kind": "password", "partner_id": application.partner_id.id}
        )
        self.assertEqual(application.state, "draft")
        self.assertFalse(application.executed_by_id)
        self.assertFalse(application.chargeable)
        # a user saved it as the own default
        self.env["ir.default"].set(application._name, "state", "approved", user_id=True)
        application = self.application.with_env(self.env).create(
            {"kind": "password", "partner_id": application.partner_id.id}
        )
        self.assertEqual(application.state, "draft")

    def test_submitted_content_is_fixed(self):
        self.application.action_submit()
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            self.application.description = "All data"
        self.application.action_withdraw()
        self.application.description = "All data"
        self.assertEqual(self.application.approval_ids.decision, "withdrawn")
        self.assertFalse(self.activities())

    def test_leaving_manager_hands_over(self):
        self.application.action_submit()
        self.manager.action_archive()
        self.assertEqual(self.activities().user_id, self.director)
        self.application.with_user(self.director).action_approve()

    def test_deleted_draft_takes_its_approvals_along(self):
        self.application.action_submit()
        self.application.action_withdraw()
        rows = self.application.approval_ids
        self.application.unlink()
        self.assertFalse(rows.exists())

    def test_only_drafts_are_deleted(self):
        self.application.action_submit()
        with self.assertRaisesRegex(UserError, "only drafts"):
            self.application.with_user(self.manager).unlink()

    def test_decision_is_not_deleted_with_its_draft(self):
        self.application.action_submit()
        self.application.with_user(self.manager).action_refuse("No stamp")
        self.application.action_draft()
        for user in (self.specialist, self.manager):
            with self.assertRaisesRegex(UserError, "decision is kept"):
                self.application.with_user(user).unlink()
        self.assertEqual(self.application.approval_ids.decision, "refused")

    def test_each_way_back_to_the_draft_has_its_own_beginning(self):
        self.application.action_submit()
        with self.assertRaisesRegex(UserError, "cannot become Draft"):
            self.application.action_draft()
        self.assertEqual(self.application.approval_ids.decision, "pending")
        self.application.with_user(self.manager).action_refuse("No stamp")
        for user in (self.specialist, self.manager):
            with self.assertRaisesRegex(UserError, "cannot become Draft"):
                self.application.with_user(user).action_withdraw()
        self.application.action_draft()
        self.assertEqual(self.application.state, "draft")
