from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ...models.detection import aftersales_penalty_detection as detection
from . import detection_common
from .detection_common import THURSDAY


@tagged("post_install", "-at_install")
class TestDetectionEdges(detection_common.DetectionCommon):
    """七.4, 七.5, 七.6 in other time zones, with grace, of former times, and with a job out of time."""

    # === Midnight of the company, wherever it is === #

    def test_day_that_begins_first_of_all_ends_first_of_all(self):
        self.company.partner_id.tz = "Pacific/Kiritimati"
        # Thursday, four in the afternoon; midnight of Friday is at ten in the morning in UTC
        midnight = datetime(2026, 11, 20, 10, 0)
        self.make_ticket(complete=datetime(2026, 11, 20, 9, 59, 59))
        late = self.make_ticket(complete=midnight)
        never = self.make_ticket()
        self.assertEqual(late.record_due_date, date(2026, 11, 20))
        self.assertFalse(self.detect(datetime(2026, 11, 20, 9, 59, 59)))
        found = self.detect(midnight)
        self.assertEqual(set(found.mapped("evidence_id")), {late.id, never.id})
        self.assertEqual(set(found.mapped("follow_up_date")), {date(2026, 11, 21)})

    def test_day_that_begins_last_of_all_ends_last_of_all(self):
        self.company.partner_id.tz = "Pacific/Pago_Pago"
        # Wednesday, three in the afternoon; midnight of Thursday is at eleven on Friday in UTC
        midnight = datetime(2026, 11, 20, 11, 0)
        self.make_ticket(complete=datetime(2026, 11, 20, 10, 59, 59))
        late = self.make_ticket(complete=midnight)
        self.assertEqual(late.record_due_date, date(2026, 11, 19))
        self.assertFalse(self.detect(datetime(2026, 11, 20, 10, 59, 59)))
        self.assertEqual(self.detect(midnight).evidence_id, late.id)

    def test_proposal_of_another_company_is_dealt_with_on_its_own_day(self):
        other = self.make_company(tz="Pacific/Pago_Pago")
        department = self.department.create({"name": "Service", "company_id": other.id})
        employee = self.make_employee(company_id=other.id, department_id=department.id)
        self.regulation.copy(
            {"company_id": other.id, "department_ids": [Command.set(department.ids)]}
        )._write_unlocked({"state": "released", "date_effective": "2020-01-01"})
        found = self.penalties._propose("LOST_FORM", employee, self.customer, other)
        self.assertEqual(str(found.sudo().follow_up_date), "2026-11-18")
        self.assertEqual(str(found.sudo().date), "2026-11-18")

    # === Grace === #

    def give_grace(self, code, days):
        with freeze_time("2026-11-02 02:00:00"):
            self.penalty_rule(code).grace_days = days

    def test_grace_of_visits_is_counted_in_working_days(self):
        self.give_grace("VISIT_RECORD", 1)
        # due on Friday the 20th, with grace until Monday the 23rd
        self.returned_visit(THURSDAY, complete=datetime(2026, 11, 23, 15, 59, 59))
        late = self.returned_visit(THURSDAY, complete=datetime(2026, 11, 23, 16, 0))
        self.assertFalse(self.detect("2026-11-23"))
        self.assertEqual(self.detect("2026-11-24").evidence_id, late.id)

    def test_grace_after_a_sunday_begins_on_monday(self):
        self.give_grace("IMPL_FORM", 1)
        project = self.finished_project()
        self.assertEqual(project.forms_due_date, date(2026, 11, 22))
        self.assertFalse(self.detect("2026-11-23"))
        penalty = self.detect("2026-11-24")
        self.assertEqual((penalty.evidence_id, penalty.date), (project.id, date(2026, 11, 22)))

    def test_grace_given_later_does_not_help_earlier_cases(self):
        with freeze_time("2026-11-20 02:00:00"):
            self.penalty_rule("REMOTE_RECORD").grace_days = 2
        before = self.make_ticket(datetime(2026, 11, 18, 2, 0))
        after = self.make_ticket()
        self.assertEqual(self.detect("2026-11-20").evidence_id, before.id)
        self.assertFalse(self.detect("2026-11-24"))
        self.assertEqual(self.detect("2026-11-25").evidence_id, after.id)

    # === Records of former times === #

    def test_record_that_was_complete_before_its_time_was_measured_is_not_late(self):
        ticket = self.make_ticket(complete=THURSDAY)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE helpdesk_ticket SET record_completed_on = NULL WHERE id = %s", ticket.ids
        )
        ticket.invalidate_recordset()
        self.assertFalse(self.detect("2026-11-23"))

    # === Time runs out === #

    def test_what_is_left_for_lack_of_time_is_found_by_the_next_run(self):
        for _number in range(5):
            self.make_ticket()
        job = type(self.env["aftersales.job"])
        today = date(2026, 11, 23)
        with (
            freeze_time("2026-11-23 02:00:00"),
            patch.object(detection, "BATCH", 2),
            patch.object(job, "_checkpoint", lambda *args: False),
        ):
            self.assertEqual(self.search_model._detect_daily(self.company, today), 3)
            self.assertFalse(self.company.aftersales_detected_on)
            self.assertEqual(self.search_model._detect_daily(self.company, today), 1)
            self.assertFalse(self.search_model._detect_daily(self.company, today))
        self.assertEqual(self.company.aftersales_detected_on, today)
        self.assertEqual(self.penalties.search_count([]), 5)

    # === Cases without an employee === #

    def test_exception_for_which_nothing_can_be_proposed_stays_open(self):
        ticket = self.make_ticket(user=self.colleague)
        self.detect("2026-11-23")
        case = self.env["aftersales.penalty.exception"].search([]).with_user(self.manager)
        # a manager has already entered the case by hand for the worker
        rule = self.penalty_rule("REMOTE_RECORD")
        self.penalties.with_user(self.manager)._create_unlocked(
            {
                "employee_id": self.worker.id,
                "rule_id": rule.id,
                "company_id": self.company.id,
                "evidence_model": ticket._name,
                "evidence_id": ticket.id,
            }
        )
        case.employee_id = self.worker
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            case.action_propose()
        self.assertEqual((case.state, len(self.penalties.search([]))), ("open", 1))
        case.reason = "已另行处理"
        case.action_close()
