"""Each rule and each way in which its case may come about, with the decision: who is charged with what."""

import base64
from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from . import detection_common
from .detection_common import THURSDAY

PDF = base64.b64encode(b"%PDF-1.4\nloss\n%%EOF\n")
CELLS = ("in time", "late", "by other means", "made to look", "somebody else")
# "worker": who did the service; "other": the colleague. "-": nobody is charged.
TABLE = {
    # 七.4, 七.5: complete in time; late; a delay announced in time; a completion written by hand; handed on when late
    "VISIT_RECORD": ("-", "30 worker", "-", "30 worker", "30 worker"),
    "REMOTE_RECORD": ("-", "50 worker", "-", "50 worker", "50 worker"),
    # 七.6: filed in time; late; a delay announced in time; a day written by hand; the archivist files late what was
    # handed over in time
    "IMPL_FORM": ("-", "500 worker", "-", "500 worker", "-"),
    # 七.3: filed; lost; found again; the holder written by hand; lost by the colleague who held it
    "LOST_FORM": ("-", "50 worker", "-", "50 worker", "50 other"),
    # 七.1, 七.2: unfounded; confirmed; cancelled; made another kind after the decision; about the colleague
    "ATTITUDE_1": ("-", "200 worker", "-", "200 worker", "200 other"),
    "ATTITUDE_2": ("-", "dismissal worker", "-", "dismissal worker", "dismissal other"),
    "COMPLAINT_3": ("-", "demotion worker", "-", "demotion worker", "demotion other"),
    # entered by a manager: not at all; as it is; cancelled with the reason; made cheaper; of the wrong person
    "LAST_OUT": ("-", "20 worker", "-", "20 worker", "20 other"),
    "UNREACHABLE": ("-", "30 worker", "-", "30 worker", "30 other"),
    "LATE_MEETING": ("-", "20 worker", "-", "20 worker", "20 other"),
    "ABSENT_MEETING": (
        "-",
        "100 worker, warning worker",
        "-",
        "100 worker, warning worker",
        "100 other, warning other",
    ),
    "DAMAGE": ("-", "800 worker", "-", "800 worker", "800 other"),
    "MISCONDUCT": ("-", "300 worker", "-", "300 worker", "300 other"),
}
AMOUNTS = {"UNREACHABLE": 30, "DAMAGE": 800, "MISCONDUCT": 300}
ENTERED = ("LAST_OUT", "UNREACHABLE", "LATE_MEETING", "ABSENT_MEETING", "DAMAGE", "MISCONDUCT")
# noon in Shanghai of Friday, the last day in time, and of the Tuesday after
IN_TIME, LATE = datetime(2026, 11, 20, 4), datetime(2026, 11, 24, 4)


