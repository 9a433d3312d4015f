from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..visit.visit_common import drawing
from .implementation_common import ImplementationCommon


@tagged("post_install", "-at_install")
class TestImplementationRules(ImplementationCommon):
    """五.6.1-2, 五.7.3, 七.6: fields by state, the software of an implementation, and late forms."""

    # === What may be written === #

    def test_new_implementation_is_signed_by_nobody(self):
        for vals in ({"customer_opinion": "Fine"}, {"signed_by_name": "X"}):
            with self.assertRaisesRegex(UserError, "planned first"), self.cr.savepoint():
                self.make(**vals)

    def test_software_is_fixed_with_the_acceptance_and_the_work_with_its_end(self):
        finished, accepted = self.make("finished"), self.make("accepted")
        finished.write({"version": "V9", "serial_issued": "JY-9", "installed_on": "2026-11-17"})
        for row, vals in (
            (accepted, {"version": "V9"}),
            (accepted, {"installed_on": "2026-11-17"}),
            (finished, {"contact_id": False}),
            (finished, {"lead_engineer_id": False}),
        ):
            with self.subTest(vals=list(vals)), self.assertRaises(UserError), self.cr.savepoint():
                row.with_user(self.manager).write(vals)

    def test_customer_is_the_company_of_the_contact_that_was_picked(self):
        self.assertEqual(self.make(partner_id=self.contact.id).partner_id, self.customer)

    def test_signatory_is_one_of_the_customer_s(self):
        stranger = self.make_customer().software_contact_id
        with self.assertRaisesRegex(ValidationError, "another customer"), self.cr.savepoint():
            self.make("finished").signed_by_id = stranger

    def test_engineers_are_own_people_and_the_lead_one_of_them(self):
        other = self.make_company()
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        portal = self.make_user("portal", "base.group_portal")
        for users in (stranger, portal):
            with self.assertRaisesRegex(ValidationError, "cannot be sent"), self.cr.savepoint():
                self.make(engineer_ids=[Command.set(users.ids)])
        for lead, engineers in (
            (self.colleague, self.specialist),
            (self.archivist, self.specialist | self.archivist),
        ):
            with self.assertRaisesRegex(ValidationError, "lead engineer"), self.cr.savepoint():
                self.make(engineer_ids=[Command.set(engineers.ids)], lead_engineer_id=lead.id)

    def test_lead_engineer_who_leaves_the_team_is_replaced(self):
        row = self.make(engineer_ids=[Command.set((self.specialist | self.colleague).ids)])
        row.lead_engineer_id = self.colleague
        row.engineer_ids = self.specialist
        self.assertEqual(row.lead_engineer_id, self.specialist)

    def test_who_plans_for_others_is_no_engineer(self):
        planned = {
            user: self.rows.with_user(user).new({"partner_id": self.customer.id}).engineer_ids
            for user in (self.specialist, self.manager)
        }
        self.assertEqual(planned[self.specialist]._origin, self.specialist)
        self.assertFalse(planned[self.manager])

    # === Steps === #

    def test_work_does_not_end_before_it_begins(self):
        row = self.make("running", date_start="2026-11-20", date_end="2026-11-25")
        with self.assertRaisesRegex(UserError, "not begun"), self.cr.savepoint():
            row.action_finish()

    def test_lead_engineer_owes_the_forms_whoever_says_that_it_has_ended(self):
        row = self.make("running")
        row.with_user(self.manager).action_finish()
        self.assertEqual(row.archive_entry_ids.holder_id, self.specialist)

    def test_contact_is_proposed_as_signatory_and_forgotten_when_work_goes_on(self):
        row = self.make("finished", contact_id=self.contact.id)
        self.assertEqual(row.signed_by_id, self.contact)
        row.with_user(self.manager).action_resume()
        self.assertFalse(row.signed_by_id or row.signed_by_name)

    def test_cancelled_one_keeps_no_signatory_and_is_not_reminded_of(self):
        row = self.make("running")
        with freeze_time("2026-11-23 02:00:00"):
            self.env["aftersales.deadline.mixin"]._remind_all(self.company, date(2026, 11, 23))
        self.assertTrue(row.activity_ids)
        row.action_cancel("Not needed")
        self.assertFalse(row.activity_ids)
        row = self.make("finished")
        row.write({"signed_by_id": self.contact.id, "customer_opinion": "Fine"})
        row.with_user(self.manager).action_cancel("Not needed")
        self.assertFalse(row.signed_by_id or row.signed_by_name or row.customer_opinion)

    def test_reopening_says_whose_signature_is_void(self):
        row = self.make("accepted")
        digest = row.signature_hash
        row.with_user(self.manager).action_reopen()
        self.assertIn(digest, "".join(row.sudo().message_ids.mapped("body")))

    # === Late === #

    def test_last_day_is_in_time_and_filed_forms_are_not_late(self):
        running, finished, filed = (
            self.make("running"),
            self.make("finished"),
            self.make("finished"),
        )
        self.file(filed)
        rows = running | finished | filed
        for day, late in (
            ("2026-11-20", rows.browse()),
            ("2026-11-21", running),
            ("2026-11-22", running),
            ("2026-11-23", running | finished),
        ):
            with freeze_time(f"{day} 02:00:00"), self.subTest(day=day):
                self.env.invalidate_all()
                self.assertEqual(rows.filtered("is_overdue"), late)
                found = self.rows.search([("is_overdue", "=", True), ("id", "in", rows.ids)])
                self.assertEqual(found.sorted("id"), late.sorted("id"))
                others = self.rows.search([("is_overdue", "=", False), ("id", "in", rows.ids)])
                self.assertEqual(others.sorted("id"), (rows - late).sorted("id"))

    def test_day_of_the_forms_is_that_of_the_last(self):
        row = self.make("accepted")
        self.file(row, {"implementation_order", "acceptance"})
        with freeze_time("2026-11-21 02:00:00"):
            self.file(row, {"start_plan"})
        self.assertEqual(row.forms_filed_on, date(2026, 11, 21))

    # === Installed software === #

    def test_day_of_the_installation_on_record_stays(self):
        software = self.make_installation(self.customer, self.software)
        software.installation_date = "2025-01-01"
        self.sign(self.make("finished", installation_id=software.id))
        self.assertEqual(software.installation_date, date(2025, 1, 1))

    def test_first_period_of_known_software_is_no_change(self):
        software = self.make_installation(self.customer, self.software)
        self.assertFalse(software.period_ids)
        self.sign(self.make("finished", installation_id=software.id))
        self.assertEqual(software.period_ids.origin, "initial")
        self.assertEqual(software.service_date_end, date(2027, 11, 15))

    def test_period_that_stays_is_no_history(self):
        software = self.make_installation(self.customer, self.software, end=self.day("2027-01-31"))
        row = self.make("finished", installation_id=software.id)
        row.write({"service_start": software.service_date_start, "service_end": "2027-01-31"})
        self.sign(row)
        self.assertEqual(len(software.period_ids), 1)

    # === Training === #

    def test_trainer_is_own_and_of_the_company(self):
        session = self.make().session_ids
        other = self.make_company()
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for user in (stranger, self.make_user("portal", "base.group_portal")):
            with self.assertRaisesRegex(ValidationError, "trainer"), self.cr.savepoint():
                session.trainer_id = user

    def test_training_is_told_in_the_company_s_time(self):
        # 01:00 UTC is nine o'clock in China
        self.assertIn("2026-11-17 09:00", self.make().session_text)

    def test_no_training_is_added_to_what_was_accepted(self):
        row = self.make("accepted")
        vals = {
            "implementation_id": row.id,
            "date_start": "2026-11-18 01:00:00",
            "topic": "More",
            "trainer_id": self.specialist.id,
        }
        with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
            self.env["aftersales.implementation.session"].with_user(self.manager).create(vals)

    def test_acceptance_is_of_what_was_shown(self):
        """M32: of the trainings, too; neither an old page nor an old drawing accepts something else."""
        row = self.make("finished")
        seen = row.shown_version
        row.session_ids[:1].hours = 9
        values = {"signed_by_name": "Li Na", "customer_signature": drawing()}
        with self.assertRaisesRegex(UserError, "was changed after this page"), self.cr.savepoint():
            row.with_user(self.specialist).write({**values, "shown_version": seen})
        self.env.invalidate_all()
        row.write({**values, "shown_version": row.shown_version})
        row.session_ids[:1].topic = "Another topic"
        with self.assertRaisesRegex(UserError, "after the customer had drawn"), self.cr.savepoint():
            row.action_sign()
        row.write({"customer_signature": False})
        self.assertFalse(row.drawn_version)
        row.write(values)
        row.action_sign()
        self.assertTrue(row.signature_valid)
