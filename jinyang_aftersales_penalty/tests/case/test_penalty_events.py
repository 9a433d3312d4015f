import base64
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..detection import detection_common
from ..detection.detection_common import THURSDAY

PDF = base64.b64encode(b"%PDF-1.4\n%%EOF\n")


@tagged("post_install", "-at_install")
class TestLostForm(detection_common.DetectionCommon):
    """七.3: the holder of a customer's form when it was lost."""

    @classmethod
    def make_entry(cls, kind="data_clearing", holder=None):
        return (
            cls.env["aftersales.archive.entry"]
            .with_user(cls.archivist)
            .create(
                {
                    "kind": kind,
                    "document_name": "清除数据申请 1",
                    "partner_id": cls.customer.id,
                    "holder_id": (holder or cls.specialist).id,
                    "company_id": cls.company.id,
                }
            )
        )

    def found(self):
        return self.penalties.search([("family", "=", "LOST_FORM")])

    def test_holder_at_the_time_of_loss_pays_fifty(self):
        entry = self.make_entry(holder=self.colleague)
        entry.action_hand_over(self.specialist.id)
        entry.action_lose("快递遗失")
        self.assertRecordValues(
            self.found(),
            [
                {
                    "employee_id": self.worker.id,
                    "amount": 50,
                    "state": "proposed",
                    "found_by": "event",
                    "date": date(2026, 11, 19),
                    "evidence_model": "aftersales.archive.entry",
                    "evidence_id": entry.id,
                }
            ],
        )
        for text in ("清除数据申请 1", "快递遗失", self.specialist.name, self.customer.name):
            self.assertIn(text, self.found().evidence_copy)

    def test_loss_costs_only_who_is_recorded_to_have_it_m08(self):
        """A scan opens no entry; one opened before the receipt was recorded says nothing about who had the paper."""
        applications = self.env["aftersales.application"].with_user(self.specialist)
        values = {
            "kind": "data_clearing",
            "partner_id": self.customer.id,
            "contact_id": self.contact.id,
            "company_id": self.company.id,
            "description": "2019 年的订单",
        }
        old = applications.create({**values, "scan": PDF})
        old.action_submit()
        self.assertFalse(old.archive_entry_ids)
        entry = old._expect_archive_entry("data_clearing", holder=self.specialist)
        entry.with_user(self.archivist).action_lose("不见了")
        self.assertFalse(self.found())
        new = applications.create({**values, "original_holder_id": self.specialist.id})
        new.archive_entry_ids.with_user(self.archivist).action_lose("不见了")
        self.assertEqual(self.found().employee_id, self.worker)

    def forget_year(self):
        """The public holidays of the year are not entered any more."""
        years = self.env["aftersales.holiday.year"].search(
            [("company_id", "=", self.company.id), ("year", "=", 2026)]
        )
        years._write_unlocked({"no_holidays": False})
        return years

    def test_loss_in_a_year_without_holidays_waits_for_them(self):
        """M18: cases found at once make no fine either; they are proposed once a manager says what the year has."""
        years = self.forget_year()
        entry = self.make_entry()
        entry.action_lose("不见了")
        self.assertFalse(self.found())
        case = self.env["aftersales.penalty.exception"].search([("evidence_id", "=", entry.id)])
        self.assertRecordValues(
            case,
            [
                {
                    "state": "waiting",
                    "employee_id": self.worker.id,
                    "user_id": self.specialist.id,
                    "date": date(2026, 11, 19),
                    "amount": 50,
                }
            ],
        )
        self.env["aftersales.deadline.mixin"]._remind_all(self.company, date(2026, 11, 20))
        self.assertFalse(case.activity_ids)
        case.reason = False
        for step in ("action_propose", "action_close"):
            with self.assertRaisesRegex(UserError, "waits"):
                getattr(case.with_user(self.manager), step)()
        self.detect_daily("2026-11-20")
        self.assertFalse(self.found())
        years.with_user(self.manager).action_confirm_none()
        self.detect_daily("2026-11-21")
        self.assertEqual(self.found().employee_id, self.worker)
        self.assertEqual((self.found().date, self.found().amount), (date(2026, 11, 19), 50))
        self.assertIn("不见了", self.found().evidence_copy)
        self.assertEqual((case.state, case.penalty_id), ("proposed", self.found()))
        self.detect_daily("2026-11-22")
        self.assertEqual(len(self.found()), 1)

    def test_waiting_case_that_fails_stops_no_other(self):
        """M18: the others are proposed, and who runs the job is told of the one that failed."""
        years = self.forget_year()
        entries = [self.make_entry(), self.make_entry()]
        for entry in entries:
            entry.action_lose("不见了")
        cases = self.env["aftersales.penalty.exception"].search([("state", "=", "waiting")])
        broken = cases[0]
        years.with_user(self.manager).action_confirm_none()
        propose = type(broken)._propose_for

        def fail_once(case, employee):
            if case == broken:
                raise ValueError("broken evidence")
            return propose(case, employee)

        failing = patch.object(type(broken), "_propose_for", fail_once)
        with failing, self.assertRaisesRegex(UserError, "broken evidence"):
            self.detect_daily("2026-11-21")
        self.assertEqual(broken.state, "waiting")
        self.assertEqual((cases - broken).mapped("state"), ["proposed"])

    def test_loss_that_waits_ends_when_the_form_is_found(self):
        """M18: what is none after all is not proposed later, and may be a case again."""
        years = self.forget_year()
        entry = self.make_entry()
        entry.action_lose("不见了")
        entry.action_find()
        years.with_user(self.manager).action_confirm_none()
        self.detect_daily("2026-11-21")
        self.assertFalse(self.found())
        entry.action_hand_over(self.specialist.id)
        entry.action_lose("又不见了")
        self.assertEqual(len(self.found()), 1)

    def test_case_without_an_employee_is_not_proposed_in_such_a_year(self):
        """M18: not by a manager's button either."""
        self.forget_year()
        entry = self.make_entry(holder=self.colleague)
        entry.action_lose("不见了")
        case = self.env["aftersales.penalty.exception"].search([("evidence_id", "=", entry.id)])
        self.assertEqual(case.state, "open")
        case.employee_id = self.worker
        with self.assertRaisesRegex(UserError, "holidays"):
            case.with_user(self.manager).action_propose()
        self.assertFalse(self.found())

    def test_only_forms_of_the_regulation_cost(self):
        for kind in ("change_request", "data_clearing", "password_recovery"):
            self.make_entry(kind).action_lose("不见了")
        self.assertEqual(len(self.found()), 3)
        for kind in ("visit_application", "countersigned_contract", "acceptance", "appraisal"):
            self.make_entry(kind).action_lose("不见了")
        self.assertEqual(len(self.found()), 3)

    def test_found_again_cancels_what_nobody_has_decided(self):
        for step in ("proposed", "notified", "objected"):
            entry = self.make_entry()
            entry.action_lose("不见了")
            penalty = self.found().filtered(lambda row, e=entry: row.evidence_id == e.id)
            if step != "proposed":
                penalty.with_user(self.manager).action_notify()
            if step == "objected":
                penalty.with_user(self.specialist).action_object("在我抽屉里")
            entry.action_find("在抽屉里")
            self.assertEqual(penalty.state, "cancelled", step)
            self.assertIn("found again", penalty.decision_reason)
            self.assertFalse(penalty.sudo().activity_ids)

    def test_found_again_after_the_decision_is_for_a_person(self):
        entry = self.make_entry()
        entry.action_lose("不见了")
        penalty = self.found().with_user(self.manager)
        penalty.action_notify()
        with freeze_time(THURSDAY + timedelta(days=20)):
            penalty.action_confirm()
            entry.action_find("在抽屉里")
        self.assertEqual(penalty.state, "confirmed")
        activity = penalty.sudo().activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("found again", activity.note)

    def test_lost_a_second_time_is_for_a_person(self):
        entry = self.make_entry()
        entry.action_lose("不见了")
        entry.action_find()
        entry.action_hand_over(self.specialist.id)
        entry.action_lose("又不见了")
        penalty = self.found()
        self.assertEqual((len(penalty), penalty.state), (1, "cancelled"))
        self.assertIn("再次丢失", penalty.sudo().activity_ids.note)

    def test_holder_without_employee_is_an_exception_that_ends_when_it_is_found(self):
        entry = self.make_entry(holder=self.colleague)
        entry.action_lose("不见了")
        self.assertFalse(self.found())
        case = self.env["aftersales.penalty.exception"].search([])
        self.assertEqual((case.user_id, case.state), (self.colleague, "open"))
        entry.action_find()
        self.assertEqual(case.state, "closed")

    def test_rule_that_is_off_or_later_costs_nothing(self):
        rule = self.penalty_rule("LOST_FORM")
        rule.active = False
        self.make_entry().action_lose("不见了")
        rule.active = True
        self.begin_rules("2026-11-20", "LOST_FORM")
        self.make_entry().action_lose("不见了")
        self.assertFalse(self.found())


