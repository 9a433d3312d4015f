from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintRules(ComplaintCommon):
    """四 经理.3, 七.1-2: changes during an investigation, notified users, and which complaints are counted."""

    # === Who handles === #

    def test_investigator_chosen_at_once_has_nothing_to_do_with_it(self):
        ticket = self.make_ticket(user=self.second)
        for values in (
            {"ticket_id": ticket.id},
            {"employee_id": self.make_employee(self.second).id},
        ):
            with (
                self.assertRaisesRegex(UserError, "concerned or did the work"),
                self.cr.savepoint(),
            ):
                self.make_complaint(self.manager, investigator_id=self.second.id, **values)
        complaint = self.make_complaint(self.manager, investigator_id=self.second.id)
        self.assertEqual(self.activities(complaint).user_id, self.second)

    def test_chosen_investigator_stays_whoever_begins(self):
        complaint = self.make_complaint(self.manager, investigator_id=self.second.id)
        complaint.action_investigate()
        self.assertEqual(complaint.investigator_id, self.second)
        self.assertEqual(self.activities(complaint).user_id, self.second)
        self.assertIn(self.second.partner_id, complaint.sudo().message_partner_ids)

    def test_who_was_called_about_does_not_investigate(self):
        callback = self.env["aftersales.callback"].create(
            {
                "kind": "routine",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "user_id": self.callback.id,
                "due_date": "2026-11-19",
            }
        )
        other = self.make_customer()
        with self.assertRaisesRegex(ValidationError, "another customer"), self.cr.savepoint():
            self.make_complaint(partner_id=other.id, callback_id=callback.id)
        complaint = self.make_complaint(callback_id=callback.id)
        self.assertEqual(complaint.sudo().involved_user_ids, callback.worker_ids)

    def test_who_took_it_does_not_change_whom_it_concerns_once_it_is_investigated(self):
        complaint = self.make_complaint(employee_id=False)
        complaint.with_user(self.colleague).employee_id = self.employee
        complaint.action_investigate()
        with self.assertRaises(AccessError), self.cr.savepoint():
            complaint.with_user(self.colleague).employee_id = False

    def test_manager_who_did_the_work_does_not_name_another(self):
        ticket = self.make_ticket(user=self.manager)
        complaint = self.make_complaint(ticket_id=ticket.id, state="received")
        complaint = self.bring(complaint.with_user(self.second), "investigating")
        with self.assertRaisesRegex(AccessError, "did the work"), self.cr.savepoint():
            complaint.with_user(self.manager).employee_id = False

    # === What may be written === #

    def test_nothing_is_found_out_before_the_investigation(self):
        complaint = self.make_complaint()
        for values in ({"findings": "F"}, {"outcome": "confirmed"}, {"answer_draft": "A"}):
            with self.assertRaisesRegex(UserError, "not investigated yet"), self.cr.savepoint():
                complaint.write(values)

    def test_day_and_words_of_the_customer_are_fixed_by_the_investigation(self):
        complaint = self.make_complaint(state="investigating")
        other = self.make_customer()
        for values in (
            {"date_received": "2026-11-01"},
            {"description": "Other"},
            {"partner_id": other.id},
            {"origin": "letter"},
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
                complaint.write(values)
        complaint.write({"kind": "delay", "ticket_id": self.make_ticket().id})

    def test_another_day_of_receipt_gives_no_more_time(self):
        """M06: what is owed moves by an announced delay; on the day of entry a slip of the pen is corrected."""
        complaint = self.make_complaint(date_received="2026-11-02")

        def entered(day):
            # the clock of the database is not frozen
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE aftersales_complaint SET create_date = %s WHERE id = %s",
                (day, complaint.id),
            )
            complaint.invalidate_recordset()

        entered("2026-11-19 02:00:00")
        due = complaint.date_deadline
        complaint.date_received = "2026-11-09"
        self.assertGreater(complaint.date_deadline, due)
        due = complaint.date_deadline
        entered("2026-11-09 02:00:00")
        complaint.date_received = "2026-11-18"
        self.assertEqual(complaint.date_deadline, due)
        complaint.date_received = "2026-11-02"
        self.assertLess(complaint.date_deadline, due)

    def test_deadline_of_a_copy_is_reckoned_from_its_own_day(self):
        complaint = self.make_complaint(date_received="2026-11-02")
        complaint.action_announce_delay("complaint", "2026-12-24", "The witness is ill")
        self.assertEqual(
            complaint.copy({"date_received": "2026-11-19"}).date_deadline, date(2026, 11, 24)
        )

    def test_attitude_that_was_unfounded_needs_nobody_named(self):
        complaint = self.make_complaint(employee_id=False, state="investigating")
        self.decide(complaint, "unfounded")
        self.assertEqual(complaint.state, "answered")

    def test_contact_who_was_picked_stays(self):
        second = self.env["res.partner"].create({"name": "Second", "parent_id": self.customer.id})
        complaint = self.make_complaint(contact_id=second.id)
        self.assertEqual(complaint.contact_id, second)
        self.assertEqual(self.make_complaint().contact_id, self.contact)

    # === Steps === #

    def test_cancelled_is_off_the_desks_and_restored_is_back_on_them(self):
        complaint = self.make_complaint(state="investigating")
        complaint.action_cancel("Twice")
        self.assertFalse(self.activities(complaint))
        complaint.action_restore()
        self.assertFalse(complaint.investigator_id)
        self.assertEqual(self.activities(complaint).user_id, self.manager | self.second)

    def test_each_reopening_is_counted_and_has_time_of_its_own(self):
        complaint = self.make_complaint(state="answered", date_received="2026-11-02")
        self.assertEqual(complaint.date_deadline, date(2026, 11, 5))
        for times in (1, 2):
            complaint.action_reopen("New facts")
            self.assertEqual(complaint.reopen_count, times)
            self.assertEqual(complaint.date_deadline, date(2026, 11, 24))
            self.decide(complaint)

    def test_answer_goes_to_the_company_where_the_contact_has_no_address(self):
        self.contact.email = False
        self.customer.email = "office@customer.example.com"
        complaint = self.make_complaint(state="answered")
        message = complaint.message_ids.filtered(lambda row: "We are sorry" in row.body)
        self.assertEqual(message.partner_ids, self.customer)

    def test_who_answered_does_not_call(self):
        complaint = self.make_complaint(self.manager, investigator_id=self.second.id)
        complaint = self.bring(complaint, "answered")
        self.assertLessEqual(
            self.manager | self.second, complaint.callback_ids.sudo().worker_ids.sudo(False)
        )

    # === Counts and deadlines === #

    def test_count_of_a_complaint_leaves_out_later_ones_and_those_taken_back(self):
        first = self.bring(self.make_complaint(date_received="2026-10-01"), "answered")
        self.bring(self.make_complaint(date_received="2026-11-01"), "answered")
        self.assertEqual((first.confirmed_count, first.attitude_count), (1, 1))
        # an outcome entered during the investigation is not final
        open_one = self.make_complaint(date_received="2026-10-02", state="investigating")
        open_one.outcome = "confirmed"
        self.env.flush_all()
        self.assertEqual(self.complaints._count_confirmed(self.employee, date(2026, 10, 31)), 1)

    def test_all_count_those_the_user_may_not_read_as_well(self):
        ticket = self.make_ticket(user=self.manager)
        hidden = self.make_complaint(employee_id=self.make_employee(self.manager).id)
        self.bring(hidden.with_user(self.second), "answered")
        self.bring(self.make_complaint(ticket_id=ticket.id).with_user(self.second), "answered")
        self.env.flush_all()
        count = self.complaints.with_user(self.manager)._count_confirmed
        self.assertEqual(count(hidden.sudo().employee_id, date(2026, 11, 19)), 1)

    def test_last_day_is_in_time(self):
        complaint, answered = self.make_complaint(), self.make_complaint(state="answered")
        for day, late in (("2026-11-24", False), ("2026-11-25", True)):
            with freeze_time(f"{day} 02:00:00"), self.subTest(day=day):
                self.env.invalidate_all()
                self.assertEqual(complaint.is_overdue, late)
                self.assertFalse(answered.is_overdue)
                found = complaint.search([("is_overdue", "=", True)])
                self.assertEqual(found, complaint if late else complaint.browse())

    def test_only_the_investigator_is_reminded_a_day_ahead(self):
        complaint = self.make_complaint(state="investigating")
        self.activities(complaint).unlink()
        for day, users in (
            (date(2026, 11, 20), self.env["res.users"]),
            (date(2026, 11, 23), self.manager),
        ):
            with freeze_time(f"{day} 02:00:00"):
                self.env["aftersales.deadline.mixin"]._remind_all(self.company, day)
                self.assertEqual(self.activities(complaint).user_id, users)

    def test_where_the_director_is_concerned_the_managers_hear_of_the_delay(self):
        complaint = self.make_complaint(employee_id=self.make_employee(self.director).id)
        deadline = complaint._find_deadline("complaint", self.company)
        self.assertEqual(deadline.managers(complaint.sudo()), self.manager | self.second)

    def test_who_enters_it_does_not_follow(self):
        complaint = self.make_complaint(self.colleague)
        self.assertNotIn(self.colleague.partner_id, complaint.sudo().message_partner_ids)
