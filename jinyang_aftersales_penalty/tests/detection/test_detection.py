from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from . import detection_common
from .detection_common import THURSDAY


@tagged("post_install", "-at_install")
class TestDetection(detection_common.DetectionCommon):
    """七.4, 七.5: late records are found by the daily search, each of them once."""

    # --- visits ---

    def test_visit_without_record_is_found_after_the_next_working_day(self):
        visit = self.returned_visit(THURSDAY)
        self.assertEqual(visit.record_due_date, date(2026, 11, 20))
        self.assertFalse(self.detect("2026-11-20"))
        penalty = self.detect("2026-11-21")
        self.assertRecordValues(
            penalty,
            [
                {
                    "state": "proposed",
                    "employee_id": self.worker.id,
                    "department_id": self.department.id,
                    "rule_id": self.penalty_rule("VISIT_RECORD").id,
                    "family": "RECORD",
                    "clause": "七.4",
                    "outcome": "fine",
                    "amount": 30,
                    "to_fund": True,
                    "found_by": "scheduled",
                    "date": date(2026, 11, 20),
                    "follow_up_date": date(2026, 11, 21),
                    "evidence_model": "aftersales.visit",
                    "evidence_id": visit.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertRegex(penalty.name, r"^CF2026-\d{4}$")

    def test_grace_ends_with_the_day_of_the_company_not_of_the_server(self):
        self.returned_visit(THURSDAY)
        self.make_ticket()
        # 23:59:59 in Shanghai on the last day, and a second later
        self.assertFalse(self.detect(datetime(2026, 11, 20, 15, 59, 59)))
        self.assertEqual(len(self.detect(datetime(2026, 11, 20, 16, 0))), 2)

    def test_nothing_is_found_of_what_was_taken_over_before_the_company_went_live(self):
        ticket = self.make_ticket(datetime(2026, 11, 19, 2, 0))
        due = ticket.record_due_date
        ticket._write_unlocked({"taken_over_on": "2026-11-01"})
        self.company._write_unlocked({"aftersales_takeover_on": "2026-11-01"})
        self.assertFalse(self.detect("2026-11-24"))
        self.company._write_unlocked({"aftersales_live_on": due + timedelta(days=1)})
        self.assertFalse(self.detect("2026-11-24"))
        self.company._write_unlocked({"aftersales_live_on": due})
        self.assertEqual(self.detect("2026-11-24").evidence_id, ticket.id)

    def test_service_late_in_the_evening_counts_for_the_company_day(self):
        # 23:30 UTC on Thursday is Friday morning in Shanghai: due on Monday
        ticket = self.make_ticket(datetime(2026, 11, 19, 23, 30))
        self.assertEqual(ticket.record_due_date, date(2026, 11, 23))
        self.assertFalse(self.detect("2026-11-23"))
        self.assertEqual(self.detect("2026-11-24").evidence_id, ticket.id)

    def test_record_complete_at_the_last_second_is_in_time(self):
        self.returned_visit(THURSDAY, complete=datetime(2026, 11, 20, 15, 59, 59))
        self.make_ticket(complete=datetime(2026, 11, 20, 15, 59, 59))
        self.assertFalse(self.detect("2026-11-23"))

    def test_record_complete_in_the_end_was_late_all_the_same(self):
        midnight = datetime(2026, 11, 20, 16, 0)
        visit = self.returned_visit(THURSDAY, complete=midnight)
        ticket = self.make_ticket(complete=midnight)
        found = self.detect("2026-11-23")
        self.assertEqual(
            set(found.mapped(lambda row: (row.evidence_model, row.evidence_id))),
            {("aftersales.visit", visit.id), ("helpdesk.ticket", ticket.id)},
        )
        self.assertIn(f"{found._say_day(date(2026, 11, 21))} 00:00", found[0].evidence_copy)

    def test_one_fine_a_visit_for_the_lead_technician(self):
        colleague = self.make_employee(self.colleague)
        visit = self.returned_visit(
            THURSDAY,
            technicians=self.specialist | self.colleague,
            lead_technician_id=self.colleague.id,
        )
        found = self.detect("2026-11-23")
        self.assertEqual(found.employee_id, colleague)
        self.assertEqual((found.evidence_model, found.evidence_id), (visit._name, visit.id))
        # its ticket is no second case, even if its channel is changed to a remote one
        visit.ticket_id.channel_id = self.env.ref("jinyang_aftersales.helpdesk_ticket_channel_qq")
        with freeze_time("2026-11-24 02:00:00"):
            visit.ticket_id.with_user(self.colleague).action_service_done()
        self.assertFalse(self.detect("2026-12-10"))

    def test_remote_record_that_was_fined_is_not_fined_as_that_of_a_visit(self):
        ticket = self.make_ticket()
        self.assertTrue(self.detect("2026-11-23"))
        self.returned_visit(datetime(2026, 11, 24, 2, 0), ticket_id=ticket.id)
        self.assertFalse(self.detect("2026-12-10"))

    def test_forgotten_return_is_no_way_out_and_a_cancelled_visit_owes_nothing(self):
        start = THURSDAY
        with freeze_time(start - timedelta(days=1)):
            visit = self.make_visit(state="approved", start=start)
            other = self.make_visit(state="approved", start=start)
        for row in (visit, other):
            with freeze_time(start - timedelta(hours=1)):
                row.action_leave()
        other.with_user(self.manager).action_cancel("Not needed")
        self.assertEqual(self.detect("2026-11-23").evidence_id, visit.id)

    def test_visit_that_took_place_unsaid_is_judged_by_its_day(self):
        """M01: not answering is no case, and answering late moves no day."""
        with freeze_time(THURSDAY - timedelta(days=1)):
            visit = self.make_visit(state="approved", start=THURSDAY)
        self.assertFalse(self.detect("2026-11-25"))
        with freeze_time("2026-11-25 02:00:00"):
            visit.action_take_place("2026-11-19")
            self.env.flush_all()
        penalty = self.detect("2026-11-26")
        self.assertEqual((penalty.evidence_id, penalty.date), (visit.id, date(2026, 11, 20)))

    def test_record_costs_who_led_the_visit_when_it_began(self):
        """M12: another lead technician owes nothing for it."""
        visit = self.returned_visit(THURSDAY)
        self.make_employee(self.colleague)
        visit._write_unlocked(
            {
                "technician_ids": [(4, self.colleague.id)],
                "lead_technician_id": self.colleague.id,
            }
        )
        self.assertEqual(self.detect("2026-11-23").employee_id, self.worker)

    # --- tickets ---

    def test_remote_service_without_record_costs_fifty(self):
        ticket = self.make_ticket()
        penalty = self.detect("2026-11-21")
        self.assertRecordValues(
            penalty,
            [
                {
                    "amount": 50,
                    "clause": "七.5",
                    "employee_id": self.worker.id,
                    "evidence_model": "helpdesk.ticket",
                    "evidence_id": ticket.id,
                }
            ],
        )

    def test_what_owes_no_record_is_not_found(self):
        cancelled, _on_site = (
            self.make_ticket(),
            self.make_ticket(
                channel_id=self.env.ref("jinyang_aftersales.helpdesk_ticket_channel_on_site").id
            ),
        )
        cancelled.with_user(self.manager).stage_id = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_stage_cancelled"
        )
        original = self.make_ticket(complete=THURSDAY + timedelta(minutes=5))
        self.make_ticket(duplicate_id=original.id)
        self.assertFalse(self.detect("2026-11-26"))

    def test_channel_duplicate_mark_or_cancelling_after_the_service_take_no_duty_away(self):
        """M02: a served ticket that is no longer remote, or no longer asks for a record, owes its record."""
        site = self.env.ref("jinyang_aftersales.helpdesk_ticket_channel_on_site")
        cancelled = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        original = self.make_ticket(complete=THURSDAY + timedelta(minutes=5))
        moved, doubled = self.make_ticket(), self.make_ticket()
        late = self.make_ticket(complete=datetime(2026, 11, 20, 16, 0))
        with freeze_time("2026-11-20 16:30:00"):
            moved.with_user(self.manager).channel_id = site
            doubled.with_user(self.manager).duplicate_id = original
            late.stage_id = cancelled
            self.env.flush_all()
        self.assertEqual(
            set(self.detect("2026-11-23").mapped("evidence_id")), {moved.id, doubled.id, late.id}
        )

    def test_who_did_the_service_is_fined_not_who_was_given_the_ticket_later(self):
        """M12: who did the service is fixed when it ends; nobody else owes the record."""
        self.make_employee(self.colleague)
        ticket = self.make_ticket()
        with freeze_time("2026-11-20 16:30:00"):
            ticket.user_id = self.colleague
        self.assertEqual(ticket.service_done_by_id, self.specialist)
        self.assertEqual(self.detect("2026-11-23").employee_id, self.worker)
        unknown = self.make_ticket(user_id=False)
        unknown.user_id = self.colleague
        self.assertFalse(self.detect("2026-11-23"))
        case = self.env["aftersales.penalty.exception"].search([])
        self.assertEqual((case.evidence_id, case.user_id.id), (unknown.id, False))

    def test_complete_once_is_never_late_again(self):
        """M13: another category, an emptied field, or a record that a manager sends back is no case."""
        tickets = [self.make_ticket(complete=THURSDAY + timedelta(hours=1)) for _ in range(3)]
        other, emptied, back = tickets
        with freeze_time("2026-11-24 02:00:00"):
            other.with_user(self.manager).category_id = self.env.ref(
                "jinyang_aftersales.helpdesk_ticket_category_bug"
            )
            emptied.need = False
            back.with_user(self.manager).action_send_record_back("客户说法不清")
            back.need = False
            self.env.flush_all()
        self.assertFalse(other.record_complete or emptied.record_complete or back.record_complete)
        self.assertFalse(self.detect("2026-12-10"))

    def test_record_of_former_times_that_is_not_known_is_never_found(self):
        """M13: what was not kept at its time is charged to nobody."""
        self.make_ticket().sudo()._write_unlocked({"record_unknown": True})
        self.assertFalse(self.detect("2026-11-23"))

    # --- working days ---

    def test_public_holiday_and_make_up_day_move_the_end(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "放假",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime(2026, 11, 19, 16, 0),
                "date_to": datetime(2026, 11, 20, 15, 59, 59),
            }
        )
        ticket = self.make_ticket()
        self.assertEqual(ticket.record_due_date, date(2026, 11, 23))
        self.env["aftersales.makeup.day"].create(
            {"company_id": self.company.id, "date": "2026-11-22", "name": "补班"}
        )
        sunday = self.make_ticket()
        self.assertEqual(sunday.record_due_date, date(2026, 11, 22))
        self.assertFalse(self.detect("2026-11-22"))
        self.assertEqual(self.detect("2026-11-23").evidence_id, sunday.id)
        self.assertEqual(self.detect("2026-11-24").evidence_id, ticket.id)

    def test_grace_of_the_rule_is_counted_in_working_days(self):
        with freeze_time("2026-11-02 02:00:00"):
            self.penalty_rule("REMOTE_RECORD").grace_days = 2
        # due on Friday the 20th, with grace until Tuesday the 24th
        self.make_ticket(complete=datetime(2026, 11, 24, 15, 59, 59))
        late = self.make_ticket(complete=datetime(2026, 11, 24, 16, 0))
        never = self.make_ticket()
        self.assertFalse(self.detect("2026-11-24"))
        found = self.detect("2026-11-25")
        self.assertEqual(set(found.mapped("evidence_id")), {late.id, never.id})
        self.assertEqual(set(found.mapped("date")), {date(2026, 11, 20)})
        self.assertIn(found._say_day(date(2026, 11, 24)), found[0].evidence_copy)

    # --- delays ---

    def test_delay_announced_in_time_moves_the_end(self):
        visit = self.returned_visit(THURSDAY)
        with freeze_time("2026-11-20 15:00:00"):
            visit.action_announce_delay("visit_record", "2026-11-25", "客户现场断网")
        self.assertFalse(self.detect("2026-11-25"))
        self.assertEqual(self.detect("2026-11-26").date, date(2026, 11, 25))

    def test_delay_announced_too_late_excuses_nothing(self):
        ticket = self.make_ticket()
        with freeze_time("2026-11-20 16:30:00"):
            ticket.action_announce_delay("record", "2026-11-30", "太忙")
        found = self.penalties.search([])
        self.assertRecordValues(
            found, [{"evidence_id": ticket.id, "date": date(2026, 11, 20), "state": "proposed"}]
        )
        self.assertFalse(self.detect("2026-12-10"))

    def test_delay_within_the_grace_of_the_rule_is_in_time(self):
        with freeze_time("2026-11-02 02:00:00"):
            self.penalty_rule("REMOTE_RECORD").grace_days = 2
        ticket = self.make_ticket()
        with freeze_time("2026-11-23 02:00:00"):
            ticket.action_announce_delay("record", "2026-11-30", "等客户回复")
        self.assertFalse(self.penalties.search([]))

    # --- rules ---

    def test_rule_that_is_off_finds_nothing_and_does_not_reach_back_when_on_again(self):
        rule = self.penalty_rule("REMOTE_RECORD")
        with freeze_time("2026-11-02 02:00:00"):
            rule.active = False
        self.make_ticket()
        self.assertFalse(self.detect("2026-11-23"))
        with freeze_time("2026-11-24 02:00:00"):
            rule.active = True
        self.assertFalse(self.detect("2026-11-25"))
        later = self.make_ticket(datetime(2026, 11, 24, 2, 0))
        self.assertEqual(self.detect("2026-11-26").evidence_id, later.id)

    def test_cases_from_before_the_rule_are_not_punished(self):
        self.begin_rules("2026-11-21", "REMOTE_RECORD")
        self.make_ticket()
        self.assertFalse(self.detect("2026-11-23"))

    def test_changed_amount_counts_for_cases_from_its_day_on(self):
        rule = self.penalty_rule("REMOTE_RECORD")
        old = self.make_ticket()
        new = self.make_ticket(datetime(2026, 11, 20, 2, 0))
        with freeze_time("2026-11-23 02:00:00"):
            rule.write({"amount": 80, "amount_max": 90})
            # a second change on the same day keeps the former terms
            rule.amount = 90
        found = {row.evidence_id: row.amount for row in self.detect("2026-11-24")}
        self.assertEqual(found, {old.id: 50, new.id: 90})
        self.assertEqual(rule.change_ids.mapped("amount"), [50])

    def test_rule_of_the_company_goes_before_the_shared_one_from_its_day_on(self):
        with freeze_time("2026-11-20 02:00:00"):
            own = self.penalty_rule("REMOTE_RECORD").copy(
                {"company_id": self.company.id, "amount": 10}
            )
        before = self.make_ticket(datetime(2026, 11, 18, 2, 0))
        after = self.make_ticket()
        found = {row.evidence_id: row.amount for row in self.detect("2026-11-24")}
        self.assertEqual(found, {before.id: 50, after.id: 10})
        self.assertFalse(own.change_ids)

    def test_rule_never_reaches_back(self):
        rule = self.penalty_rule("REMOTE_RECORD")
        with self.assertRaisesRegex(UserError, "reach back"):
            rule.date_from = "2025-01-01"
        with self.assertRaisesRegex(UserError, "fixed"):
            rule.family = "OTHER"
