import importlib.util
from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ..visit.visit_common import drawing
from .implementation_common import ARGUMENTS, MANAGER_STEPS, STATES, STEPS, ImplementationCommon

MIGRATION = "jinyang_aftersales/migrations/19.0.3.0.0/pre-delays.py"
FORMS = {"implementation_order", "acceptance", "start_plan"}


@tagged("post_install", "-at_install")
class TestImplementation(ImplementationCommon):
    """五.7.3, 七.6: an implementation, its acceptance and its three forms."""

    def test_every_step_leads_from_its_states_only(self):
        for step, (sources, target) in (STEPS | MANAGER_STEPS).items():
            for state in STATES:
                row = self.make(state)
                user = self.manager if step in MANAGER_STEPS else self.specialist
                if state == "finished":
                    row.write({"signed_by_id": self.contact.id, "customer_signature": drawing()})
                with self.subTest(step=step, state=state):
                    if state in sources:
                        getattr(row.with_user(user), step)(*ARGUMENTS.get(step, ()))
                        self.assertEqual(row.state, target)
                    else:
                        with self.assertRaises(UserError), self.cr.savepoint():
                            getattr(row.with_user(user), step)(*ARGUMENTS.get(step, ()))
                        self.assertEqual(row.state, state)

    def test_specialist_takes_no_step_of_managers(self):
        for step, (sources, _target) in MANAGER_STEPS.items():
            row = self.make(next(iter(sources)))
            with self.assertRaisesRegex(UserError, "manager"), self.cr.savepoint():
                getattr(row, step)()

    def test_fields_are_written_in_their_states_only(self):
        for state, values in {
            "draft": ({"customer_signature": drawing()}, {"customer_opinion": "Fine"}),
            "running": ({"date_start": "2026-11-01"}, {"signed_by_name": "X"}),
            "finished": ({"date_end": "2026-11-30"}, {"scope": "x"}, {"engineer_ids": [(5,)]}),
            "accepted": (
                {"serial_issued": "X"},
                {"customer_opinion": "x"},
                {"service_end": "2030-01-01"},
            ),
            "closed": ({"installation_id": False}, {"customer_signature": False}),
        }.items():
            row = self.make(state)
            for vals in values:
                with (
                    self.subTest(state=state, vals=list(vals)),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    row.with_user(self.manager).write(vals)
        for name, value in (
            ("state", "closed"),
            ("forms_filed_on", "2026-11-01"),
            ("signature_hash", "0"),
        ):
            with self.assertRaisesRegex(UserError, "buttons"), self.cr.savepoint():
                self.make().write({name: value})

    def test_start_needs_plan_and_engineers(self):
        for name in ("date_start", "date_end", "engineer_ids"):
            row = self.make()
            row.write({name: False if name != "engineer_ids" else [Command.clear()]})
            with self.assertRaisesRegex(UserError, "fill in"), self.cr.savepoint():
                row.action_start()

    def test_finishing_early_ends_today_and_the_forms_are_due_three_days_later(self):
        row = self.make("finished")
        self.assertEqual(row.date_end, date(2026, 11, 19))
        # 七.6: three calendar days; 22 November is a Sunday
        self.assertEqual(row.forms_due_date, date(2026, 11, 22))
        entries = row.archive_entry_ids
        self.assertEqual(set(entries.mapped("kind")), FORMS)
        self.assertEqual(set(entries.mapped("date_deadline")), {date(2026, 11, 22)})
        self.assertEqual(entries.holder_id, self.specialist)

    def test_days_for_the_forms_are_a_setting(self):
        self.company.aftersales_forms_days = 5
        self.assertEqual(self.make("finished").forms_due_date, date(2026, 11, 24))

    @mute_logger("odoo.sql_db")
    def test_days_for_the_forms_have_limits(self):
        for days in (-1, 61):
            with self.subTest(days=days), self.assertRaises(IntegrityError), self.cr.savepoint():
                self.company.aftersales_forms_days = days
                self.company.flush_recordset()

    def test_the_end_that_counts_is_the_real_one(self):
        """M11: not the planned day, and who entered the end is known."""
        row = self.make("running", date_end="2026-11-17")
        row.action_finish()
        self.assertRecordValues(
            row,
            [
                {
                    "date_end": date(2026, 11, 19),
                    "forms_due_date": date(2026, 11, 22),
                    "end_entered_by_id": self.specialist.id,
                    "end_entered_on": datetime(2026, 11, 19, 2),
                    "forms_owed_by_id": self.specialist.id,
                }
            ],
        )
        early = self.make("running", date_end="2026-11-30")
        early.action_finish("2026-11-18")
        self.assertEqual(early.date_end, date(2026, 11, 18))
        for day in ("2026-11-20", "2026-11-15"):
            with self.assertRaisesRegex(UserError, "enter the day"), self.cr.savepoint():
                self.make("running").action_finish(day)

    def test_forms_of_an_end_entered_late_are_not_overdue_at_once(self):
        """M11: they are due a working day after the end was entered."""
        row = self.make("running", date_start="2026-11-02", date_end="2026-11-06")
        row.action_finish("2026-11-06")
        self.assertEqual(row.forms_due_date, date(2026, 11, 20))
        self.assertFalse(row.is_overdue)
        self.assertEqual(set(row.archive_entry_ids.mapped("date_deadline")), {date(2026, 11, 20)})

    def test_dialog_asks_for_the_real_end(self):
        row = self.make("running")
        form = Form(
            self.env["aftersales.implementation.finish"]
            .with_user(self.specialist)
            .with_context(**row.action_open_finish()["context"])
        )
        self.assertEqual(form.day, date(2026, 11, 19))
        form.day = date(2026, 11, 18)
        form.save().action_confirm()
        self.assertEqual((row.state, row.date_end), ("finished", date(2026, 11, 18)))

    def test_work_that_has_ended_is_cancelled_by_a_manager_with_a_reason(self):
        """M01: nobody gets rid of the forms by cancelling."""
        row = self.make("finished")
        with self.assertRaisesRegex(UserError, "Only a service manager"), self.cr.savepoint():
            row.action_cancel("Not needed")
        for reason in (False, " "):
            with self.assertRaisesRegex(UserError, "Say why"), self.cr.savepoint():
                row.with_user(self.manager).action_cancel(reason)
        row.with_user(self.manager).action_cancel("Returned")
        self.assertEqual(row.cancel_reason, "Returned")

    def test_planned_work_past_its_end_is_reminded_and_seen_though_nobody_started_it(self):
        """M01: the same for projects as for visits."""
        row = self.make(date_end="2026-11-18")
        old = self.make(date_start="2019-11-01", date_end="2019-11-18")
        self.assertTrue(row.is_overdue)
        self.assertLessEqual(row | old, self.rows.search(self.rows._get_past_end_domain()))
        self.env["aftersales.deadline.mixin"]._remind_all(self.company, date(2026, 11, 19))
        self.assertEqual(row.activity_ids.user_id, self.specialist)
        self.assertFalse(old.activity_ids, "from before the update")
        with self.assertRaisesRegex(UserError, "announce"), self.cr.savepoint():
            row.date_end = "2026-11-30"
        row.action_announce_delay("implementation_end", "2026-11-30", "Data came late")
        self.assertFalse(row.is_overdue)

    def test_end_that_has_passed_is_moved_by_an_announced_delay_only(self):
        row = self.make("running", date_end="2026-11-18")
        self.assertTrue(row.is_overdue)
        self.assertIn(row, self.rows.search([("is_overdue", "=", True)]))
        with self.assertRaisesRegex(UserError, "announce"), self.cr.savepoint():
            row.date_end = "2026-11-30"
        row.action_announce_delay("implementation_end", "2026-11-30", "Data came late")
        self.assertEqual(row.date_end, date(2026, 11, 30))
        self.assertFalse(row.delay_ids.in_time)

    def test_end_of_work_that_runs_is_moved_once_and_the_first_one_stays_known(self):
        """M06: before it has come, then by an announced delay, also for managers."""
        row = self.make("running", date_end="2026-11-25")
        self.assertEqual(row.date_end_first, date(2026, 11, 25))
        row.date_end = "2026-11-27"
        for user in (self.specialist, self.manager):
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "announce"):
                row.with_user(user).date_end = "2026-12-04"
        row.action_announce_delay("implementation_end", "2026-12-04", "Data came late")
        self.assertRecordValues(
            row,
            [
                {
                    "date_end": date(2026, 12, 4),
                    "date_end_first": date(2026, 11, 25),
                    "is_end_moved": True,
                }
            ],
        )
        row.action_finish()
        self.assertEqual(row.date_end_first, date(2026, 11, 25))

    def test_end_that_was_delayed_is_not_moved_freely_afterwards(self):
        """M06: nor on its day."""
        row = self.make("running", date_end="2026-11-25")
        row.action_announce_delay("implementation_end", "2026-11-27", "Data came late")
        with self.assertRaisesRegex(UserError, "announce"):
            row.date_end = "2026-12-04"
        other = self.make("running", date_end="2026-11-19")
        with self.assertRaisesRegex(UserError, "announce"):
            other.date_end = "2026-12-04"

    def test_update_keeps_the_first_day_m06(self):
        """Of the announced delays, else the present one while the work runs; once."""
        spec = importlib.util.spec_from_file_location("pre_delays", file_path(MIGRATION))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        running, ended = (self.make("running", date_end="2026-11-25") for _number in range(2))
        delayed = self.make("running", date_end="2026-11-25")
        for day in ("2026-11-27", "2026-12-04"):
            delayed.action_announce_delay("implementation_end", day, "Data came late")
        for row in ended | delayed:
            row.action_finish()
        (running | ended | delayed)._write_unlocked({"date_end_first": False})
        self.env.flush_all()
        for _run in range(2):
            module.migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()
        self.assertEqual(
            (running | ended | delayed).mapped("date_end_first"),
            [date(2026, 11, 25), False, date(2026, 11, 25)],
        )

    def test_work_begun_anew_keeps_its_first_end(self):
        """M06: to cancel and to begin again makes no new first day."""
        row = self.make("running", date_end="2026-11-25")
        row.action_cancel("x")
        row.action_draft()
        row.date_end = "2026-12-10"
        row.action_start()
        self.assertEqual(row.date_end_first, date(2026, 11, 25))

    def test_lead_engineer_is_reminded_of_an_end_that_has_passed(self):
        row = self.make("running")
        with freeze_time("2026-11-23 02:00:00"):
            self.env["aftersales.deadline.mixin"]._remind_all(self.company, date(2026, 11, 23))
        self.assertEqual(row.activity_ids.user_id, self.specialist)
        row.action_finish()
        self.assertFalse(row.activity_ids)

    def test_archive_reminds_of_forms(self):
        row = self.make("finished")
        with freeze_time("2026-11-23 02:00:00"):
            self.env["aftersales.deadline.mixin"]._remind_all(self.company, date(2026, 11, 23))
        self.assertEqual(len(row.archive_entry_ids.sudo().activity_ids), 3)
        self.assertEqual(row.archive_entry_ids.sudo().activity_ids.user_id, self.specialist)

    # === Installed software === #

    def test_acceptance_makes_the_software_once(self):
        row = self.make("finished", version="V8", serial_issued=" jy－１００ ")
        self.sign(row)
        software = row.installation_id
        self.assertEqual(software.serial_number, "JY-100")
        self.assertEqual((software.partner_id, software.product_id), (self.customer, self.software))
        self.assertEqual(software.installation_date, date(2026, 11, 16))
        self.assertEqual(software.service_date_start, date(2026, 11, 16))
        self.assertEqual(software.service_date_end, date(2027, 11, 15))
        self.assertEqual(software.period_ids.origin, "initial")
        row.with_user(self.manager).action_reopen()
        self.assertFalse(row.signature_hash)
        self.sign(row)
        self.assertEqual(self.customer.installation_ids, software)
        self.assertEqual(len(software.period_ids), 1)

    def test_acceptance_updates_the_software_and_keeps_its_history(self):
        software = self.make_installation(
            self.customer, self.software, serial="OLD", end=self.day("2027-01-31")
        )
        row = self.make("finished", installation_id=software.id, serial_issued="NEW", version="V9")
        self.assertFalse(row.service_end)
        self.sign(row)
        self.assertEqual((software.serial_number, software.version), ("NEW", "V9"))
        old = software.serial_ids.filtered("replaced_on")
        self.assertEqual((old.serial_number, old.reason), ("OLD", row.display_name))
        # the paid service period stays
        self.assertEqual(software.service_date_end, date(2027, 1, 31))

    def test_period_of_known_software_changes_when_somebody_says_so(self):
        software = self.make_installation(self.customer, self.software, end=self.day("2027-01-31"))
        row = self.make("finished", installation_id=software.id)
        row.write({"service_start": "2026-11-16", "service_end": "2027-11-15"})
        self.sign(row)
        self.assertEqual(software.service_date_end, date(2027, 11, 15))
        period = software.period_ids.filtered(lambda line: line.origin == "manual")
        self.assertEqual(period.reason, row.display_name)

    def test_serial_in_use_is_refused_and_nothing_is_half_made(self):
        other = self.make_installation(serial="JY-7")
        row = self.make("finished", serial_issued="jy-7")
        row.write({"signed_by_id": self.contact.id, "customer_signature": drawing()})
        with self.assertRaisesRegex(ValidationError, "JY-7"), self.cr.savepoint():
            row.action_sign()
        row.invalidate_recordset()
        self.assertEqual(row.state, "finished")
        self.assertFalse(row.installation_id or row.signature_hash)
        self.assertFalse(self.customer.installation_ids)
        self.assertTrue(other.exists())

    def test_software_out_of_reach_is_updated_by_who_may(self):
        self.customer.service_user_id = self.colleague
        software = self.make_installation(self.customer, self.software, user_id=self.colleague.id)
        row = self.make("finished", installation_id=software.id, serial_issued="NEW")
        row.write({"signed_by_id": self.contact.id, "customer_signature": drawing()})
        with self.assertRaisesRegex(UserError, "may not change"), self.cr.savepoint():
            row.action_sign()
        row.with_user(self.manager).action_sign()
        self.assertEqual(software.serial_number, "NEW")

    def test_other_customers_and_other_software_are_refused(self):
        other = self.make_installation()
        mine = self.make_installation(self.customer)
        for vals in (
            {"installation_id": other.id},
            {"installation_id": mine.id},
            {"contact_id": other.partner_id.software_contact_id.id},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.make(**vals)

    # === Signature === #

    def test_acceptance_is_signed_for_what_was_shown(self):
        row = self.make("accepted", scope="进销存")
        for text in (row.name, "进销存", "Stock", self.contact.name):
            self.assertIn(text, row.signed_content)
        self.assertTrue(row.signature_valid)
        row.flush_recordset()
        self.cr.execute(
            "UPDATE aftersales_implementation_session SET topic = 'Other' WHERE implementation_id = %s",
            [row.id],
        )
        self.env.invalidate_all()
        self.assertFalse(row.signature_valid)

    def test_no_signature_no_acceptance(self):
        row = self.make("finished")
        with self.assertRaisesRegex(UserError, "Signature"), self.cr.savepoint():
            row.action_sign()
        for drawn in ("PGh0bWw+PHNjcmlwdD4=", "%%%"):
            with self.assertRaisesRegex(ValidationError, "picture"), self.cr.savepoint():
                row.customer_signature = drawn

    # === Forms === #

    def test_last_form_closes_what_is_accepted(self):
        row = self.make("accepted")
        with self.assertRaisesRegex(UserError, "Start Plan"), self.cr.savepoint():
            row.action_close()
        self.file(row, {"implementation_order", "acceptance"})
        self.assertEqual((row.state, row.forms_filed_on), ("accepted", False))
        self.file(row, {"start_plan"})
        self.assertEqual((row.state, row.forms_filed_on), ("closed", date(2026, 11, 19)))

    def test_forms_filed_before_the_acceptance_close_with_it(self):
        row = self.make("finished")
        self.file(row)
        self.assertEqual(row.state, "finished")
        self.sign(row)
        self.assertEqual(row.state, "closed")

    def test_lost_form_is_drawn_under_by_a_manager(self):
        row = self.make("accepted")
        self.file(row, {"implementation_order", "acceptance"})
        plan = row.archive_entry_ids.filtered(lambda entry: entry.kind == "start_plan")
        plan.with_user(self.archivist).action_lose("Rain")
        with self.assertRaises(UserError), self.cr.savepoint():
            row.action_close()
        row.with_user(self.manager).action_close()
        self.assertFalse(row.forms_filed_on)

    def test_forms_are_back_when_the_archive_has_received_the_last(self):
        """M11: the receipt counts, not the filing."""
        row = self.make("finished")
        for entry in row.archive_entry_ids[:2]:
            entry.with_user(self.archivist).action_receive()
        self.assertFalse(row.forms_back_on)
        with freeze_time("2026-11-20 02:00:00"):
            row.archive_entry_ids[2].with_user(self.archivist).action_receive()
        with freeze_time("2026-11-30 02:00:00"):
            self.file(row)
        self.assertEqual(row.forms_back_on, date(2026, 11, 20))
        self.assertEqual(row.forms_filed_on, date(2026, 11, 30))
        self.assertFalse(row.is_overdue)

    def test_hand_over_to_the_archive_counts_from_its_day_once_it_is_received(self):
        """M11: received or filed later, it is dated by the hand-over."""
        row = self.make("finished")
        first, *others = row.archive_entry_ids
        for entry in row.archive_entry_ids:
            entry.with_user(self.specialist).action_hand_over(self.archivist.id)
        self.assertFalse(row.forms_back_on)
        self.assertTrue(row.forms_waiting)
        with freeze_time("2026-11-30 02:00:00"):
            first.with_user(self.archivist).action_receive()
            for entry in others:
                entry.with_user(self.archivist).place = "A1"
                entry.with_user(self.archivist).action_file()
        self.assertRecordValues(
            row, [{"forms_back_on": date(2026, 11, 19), "forms_waiting": False}]
        )

    def test_not_received_undoes_the_hand_over(self):
        """M11: a hand-over that the archive denies stops nothing."""
        row = self.make("finished")
        for entry in row.archive_entry_ids:
            entry.with_user(self.specialist).action_hand_over(self.archivist.id)
        entry = row.archive_entry_ids[0].with_user(self.archivist)
        with self.assertRaises(AccessError), self.cr.savepoint():
            entry.with_user(self.specialist).action_not_received("x")
        with self.assertRaisesRegex(UserError, "Say why"), self.cr.savepoint():
            entry.action_not_received(" ")
        entry.action_not_received("Not in the tray")
        self.assertRecordValues(
            entry, [{"holder_id": self.specialist.id, "given_on": False, "received_on": False}]
        )
        self.assertFalse(row.forms_waiting)
        for other in row.archive_entry_ids:
            other.with_user(self.archivist).action_receive()
        self.assertTrue(row.forms_back_on)
        entry.action_not_received("Another paper")
        self.assertFalse(row.forms_back_on)
        with self.assertRaisesRegex(UserError, "not handed over"), self.cr.savepoint():
            entry.action_not_received("Again")

    def test_hand_over_to_a_colleague_is_none_to_the_archive(self):
        row = self.make("finished")
        entry = row.archive_entry_ids[0]
        entry.with_user(self.specialist).action_hand_over(self.archivist.id)
        entry.with_user(self.archivist).action_hand_over(self.colleague.id)
        self.assertFalse(entry.given_on)

    def test_cancelled_and_resumed_owe_no_forms(self):
        row = self.make("finished")
        row.with_user(self.manager).action_resume()
        self.assertEqual(set(row.archive_entry_ids.mapped("state")), {"withdrawn"})
        row.action_finish()
        self.assertEqual(set(row.archive_entry_ids.mapped("state")), {"expected"})
        self.assertEqual(len(row.archive_entry_ids), 3)
        row.with_user(self.manager).action_cancel("Not needed")
        self.assertEqual(set(row.archive_entry_ids.mapped("state")), {"withdrawn"})

    # === Training === #

    def test_trainings_are_fixed_with_the_acceptance(self):
        session = self.make("accepted").session_ids
        for act in (lambda: session.write({"topic": "x"}), session.unlink, session.copy):
            with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
                act()

    def test_training_stays_with_its_implementation(self):
        session, other = self.make().session_ids, self.make()
        with self.assertRaisesRegex(UserError, "buttons"), self.cr.savepoint():
            session.implementation_id = other

    def test_strange_people_and_hours_are_refused(self):
        session = self.make().session_ids
        stranger = self.make_customer().software_contact_id
        with self.assertRaisesRegex(ValidationError, "contacts"), self.cr.savepoint():
            session.attendee_ids = stranger
        for hours in (0, -1, 25):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
                session.hours = hours
                session.flush_recordset()

    def test_every_paper_is_printed_in_the_style_of_papers(self):
        reports = self.env["ir.actions.report"].search(
            [
                ("paperformat_id", "=", self.env.ref("jinyang_aftersales.paperformat_paper").id),
                ("report_name", "=like", "jinyang_aftersales.%"),
            ]
        )
        self.assertIn("report_implementation_plan", " ".join(reports.mapped("report_name")))
        self.assertFalse(set(reports.mapped("report_name")) - reports._aftersales_papers())

    def test_papers_print(self):
        row = self.make("accepted", scope="<b>进销存</b>")
        for name in ("order", "acceptance", "plan"):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                f"jinyang_aftersales.report_implementation_{name}", row.ids
            )
            text = html.decode()
            self.assertIn(row.name, text)
            self.assertIn("&lt;b&gt;进销存", text)
            self.assertIn("data:image/png", text)
