from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import penalty_common
from ..detection import detection_common
from ..detection.detection_common import THURSDAY


@tagged("post_install", "-at_install")
class TestPenaltyFound(detection_common.DetectionCommon):
    """What was found is fixed; a case of another person or rule is ended for that reason and proposed anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_employee(cls.colleague)
        cls.sanctions = cls.env["aftersales.sanction"]

    def find(self):
        """A late record of the specialist, found by the search, as the manager sees it."""
        self.ticket = self.make_ticket()
        return self.detect("2026-11-23").with_user(self.manager)

    def test_what_was_found_is_written_by_nobody(self):
        """M15: amount, rule, person, day and evidence of a found case stay, for each user, import and sudo."""
        penalty = self.find()
        changes = {
            "amount": 1,
            "rule_id": self.penalty_rule("LAST_OUT").id,
            "employee_id": self.other.id,
            "date": "2026-11-18",
            "evidence_model": "res.partner",
            "evidence_id": self.customer.id,
            "evidence_name": "x",
            "evidence_copy": "x",
        }
        for way in (penalty, penalty.with_user(self.director), penalty.sudo()):
            for name, value in changes.items():
                with (
                    self.subTest(user=way.env.user.login, field=name),
                    self.assertRaisesRegex(UserError, "found, not entered"),
                    self.cr.savepoint(),
                ):
                    way.write({name: value})
        rows = self.penalties.with_user(self.manager)
        answer = rows.load([".id", "amount"], [[str(penalty.id), "1"]])
        self.assertFalse(answer["ids"])
        self.assertIn("found, not entered", answer["messages"][0]["message"])
        with self.assertRaisesRegex(UserError, "found, not entered"), self.cr.savepoint():
            penalty.web_save({"rule_id": changes["rule_id"]}, {})
        # what the manager adds is no part of what was found
        penalty.note = "客户来电核实"

    def test_wrong_person_ends_the_case_and_proposes_it_for_the_right_one(self):
        """M15: the wrong case keeps its place, so that nobody is found for it again."""
        penalty = self.find()
        for employee in (self.worker, self.env["hr.employee"]):
            with self.assertRaisesRegex(UserError, "does concern"), self.cr.savepoint():
                penalty.action_wrong_person(employee.id, "他代班")
        with self.assertRaisesRegex(UserError, "reason"), self.cr.savepoint():
            penalty.action_wrong_person(self.other.id, " ")
        shown = penalty.action_wrong_person(self.other.id, "他代班")
        right = self.penalties.browse(shown["res_id"])
        self.assertRecordValues(
            penalty | right,
            [
                {"state": "cancelled", "mistake": "wrong_person", "decision_reason": "他代班"},
                {"state": "proposed", "mistake": False, "decision_reason": False},
            ],
        )
        self.assertEqual((right.employee_id, right.replaces_id), (self.other, penalty))
        for name in ("date", "amount", "clause", "family", "found_by", "evidence_copy"):
            self.assertEqual(right[name], penalty[name], name)
        self.assertFalse(self.detect("2026-12-10"))
        with self.assertRaisesRegex(UserError, "found, not entered"), self.cr.savepoint():
            right.with_user(self.manager).amount = 1
        with self.assertRaisesRegex(UserError, "Cancelled"), self.cr.savepoint():
            penalty.action_wrong_person(self.other.id, "再一次")
        # back to the first one, when the second one was wrong
        again = right.with_user(self.manager).action_wrong_person(self.worker.id, "还是他")
        self.assertEqual(self.penalties.browse(again["res_id"]).employee_id, self.worker)

    def test_wrong_rule_ends_the_case_and_proposes_it_under_the_right_one(self):
        """M15: also where both rules are of one family, whose place is taken by the wrong case."""
        penalty = self.find()
        for code in ("REMOTE_RECORD", "DAMAGE", "ATTITUDE_2"):
            with self.assertRaises(UserError), self.cr.savepoint():
                penalty.action_wrong_rule(self.penalty_rule(code).id, "是上门")
        penalty.action_notify()
        shown = penalty.action_wrong_rule(self.penalty_rule("VISIT_RECORD").id, "是上门")
        right = self.penalties.browse(shown["res_id"])
        self.assertRecordValues(
            penalty | right,
            [
                {"state": "cancelled", "mistake": "wrong_rule", "amount": 50, "clause": "七.5"},
                {"state": "proposed", "mistake": False, "amount": 30, "clause": "七.4"},
            ],
        )
        self.assertEqual((right.employee_id, right.replaces_id), (self.worker, penalty))
        self.assertFalse(self.detect("2026-12-10"))
        right.with_user(self.manager).action_notify()

    def test_only_managers_correct_cases_and_none_to_themselves(self):
        """M15: the steps ask for the same rights as every decision."""
        penalty = self.find()
        boss = self.make_employee(self.manager)
        with self.assertRaisesRegex(UserError, "concerns you"), self.cr.savepoint():
            penalty.action_wrong_person(boss.id, "我")
        stranger = self.make_employee(company_id=self.make_company().id, department_id=False)
        with self.assertRaisesRegex(UserError, "another company"), self.cr.savepoint():
            penalty.action_wrong_person(stranger.id, "他")
        for user in (self.specialist, self.colleague, self.payroll):
            with self.assertRaises(AccessError), self.cr.savepoint():
                penalty.with_user(user).action_wrong_person(self.other.id, "他")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.env["aftersales.case.correct"].with_user(self.specialist).create(
                {"penalty_id": penalty.id, "mistake": "wrong_person", "reason": "x"}
            )
        self.env["aftersales.case.correct"].with_user(self.manager).create(
            {
                "penalty_id": penalty.id,
                "mistake": "wrong_person",
                "employee_id": self.other.id,
                "reason": "他代班",
            }
        ).action_correct()
        self.assertEqual(penalty.mistake, "wrong_person")

    def test_entered_case_is_fixed_once_told_and_corrected_by_the_same_steps(self):
        """M15: a manager's own case may be corrected until the employee was told."""
        penalty = self.make_penalty(60, confirmed=False, scan=penalty_common.RECEIPT)
        penalty.amount = 50
        penalty.action_notify()
        for vals in ({"amount": 1}, {"rule_id": self.penalty_rule("LAST_OUT").id}):
            with self.assertRaisesRegex(UserError, "any more"), self.cr.savepoint():
                penalty.write(vals)
        shown = penalty.action_wrong_person(self.other.id, "记错人了")
        right = self.penalties.browse(shown["res_id"]).with_context(bin_size=False)
        self.assertEqual((right.found_by, right.amount, right.state), ("manager", 50, "proposed"))
        self.assertEqual(right.scan, penalty_common.RECEIPT.encode())

    def test_case_without_employee_is_fixed_once_it_is_dealt_with(self):
        """M15: the brother: a case whose employee a manager names."""
        self.make_ticket(user=self.employee)
        self.detect("2026-11-23")
        case = self.env["aftersales.penalty.exception"].search([]).with_user(self.manager)
        case.employee_id = self.worker
        case.action_propose()
        self.assertEqual(case.penalty_id.found_by, "event")
        with self.assertRaisesRegex(UserError, "dealt with"), self.cr.savepoint():
            case.employee_id = self.other

    # --- sanctions ---

    def propose(self, code="ABSENT_MEETING", kind="warning"):
        return self.sanctions._propose_sanction(
            self.worker, kind, self.penalty_rule(code), self.customer, "无故缺席", self.company
        ).with_user(self.manager)

    def test_found_sanction_is_fixed_and_not_deleted(self):
        """M15: the same for sanctions."""
        sanction = self.propose()
        for name, value in (
            ("employee_id", self.other.id),
            ("rule_id", self.penalty_rule("MISCONDUCT").id),
            ("kind", "dismissal"),
            ("reason", "x"),
            ("evidence_copy", "x"),
        ):
            for way in (sanction, sanction.sudo()):
                with self.assertRaisesRegex(UserError, "found, not"), self.cr.savepoint():
                    way.write({name: value})
        with self.assertRaisesRegex(UserError, "found, not"), self.cr.savepoint():
            sanction.unlink()
        # 七.2: 降级,辞退
        often = self.propose("COMPLAINT_3", "demotion")
        often.kind = "dismissal"
        with self.assertRaisesRegex(UserError, "found, not"), self.cr.savepoint():
            often.kind = "warning"

    def test_sanction_of_the_wrong_person_is_withdrawn_and_proposed_for_the_right_one(self):
        """M15: decided ones by the director."""
        for decided in (False, True):
            sanction = self.propose(kind="demotion" if decided else "warning")
            by = sanction
            if decided:
                by = sanction.with_user(self.director)
                by.action_decide("属实")
                with self.assertRaises(AccessError), self.cr.savepoint():
                    sanction.action_wrong_person(self.other.id, "认错人")
            shown = by.action_wrong_person(self.other.id, "认错人")
            right = self.sanctions.browse(shown["res_id"])
            self.assertEqual((sanction.state, sanction.mistake), ("withdrawn", "wrong_person"))
            self.assertRecordValues(
                right,
                [
                    {
                        "state": "proposed",
                        "employee_id": self.other.id,
                        "kind": sanction.kind,
                        "found_by": "event",
                        "replaces_id": sanction.id,
                    }
                ],
            )
            self.assertTrue(right.sudo().activity_ids)

    def test_person_of_a_complaint_is_corrected_in_the_complaint(self):
        """M15: its penalties follow its outcome, so that they are not corrected apart from it."""
        complaint = self.env["aftersales.complaint"].with_user(self.manager)
        complaint = complaint.create(
            {
                "kind": "attitude",
                "description": "骂人",
                "partner_id": self.customer.id,
                "employee_id": self.worker.id,
                "date_received": THURSDAY.date(),
                "company_id": self.company.id,
            }
        )
        complaint.action_investigate()
        complaint.write({"findings": "属实", "outcome": "confirmed", "answer_draft": "对不起"})
        complaint.action_answer()
        penalty = self.penalties.search([]).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Reopen"), self.cr.savepoint():
            penalty.action_wrong_person(self.other.id, "认错人")
