"""The times of response, service and complete record; overdue and forgotten tickets."""

from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_record import RecordCommon

RECORD = "jinyang_aftersales.mail_activity_record"
# a Thursday, noon in Shanghai
THURSDAY = "2026-06-11 04:00:00"
FRIDAY = "2026-06-12 04:00:00"
MONDAY = "2026-06-15 04:00:00"
TUESDAY = "2026-06-16 04:00:00"
WEDNESDAY = "2026-06-17 04:00:00"


@tagged("post_install", "-at_install")
class TestRecordMarks(RecordCommon):
    @classmethod
    def setUpClass(cls):
        with freeze_time(THURSDAY):
            super().setUpClass()
        cls.tickets = cls.env["helpdesk.ticket"].with_user(cls.specialist)

    def remind(self):
        self.env["aftersales.deadline.mixin"]._remind_all(
            self.company, self.company._aftersales_today()
        )
        return self.ticket.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id == self.env.ref(RECORD)
        )

    # === Service done === #

    def test_the_button_begins_the_time_of_the_record(self):
        with self.at(FRIDAY):
            self.ticket.action_service_done()
        self.assertEqual(self.ticket.service_done_on, datetime(2026, 6, 12, 4))
        # the next working day after a Friday
        self.assertEqual(self.ticket.record_due_date, date(2026, 6, 15))
        with self.refused("already", UserError):
            self.ticket.action_service_done()

    def test_days_are_those_of_the_company(self):
        with self.at("2026-06-10 17:00:00"):
            # Thursday already in Shanghai
            self.ticket.action_service_done()
        self.assertEqual(self.ticket.record_due_date, date(2026, 6, 12))

    def test_the_time_of_the_record_is_a_setting(self):
        self.company.aftersales_record_days = 3
        with self.at(FRIDAY):
            self.ticket.action_service_done()
        self.assertEqual(self.ticket.record_due_date, date(2026, 6, 17))

    def test_the_first_solved_or_closed_stage_marks_it(self):
        solved = self.env["helpdesk.ticket.stage"].create({"name": "Solved", "service_done": True})
        with self.at(FRIDAY):
            self.ticket.stage_id = solved
        with self.at(MONDAY):
            self.complete(self.ticket).stage_id = self.stage["done"]
        self.assertEqual(self.ticket.service_done_on, datetime(2026, 6, 12, 4))
        other = self.complete(self.make_ticket())
        with self.at(MONDAY):
            other.stage_id = self.stage["done"]
        self.assertEqual(other.service_done_on, datetime(2026, 6, 15, 4))

    def test_marks_are_written_by_nobody(self):
        day, moment = date(2030, 1, 1), datetime(2026, 1, 1)
        for name, value in (
            ("service_done_on", moment),
            ("record_due_date", day),
            ("record_complete", True),
            ("record_completed_on", moment),
            ("first_response_on", moment),
            ("customer_solved_on", moment),
            ("record_asked", "x"),
            ("last_worked_on", datetime(2030, 1, 1)),
        ):
            with self.refused("buttons", UserError):
                self.ticket.write({name: value})
            with self.refused("buttons", UserError):
                self.make_ticket(**{name: value})
        for name in ("record_due_date", "record_complete"):
            with self.refused("buttons", UserError):
                self.ticket.with_user(self.manager).write({name: day})

    def test_defaults_of_a_caller_mark_nothing(self):
        forged = {
            "service_done_on": "2020-01-01 00:00:00",
            "record_complete": True,
            "record_asked": "",
            "record_due_date": "2030-01-01",
            "chargeable": True,
        }
        context = {f"default_{name}": value for name, value in forged.items()}
        tickets = self.env["helpdesk.ticket"].with_user(self.specialist).with_context(**context)
        ticket = tickets.create(
            {
                "name": "x",
                "description": "x",
                "partner_id": self.customer.id,
                "category_id": self.category("report").id,
            }
        )
        for name in forged.keys() - {"record_asked"}:
            self.assertFalse(ticket[name], name)
        self.assertTrue(ticket.record_asked)

    def test_a_manager_corrects_when_the_service_was_done(self):
        with self.at(MONDAY):
            ticket = self.ticket.with_user(self.manager)
            ticket.service_done_on = datetime(2026, 6, 11, 4)
            self.assertEqual(ticket.record_due_date, date(2026, 6, 12))
            with self.refused("future"):
                ticket.service_done_on = datetime(2026, 6, 16, 4)

    # === Complete === #

    def test_the_time_until_the_record_was_complete_is_measured(self):
        with self.at(FRIDAY):
            self.ticket.action_service_done()
            self.assertFalse(self.ticket.record_completed_on)
        with self.at("2026-06-12 10:30:00"):
            self.complete(self.ticket)
        self.assertEqual(self.ticket.record_completed_on, datetime(2026, 6, 12, 10, 30))
        self.assertAlmostEqual(self.ticket.record_hours, 6.5)
        with self.at(MONDAY):
            self.ticket.solution = "y"
        self.assertEqual(self.ticket.record_completed_on, datetime(2026, 6, 12, 10, 30))
        # the first complete record is a fact
        self.ticket.solution = False
        self.assertEqual(self.ticket.record_completed_on, datetime(2026, 6, 12, 10, 30))

    def test_a_record_written_before_the_end_took_no_time(self):
        with self.at(FRIDAY):
            self.complete(self.ticket)
        with self.at(MONDAY):
            self.ticket.stage_id = self.stage["done"]
        self.assertEqual(self.ticket.record_hours, 0)

    def test_a_new_requirement_makes_no_complete_record_late(self):
        with self.at(THURSDAY):
            self.complete(self.ticket).action_service_done()
        with self.at(MONDAY):
            self.env["aftersales.record.requirement"].create(
                {"category_id": self.category("report").id, "field_name": "need"}
            )
            self.assertFalse(self.ticket.record_complete)
            self.assertEqual(self.ticket.record_due_date, date(2026, 6, 12))
            self.assertFalse(self.ticket.is_record_overdue)

    # === First response === #

    def test_the_first_message_of_staff_is_the_response(self):
        customer = self.contact
        with self.at(FRIDAY):
            self.ticket.user_id = self.colleague
            self.ticket.message_post(body="内部", subtype_xmlid="mail.mt_note")
            self.ticket.sudo().message_post(
                body="在吗",
                author_id=customer.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertFalse(self.ticket.first_response_on)
        with self.at("2026-06-12 07:00:00"):
            self.ticket.message_post(
                body="您好", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(self.ticket.first_response_on, datetime(2026, 6, 12, 7))
        with self.at(MONDAY):
            self.ticket.stage_id = self.stage["in_progress"]
        self.assertEqual(self.ticket.first_response_on, datetime(2026, 6, 12, 7))
        hours = (datetime(2026, 6, 12, 7) - self.ticket.create_date).total_seconds() / 3600
        self.assertAlmostEqual(self.ticket.first_response_hours, max(hours, 0))

    def test_the_first_stage_that_is_attended_is_a_response_too(self):
        self.assertFalse(self.ticket.first_response_on)
        with self.at(FRIDAY):
            self.ticket.stage_id = self.stage["in_progress"]
        self.assertEqual(self.ticket.first_response_on, datetime(2026, 6, 12, 4))

    # === Opened again === #

    def test_opening_again_takes_back_the_closing_and_keeps_the_marks(self):
        with self.at(FRIDAY):
            self.complete(self.ticket).stage_id = self.stage["done"]
            self.ticket.sudo()._write_unlocked({"customer_solved_on": datetime(2026, 6, 12)})
        with self.at(MONDAY):
            self.ticket.stage_id = self.stage["in_progress"]
        self.assertFalse(self.ticket.closed_date)
        self.assertFalse(self.ticket.customer_solved_on)
        self.assertEqual(self.ticket.service_done_on, datetime(2026, 6, 12, 4))
        self.assertEqual(self.ticket.record_completed_on, datetime(2026, 6, 12, 4))
        with self.at(MONDAY):
            self.ticket.stage_id = self.stage["done"]
        self.assertEqual(self.ticket.closed_date, datetime(2026, 6, 15, 4))

    def test_a_copy_begins_without_record_and_marks(self):
        self.complete(self.ticket).stage_id = self.stage["done"]
        copy = self.ticket.copy()
        self.assertFalse(copy.service_done_on)
        self.assertFalse(copy.solution)
        self.assertFalse(copy.record_complete)
        self.assertFalse(copy.closed_date)

    # === Deadline === #

    def test_who_owes_the_record_is_told_then_the_manager_then_nobody(self):
        with self.at(THURSDAY):
            self.ticket.action_service_done()
            self.assertFalse(self.remind())
        with self.at(FRIDAY):
            self.assertFalse(self.remind())
        with self.at("2026-06-13 04:00:00"):
            activities = self.remind()
            self.assertEqual(activities.user_id, self.specialist)
            self.assertIn("分析过程", activities.note, "in the language of the specialist")
            self.assertEqual(len(self.remind()), 1)
        with self.at(TUESDAY):
            self.assertEqual(self.remind().user_id, self.specialist | self.manager)
        self.complete(self.ticket)
        self.assertFalse(self.remind())
        with self.at(WEDNESDAY):
            self.assertFalse(self.remind())

    def test_without_a_specialist_the_team_leader_then_the_managers_are_told(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Own", "user_id": self.colleague.id, "user_ids": self.colleague.ids}
        )
        self.ticket.write({"user_id": False, "team_id": team.id})
        deadline = self.ticket._find_deadline("record", self.company)
        self.assertEqual(deadline.users(self.ticket), self.colleague)
        with self.at(THURSDAY):
            self.ticket.action_service_done()
            self.ticket.team_id = False
        with self.at(MONDAY):
            self.assertEqual(self.remind().user_id, self.manager)

    def test_a_cancelled_ticket_owes_nothing(self):
        with self.at(THURSDAY):
            self.ticket.action_service_done()
        with self.at(MONDAY):
            self.assertTrue(self.remind())
            self.ticket.with_user(self.manager).stage_id = self.stage["cancelled"]
            self.assertFalse(self.remind())
            self.assertFalse(self.ticket.is_record_overdue)

    def test_a_delay_of_the_record_is_announced(self):
        with self.at(THURSDAY):
            self.ticket.action_service_done()
            with self.assertRaises(AccessError):
                self.ticket.with_user(self.colleague).action_announce_delay(
                    "record", date(2026, 6, 16), "x"
                )
            wizard = Form(
                self.env["aftersales.delay.announce"]
                .with_user(self.specialist)
                .with_context(**self.ticket.action_open_delay()["context"])
            )
            wizard.date_new = date(2026, 6, 16)
            wizard.reason = "等客户回复"
            wizard.save().action_announce()
        self.assertEqual(self.ticket.record_due_date, date(2026, 6, 16))
        self.assertTrue(self.ticket.delay_ids.in_time)

    def test_overdue_records_are_found(self):
        search = [("is_record_overdue", "=", True)]
        with self.at(THURSDAY):
            self.ticket.action_service_done()
        with self.at(FRIDAY):
            self.assertFalse(self.ticket.is_record_overdue)
            self.assertNotIn(self.ticket, self.tickets.search(search))
        with self.at(MONDAY):
            self.ticket.invalidate_recordset()
            self.assertTrue(self.ticket.is_record_overdue)
            self.assertIn(self.ticket, self.tickets.search(search))
            self.assertNotIn(self.ticket, self.tickets.search([("is_record_overdue", "=", False)]))

    # === Forgotten === #

    def forgotten(self):
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.tickets.search([("is_forgotten", "=", True)])
        self.assertEqual(self.ticket in found, self.ticket.is_forgotten)
        return self.ticket.is_forgotten

    def test_after_three_working_days_without_work_a_ticket_is_forgotten(self):
        for day in (THURSDAY, FRIDAY, MONDAY, TUESDAY):
            with self.at(day):
                self.assertFalse(self.forgotten(), day)
        with self.at(WEDNESDAY):
            self.assertTrue(self.forgotten())
            self.company.aftersales_forgotten_days = 4
            self.assertFalse(self.forgotten())

    def test_work_and_plans_keep_a_ticket_from_being_forgotten(self):
        with self.at(WEDNESDAY):
            # actions of customers and jobs do not count as work of staff
            self.ticket.sudo().message_post(
                body="在吗", author_id=self.contact.id, message_type="comment"
            )
            self.ticket.with_user(self.env.ref("base.user_root")).color = 3
            self.assertTrue(self.forgotten())
            activity = self.ticket.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=date(2026, 6, 18)
            )
            self.assertFalse(self.forgotten())
            activity.date_deadline = date(2026, 6, 16)
            self.assertTrue(self.forgotten())
            self.ticket.message_post(body="客户出差", subtype_xmlid="mail.mt_note")
            self.assertFalse(self.forgotten())
        with self.at("2026-06-24 04:00:00"):
            self.assertTrue(self.forgotten())
            self.ticket.priority = "3"
            self.assertFalse(self.forgotten())

    def test_work_within_a_minute_is_marked_once(self):
        with freeze_time(THURSDAY) as clock:
            ticket = self.make_ticket()
            begun = ticket.last_worked_on
            for seconds, moved in ((20, 0), (50, 70)):
                clock.tick(seconds)
                ticket.message_post(body="note", subtype_xmlid="mail.mt_note")
                self.assertEqual((ticket.last_worked_on - begun).total_seconds(), moved)
            clock.tick(61)
            ticket.with_user(self.specialist).write({"priority": "2"})
            self.assertEqual((ticket.last_worked_on - begun).total_seconds(), 131)

    def test_closed_tickets_are_not_forgotten(self):
        with self.at(THURSDAY):
            self.complete(self.ticket).stage_id = self.stage["done"]
        with self.at("2026-07-24 04:00:00"):
            self.assertFalse(self.forgotten())

    def test_the_settings_take_sensible_days(self):
        for name in ("aftersales_record_days", "aftersales_forgotten_days"):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.company[name] = 0
                self.env.flush_all()

    # === Before this addon came === #

    def test_tickets_closed_before_the_installation_owe_nothing(self):
        old = self.complete(self.make_ticket())
        old.stage_id = self.stage["done"]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET record_asked = NULL, record_complete = NULL, solution = NULL"
            " WHERE id = ANY(%s)",
            [[old.id, self.ticket.id]],
        )
        self.env.invalidate_all()
        self.env["helpdesk.ticket"]._release_old_tickets()
        self.env["helpdesk.ticket"]._ask_open_tickets()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(old.record_complete)
        self.assertFalse(self.ticket.record_complete)
        self.assertIn(",analysis,", self.ticket.record_asked)

    # === Cost === #

    def test_lists_cost_the_same_for_many_rows(self):
        for _number in range(30):
            self.make_ticket()
        fields = (
            "record_complete", "record_missing", "is_record_overdue", "is_forgotten", "qq_link",
            "application_count", "service_mode",
        )  # fmt: skip
        specification = {name: {} for name in fields}

        def cost(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.tickets.web_search_read([], specification, limit=limit)["records"]
            self.assertEqual(len(rows), limit)
            return self.env.cr.sql_log_count - before

        cost(5)
        self.assertEqual(cost(5), cost(25))

    # === QQ === #

    def test_qq_numbers_are_links_and_nothing_else_is(self):
        self.contact.qq_number = " １２３４５６７ "
        self.ticket.contact_id = self.contact
        self.assertEqual(self.ticket.qq_link, "tencent://message/?uin=1234567")
        for odd in ("1234", "javascript:alert(1)", "12345&x=1", "0123456", "1" * 13):
            self.contact.qq_number = odd
            self.assertFalse(self.contact.qq_link, odd)
        self.customer.qq_number = "87654321"
        self.contact.qq_number = False
        self.assertEqual(self.ticket.qq_link, "tencent://message/?uin=87654321")
