import importlib.util

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.misc import file_path

from .. import common

MIGRATION = "jinyang_aftersales/migrations/19.0.3.0.0/pre-delays.py"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-12 02:00:00")
class TestArchiveDocuments(common.AftersalesCommon):
    """Documents expect their original, exactly once, and follow its steps."""

    def setUp(self):
        super().setUp()
        self.agreement = self.make_agreement().with_user(self.specialist)

    def entry(self, agreement=None):
        return (agreement or self.agreement).archive_entry_ids

    def record_copy(self, **values):
        """The specialist records the copy that came back."""
        self.agreement.action_record_copy(
            {
                "countersigned_on": "2026-03-11",
                "customer_signatory": "王芳",
                "is_customer_sealed": True,
                **values,
            }
        )

    def file(self, entry):
        entry = entry.with_user(self.archivist)
        entry.place = "Cabinet A"
        entry.action_file()

    def test_signing_expects_the_counter_signed_copy(self):
        self.agreement.return_due_date = "2026-03-20"
        self.assertFalse(self.entry())
        self.sign(self.agreement)
        self.assertRecordValues(
            self.entry(),
            [
                {
                    "kind": "countersigned_contract",
                    "state": "expected",
                    "document_name": self.agreement.name,
                    "partner_id": self.agreement.commercial_partner_id.id,
                    "holder_id": self.specialist.id,
                    "date_deadline": self.day("2026-03-20"),
                }
            ],
        )

    def test_copy_is_due_in_working_days_where_nothing_was_agreed(self):
        register = self.env["aftersales.archive.register"]._get(
            self.company, "countersigned_contract"
        )
        register.with_user(self.manager).deadline_days = 5
        managed = self.agreement.with_user(self.manager)
        self.sign(managed, "they never say when", return_due_date=False)
        self.assertEqual(self.entry().date_deadline, self.day("2026-03-19"))

    def test_day_of_the_copy_is_moved_once_then_by_an_announced_delay(self):
        """M06: before its day once freely; the first day stays known."""
        self.sign(self.agreement)
        first = self.entry().date_deadline
        self.assertEqual(first, self.day("2026-03-19"))
        self.agreement.return_due_date = "2026-04-01"
        self.assertEqual(self.entry().date_deadline, self.day("2026-04-01"))
        with self.assertRaisesRegex(UserError, "announce"):
            self.agreement.return_due_date = "2026-05-01"
        with self.assertRaisesRegex(UserError, "announce"):
            self.agreement.sudo().return_due_date = "2026-05-01"
        self.assertTrue(self.agreement.can_delay_copy)
        action = self.agreement.action_open_copy_delay()
        self.env[action["res_model"]].with_user(self.specialist).with_context(
            **action["context"]
        ).create({"date_new": "2026-05-01", "reason": "Their seal is abroad"}).action_announce()
        self.assertRecordValues(
            self.agreement,
            [
                {
                    "return_due_date": self.day("2026-05-01"),
                    "return_due_date_first": first,
                    "is_return_moved": True,
                }
            ],
        )
        self.assertEqual(self.entry().date_deadline, self.day("2026-05-01"))
        self.record_copy()
        self.file(self.entry())
        with self.assertRaisesRegex(UserError, "not expected"):
            self.agreement.return_due_date = "2026-06-01"

    def test_day_of_the_copy_that_has_come_is_not_moved_freely(self):
        """M06: not by who is in charge, not by a manager; by an announced delay, which is marked as too late."""
        self.sign(self.agreement)
        with freeze_time("2026-03-20 02:00:00"):
            for user in (self.specialist, self.manager):
                with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "announce"):
                    self.agreement.with_user(user).return_due_date = "2026-04-01"
            entry = self.entry().with_user(self.specialist)
            entry.action_announce_delay("original_overdue", "2026-04-01", "Forgotten")
        self.assertFalse(entry.delay_ids.in_time)
        self.assertEqual(self.agreement.return_due_date, self.day("2026-04-01"))
        with self.assertRaisesRegex(UserError, "announce"):
            self.agreement.return_due_date = "2026-05-01"

    def test_day_of_the_copy_is_moved_by_who_owns_it(self):
        """M06: who is in charge or holds the paper, else a manager."""
        self.sign(self.agreement)
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.callback).return_due_date = "2026-04-01"
        self.agreement.sudo()._write_unlocked({"user_id": self.colleague.id})
        self.entry().sudo()._write_unlocked({"holder_id": self.colleague.id})
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.specialist).return_due_date = "2026-04-01"
        self.agreement.with_user(self.manager).return_due_date = "2026-04-01"

    def test_copy_without_an_agreed_day_is_due_all_the_same(self):
        """M06: to agree on a day afterwards gives no more time than to move one."""
        managed = self.agreement.with_user(self.manager)
        self.sign(managed, "they never say when", return_due_date=False)
        with freeze_time("2026-05-20 02:00:00"), self.assertRaisesRegex(UserError, "announce"):
            managed.return_due_date = "2026-06-01"
        managed.return_due_date = "2026-04-01"
        self.assertEqual(managed.return_due_date_first, self.day("2026-04-01"))
        self.assertEqual(self.entry().date_deadline, self.day("2026-04-01"))

    def test_update_keeps_the_first_day_m06(self):
        """Of the announced delays, else the present one; once."""
        spec = importlib.util.spec_from_file_location("pre_delays", file_path(MIGRATION))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        other = self.make_agreement().with_user(self.specialist)
        self.sign(self.agreement | other)
        entry = self.entry().with_user(self.specialist)
        for day in ("2026-04-01", "2026-05-01"):
            entry.action_announce_delay("original_overdue", day, "Their seal is abroad")
        (self.agreement | other).sudo()._write_unlocked({"return_due_date_first": False})
        self.env.flush_all()
        for _run in range(2):
            module.migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()
        for agreement in self.agreement | other:
            self.assertEqual(agreement.return_due_date_first, self.day("2026-03-19"))

    def test_filed_copy_is_filed_on_the_agreement(self):
        self.sign(self.agreement)
        entry = self.entry()
        self.assertFalse(self.agreement.countersigned_filed)
        with self.assertRaises(UserError):
            self.agreement.countersigned_filed = True
        self.record_copy()
        self.file(entry)
        self.assertTrue(self.agreement.countersigned_filed)
        self.assertEqual(entry.retention_date, self.day("2036-03-12"))
        entry.with_user(self.archivist).action_lose("burnt")
        self.assertFalse(self.agreement.countersigned_filed)
        entry.with_user(self.archivist).action_find()
        self.assertTrue(self.agreement.countersigned_filed)

    def test_day_of_return_that_was_entered_is_kept(self):
        self.sign(self.agreement)
        self.record_copy()
        self.file(self.entry())
        self.assertEqual(self.agreement.countersigned_on, self.day("2026-03-11"))

    def test_no_copy_is_filed_before_signatory_and_seal_are_recorded(self):
        """M53"""
        self.sign(self.agreement)
        entry = self.entry().with_user(self.archivist)
        entry.place = "Cabinet A"
        self.assertIn(self.agreement.name, entry.filing_gap)
        for act in (
            lambda: entry.action_file(),
            lambda: entry.action_receive() or entry.action_file(),
            lambda: entry.sudo().action_file(),
        ):
            with self.assertRaisesRegex(UserError, "signatory and seal"), self.cr.savepoint():
                act()
        with self.assertRaises(AccessError):
            entry.action_file_anyway("it is late")
        self.assertEqual((entry.state, entry.name), ("expected", "/"))
        self.assertFalse(self.agreement.countersigned_on)
        self.record_copy()
        self.assertFalse(entry.filing_gap)
        entry.action_file()
        self.assertTrue(self.agreement.countersigned_filed)

    def test_a_manager_files_an_unrecorded_copy_with_a_reason(self):
        """M53"""
        self.sign(self.agreement)
        entry = self.entry().with_user(self.manager)
        entry.place = "Cabinet A"
        self.assertEqual(entry.action_ask_file_anyway()["res_model"], "aftersales.reason")
        with self.assertRaises(UserError):
            entry.action_file_anyway("  ")
        entry.action_file_anyway("the seal is in repair")
        self.assertIn("the seal is in repair", entry.message_ids[0].body)
        self.assertRecordValues(
            self.agreement,
            [{"countersigned_filed": True, "countersigned_on": self.day("2026-03-12")}],
        )

    def test_copies_of_agreements_from_before_are_filed_as_they_came(self):
        """M53"""
        self.sign(self.agreement)
        self.company._write_unlocked({"aftersales_duties_since": "2026-03-13"})
        self.assertFalse(self.entry().filing_gap)
        self.file(self.entry())
        self.assertTrue(self.agreement.countersigned_filed)

    def test_undone_signature_expects_no_copy(self):
        self.sign(self.agreement)
        agreement = self.agreement.with_user(self.manager)
        invoice = agreement.sudo().invoice_ids
        invoice.button_draft()
        invoice.button_cancel()
        agreement.action_unsign()
        self.assertEqual(self.entry().state, "withdrawn")
        self.sign(agreement)
        self.assertEqual(self.entry().mapped("state"), ["expected"])

    def test_one_entry_for_each_document_and_kind(self):
        self.sign(self.agreement)
        entry = self.entry()
        again = self.agreement._expect_archive_entry(
            "countersigned_contract", holder=self.colleague
        )
        self.assertEqual(again, entry)
        self.assertEqual(entry.holder_id, self.specialist)
        other = self.agreement._expect_archive_entry("acceptance", self.day("2026-06-01"))
        self.assertNotEqual(other, entry)
        self.assertEqual(self.agreement.archive_entry_count, 2)

    def test_document_is_opened_from_its_entry_and_back(self):
        self.sign(self.agreement)
        entry = self.entry().with_user(self.archivist)
        action = entry.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (self.agreement._name, self.agreement.id)
        )
        action = self.agreement.action_view_archive_entries()
        self.assertEqual(action["res_id"], entry.id)
        by_hand = (
            self.env["aftersales.archive.entry"]
            .with_user(self.archivist)
            .create({"kind": "appraisal", "document_name": "Appraisal 2025"})
        )
        with self.assertRaises(UserError):
            by_hand.action_open_document()

    def test_document_of_an_entry_is_fixed(self):
        self.sign(self.agreement)
        entry = self.entry().with_user(self.archivist)
        other = self.make_customer()
        for values in (
            {"partner_id": other.id},
            {"document_name": "Another"},
            {"kind": "acceptance"},
            {"res_id": self.agreement.id + 1},
            {"res_model": "res.users"},
        ):
            with self.assertRaises(UserError):
                entry.write(values)
        with self.assertRaises(UserError):
            entry.create(
                {"kind": "appraisal", "document_name": "x", "res_model": "res.users", "res_id": 1}
            )

    def test_entry_by_hand_is_due_as_its_register_says(self):
        form = Form(self.env["aftersales.archive.entry"].with_user(self.archivist))
        form.kind = "appraisal"
        form.document_name = "Appraisal 2025"
        entry = form.save()
        self.assertEqual(entry.date_deadline, self.day("2026-03-17"))
        self.assertEqual(entry.company_id, self.company)

    # === Dialogs === #

    def step(self, entry, user, action, **values):
        form = Form(
            self.env["aftersales.archive.step"]
            .with_user(user)
            .with_context(default_action=action, default_entry_ids=entry.ids)
        )
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_confirm()

    def test_dialogs_take_each_step(self):
        self.sign(self.agreement)
        entry = self.entry()
        self.step(entry, self.specialist, "action_hand_over", user_id=self.colleague, note="bag")
        self.assertEqual(entry.holder_id, self.colleague)
        self.step(entry, self.archivist, "action_lose", note="left in the train")
        self.assertEqual(entry.lost_holder_id, self.colleague)
        self.step(entry, self.archivist, "action_find")
        self.assertEqual(entry.state, "expected")
        self.record_copy()
        self.file(entry)
        self.step(
            entry,
            self.archivist,
            "action_lend",
            user_id=self.callback,
            date_due=self.day("2026-03-20"),
        )
        self.assertEqual(entry.loan_to_id, self.callback)
        entry.with_user(self.archivist).action_return()
        self.step(entry, self.archivist, "action_correct", place="Cabinet B", note="moved")
        self.assertEqual((entry.place, entry.retention_date), ("Cabinet B", self.day("2036-03-12")))
        other = self.agreement._expect_archive_entry("acceptance")
        self.step(other, self.manager, "action_withdraw", note="there is none")
        self.assertEqual(other.state, "withdrawn")

    def test_lists_cost_the_same_for_any_number_of_rows(self):
        entries = self.env["aftersales.archive.entry"]
        spec = {
            "display_name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "holder_id": {"fields": {"display_name": {}}},
            "is_overdue": {},
            "can_keep": {},
            "can_hand_over": {},
            "can_delay": {},
        }
        costs = {}
        for number in (5, 20):
            for _each in range(number):
                entries.create(
                    {
                        "kind": "appraisal",
                        "document_name": "x",
                        "holder_id": self.specialist.id,
                        "partner_id": self.agreement.commercial_partner_id.id,
                    }
                )
            self.env.flush_all()
            for user in (self.specialist, self.archivist):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                rows = entries.with_user(user).web_search_read([], spec)["records"]
                costs.setdefault(user, []).append(self.cr.sql_log_count - before)
        self.assertEqual(len(rows), 25)
        for few, many in costs.values():
            self.assertLessEqual(many, few)
