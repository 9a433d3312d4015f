"""The update at the customer's, the customer's opinion, and no answer of the customer (五.4.6–7)."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .change_common import ChangeCommon

OPINION = "jinyang_aftersales.mail_activity_change_opinion"
STEP = "jinyang_aftersales.mail_activity_change"


@tagged("post_install", "-at_install")
class TestChangeOpinion(ChangeCommon):
    def test_update_is_recorded_once_and_after_the_test_only(self):
        with self.assertRaisesRegex(UserError, "nothing to update"):
            self.make_change(state="testing").action_deploy()
        change = self.make_change(state="deployed")
        self.assertEqual(change.deployed_by_id, self.specialist)
        with self.assertRaisesRegex(UserError, "nothing to update"):
            change.action_deploy()
        self.assertEqual(change.callback_count, 1)

    def test_update_names_visit_or_ticket_of_the_customer(self):
        change = self.make_change(state="deploying")
        visit = self.env["aftersales.visit"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id}
        )
        change.deploy_visit_id = visit
        self.assertEqual(change.deploy_visit_id, visit)

    def test_no_end_without_the_customers_opinion(self):
        change = self.make_change(state="deploying")
        for user in (self.specialist, self.manager, self.director):
            with self.assertRaisesRegex(UserError, "not been updated"):
                change.with_user(user).action_done()
        change.action_deploy()
        for user in (self.specialist, self.manager, self.director):
            with self.assertRaisesRegex(UserError, "opinion"):
                change.with_user(user).action_done()
        change.action_record_opinion("satisfied", channel="paper")
        change.action_done()
        self.assertEqual(change.state, "done")

    def test_opinion_says_who_when_and_how(self):
        change = self.make_change(state="deployed")
        change.action_record_opinion("partly", " Slow ", self.customer.id, "phone")
        self.assertRecordValues(
            change,
            [
                {
                    "opinion_result": "partly",
                    "opinion_text": "Slow",
                    "opinion_contact_id": self.customer.id,
                    "opinion_channel": "phone",
                    "opinion_recorded_by_id": self.specialist.id,
                }
            ],
        )
        self.assertTrue(change.opinion_on)
        with self.assertRaisesRegex(UserError, "already"):
            change.action_record_opinion("satisfied")

    def test_opinion_makes_sense(self):
        change = self.make_change(state="deployed")
        for args in (
            ("great",),
            (False,),
            ("unsatisfied",),
            ("partly", "  "),
            ("satisfied", "", False, "telepathy"),
        ):
            with self.assertRaises(UserError):
                change.action_record_opinion(*args)
        stranger = self.make_customer().software_contact_id
        with self.assertRaises(UserError):
            change.action_record_opinion("satisfied", "", stranger.id)
        with self.assertRaisesRegex(UserError, "nothing to say"):
            self.make_change(state="deploying").action_record_opinion("satisfied")

    def test_customer_gives_it_on_the_portal(self):
        change = self.make_change(state="deployed")
        portal = new_test_user(self.env, "aftersales_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        with self.assertRaises(AccessError):
            change.with_user(portal).action_record_opinion("satisfied")
        # the method that the portal calls after its access check
        change.with_user(portal)._record_customer_opinion("satisfied", "Good", portal.partner_id)
        self.assertEqual(change.opinion_contact_id, portal.partner_id)
        self.assertEqual(change.opinion_channel, "portal")
        self.assertEqual(change.opinion_recorded_by_id, portal)
        told = change.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id == self.env.ref(STEP)
        )
        self.assertEqual(told.user_id, self.specialist)

    def test_unsatisfied_customer_is_sent_back_or_closed_by_a_manager(self):
        change = self.make_change(state="deployed")
        with self.assertRaisesRegex(UserError, "not satisfied"):
            change.action_send_back("development", "More")
        change.action_record_opinion("unsatisfied", "Wrong column")
        with self.assertRaisesRegex(UserError, "not satisfied"):
            change.action_done()
        for args in (("development", " "), ("draft", "X"), ("done", "X")):
            with self.assertRaises(UserError):
                change.action_send_back(*args)
        change.action_send_back("development", "Other column")
        self.assertEqual(change.state, "development")
        self.assertFalse(change.opinion_result or change.deployed_on or change.tested_on)
        self.assertIn("Wrong column", "".join(change.message_ids.mapped("body")))
        change.with_user(self.developer).action_to_testing()
        change.action_record_test("pass")
        change.action_deploy()
        self.assertEqual(change.callback_count, 1)
        change.action_record_opinion("unsatisfied", "Still")
        change.with_user(self.manager).action_done()
        self.assertEqual(change.state, "done")

    def test_sent_back_to_the_test_is_a_new_round(self):
        change = self.make_change(state="deployed")
        change.action_record_opinion("partly", "Only on one computer")
        change.action_send_back("testing", "Test on Windows 7")
        self.assertEqual((change.state, change.test_round), ("testing", 2))

    def test_step_window_takes_each_step(self):
        def window(change, action, **values):
            action = getattr(change, action)()
            wizard = self.env[action["res_model"]].with_user(change.env.user)
            wizard.with_context(**action["context"]).create(values).action_confirm()

        change = self.make_change(state="testing")
        window(change, "action_open_test", result="pass", note="Fine")
        change.action_deploy()
        window(change, "action_open_opinion", opinion="unsatisfied", note="No", channel="mail")
        self.assertEqual(change.opinion_contact_id, self.contact)
        window(change, "action_open_send_back", state="testing", note="Again")
        self.assertEqual(change.state, "testing")


@tagged("post_install", "-at_install")
class TestChangeSilence(ChangeCommon):
    """No answer: updated on Monday, 2 March 2026, the change waits five working days for the opinion."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-02 02:00:00"):
            cls.today = cls.company._aftersales_today()
            cls.change = cls.make_change(state="deployed")
        cls.told = len(cls.mails(cls.change))

    def run_job(self, moment):
        with freeze_time(moment):
            today = self.company._aftersales_today()
            self.env["aftersales.change.request"]._remind_silent_customers(self.company, today)
        return len(self.mails(self.change)) - self.told

    def waiting(self, kind=OPINION):
        rows = self.change.sudo().activity_ids
        return rows.filtered(lambda row: row.activity_type_id == self.env.ref(kind)).user_id

    def test_reminded_twice_then_a_manager_decides(self):
        self.assertEqual(self.change.opinion_due_date, self.day("2026-03-09"))
        self.assertEqual(self.run_job("2026-03-09 02:00:00"), 0)
        self.assertEqual(self.run_job("2026-03-10 00:00:00"), 1)
        self.assertEqual(self.run_job("2026-03-10 05:00:00"), 1)
        self.assertTrue(self.change.is_silent)
        self.assertIn(self.change, self.change.search([("is_silent", "=", True)]))
        self.assertEqual(self.run_job("2026-03-17 02:00:00"), 1)
        self.assertEqual(self.run_job("2026-03-18 02:00:00"), 2)
        self.assertFalse(self.waiting())
        self.assertEqual(self.waiting(STEP), self.specialist)
        for _hour in range(3):
            self.assertEqual(self.run_job("2026-03-26 02:00:00"), 2)
        self.assertEqual(self.waiting(), self.manager)
        # the specialist has asked often enough
        self.assertFalse(self.waiting(STEP))
        self.assertEqual(len(self.change.sudo().activity_ids.filtered("user_id")), 1)
        # no opinion is assumed, however long the customer does not answer
        self.run_job("2027-03-26 02:00:00")
        self.assertEqual(self.change.state, "deploying")
        self.assertFalse(self.change.opinion_result)

    def test_manager_is_told_as_soon_as_there_is_one(self):
        self.run_job("2026-03-10 02:00:00")
        self.run_job("2026-03-18 02:00:00")
        roles = self.env["res.company"]
        with patch.object(
            type(roles), "_aftersales_managers", lambda company: self.env["res.users"]
        ):
            self.run_job("2026-03-26 02:00:00")
        self.assertFalse(self.waiting())
        self.run_job("2026-03-26 03:00:00")
        self.assertEqual(self.waiting(), self.manager)

    def test_reminder_waits_for_the_hour_of_customer_mail(self):
        # six in the morning in Shanghai
        moments = []
        self.patch(
            type(self.env["aftersales.change.request"]),
            "_mail_customer",
            lambda change, step, send_at=None: moments.append((step, str(send_at))),
        )
        self.run_job("2026-03-09 22:00:00")
        self.assertEqual(moments, [("reminder", "2026-03-10 00:30:00")])

    def test_manager_closes_with_a_reason_after_the_reminders_only(self):
        manager = self.change.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "reminded twice"):
            manager.action_close_without_opinion("Silent")
        for moment in ("2026-03-10", "2026-03-18", "2026-03-26"):
            self.run_job(f"{moment} 02:00:00")
        with self.assertRaisesRegex(UserError, "service manager"):
            self.change.action_close_without_opinion("Silent")
        with self.assertRaisesRegex(UserError, "Say why"):
            manager.action_close_without_opinion(" ")
        manager.action_close_without_opinion("Moved away")
        self.assertEqual(self.change.state, "done")
        self.assertEqual(self.change.no_opinion_reason, "Moved away")
        self.assertFalse(self.change.opinion_result)
        self.assertFalse(self.waiting())

    def test_answer_ends_the_reminders(self):
        self.run_job("2026-03-10 02:00:00")
        self.change.action_record_opinion("satisfied")
        self.assertEqual(self.run_job("2026-03-18 02:00:00"), 1)
        self.assertFalse(self.change.is_silent)

    def test_one_failure_stops_no_other(self):
        with freeze_time("2026-03-02 02:00:00"):
            broken = self.make_change(state="deployed")
        model = type(self.env["aftersales.change.request"])
        mail = model._mail_customer

        def fail(change, step, send_at=None):
            if change == broken:
                raise ValueError("no mail")
            return mail(change, step, send_at)

        self.patch(model, "_mail_customer", fail)
        with self.assertRaisesRegex(UserError, "no mail"):
            self.run_job("2026-03-10 02:00:00")
        self.assertEqual(self.change.opinion_reminders, 1)
        self.assertEqual(broken.opinion_reminders, 0)
