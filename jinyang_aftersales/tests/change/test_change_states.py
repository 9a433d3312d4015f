"""The steps of a program change, from the customer's request to the passed test."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .change_common import PDF, ChangeCommon

STEP = "jinyang_aftersales.mail_activity_change"


@tagged("post_install", "-at_install")
class TestChangeStates(ChangeCommon):
    def turn(self, change):
        """:return: the users who have to take the next step"""
        activities = change.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id == self.env.ref(STEP)
        )
        return activities.user_id

    def test_whole_life(self):
        change = self.make_change(state="done")
        self.assertEqual(change.state, "done")
        self.assertEqual(change.developer_id, self.developer)
        self.assertEqual(change.confirmed_by_id, self.specialist)
        self.assertEqual(change.test_ids.result, "pass")
        self.assertTrue(change.name.startswith("CG"))
        self.assertEqual(change.date_promised, self.today + timedelta(days=14))
        self.assertFalse(self.turn(change))

    def test_each_one_is_told_when_it_is_his_turn(self):
        for state, users in (
            ("submitted", self.specialist),
            ("confirmed", self.env["res.users"]),
            ("approved", self.developer),
            ("development", self.env["res.users"]),
            ("testing", self.specialist),
            ("deploying", self.specialist),
            ("refused", self.env["res.users"]),
        ):
            with self.subTest(state=state):
                self.assertEqual(self.turn(self.make_change(state=state)), users)

    def test_request_needs_title_description_and_contact(self):
        for name in ("title", "description", "contact_id"):
            change = self.make_change()
            if name == "title":
                change.title = " "
                continue
            change[name] = False
            with self.assertRaisesRegex(UserError, change._labels([name])):
                change.action_submit()

    # === Need === #

    def test_manager_is_asked_when_the_need_is_confirmed(self):
        change = self.make_change(state="submitted")
        self.assertFalse(change.approval_ids)
        change.confirmed_need = "Two columns"
        change.action_confirm()
        self.assertEqual(change.approval_id.approver_ids, self.manager)
        self.assertEqual(change.confirmed_by_id, self.specialist)

    def test_need_is_not_confirmed_without_words_or_paper(self):
        change = self.make_change(state="submitted", scan=False, original_holder_id=False)
        with self.assertRaisesRegex(UserError, "Confirmed Need"):
            change.action_confirm()
        change.confirmed_need = "Two columns"
        with self.assertRaisesRegex(UserError, "Stamped Scan"):
            change.action_confirm()
        change.scan = PDF
        change.action_confirm()
        self.assertEqual(change.state, "confirmed")

    def test_bug_is_confirmed_without_paper_and_archives_none(self):
        change = self.make_change(
            state="confirmed", kind="bug", scan=False, original_holder_id=False
        )
        self.assertFalse(change.archive_entry_ids)

    def test_confirmation_is_withdrawn_by_who_confirmed(self):
        change = self.make_change(state="confirmed")
        self.customer.service_user_id = self.colleague
        with self.assertRaisesRegex(UserError, "may withdraw"):
            change.with_user(self.colleague).action_unconfirm()
        change.action_unconfirm()
        self.assertEqual(change.approval_id.decision, "withdrawn")
        self.assertEqual(change.state, "submitted")
        self.assertFalse(change.confirmed_by_id)

    # === Decision === #

    def test_approval_needs_opinion_and_date(self):
        change = self.make_change(state="confirmed").with_user(self.manager)
        day = self.today + timedelta(days=3)
        for opinion, values, message in (
            ("OK", None, "promised date"),
            ("OK", {}, "promised date"),
            ("OK", "2026-01-01", "promised date"),
            ("OK", {"date_promised": "soon"}, "promised date"),
            ("OK", {"date_promised": self.today - timedelta(days=1)}, "promised date"),
            (False, {"date_promised": day}, "opinion"),
            ("  ", {"date_promised": day}, "opinion"),
        ):
            with self.assertRaisesRegex(UserError, message):
                change.action_approve(opinion, values)
        self.assertEqual(change.state, "confirmed")
        change.action_approve(
            "OK", {"date_promised": str(day), "developer_id": self.developer.id, "title": "X"}
        )
        self.assertEqual(change.date_promised, day)
        self.assertEqual(change.developer_id, self.developer)
        self.assertNotEqual(change.title, "X")

    def test_inbox_refuses_to_approve_without_a_date_and_approves_with_one(self):
        change = self.make_change(state="confirmed")
        activity = change.sudo().activity_ids.filtered("approval_id").with_user(self.manager)
        asked = {row["name"]: row for row in activity._get_approval_questions()}
        self.assertTrue(asked["date_promised"]["required"])
        self.assertFalse(asked["developer_id"]["required"])
        self.assertIn(self.developer.id, dict(asked["developer_id"]["choices"]))
        with self.assertRaisesRegex(UserError, "promised date"):
            activity.action_approve_document("OK")
        activity.action_approve_document(
            "OK", values={"date_promised": str(self.today + timedelta(days=3))}
        )
        self.assertEqual(change.state, "approved")

    def test_window_of_the_decision_asks_for_the_date(self):
        change = self.make_change(state="confirmed").with_user(self.manager)
        action = change.action_open_decision()
        wizards = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizards.with_context(**action["context"]).create({"opinion": "OK"})
        self.assertEqual(
            [row["name"] for row in wizard.questions], ["date_promised", "developer_id"]
        )
        with self.assertRaisesRegex(UserError, "promised date"):
            wizard.action_approve()
        wizard.answers = {
            "date_promised": str(self.today + timedelta(days=5)),
            "developer_id": self.developer.id,
        }
        wizard.action_approve()
        self.assertEqual(change.state, "approved")
        self.assertEqual(change.developer_id, self.developer)

    def test_neither_requester_nor_confirming_specialist_decides(self):
        second = self.make_user("manager2", "jinyang_aftersales.group_manager")
        change = self.make_change(user=self.manager)
        change.action_submit()
        change.with_user(second).confirmed_need = "Two columns"
        change.with_user(second).action_confirm()
        values = {"date_promised": self.today}
        for user in (self.manager, second):
            with self.assertRaisesRegex(UserError, "somebody else decides"):
                change.with_user(user).action_approve("OK", values)
        change.with_user(self.director).action_approve("OK", values)
        self.assertEqual(change.state, "approved")

    def test_refused_is_taken_up_again_and_decided_anew(self):
        change = self.make_change(state="refused")
        change.action_draft()
        self.assertFalse(change.confirmed_by_id or change.submitted_on)
        self.bring(change, "approved")
        self.assertEqual(change.approval_ids.mapped("decision"), ["approved", "refused"])

    # === Development and test === #

    def test_developer_takes_what_nobody_develops_and_nothing_else(self):
        second = self.make_user("developer2", "jinyang_aftersales.group_developer")
        change = self.make_change(state="approved", developer_id=self.developer.id)
        with self.assertRaises(AccessError):
            change.with_user(second).action_start_development()
        free = self.make_change(state="approved")
        free.with_user(second).action_start_development()
        self.assertEqual(free.developer_id, second)

    def test_manager_begins_for_the_developer_he_chose(self):
        change = self.make_change(state="approved").with_user(self.manager)
        with self.assertRaisesRegex(UserError, "developer"):
            change.action_start_development()
        change.developer_id = self.developer
        change.action_start_development()
        self.assertEqual(change.developer_id, self.developer)

    def test_failed_test_goes_back_and_is_counted(self):
        change = self.make_change(state="testing")
        with self.assertRaisesRegex(UserError, "what was found"):
            change.action_record_test("fail", "  ")
        change.action_record_test("fail", "Empty column")
        self.assertEqual(change.state, "development")
        self.assertEqual(self.turn(change), self.developer)
        change.with_user(self.developer).action_to_testing()
        change.action_record_test("pass", customer_invited=True)
        self.assertEqual(change.test_round, 2)
        self.assertRecordValues(
            change.test_ids,
            [
                {"round": 1, "result": "fail", "found": "Empty column", "customer_invited": False},
                {"round": 2, "result": "pass", "found": False, "customer_invited": True},
            ],
        )
        self.assertEqual(change.test_ids.tester_id, self.specialist)

    def test_who_confirmed_tests_or_a_manager_with_a_reason_never_the_developer(self):
        self.customer.service_user_id = self.colleague
        change = self.make_change(state="testing")
        with self.assertRaisesRegex(UserError, "who confirmed the need"):
            change.with_user(self.colleague).action_record_test("pass")
        with self.assertRaisesRegex(UserError, "developed"):
            change.with_user(self.developer).action_record_test("pass")
        with self.assertRaisesRegex(UserError, "in place of"):
            change.with_user(self.manager).action_record_test("pass")
        change.with_user(self.manager).action_record_test("pass", reason="On leave")
        self.assertEqual(change.test_ids.tester_id, self.manager)
        self.assertEqual(change.test_ids.substitute_reason, "On leave")

    def test_manager_who_developed_it_does_not_test_it(self):
        both = self.make_user(
            "both", "jinyang_aftersales.group_manager,jinyang_aftersales.group_developer"
        )
        change = self.make_change(state="approved").with_user(both)
        change.action_start_development()
        change.action_to_testing()
        with self.assertRaisesRegex(UserError, "developed"):
            change.action_record_test("pass", reason="On leave")

    def test_tests_are_recorded_on_the_request_only(self):
        change = self.make_change(state="deploying")
        rows = self.env["aftersales.change.test"].with_user(self.manager)
        values = {"change_id": change.id, "round": 9, "tester_id": 1, "result": "pass"}
        for forge in (
            lambda: rows.create(values),
            lambda: change.test_ids.write({"result": "fail"}),
            lambda: change.test_ids.unlink(),
            lambda: change.sudo().test_ids.write({"result": "fail"}),
        ):
            with self.assertRaises(AccessError):
                forge()

    # === Guards === #

    def test_nothing_but_the_steps_writes_states_and_dates(self):
        change = self.make_change(state="approved").with_user(self.manager)
        for values in (
            {"date_promised": "2030-01-01"},
            {"confirmed_by_id": self.colleague.id},
            {"deployed_on": "2026-01-01 00:00:00"},
            {"opinion_result": "satisfied"},
            {"test_round": 5},
            {"title": "Other"},
            {"confirmed_need": "Other"},
            {"scan": False},
            {"state": "done", "kind": "bug"},
        ):
            with self.assertRaises(UserError, msg=values):
                change.write(values)
        for values in ({"state": "approved"}, {"date_promised": "2030-01-01"}):
            with self.assertRaises(UserError):
                self.env["aftersales.change.request"].create(
                    {"partner_id": self.customer.id, "title": "X", **values}
                )

    def test_copy_is_a_draft_nobody_has_worked_on(self):
        copy = self.make_change(state="done").copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(
            copy.date_promised or copy.scan or copy.test_ids or copy.developer_id or copy.done_on
        )

    def test_everything_belongs_to_the_customer(self):
        other = self.make_customer()
        with self.assertRaises(ValidationError):
            self.make_change(contact_id=other.software_contact_id.id)
        with self.assertRaises(ValidationError):
            self.make_change(installation_id=self.make_installation(other).id)

    def test_only_a_developer_of_the_company_develops(self):
        with self.assertRaisesRegex(ValidationError, "no developer"):
            self.make_change(developer_id=self.specialist.id)

    def test_promised_change_is_cancelled_by_a_manager_only(self):
        change = self.make_change(state="approved")
        with self.assertRaisesRegex(UserError, "promised"):
            change.action_cancel()
        change.with_user(self.manager).action_cancel()
        self.assertEqual(change.state, "cancelled")

    def test_only_drafts_are_deleted(self):
        for state in ("submitted", "confirmed", "approved", "done"):
            with self.assertRaisesRegex(UserError, "only drafts|call-backs|decision is kept"):
                self.make_change(state=state).with_user(self.manager).unlink()
        self.make_change().unlink()

    def test_who_worked_on_it_does_not_call_about_it(self):
        change = self.make_change(state="deployed")
        call = change.callback_ids
        self.assertEqual(call.kind, "change")
        self.assertEqual(call.worker_ids, self.developer | self.specialist)
        self.assertEqual(call.user_id, self.callback)