@tagged("post_install", "-at_install")
class TestRuleTable(detection_common.DetectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_employee(cls.colleague)
        cls.names = {cls.worker: "worker", cls.other: "other"}

    def decide(self):
        """:return: what is left of penalties and sanctions, as in the table
        :rtype: str
        """
        self.env.flush_all()
        penalties = self.penalties.search([("state", "!=", "cancelled")], order="id")
        sanctions = self.env["aftersales.sanction"].search([("state", "!=", "withdrawn")])
        sanctions = sanctions.filtered(lambda row: row.kind != "dismissal") or sanctions
        said = [f"{row.amount:g} {self.names[row.employee_id]}" for row in penalties]
        said += [f"{row.kind} {self.names[row.employee_id]}" for row in sanctions]
        return ", ".join(said) or "-"

    def refuse(self, record, **vals):
        """Nobody writes these values: neither the director nor the superuser."""
        for way in (record.with_user(self.director), record.sudo()):
            with self.assertRaises(UserError), self.cr.savepoint():
                way.write(vals)

    def check(self, code, act):
        for cell, wanted in zip(CELLS, TABLE[code], strict=True):
            with self.subTest(rule=code, cell=cell), self.cr.savepoint() as savepoint:
                act(cell)
                self.assertEqual(self.decide(), wanted)
                savepoint.rollback()
                self.env.invalidate_all()

    # --- 七.4, 七.5, 七.6: found by the search ---

    def test_record_of_a_visit(self):
        def act(cell):
            visit = self.returned_visit(THURSDAY, complete=IN_TIME if cell == "in time" else None)
            if cell == "by other means":
                with freeze_time(IN_TIME):
                    visit.with_user(self.specialist).action_announce_delay(
                        "visit_record", "2026-11-24", "客户现场没有网络"
                    )
            elif cell == "made to look":
                self.refuse(visit, record_filled_on=IN_TIME)
                self.refuse(visit, record_due_date="2026-12-31")
            elif cell == "somebody else":
                # the colleague finishes the ticket, late
                with freeze_time(LATE):
                    visit.ticket_id.with_user(self.manager).user_id = self.colleague
            if cell != "in time":
                with freeze_time(LATE):
                    self.complete(visit)
                    self.env.flush_all()
            self.detect("2026-11-25")

        self.check("VISIT_RECORD", act)

    def test_record_of_a_remote_service(self):
        def act(cell):
            ticket = self.make_ticket(complete=IN_TIME if cell == "in time" else None)
            if cell == "by other means":
                with freeze_time(IN_TIME):
                    ticket.with_user(self.specialist).action_announce_delay(
                        "record", "2026-11-24", "等客户提供部门"
                    )
            elif cell == "made to look":
                self.refuse(ticket, record_completed_on=IN_TIME)
                self.refuse(ticket, record_due_date="2026-12-31")
            elif cell == "somebody else":
                with freeze_time(LATE):
                    ticket.with_user(self.manager).user_id = self.colleague
            if cell != "in time":
                self.complete_ticket(ticket, LATE)
            self.detect("2026-11-25")

        self.check("REMOTE_RECORD", act)

    def test_forms_of_an_implementation(self):
        def act(cell):
            project = self.finished_project()
            entries = project.archive_entry_ids
            if cell == "by other means":
                with freeze_time(IN_TIME):
                    entries[:1].with_user(self.specialist).action_announce_delay(
                        "original_overdue", "2026-11-27", "客户领导出差"
                    )
            elif cell == "made to look":
                self.refuse(project, forms_back_on="2026-11-20")
                self.refuse(project, forms_due_date="2026-12-31")
            elif cell == "somebody else":
                with freeze_time(IN_TIME):
                    for entry in entries.with_user(self.specialist):
                        entry.action_hand_over(self.archivist.id)
                    self.env.flush_all()
            if cell != "late":
                with freeze_time(IN_TIME if cell == "in time" else LATE):
                    entries.with_user(self.archivist).place = "A"
                    entries.with_user(self.archivist).action_file()
                    self.env.flush_all()
            self.detect("2026-11-25")

        self.check("IMPL_FORM", act)

    # --- 七.3: at once ---

    def test_form_that_is_lost(self):
        def act(cell):
            holder = self.colleague if cell == "somebody else" else self.specialist
            entry = (
                self.env["aftersales.archive.entry"]
                .with_user(self.archivist)
                .create(
                    {
                        "kind": "data_clearing",
                        "document_name": "清除数据申请",
                        "partner_id": self.customer.id,
                        "holder_id": holder.id,
                        "company_id": self.company.id,
                    }
                )
            )
            if cell == "in time":
                entry.place = "A"
                entry.action_file()
                return
            entry.action_lose("不见了")
            if cell == "by other means":
                entry.action_find("在抽屉里")
            elif cell == "made to look":
                self.refuse(entry, lost_holder_id=self.colleague.id)
                self.refuse(self.penalties.search([]), employee_id=self.other.id)

        self.check("LOST_FORM", act)

    # --- 七.1, 七.2: complaints ---

    def complain(self, cell, kind, day, last=False):
        complaint = (
            self.env["aftersales.complaint"]
            .with_user(self.manager)
            .create(
                {
                    "kind": kind,
                    "description": "电话里骂人",
                    "partner_id": self.customer.id,
                    "employee_id": (self.other if cell == "somebody else" else self.worker).id,
                    "date_received": day,
                    "company_id": self.company.id,
                }
            )
        )
        complaint.action_investigate()
        if last and cell == "by other means":
            complaint.action_cancel("重复")
            return complaint
        outcome = "unfounded" if last and cell == "in time" else "confirmed"
        complaint.write({"findings": "F", "outcome": outcome, "answer_draft": "A"})
        complaint.action_answer()
        if last and cell == "made to look":
            self.refuse(complaint, kind="other" if kind != "other" else "delay")
        return complaint

    def settle_first(self):
        """The first complaint is of another table: its fine is cancelled, it counts all the same."""
        self.penalties.search([])._write_unlocked({"state": "cancelled"})

    def test_first_complaint_about_attitude(self):
        self.check("ATTITUDE_1", lambda cell: self.complain(cell, "attitude", "2026-11-19", True))

    def test_second_complaint_about_attitude(self):
        def act(cell):
            self.complain(cell, "attitude", "2026-11-17")
            self.settle_first()
            self.complain(cell, "attitude", "2026-11-19", True)

        self.check("ATTITUDE_2", act)

    def test_third_complaint_within_half_a_year(self):
        def act(cell):
            for day in ("2026-11-12", "2026-11-13"):
                self.complain(cell, "quality", day)
            self.complain(cell, "delay", "2026-11-19", True)

        self.check("COMPLAINT_3", act)

    # --- 三: entered by a manager ---

    def test_cases_that_a_manager_enters(self):
        for code in ENTERED:
            self.check(code, lambda cell, code=code: self.enter(cell, code))

    def enter(self, cell, code):
        if cell == "in time":
            # what has not happened yet is no case
            with self.assertRaises(UserError), self.cr.savepoint():
                self.file(code, date(2026, 11, 20))
            return
        self.file(code, date(2026, 11, 19))
        case = self.penalties.search([]).with_user(self.manager)
        if cell == "by other means":
            case.action_cancel("事前已电话请假")
        elif cell == "made to look":
            self.refuse(case, amount=1)
            self.refuse(case, rule_id=self.penalty_rule("LATE_MEETING").id, date="2026-11-18")
        elif cell == "somebody else":
            case.action_wrong_person(self.other.id, "认错人")

    def file(self, code, day):
        rule = self.penalty_rule(code)
        self.env["aftersales.penalty.file"].with_user(self.manager).create(
            {
                "company_id": self.company.id,
                "rule_id": rule.id,
                "employee_ids": [Command.set(self.worker.ids)],
                "date": day,
                "amount": AMOUNTS.get(code, rule.amount),
                "description": "值班时发现",
                **({"scan": PDF, "scan_name": "a.pdf"} if code == "DAMAGE" else {}),
            }
        ).action_file()

    def test_table_has_each_shipped_rule(self):
        rules = self.env["aftersales.penalty.rule"].search([("company_id", "=", False)])
        self.assertEqual(set(TABLE), set(rules.mapped("code")))
        self.assertEqual({len(row) for row in TABLE.values()}, {len(CELLS)})