@tagged("post_install", "-at_install")
class TestImplementationForms(detection_common.DetectionCommon):
    """七.6: the three forms are back within three days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.finished_project()

    def file(self, moment):
        with freeze_time(moment):
            for entry in self.project.archive_entry_ids.with_user(self.archivist):
                entry.place = "A"
                entry.action_file()
            self.env.flush_all()

    def test_forms_not_back_cost_five_hundred_a_project_once(self):
        self.assertEqual(len(self.project.archive_entry_ids), 3)
        self.assertFalse(self.detect("2026-11-22"))
        self.assertRecordValues(
            self.detect("2026-11-23"),
            [
                {
                    "employee_id": self.worker.id,
                    "amount": 500,
                    "clause": "七.6",
                    "date": date(2026, 11, 22),
                    "evidence_model": "aftersales.implementation",
                    "evidence_id": self.project.id,
                }
            ],
        )
        self.assertFalse(self.detect("2026-12-23"))

    def test_forms_filed_on_the_last_day_are_in_time(self):
        self.file(datetime(2026, 11, 22, 15, 59))
        self.assertFalse(self.detect("2026-12-23"))

    def test_forms_filed_a_day_later_are_not(self):
        self.file(datetime(2026, 11, 22, 16, 0))
        self.assertTrue(self.detect("2026-12-23"))

    def test_forms_handed_to_the_archive_in_time_and_filed_later_cost_nothing(self):
        """M11: what stops 七.6 is that the forms came back, by receipt or by hand-over."""
        first, *others = self.project.archive_entry_ids
        for entry in others:
            entry.with_user(self.specialist).action_hand_over(self.archivist.id)
        first.with_user(self.archivist).action_receive()
        self.assertFalse(self.detect("2026-11-24"), "waits for the archive")
        self.file(datetime(2026, 11, 24, 2, 0))
        self.assertFalse(self.detect("2026-12-23"))

    def test_forms_that_were_not_received_cost_five_hundred(self):
        """M11: the archive denies the hand-over."""
        for entry in self.project.archive_entry_ids:
            entry.with_user(self.specialist).action_hand_over(self.archivist.id)
        self.project.archive_entry_ids[0].with_user(self.archivist).action_not_received("No paper")
        self.assertEqual(self.detect("2026-11-23").employee_id, self.worker)

    def test_end_entered_late_is_no_case_before_a_working_day_after(self):
        """M11: nothing is overdue at the moment it is created."""
        with freeze_time("2026-12-01 02:00:00"):
            late = self.finished_project("2026-11-19")
        self.file(datetime(2026, 11, 20, 2, 0))
        self.assertFalse(self.detect("2026-12-02"))
        self.assertEqual(self.detect("2026-12-03").evidence_id, late.id)

    def test_forms_cost_the_lead_engineer_of_the_end(self):
        """M11: whoever takes the implementation over later owes nothing for it."""
        self.project._write_unlocked(
            {
                "engineer_ids": [(4, self.colleague.id)],
                "lead_engineer_id": self.colleague.id,
            }
        )
        self.make_employee(self.colleague)
        self.assertEqual(self.detect("2026-11-23").employee_id, self.worker)

    def test_delay_of_a_form_announced_in_time_moves_the_end(self):
        entry = self.project.archive_entry_ids[0]
        with freeze_time("2026-11-20 02:00:00"):
            entry.with_user(self.specialist).action_announce_delay(
                "original_overdue", "2026-11-27", "客户领导出差"
            )
        self.assertFalse(self.detect("2026-11-27"))
        self.assertTrue(self.detect("2026-11-28"))

    def test_delay_announced_too_late_does_not(self):
        entry = self.project.archive_entry_ids[0]
        with freeze_time("2026-11-23 02:00:00"):
            entry.with_user(self.specialist).action_announce_delay(
                "original_overdue", "2026-11-27", "忘了"
            )
        self.assertTrue(self.detect("2026-11-24"))
