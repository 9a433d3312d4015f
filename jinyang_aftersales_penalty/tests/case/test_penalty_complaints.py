from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from ..detection import detection_common
from ..detection.detection_common import THURSDAY
from ..upgrading import upgrade


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
