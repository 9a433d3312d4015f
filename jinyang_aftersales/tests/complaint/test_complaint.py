from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon

STATES = ("received", "investigating", "answered", "closed", "cancelled")
STEPS = {
    "action_investigate": ((), "received", "investigating"),
    "action_answer": ((), "investigating", "answered"),
    "action_close": ((), "answered", "closed"),
    "action_reopen": (("New facts",), ("answered", "closed"), "investigating"),
    "action_cancel": (("Twice",), ("received", "investigating"), "cancelled"),
    "action_restore": ((), "cancelled", "received"),
}


@tagged("post_install", "-at_install")
class TestComplaint(ComplaintCommon):
    """四 总监.4, 四 经理.3, 七.1-2: from the customer's complaint to the call-back after its answer."""

    def test_every_step_leads_from_its_states_only(self):
        for step, (args, sources, target) in STEPS.items():
            for state in STATES:
                complaint = self.make_complaint(state=state)
                if state == "answered":
                    # cancel the call-back: an open one prevents closing, and its record closes the complaint
                    complaint.sudo().callback_ids._write_unlocked({"state": "cancelled"})
                if state == "investigating":
                    complaint.write({"findings": "F", "outcome": "unfounded", "answer_draft": "A"})
                with self.subTest(step=step, state=state):
                    if state in sources:
                        getattr(complaint, step)(*args)
                        self.assertEqual(complaint.state, target)
                    else:
                        with self.assertRaises(UserError), self.cr.savepoint():
                            getattr(complaint, step)(*args)
                        self.assertEqual(complaint.state, state)

    def test_state_and_answer_are_written_by_the_buttons_only(self):
        complaint = self.make_complaint(state="investigating")
        for name, value in (
            ("state", "closed"),
            ("answer", "Told"),
            ("date_deadline", "2027-01-01"),
            ("reopen_count", 3),
            ("name", "TS-1"),
        ):
            with self.assertRaisesRegex(UserError, "buttons"), self.cr.savepoint():
                complaint.write({name: value})
        with self.assertRaisesRegex(UserError, "buttons"), self.cr.savepoint():
            self.make_complaint(state="received", answer="Told")

    def test_complaint_begins_undecided_whatever_is_sent_along(self):
        for name, value in (("outcome", "confirmed"), ("findings", "F"), ("answer_draft", "A")):
            with self.assertRaisesRegex(UserError, "buttons"), self.cr.savepoint():
                self.make_complaint(self.manager, **{name: value})
        complaints = self.complaints.with_user(self.manager).with_context(
            default_state="closed", default_outcome="confirmed", default_findings="F"
        )
        complaint = complaints.create(
            {
                "kind": "delay",
                "partner_id": self.customer.id,
                "description": "Late",
                "company_id": self.company.id,
            }
        )
        self.assertEqual((complaint.state, complaint.outcome), ("received", False))
        self.assertFalse(complaint.findings)
        with self.assertRaisesRegex(AccessError, "managers choose"), self.cr.savepoint():
            self.make_complaint(self.colleague, investigator_id=self.manager.id)

    def test_kind_is_chosen_by_a_person_and_never_preset(self):
        """M19: a new complaint is about nothing until somebody says so."""
        self.assertNotIn("kind", self.complaints.default_get(["kind"]))
        form = Form(self.complaints.with_user(self.colleague))
        self.assertFalse(form.kind)
        form.partner_id = self.customer
        form.description = "Late"
        with self.assertRaisesRegex(AssertionError, "kind"):
            form.save()
        form.kind = "delay"
        self.assertEqual(form.save().kind, "delay")

    def test_what_is_decided_is_fixed_until_it_is_reopened(self):
        complaint = self.make_complaint(state="answered")
        for name, value in (
            ("outcome", "unfounded"),
            ("employee_id", False),
            ("kind", "other"),
            ("findings", "Other"),
            ("date_received", "2026-01-01"),
            ("description", "Other"),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
                complaint.write({name: value})

    def test_answer_needs_findings_outcome_and_text(self):
        complaint = self.make_complaint(state="investigating")
        whole = {"findings": "F", "outcome": "confirmed", "answer_draft": "A"}
        for name in whole:
            complaint.write({**whole, name: False})
            with self.assertRaisesRegex(UserError, complaint._labels([name])), self.cr.savepoint():
                complaint.action_answer()
        complaint.write({**whole, "employee_id": False})
        with self.assertRaisesRegex(UserError, "Person Concerned"), self.cr.savepoint():
            complaint.action_answer()
        complaint.kind = "quality"
        complaint.action_answer()

    def test_cancelling_and_reopening_need_a_reason(self):
        for state, step in (("received", "action_cancel"), ("answered", "action_reopen")):
            complaint = self.make_complaint(state=state)
            for reason in ("", "  ", False):
                with self.assertRaisesRegex(UserError, "reason"), self.cr.savepoint():
                    getattr(complaint, step)(reason)

    def test_complaints_are_never_deleted(self):
        complaint = self.make_complaint()
        with self.assertRaises(AccessError), self.cr.savepoint():
            complaint.unlink()
        with self.assertRaisesRegex(UserError, "not deleted"), self.cr.savepoint():
            complaint.sudo().unlink()

    def test_empty_text_and_future_days_are_refused(self):
        for values in ({"description": " \r\n "}, {"date_received": "2026-11-20"}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.make_complaint(**values)

    def test_documents_of_another_customer_are_refused(self):
        other = self.make_customer()
        ticket = self.make_ticket(partner_id=other.software_contact_id.id)
        for values in ({"ticket_id": ticket.id}, {"contact_id": other.software_contact_id.id}):
            with self.assertRaisesRegex(ValidationError, "another customer"), self.cr.savepoint():
                self.make_complaint(**values)

    def test_received_on_is_the_company_s_day(self):
        with freeze_time("2026-11-19 23:30:00"):
            complaint = self.make_complaint()
            self.assertEqual(complaint.date_received, date(2026, 11, 20))
            # three working days after Friday
            self.assertEqual(complaint.date_deadline, date(2026, 11, 25))

    # === Investigator === #

    def test_managers_are_told_and_the_others_relieved(self):
        complaint = self.make_complaint()
        self.assertEqual(self.activities(complaint).user_id, self.manager | self.second)
        complaint.action_investigate()
        self.assertEqual(complaint.investigator_id, self.manager)
        self.assertEqual(self.activities(complaint).user_id, self.manager)
        self.decide(complaint)
        self.assertFalse(self.activities(complaint))

    def test_nobody_concerned_investigates(self):
        mine = self.make_complaint(employee_id=self.make_employee(self.manager).id)
        self.assertEqual(self.activities(mine).user_id, self.second)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.action_investigate()
        with self.assertRaisesRegex(UserError, "concerned"), self.cr.savepoint():
            mine.with_user(self.second).investigator_id = self.manager
        mine.with_user(self.second).action_investigate()
        self.assertEqual(mine.sudo().investigator_id, self.second)

    def test_who_did_the_work_does_not_investigate(self):
        ticket = self.make_ticket(user=self.manager)
        complaint = self.make_complaint(ticket_id=ticket.id)
        self.assertEqual(complaint.sudo().involved_user_ids, self.manager)
        self.assertEqual(self.activities(complaint).user_id, self.second)
        with self.assertRaisesRegex(UserError, "did the work"), self.cr.savepoint():
            complaint.action_investigate()
        with self.assertRaisesRegex(AccessError, "did the work"), self.cr.savepoint():
            complaint.write({"investigator_id": self.second.id})
        self.assertFalse(complaint.can_handle)

    def test_only_a_manager_becomes_investigator(self):
        complaint = self.make_complaint()
        for user in (self.colleague, self.callback, self.archivist):
            with self.assertRaisesRegex(UserError, "manager"), self.cr.savepoint():
                complaint.investigator_id = user

    def test_director_is_asked_when_no_manager_is_left(self):
        ticket = self.make_ticket(user=self.manager)
        employee = self.make_employee(self.second)
        complaint = self.make_complaint(ticket_id=ticket.id, employee_id=employee.id)
        self.assertEqual(self.activities(complaint).user_id, self.director)
        complaint.with_user(self.director).action_investigate()

    def test_nobody_left_is_refused_and_named(self):
        for user in (self.second, self.director):
            user.sudo().active = False
        ticket = self.make_ticket(user=self.manager)
        complaint = self.make_complaint(ticket_id=ticket.id)
        self.assertFalse(self.activities(complaint))
        self.assertIn("Nobody is left", "".join(complaint.sudo().message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "service manager or director"), self.cr.savepoint():
            complaint.action_investigate()

    def test_somebody_found_to_be_concerned_is_relieved(self):
        complaint = self.make_complaint(state="investigating", employee_id=False)
        employee = self.make_employee(self.manager)
        # the investigator cannot be the person concerned: change the investigator first
        with self.assertRaisesRegex(UserError, "concerned"), self.cr.savepoint():
            complaint.with_user(self.second).employee_id = employee
        complaint.with_user(self.second).write(
            {"employee_id": employee.id, "investigator_id": self.second.id}
        )
        self.assertNotIn(self.manager, self.activities(complaint).user_id)
        self.assertNotIn(self.manager.partner_id, complaint.sudo().message_partner_ids)

    # === Answer and call === #

    def test_answer_goes_to_the_contact_and_replies_land_on_the_complaint(self):
        complaint = self.make_complaint()
        complaint.action_investigate()
        self.decide(complaint)
        self.assertEqual(complaint.answer, "We are sorry.")
        message = complaint.message_ids.filtered(lambda row: "We are sorry" in row.body)
        self.assertEqual(message.partner_ids, self.contact)
        # the customer sees neither who investigated nor who decided
        self.assertEqual(message.author_id, self.company.partner_id)
        self.assertEqual(message.email_from, self.company.partner_id.email_formatted)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.env["mail.thread"].with_user(self.env.ref("base.user_root")).message_process(
            "aftersales.complaint",
            f"Message-Id: <r@example.cn>\nFrom: {self.contact.email}\nTo: office@example.com\n"
            f"In-Reply-To: {message.message_id}\nReferences: {message.message_id}\n"
            "Subject: Re\nContent-Type: text/plain\n\nThank you",
        )
        reply = complaint.message_ids[0]
        self.assertIn("Thank you", reply.body)
        self.assertIn(self.manager.partner_id, reply.notified_partner_ids)

    def test_answer_speaks_the_customer_s_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("jinyang_aftersales.mail_template_complaint_answer")
        template.with_context(lang="zh_CN").subject = "对您投诉的答复 {{ object.name }}"
        self.contact.lang = "zh_CN"
        complaint = self.make_complaint(state="answered")
        self.assertTrue(
            complaint.message_ids.filtered(lambda row: "答复" in (row.subject or "")),
            complaint.message_ids.mapped("subject"),
        )

    def test_customer_without_address_is_told_otherwise(self):
        self.contact.email = self.customer.email = False
        complaint = self.make_complaint(state="answered")
        self.assertIn("no e-mail address", "".join(complaint.message_ids.mapped("body")))

    def test_customer_is_called_by_nobody_concerned(self):
        complaint = self.make_complaint(state="answered")
        call = complaint.callback_ids
        self.assertEqual((call.kind, call.user_id), ("complaint", self.callback))
        self.assertEqual(call.due_date, date(2026, 11, 20))
        for user in (self.specialist, self.manager):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                call.sudo().user_id = user
        with self.assertRaises(AccessError), self.cr.savepoint():
            call.with_user(self.specialist).action_record("reached", note="Fine")

    def test_call_desk_concerned_does_not_call(self):
        complaint = self.make_complaint(
            state="answered", employee_id=self.make_employee(self.callback).id
        )
        self.assertNotIn(complaint.callback_ids.user_id, self.callback | self.manager)
        self.assertTrue(complaint.callback_ids.user_id)

    def test_recorded_call_closes_and_a_question_does_not(self):
        self.assertEqual(self.make_complaint(state="closed").state, "closed")
        complaint = self.make_complaint(state="answered")
        with self.assertRaisesRegex(UserError, "not been asked"), self.cr.savepoint():
            complaint.action_close()
        call = complaint.callback_ids
        call.with_user(self.callback).action_record("reached", open_question="And now?")
        self.assertEqual((complaint.state, call.state), ("answered", "escalated"))
        with self.assertRaisesRegex(UserError, "not been asked"), self.cr.savepoint():
            complaint.action_close()

    def test_question_of_the_call_does_not_go_to_a_manager_concerned(self):
        employee = self.make_employee(self.manager)
        complaint = self.make_complaint(employee_id=employee.id).with_user(self.second)
        self.bring(complaint, "answered")
        call = complaint.callback_ids
        call.with_user(call.user_id).action_record("reached", open_question="And now?")
        self.assertTrue(call.sudo().activity_ids)
        self.assertNotIn(self.manager, call.sudo().activity_ids.user_id)

    # === Revised outcomes === #

    def test_reopening_voids_the_outcome_and_asks_again(self):
        complaint = self.make_complaint(state="closed")
        first = complaint.callback_ids
        complaint.action_reopen("The recording was of another call")
        self.assertEqual(complaint.outcome, False)
        self.assertFalse(complaint.answer)
        self.assertEqual(complaint.reopen_reason, "The recording was of another call")
        self.decide(complaint, "unfounded")
        self.assertEqual(len(complaint.callback_ids), 2)
        second = complaint.callback_ids - first
        self.assertEqual((second.state, second.round), ("todo", 2))

    def test_call_still_to_be_made_is_made_about_the_new_answer(self):
        complaint = self.make_complaint(state="answered")
        complaint.action_reopen("New facts")
        self.assertEqual(complaint.callback_ids.state, "cancelled")
        self.decide(complaint)
        self.assertEqual(sorted(complaint.callback_ids.mapped("state")), ["cancelled", "todo"])

    def test_hook_is_called_with_each_change_of_the_outcome(self):
        seen = []

        def after(complaint, previous):
            seen.append((previous, complaint.outcome))

        self.patch(self.registry["aftersales.complaint"], "_after_outcome", after)
        complaint = self.make_complaint(state="answered")
        complaint.action_reopen("New facts")
        self.decide(complaint, "unfounded")
        self.assertEqual(seen, [(False, "confirmed"), ("confirmed", False), (False, "unfounded")])

    # === Half-years === #

    def test_confirmed_complaints_of_a_rolling_half_year_are_counted(self):
        def received(day, state="answered", outcome="confirmed", **values):
            complaint = self.make_complaint(date_received=day, **values)
            return self.bring(complaint, state, outcome)

        count = self.complaints._count_confirmed
        self.assertEqual(count(self.employee, date(2026, 8, 31)), 0)
        received("2026-02-28")
        # 31 August less six months is 28 February: that day is out, the next one in
        self.assertEqual(count(self.employee, date(2026, 8, 31)), 0)
        self.assertEqual(count(self.employee, date(2026, 8, 28)), 0)
        self.assertEqual(count(self.employee, date(2026, 8, 27)), 1)
        received("2026-03-01")
        self.assertEqual(count(self.employee, date(2026, 8, 31)), 1)
        self.assertEqual(count(self.employee, date(2026, 9, 1)), 0)
        # in a leap year 31 August less six months is 29 February
        received("2024-02-29")
        self.assertEqual(count(self.employee, date(2024, 8, 31)), 0)
        self.assertEqual(count(self.employee, date(2024, 8, 28)), 1)
        self.assertEqual(count(self.employee, date(2024, 2, 28)), 0)
        # complaints that are not confirmed, not decided or about others are not counted
        received("2026-03-02", outcome="unfounded")
        received("2026-03-02", state="investigating")
        received("2026-03-02", state="cancelled")
        received("2026-03-02", employee_id=self.make_employee(self.developer).id)
        self.assertEqual(count(self.employee, date(2026, 8, 31)), 1)

    def test_attitude_is_counted_over_all_years(self):
        self.bring(self.make_complaint(date_received="2020-01-01"), "answered")
        self.bring(self.make_complaint(kind="delay"), "answered")
        complaint = self.bring(self.make_complaint(), "answered")
        self.assertEqual((complaint.confirmed_count, complaint.attitude_count), (2, 2))

    def test_reopened_complaint_does_not_count(self):
        complaint = self.make_complaint(state="answered")
        self.assertEqual(complaint.confirmed_count, 1)
        complaint.action_reopen("New facts")
        self.assertEqual(complaint.confirmed_count, 0)

    # === Deadline === #

    def remind(self):
        today = self.company._aftersales_today()
        self.env["aftersales.deadline.mixin"]._remind_all(self.company, today)

    def test_investigator_is_reminded_and_the_director_told(self):
        complaint = self.make_complaint(state="investigating")
        self.activities(complaint).unlink()
        self.assertEqual(complaint.date_deadline, date(2026, 11, 24))
        with freeze_time("2026-11-23 02:00:00"):
            self.remind()
            self.assertEqual(self.activities(complaint).user_id, self.manager)
        with freeze_time("2026-11-25 02:00:00"):
            self.remind()
            self.assertTrue(complaint.is_overdue)
            self.assertIn(complaint, self.complaints.search([("is_overdue", "=", True)]))
        with freeze_time("2026-11-26 02:00:00"):
            self.remind()
            self.remind()
            self.assertEqual(
                self.activities(complaint).user_id.sorted("id"),
                (self.manager | self.director).sorted("id"),
            )
            self.assertEqual(len(self.activities(complaint)), 2)
            self.decide(complaint)
            self.assertFalse(complaint.is_overdue)
            self.assertFalse(self.activities(complaint))

    def test_director_concerned_is_not_told(self):
        complaint = self.make_complaint(employee_id=self.make_employee(self.director).id)
        with freeze_time("2026-11-27 02:00:00"):
            self.remind()
        self.assertNotIn(self.director, self.activities(complaint).user_id)

    def test_delay_is_announced_with_its_reason(self):
        complaint = self.make_complaint(state="investigating")
        complaint.action_announce_delay("complaint", "2026-12-01", "The witness is ill")
        self.assertEqual(complaint.date_deadline, date(2026, 12, 1))
        self.assertTrue(complaint.delay_ids.in_time)

    def test_texts_of_every_kind_are_stored_harmlessly(self):
        for text in ("喂" * 20000, "😡" * 50, "<script>alert(1)</script>", "a\r\nb\x00c"):
            complaint = self.make_complaint(description=text)
            self.assertNotIn("\x00", complaint.description)
            self.assertNotIn("\r", complaint.description)
        with self.assertRaises(ValueError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.make_complaint(kind="slander")

    def test_copy_is_a_new_complaint(self):
        copy = self.make_complaint(state="answered").copy()
        self.assertEqual(copy.state, "received")
        self.assertFalse(copy.answer or copy.outcome or copy.findings or copy.investigator_id)
        self.assertTrue(copy.date_deadline)
