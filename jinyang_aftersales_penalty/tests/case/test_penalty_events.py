import base64
from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..detection import detection_common
from ..detection.detection_common import THURSDAY
from ..upgrading import upgrade

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
class TestComplaintPenalty(detection_common.DetectionCommon):
    """七.1, 七.2: complaints that were confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the manager investigates, who is neither concerned nor has done the work
        cls.complaints = cls.env["aftersales.complaint"].with_user(cls.manager)

    def complain(self, received="2026-11-19", kind="attitude", outcome="confirmed", worker=None):
        complaint = self.complaints.create(
            {
                "kind": kind,
                "description": "电话里骂人",
                "partner_id": self.customer.id,
                "contact_id": self.contact.id,
                "employee_id": (worker or self.worker).id,
                "date_received": received,
                "company_id": self.company.id,
            }
        )
        complaint.action_investigate()
        return self.decide(complaint, outcome)

    @staticmethod
    def decide(complaint, outcome):
        complaint.write({"findings": "属实", "outcome": outcome, "answer_draft": "对不起"})
        complaint.action_answer()
        return complaint

    def fines(self):
        return self.penalties.search([], order="id")

    def sanctions(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["aftersales.sanction"].search(domain, order="id")

    def test_first_complaint_about_attitude_costs_two_hundred(self):
        complaint = self.complain()
        self.assertRecordValues(
            self.fines(),
            [
                {
                    "employee_id": self.worker.id,
                    "amount": 200,
                    "clause": "七.1",
                    "found_by": "event",
                    "date": date(2026, 11, 19),
                    "evidence_model": "aftersales.complaint",
                    "evidence_id": complaint.id,
                    "evidence_name": complaint.name,
                }
            ],
        )
        self.assertFalse(self.sanctions())
        # the facts for the employee, without the decision about the complaint
        copy = self.fines().evidence_copy
        self.assertIn("电话里骂人", copy)
        self.assertNotIn("属实", copy)
        self.assertNotIn(self.contact.name, copy)

    def test_complaint_in_a_year_without_holidays_waits_for_them(self):
        """M18: confirmed ones cost nothing until the year is known, revised ones nothing at all."""
        years = self.env["aftersales.holiday.year"].search(
            [("company_id", "=", self.company.id), ("year", "=", 2026)]
        )
        years._write_unlocked({"no_holidays": False})
        wrong = self.complain()
        wrong.action_reopen("客户撤回")
        self.decide(wrong, "unfounded")
        right = self.complain()
        cases = self.env["aftersales.penalty.exception"].search([("family", "=", "ATTITUDE")])
        self.assertEqual(
            {case.evidence_id: case.state for case in cases},
            {wrong.id: "closed", right.id: "waiting"},
        )
        self.assertFalse(self.fines())
        years.with_user(self.manager).action_confirm_none()
        self.detect_daily("2026-11-21")
        self.assertEqual(self.fines().evidence_id, right.id)

    def test_unfounded_or_other_complaints_cost_nothing(self):
        self.complain(outcome="unfounded")
        self.complain(kind="quality")
        self.assertFalse(self.fines())
        self.assertFalse(self.sanctions())

    def test_again_proposes_dismissal_however_long_ago_the_first_was(self):
        self.complain("2026-01-05")
        second = self.complain("2026-11-19")
        self.assertEqual(len(self.fines()), 1)
        self.assertRecordValues(
            self.sanctions(),
            [
                {
                    "kind": "dismissal",
                    "employee_id": self.worker.id,
                    "evidence_id": second.id,
                    "state": "proposed",
                }
            ],
        )
        # the third complaint is a case of 七.1, but not the third within half a year
        self.complain("2026-11-19")
        self.assertEqual(self.sanctions().mapped("kind"), ["dismissal", "dismissal"])

    def test_confirmed_out_of_turn_the_first_one_punished_stays_the_first(self):
        self.complain("2026-11-19")
        earlier = self.complain("2026-11-02")
        self.assertEqual(len(self.fines()), 1)
        self.assertEqual(self.sanctions().evidence_id, earlier.id)

    def test_complaint_from_before_the_rule_began_is_no_first_one(self):
        """M14: the first complaint since the rule began costs two hundred, and no dismissal is proposed."""
        self.begin_rules("2026-11-10", "ATTITUDE_1", "ATTITUDE_2")
        self.complain("2026-11-09")
        first = self.complain("2026-11-19")
        self.assertEqual(self.fines().evidence_id, first.id)
        self.assertEqual(self.fines().amount, 200)
        self.assertFalse(self.sanctions())

    def test_what_was_decided_before_the_rule_began_stays(self):
        """M14: a later complaint takes nothing back, an outcome that is revised does."""
        before = self.complain("2026-11-09")
        old = self.fines()
        self.begin_rules("2026-11-10", "ATTITUDE_1", "ATTITUDE_2")
        self.complain("2026-11-19")
        self.assertEqual(self.fines().mapped("state"), ["proposed", "proposed"])
        self.assertEqual(self.fines().mapped("amount"), [200, 200])
        before.action_reopen("客户撤回")
        self.decide(before, "unfounded")
        self.assertEqual(old.state, "cancelled")

    def test_rule_that_was_off_begins_with_the_day_it_is_switched_on(self):
        """M14: days on which no rule of the family held are before its beginning."""
        rules = self.penalty_rule("ATTITUDE_1") | self.penalty_rule("ATTITUDE_2")
        with freeze_time("2026-11-15 02:00:00"):
            rules.active = False
            rules.change_ids._write_unlocked({"is_on": False})
        with freeze_time("2026-11-18 02:00:00"):
            rules.active = True
        self.complain("2026-11-16")
        self.complain("2026-11-19")
        self.assertEqual(self.fines().mapped("amount"), [200])
        self.assertFalse(self.sanctions())

    def test_copy_of_a_rule_does_not_begin_it_anew(self):
        """M14: the family began with the shared rule, so that the second complaint is the second one."""
        self.complain("2026-11-18")
        for code in ("ATTITUDE_1", "ATTITUDE_2"):
            self.penalty_rule(code).copy({"company_id": self.company.id})
        self.complain("2026-11-19")
        self.assertEqual(len(self.fines()), 1)
        self.assertEqual(self.sanctions().kind, "dismissal")

    def test_complaints_from_before_the_rule_began_are_not_among_the_three(self):
        """M14: 七.2 counts from the first day of its rule on."""
        self.begin_rules("2026-11-10", "COMPLAINT_3")
        for day in ("2026-11-09", "2026-11-10", "2026-11-11"):
            self.complain(day, "quality")
        self.assertFalse(self.sanctions())
        self.complain("2026-11-12", "quality")
        self.assertEqual(self.sanctions().kind, "demotion")
        self.assertIn("3", self.sanctions().evidence_copy)

    def test_update_withdraws_what_counted_earlier_complaints(self):
        """M14: open proposals that counted complaints from before the rule began are withdrawn with the reason."""
        other = self.make_employee(self.colleague)
        for worker in (self.worker, other):
            self.complain("2026-11-09", worker=worker)
            self.complain("2026-11-12", worker=worker)
            self.complain("2026-11-13", worker=worker)
        before = self.sanctions()
        self.assertEqual(before.mapped("kind"), 2 * ["dismissal", "dismissal", "demotion"])
        kept = self.sanctions(employee_id=other.id)
        kept.with_user(self.director).action_decide("属实")
        self.begin_rules("2026-11-10")
        upgrade(self.env, "post-cases")
        dismissals = (before - kept).filtered(lambda row: row.kind == "dismissal")
        self.assertEqual(dismissals.mapped("state"), ["withdrawn", "proposed"])
        self.assertEqual((before - kept - dismissals).state, "withdrawn")
        self.assertIn("规则生效之前", dismissals[0].decision_reason)
        self.assertFalse(dismissals[0].sudo().activity_ids)
        self.assertTrue(dismissals[1].sudo().activity_ids)
        self.assertEqual(set(kept.mapped("state")), {"decided"})
        upgrade(self.env, "post-cases")
        self.assertEqual(dismissals[1].state, "proposed")

    def test_somebody_else_begins_anew(self):
        self.complain()
        other = self.make_employee(self.colleague)
        self.complain(worker=other)
        self.assertEqual(self.fines().employee_id, self.worker | other)
        self.assertFalse(self.sanctions())

    def test_three_within_half_a_year_propose_demotion(self):
        # the half-year is (d - 6 months, d]: for the other employee the first complaint is a day too old
        other = self.make_employee(self.colleague)
        for worker, first in ((other, "2026-05-19"), (self.worker, "2026-05-20")):
            self.complain(first, "quality", worker=worker)
            self.complain("2026-11-18", "quality", worker=worker)
            self.assertFalse(self.sanctions())
            third = self.complain("2026-11-19", "delay", worker=worker)
        self.assertRecordValues(
            self.sanctions(),
            [
                {
                    "kind": "demotion",
                    "employee_id": self.worker.id,
                    "evidence_id": third.id,
                    "clause": "七.2",
                    "state": "proposed",
                }
            ],
        )
        self.assertIn("3", self.sanctions().evidence_copy)
        self.assertFalse(self.fines())

    def test_the_one_confirmed_last_may_lie_between_the_others(self):
        self.complain("2026-08-01", "quality")
        last = self.complain("2026-11-19", "quality")
        self.complain("2026-10-01", "quality")
        self.assertEqual(self.sanctions().evidence_id, last.id)

    def test_of_three_received_on_one_day_the_last_is_the_case(self):
        three = [self.complain("2026-11-19", "quality") for _number in range(3)]
        self.assertEqual(self.sanctions().mapped("evidence_id"), [three[-1].id])

    def test_revised_to_unfounded_takes_back_what_is_proposed(self):
        complaint = self.complain()
        fine = self.fines()
        fine.with_user(self.manager).action_notify()
        complaint.action_reopen("客户撤回")
        self.assertEqual(fine.state, "notified")
        self.assertIn("once more", fine.sudo().activity_ids.filtered("note").note)
        self.decide(complaint, "unfounded")
        self.assertEqual(fine.state, "cancelled")
        self.assertIn(complaint.name, fine.decision_reason)

    def test_revised_after_the_decision_a_person_is_told(self):
        complaint = self.complain()
        fine = self.fines().with_user(self.manager)
        fine.action_notify()
        with freeze_time(THURSDAY + timedelta(days=20)):
            fine.action_confirm()
            complaint.action_reopen("客户撤回")
            self.decide(complaint, "unfounded")
        self.assertEqual(fine.state, "confirmed")
        self.assertTrue(any("revised" in (row.note or "") for row in fine.sudo().activity_ids))

    def test_revised_first_one_makes_the_second_the_first(self):
        first = self.complain("2026-11-02")
        second = self.complain("2026-11-19")
        first.action_reopen("客户撤回")
        self.decide(first, "unfounded")
        fines = self.fines()
        self.assertEqual(fines.mapped("state"), ["cancelled", "proposed"])
        self.assertEqual(fines[1].evidence_id, second.id)
        self.assertEqual(self.sanctions().state, "withdrawn")

    def test_confirmed_once_more_changes_nothing(self):
        complaint = self.complain()
        complaint.action_reopen("再查")
        self.decide(complaint, "confirmed")
        self.assertEqual(self.fines().mapped("state"), ["proposed"])
        self.assertFalse(self.sanctions())

    def test_reopened_and_cancelled_takes_back_what_is_proposed(self):
        complaint = self.complain()
        complaint.action_reopen("再查")
        complaint.action_cancel("重复")
        self.assertEqual(self.fines().state, "cancelled")

    def test_confirmed_after_all_is_for_a_person(self):
        for kind in ("attitude", "attitude"):
            complaint = self.complain(kind=kind)
        first = self.complaints.browse(self.fines().evidence_id)
        for row, outcome in ((complaint, "unfounded"), (first, "unfounded"), (first, "confirmed")):
            row.action_reopen("再查")
            self.decide(row, outcome)
        fine = self.fines()
        self.assertEqual(fine.mapped("state"), ["cancelled"])
        self.assertIn("after all", fine.sudo().activity_ids.note)
        self.assertEqual(fine.sudo().activity_ids.user_id, self.manager)
        complaint.action_reopen("又属实")
        self.decide(complaint, "confirmed")
        sanction = self.sanctions()
        self.assertEqual(sanction.state, "withdrawn")
        self.assertIn("after all", sanction.sudo().activity_ids[:1].note)
        self.assertEqual(len(fine.sudo().activity_ids), 1)

    def test_third_one_revised_withdraws_the_demotion(self):
        for day in ("2026-10-01", "2026-10-02"):
            early = self.complain(day, "quality")
        self.complain("2026-11-19", "quality")
        early.action_reopen("再查")
        self.decide(early, "unfounded")
        self.assertEqual(self.sanctions().state, "withdrawn")

    def test_complaint_about_somebody_else_after_all(self):
        complaint = self.complain()
        other = self.make_employee(self.colleague)
        complaint.action_reopen("认错人了")
        complaint.employee_id = other
        self.decide(complaint, "confirmed")
        states = {row.employee_id: row.state for row in self.fines()}
        self.assertEqual(states, {self.worker: "cancelled", other: "proposed"})


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
