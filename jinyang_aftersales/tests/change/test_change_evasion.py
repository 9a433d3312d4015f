"""Attempts of every role to evade the promised date, its warnings and the wait for the customer (五.4.5, 五.4.7)."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, freeze_time, tagged

from .change_common import ChangeCommon

PROMISE = "jinyang_aftersales.mail_activity_change_promise"
CALL = "jinyang_aftersales.mail_activity_change"
STAFF = (
    "specialist",
    "colleague",
    "developer",
    "callback",
    "archivist",
    "employee",
    "accountant",
    "manager",
    "director",
)


@tagged("post_install", "-at_install")
class TestChangeEvasion(ChangeCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.make_user("administrator", "base.group_system")
        with freeze_time("2026-03-02 02:00:00"):
            cls.change = cls.make_change(state="confirmed")
            cls.change.with_user(cls.manager).action_approve(
                "OK", {"date_promised": "2026-03-12", "developer_id": cls.developer.id}
            )

    def everybody(self):
        return [getattr(self, name) for name in STAFF] + [self.administrator]

    def assertRefused(self, call, *told):
        with self.assertRaises(UserError, msg=told):
            call()

    def remind(self, moment, user=None):
        with freeze_time(moment):
            user = user or self.env.ref("base.user_root")
            model = self.env["aftersales.deadline.mixin"].with_user(user)
            model._remind_all(self.company, self.company._aftersales_today())
        self.env.flush_all()

    def escalation(self):
        """:return: the activities the job gave the manager"""
        kind = self.env.ref(PROMISE)
        activities = self.change.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id == kind and row.user_id == self.manager
        )
        return activities.with_env(self.env)

    # === The promised date === #

    def test_nobody_moves_the_date_without_reason_and_announcement(self):
        delays, reminders = self.env["aftersales.delay"], self.env["aftersales.reminder"]
        forged = {
            "company_id": self.company.id,
            "res_model": self.change._name,
            "res_id": self.change.id,
            "kind": "promise",
            "date_new": "2026-05-01",
            "reason": "Said so",
        }
        known = {
            "company_id": self.company.id,
            "res_model": self.change._name,
            "res_id": self.change.id,
            "kind": "promise",
            "date_deadline": "2026-03-12",
            "told_on": "2026-03-09",
        }
        for user in self.everybody():
            change = self.change.with_user(user)
            context = {"aftersales_unlocked": True, "default_date_promised": "2026-05-01"}
            opened = change.with_context(**context)
            for call in (
                lambda change=change: change.write({"date_promised": "2026-05-01"}),
                lambda change=opened: change.write({"date_promised": "2026-05-01"}),
                lambda change=change: change.web_save({"date_promised": False}, {"state": {}}),
                lambda change=change: change.write(
                    {"delay_ids": [(0, 0, {"date_new": "2026-05-01", "reason": "x"})]}
                ),
                lambda change=change: change.copy({"date_promised": "2026-05-01"}),
                lambda user=user: delays.with_user(user).create(forged),
                lambda user=user: reminders.with_user(user).create(known),
                lambda change=change: change.action_announce_delay("promise", "2026-05-01", " "),
                lambda change=change: change.action_announce_delay("other", "2026-05-01", "x"),
                lambda change=change: change.action_announce_delay("promise", "2020-01-01", "x"),
            ):
                self.assertRefused(call, user.login)
        self.assertEqual(self.change.date_promised, self.day("2026-03-12"))
        self.assertFalse(self.change.promise_ids)

    def test_neither_import_nor_default_gives_a_date(self):
        xmlid = "__import__.promised_change"
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "promised_change",
                "model": self.change._name,
                "res_id": self.change.id,
            }
        )
        for user in (self.specialist, self.manager):
            model = self.env["aftersales.change.request"].with_user(user)
            answer = model.load(["id", "date_promised"], [[xmlid, "2026-05-01"]])
            self.assertFalse(answer["ids"], user.login)
            self.assertIn("buttons", answer["messages"][0]["message"])
            made = model.with_context(default_date_promised="2026-05-01").create(
                {"partner_id": self.customer.id, "company_id": self.company.id, "title": "x"}
            )
            self.assertFalse(made.date_promised)
        self.assertEqual(self.change.date_promised, self.day("2026-03-12"))

    def test_manager_hears_of_it_though_others_would_hide_it(self):
        self.remind("2026-03-13 02:00:00")
        told = self.escalation()
        self.assertTrue(told)
        for user in (self.specialist, self.developer, self.colleague):
            mine = told.with_user(user)
            for call in (
                mine.unlink,
                mine.action_done,
                lambda mine=mine: mine.action_feedback("Seen"),
                mine.action_cancel,
                lambda mine=mine, user=user: mine.write({"user_id": user.id}),
                lambda mine=mine: mine.write({"date_deadline": "2099-01-01"}),
                lambda mine=mine: mine.write({"active": False}),
                lambda user=user: self.change.with_user(user).activity_unlink([PROMISE]),
            ):
                self.assertRefused(call, user.login)
        self.assertEqual(self.escalation(), told)
        told.with_user(self.manager).action_feedback("Called the customer")
        self.assertFalse(self.escalation())

    def test_what_the_product_asks_is_known_by_its_type_whoever_caused_it(self):
        # an activity caused by an action of a colleague, not by the job
        self.change.with_user(self.colleague)._notify_users(self.manager, PROMISE)
        told = self.escalation()
        self.assertEqual(told.create_uid, self.colleague)
        planned = self.env["mail.activity"].with_user(self.specialist)
        planned = planned.create(
            {
                "activity_type_id": self.env.ref(PROMISE).id,
                "res_model_id": self.env["ir.model"]._get_id(self.change._name),
                "res_id": self.change.id,
                "user_id": self.manager.id,
            }
        )
        for user in (self.specialist, self.developer, self.colleague):
            self.assertRefused(told.with_user(user).unlink, user.login)
        # activities planned by a user may be deleted
        planned.unlink()
        self.assertEqual(self.escalation(), told)

    def test_what_the_job_tells_is_known_by_its_type_not_by_who_made_it(self):
        self.remind("2026-03-13 02:00:00", self.administrator)
        told = self.escalation()
        self.assertEqual(told.sudo().create_uid, self.administrator)
        self.assertRefused(told.with_user(self.specialist).action_done)
        # an activity of another type may be done by every user who works on the document
        root = self.change.with_user(self.env.ref("base.user_root")).sudo()
        task = root.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        task.with_user(self.specialist).action_done()
        self.assertFalse(task.exists().filtered("active"))

    def test_own_warning_is_ended_by_who_got_it_and_the_manager_hears_of_it_later_all_the_same(
        self,
    ):
        self.remind("2026-03-09 02:00:00")
        own = self.change.sudo().activity_ids.filtered(
            lambda row: row.user_id == self.specialist
            and row.activity_type_id == self.env.ref(PROMISE)
        )
        own.with_env(self.env).with_user(self.specialist).action_feedback("I know")
        self.assertFalse(self.escalation())
        self.remind("2026-03-13 02:00:00")
        self.assertTrue(self.escalation())

    def test_announcing_ends_the_escalation_whoever_announces(self):
        self.remind("2026-03-13 02:00:00")
        with freeze_time("2026-03-13 03:00:00"):
            self.change.with_user(self.specialist).action_announce_delay(
                "promise", "2026-03-20", "Ill"
            )
        self.assertFalse(self.escalation())
        self.assertTrue(self.change.has_late_move)

    def test_sent_back_after_its_date_is_escalated_anew(self):
        with freeze_time("2026-03-13 02:00:00"):
            self.remind("2026-03-13 02:00:00")
            self.change.with_user(self.developer).action_start_development()
            self.change.with_user(self.developer).action_to_testing()
            self.change.action_record_test("pass")
            self.change.action_deploy()
            self.assertFalse(self.escalation())
            self.change.action_record_opinion("unsatisfied", "Wrong column")
            self.change.action_send_back("development", "Other column")
        self.remind("2026-03-16 02:00:00")
        self.assertTrue(self.escalation(), "the customer has no date that holds")

    def test_without_its_text_the_customer_is_told_by_telephone(self):
        self.env.ref("jinyang_aftersales.mail_template_change_moved").unlink()
        with freeze_time("2026-03-11 02:00:00"):
            self.change.action_announce_delay("promise", "2026-03-20", "Ill")
        notes = "".join(str(note) for note in self.change.sudo().activity_ids.mapped("note"))
        self.assertIn("邮件模板已被删除", notes)

    def test_what_is_done_leaves_no_task_where_nobody_has_an_address(self):
        """Section G: the call-back desk calls next; a task on a finished change would be overdue for ever."""
        change = self.change.sudo()
        people = change.partner_id | change.contact_id | change.partner_id.software_contact_id
        people.email = False
        with freeze_time("2026-03-11 02:00:00"):
            self.change.with_user(self.developer).action_start_development()
            self.change.with_user(self.developer).action_to_testing()
            self.change.action_record_test("pass")
            self.change.action_deploy()
            notes = "".join(str(note) for note in self.change.sudo().activity_ids.mapped("note"))
            self.assertIn("请电话通知", notes)
            self.change.action_record_opinion("satisfied")
            self.change.action_done()
        self.assertFalse(self.change.sudo().activity_ids)
        self.assertEqual(self.change.sudo().callback_ids.mapped("state"), ["todo"])

    # === The customer's silence === #

    def test_silence_is_taken_for_an_opinion_by_nobody(self):
        change = self.make_change(state="deployed")
        for user in self.everybody():
            mine = change.with_user(user)
            for call in (
                mine.action_done,
                lambda mine=mine: mine.action_close_without_opinion("He will like it"),
                lambda mine=mine: mine.write({"opinion_reminders": 2}),
                lambda mine=mine: mine.write({"no_opinion_reason": "x"}),
                lambda mine=mine: mine.write({"opinion_due_date": "2020-01-01"}),
                lambda mine=mine: mine.write({"opinion_result": "satisfied"}),
                lambda mine=mine: mine.write({"state": "done"}),
                lambda mine=mine: mine.web_save({"state": "done"}, {"state": {}}),
            ):
                self.assertRefused(call, user.login)
        self.assertRecordValues(
            change, [{"state": "deploying", "opinion_result": False, "opinion_reminders": 0}]
        )
