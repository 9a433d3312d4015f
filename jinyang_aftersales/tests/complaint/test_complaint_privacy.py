from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from ..common_rpc import RpcClient
from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintPrivacy(ComplaintCommon):
    """四 经理.3: the person concerned does not learn of the complaint, in no way and in no role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the person concerned is a manager, who can read all other documents
        cls.concerned = cls.second
        cls.second.group_ids += cls.env.ref("base.group_allow_export")
        cls.ticket = cls.make_ticket()
        # the person concerned was notified and followed it before their name was entered
        cls.complaint = cls.make_complaint(
            description="Second was rude to Contact", employee_id=False, ticket_id=cls.ticket.id
        )
        cls.note = cls.complaint.message_post(
            body="Second should look into it",
            partner_ids=cls.second.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        cls.complaint.message_subscribe(cls.second.partner_id.ids)
        cls.complaint.activity_schedule("mail.mail_activity_data_todo", user_id=cls.second.id)
        cls.complaint.action_announce_delay("complaint", "2026-11-25", "Second is on leave")
        cls.complaint.employee_id = cls.make_employee(cls.second)
        cls.later = cls.complaint.message_post(
            body="It is about Second",
            partner_ids=cls.second.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        cls.bring(cls.complaint, "answered")
        cls.call = cls.complaint.callback_ids
        with freeze_time("2026-11-30 02:00:00"):
            cls.env["aftersales.deadline.mixin"]._remind_all(cls.company, date(2026, 11, 30))
        cls.env.flush_all()

    def as_concerned(self, record):
        self.env.invalidate_all()
        return record.with_user(self.concerned)

    def test_the_set_up_is_worth_hiding(self):
        """A manager who is not concerned finds everything that the other tests search for."""
        manager = self.complaint.with_user(self.manager)
        self.assertTrue(manager.search([("description", "ilike", "Second was rude")]))
        self.assertTrue(manager.message_ids & self.note)
        self.assertTrue(manager.delay_ids)
        self.assertTrue(manager.callback_count)

    def test_not_read_searched_grouped_or_exported(self):
        complaint = self.as_concerned(self.complaint)
        with self.assertRaises(AccessError):
            complaint.read(["name"])
        with self.assertRaises(AccessError):
            complaint.export_data(["name", "description"])
        for domain in (
            [("id", "=", complaint.id)],
            [("description", "ilike", "rude")],
            [("concerned_user_id", "=", self.concerned.id)],
            [("message_ids.body", "ilike", "Second")],
        ):
            self.assertFalse(complaint.search(domain), domain)
        self.assertFalse(complaint.formatted_read_group([], ["employee_id"], ["__count"]))
        self.assertFalse(complaint.name_search("TS"))
        self.assertEqual(complaint.search_count([]), 0)
        for step in ("action_close", "action_investigate"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                getattr(complaint, step)()
        with self.assertRaises(AccessError), self.cr.savepoint():
            complaint.write({"employee_id": False})

    def test_no_counts_on_what_it_is_about(self):
        for record in (self.ticket, self.customer, self.contact):
            self.assertEqual(record.with_user(self.manager).complaint_count, 1)
            self.assertEqual(self.as_concerned(record).complaint_count, 0)
        self.assertEqual(self.as_concerned(self.ticket).ticket_callback_count, 0)

    def test_no_message_of_it_is_read_although_he_was_told(self):
        messages = self.as_concerned(self.complaint).env["mail.message"]
        ours = [("model", "=", "aftersales.complaint"), ("res_id", "=", self.complaint.id)]
        self.assertTrue(messages.with_user(self.manager).search_count(ours))
        self.assertFalse(messages.search(ours))
        self.assertFalse(messages.search([("body", "ilike", "Second should look")]))
        for message in (self.note, self.later):
            with self.assertRaises(AccessError):
                message.with_user(self.concerned).read(["body"])
        self.assertFalse(
            self.env["mail.notification"].search(
                [
                    ("mail_message_id", "in", (self.note | self.later).ids),
                    ("res_partner_id", "=", self.concerned.partner_id.id),
                ]
            )
        )

    def test_notifications_of_others_are_not_read(self):
        """In Odoo all users can read notifications of all messages, with their subjects."""
        rows = self.env["mail.notification"].sudo()
        row = rows.search([("mail_message_id.model", "=", "aftersales.complaint")], limit=1)
        row = row or rows.create(
            {"mail_message_id": self.later.id, "res_partner_id": self.manager.partner_id.id}
        )
        for user in (self.concerned, self.specialist):
            seen = row.with_user(user)
            self.assertFalse(seen.search([("id", "=", row.id)]))
            with self.assertRaises(AccessError):
                seen.read(["mail_message_id", "res_partner_id"])
        addressee = row.res_partner_id.user_ids or self.manager
        row.res_partner_id = addressee.partner_id
        self.assertTrue(row.with_user(addressee).read(["mail_message_id"]))

    def test_he_neither_follows_nor_gets_mail(self):
        self.assertNotIn(self.concerned.partner_id, self.complaint.sudo().message_partner_ids)
        self.complaint.message_subscribe(self.concerned.partner_id.ids)
        self.assertNotIn(self.concerned.partner_id, self.complaint.sudo().message_partner_ids)
        self.assertNotIn(self.concerned.partner_id, self.later.notified_partner_ids)
        logged = "".join(self.complaint.sudo().message_ids.mapped("body"))
        self.assertIn("Not sent to Second", logged)

    def test_no_activity_names_it(self):
        self.assertNotIn(self.concerned, self.complaint.sudo().activity_ids.user_id)
        self.complaint.sudo().activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.concerned.id, summary="Secret"
        )
        activities = self.as_concerned(self.env["mail.activity"])
        self.assertFalse(activities.search([("res_model", "=", "aftersales.complaint")]))
        self.assertFalse(activities.search([("summary", "=", "Secret")]))
        groups = self.concerned.with_user(self.concerned)._get_activity_groups()
        self.assertNotIn("aftersales.complaint", [group["model"] for group in groups])

    def test_no_row_that_hangs_on_it_is_read(self):
        for model in ("aftersales.delay", "aftersales.reminder", "mail.followers"):
            rows = self.env[model]
            domain = [
                ("res_model", "=", "aftersales.complaint"),
                ("res_id", "=", self.complaint.id),
            ]
            found = rows.search(domain)
            self.assertTrue(found or model == "aftersales.reminder", model)
            self.assertFalse(rows.with_user(self.concerned).search(domain), model)
            if found:
                with self.assertRaises(AccessError):
                    found.with_user(self.concerned).read(["res_id"])
            self.assertTrue(rows.with_user(self.manager).search(domain) == found, model)

    def test_call_about_it_is_hidden_too(self):
        call = self.as_concerned(self.call)
        self.assertFalse(call.search([("kind", "=", "complaint")]))
        with self.assertRaises(AccessError):
            call.read(["partner_id"])
        messages = self.env["mail.message"].with_user(self.concerned)
        self.assertFalse(messages.search([("model", "=", call._name), ("res_id", "=", call.id)]))
        # colleagues who are no call-back specialists do not see it either
        self.assertFalse(self.call.with_user(self.archivist).search([("id", "=", call.id)]))
        self.assertTrue(self.call.with_user(self.callback).search([("id", "=", call.id)]))

    def test_no_wizard_tells_of_it(self):
        question = "Why is Second so rude?"
        self.call.with_user(self.call.user_id).action_record("reached", open_question=question)
        subject = {"res_model": self.complaint._name, "res_id": self.complaint.id}
        values = {"callback_id": self.call.id}
        for model, vals in {
            "aftersales.callback.assign": {**values, "user_id": self.colleague.id, "title": "x"},
            "aftersales.callback.record": values,
            "aftersales.delay.announce": {**subject, "date_new": "2026-12-01", "reason": "x"},
        }.items():
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.as_concerned(self.env[model]).create(vals)
            self.assertTrue(self.env[model].with_user(self.manager).create(vals))
        reason = {
            "res_model": self.complaint._name,
            "res_ids": self.complaint.ids,
            "step": "action_reopen",
            "reason": "x",
        }
        with self.assertRaises(AccessError):
            self.as_concerned(self.env["aftersales.reason"]).create(reason).read(["documents"])
        with self.assertRaises(AccessError):
            self.as_concerned(self.env["aftersales.reason"]).create(reason).action_confirm()
        shown = {"title": {}, "description": {}, "callback_id": {}}
        wizard = self.env["aftersales.callback.assign"].with_user(self.manager)
        self.assertIn("rude", str(wizard.onchange(values, ["callback_id"], shown)))
        for model, vals, fields in (
            (wizard._name, values, shown),
            ("aftersales.delay.announce", subject, {"kind": {}, "date_old": {}}),
        ):
            with self.assertRaises(AccessError):
                self.as_concerned(self.env[model]).onchange(vals, list(vals), fields)

    def test_specialist_concerned_does_not_read_what_he_entered(self):
        complaint = self.make_complaint(user=self.specialist, employee_id=False)
        mine = complaint.with_user(self.specialist)
        self.assertTrue(mine.description)
        complaint.employee_id = self.employee
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.read(["description"])
        self.assertFalse(mine.search([("id", "=", complaint.id)]))

    def test_nobody_enters_a_complaint_about_himself(self):
        with self.assertRaisesRegex(UserError, "colleague"), self.cr.savepoint():
            self.make_complaint(user=self.specialist)
        complaint = self.make_complaint(user=self.specialist, employee_id=False)
        with self.assertRaisesRegex(UserError, "colleague"), self.cr.savepoint():
            complaint.with_user(self.specialist).employee_id = self.employee

    def test_who_did_the_work_does_not_read_it_while_nobody_is_named(self):
        ticket = self.make_ticket(user=self.manager)
        complaint = self.make_complaint(employee_id=False, ticket_id=ticket.id)
        self.env.flush_all()
        self.assertFalse(complaint.with_user(self.manager).search([("id", "=", complaint.id)]))
        complaint.sudo().employee_id = self.employee
        self.env.flush_all()
        self.assertTrue(complaint.with_user(self.manager).search([("id", "=", complaint.id)]))

    def test_who_entered_it_sees_what_he_entered_and_no_more(self):
        mine = self.complaint.with_user(self.colleague)
        self.assertIn("rude", mine.description)
        self.assertEqual(mine.answer, "We are sorry.")
        for name in ("findings", "outcome", "answer_draft", "confirmed_count", "involved_user_ids"):
            with self.assertRaises(AccessError):
                mine.read([name])
        self.assertFalse(
            self.env["mail.message"]
            .with_user(self.colleague)
            .search([("model", "=", "aftersales.complaint"), ("res_id", "=", mine.id)])
        )

    def test_link_to_a_message_is_no_way_for_who_only_entered_it(self):
        """Odoo's routes for a single message check the access to its document."""
        for user, found in ((self.colleague, False), (self.manager, True), (self.concerned, False)):
            self.env.invalidate_all()
            messages = self.env["mail.message"].with_user(user)
            for mode in ("read", "write"):
                self.assertEqual(
                    bool(messages._get_with_access(self.note.id, mode=mode)), found, user.login
                )

    def test_who_entered_it_may_still_write_a_message(self):
        complaint = self.make_complaint(user=self.specialist, employee_id=False)
        complaint.with_user(self.specialist).message_post(body="He called again.")
        self.assertIn("He called again.", "".join(complaint.sudo().message_ids.mapped("body")))

    def test_manager_of_another_company_sees_nothing(self):
        other = self.make_company()
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        theirs = self.complaint.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.read(["name"])

    def test_customer_reads_the_own_company_s_in_short(self):
        portal = self.make_user("portal", "base.group_portal", partner_id=self.contact.id)
        mine = self.complaint.with_user(portal)
        self.assertEqual(mine.read(["state", "answer"])[0]["answer"], "We are sorry.")
        for name in (
            "employee_id",
            "investigator_id",
            "findings",
            "outcome",
            "origin",
            "ticket_id",
        ):
            with self.assertRaises(AccessError):
                mine.read([name])
        other = self.make_customer()
        stranger = self.make_user(
            "stranger", "base.group_portal", partner_id=other.software_contact_id.id
        )
        self.assertFalse(self.complaint.with_user(stranger).search([]))
        for step in ("action_cancel", "action_reopen"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                getattr(mine, step)("No")


@tagged("post_install", "-at_install")
class TestComplaintVisit(ComplaintCommon):
    def test_technicians_of_the_visit_do_not_investigate(self):
        visit = (
            self.env["aftersales.visit"]
            .with_user(self.specialist)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "problem": "x",
                    "technician_ids": [Command.set((self.specialist | self.manager).ids)],
                }
            )
        )
        complaint = self.make_complaint(visit_id=visit.id)
        self.assertEqual(complaint.sudo().involved_user_ids, self.specialist | self.manager)
        self.assertEqual(self.activities(complaint).user_id, self.second)
        self.assertEqual(visit.with_user(self.second).complaint_count, 1)


@tagged("post_install", "-at_install")
class TestComplaintRpc(RpcClient, ComplaintCommon, HttpCase):
    """The same by RPC."""

    def test_no_role_takes_a_step_that_is_not_its(self):
        received = self.make_complaint()
        investigating = self.make_complaint(state="investigating")
        answered = self.make_complaint(state="answered")
        self.env.flush_all()
        users = (self.specialist, self.colleague, self.callback, self.archivist, self.developer)
        for user in (
            *users,
            self.employee.user_id,
            self.env["res.users"].browse(self.accountant.id),
        ):
            self.come(user)
            for record, method, args in (
                (received, "action_investigate", ()),
                (received, "action_cancel", ("x",)),
                (received, "write", ({"investigator_id": user.id},)),
                (received, "unlink", ()),
                (investigating, "write", ({"outcome": "unfounded"},)),
                (investigating, "write", ({"description": "x"},)),
                (investigating, "action_answer", ()),
                (investigating, "action_announce_delay", ("complaint", "2026-12-01", "x")),
                (answered, "action_reopen", ("x",)),
                (answered, "action_close", ()),
                (answered, "read", (["findings"],)),
            ):
                with self.subTest(user=user.login, method=method):
                    self.assertRefusedCall(record, method, *args)
        self.env.invalidate_all()
        states = [row.state for row in (received, investigating, answered)]
        self.assertEqual(states, ["received", "investigating", "answered"])

    def test_every_role_enters_and_reads_what_it_may(self):
        answered = self.make_complaint(state="answered")
        self.env.flush_all()
        values = {
            "kind": "delay",
            "description": "Too late",
            "partner_id": self.customer.id,
            "company_id": self.company.id,
        }
        enters = (self.colleague, self.callback, self.manager, self.director)
        reads = (self.colleague, self.callback, self.manager, self.director)
        for user in (*enters, self.specialist, self.archivist, self.developer, self.accountant):
            self.come(user)
            with self.subTest(user=user.login):
                if user in enters or user == self.specialist:
                    made = self.call(
                        self.complaints, "web_save", [], values, {"name": {}, "kind": {}}
                    )
                    self.assertTrue(made[0]["name"].startswith("TS"))
                else:
                    self.assertRefusedCall(self.complaints, "create", [values])
                if user in reads:
                    self.assertTrue(self.call(answered, "read", ["description"]))
                else:
                    self.assertRefusedCall(answered, "read", ["description"])

    def test_person_concerned_finds_nothing_by_rpc(self):
        complaint = self.make_complaint(
            state="answered", employee_id=self.make_employee(self.second).id
        )
        self.env.flush_all()
        self.come(self.second)
        self.assertRefusedCall(complaint, "read", ["name"])
        self.assertRefusedCall(complaint, "export_data", ["name"])
        found = self.call(
            self.complaints, "web_search_read", [], {"name": {}, "employee_id": {}}, limit=80
        )
        self.assertFalse(found["records"])
        groups = self.call(
            self.complaints, "formatted_read_group", [], groupby=["kind"], aggregates=["__count"]
        )
        self.assertFalse(groups)
        thread = self.make_jsonrpc_request(
            "/mail/thread/messages",
            {"thread_model": "aftersales.complaint", "thread_id": complaint.id},
        )
        # without a document Odoo returns messages the user may read, but none of this complaint
        self.assertFalse(set(thread["messages"]) & set(complaint.sudo().message_ids.ids))
        calls = self.call(
            self.env["aftersales.callback"], "web_search_read", [("kind", "=", "complaint")], {}
        )
        self.assertFalse(calls["records"])

    def test_lists_cost_the_same_for_5_and_25_complaints(self):
        specification = {
            "name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "employee_id": {"fields": {"display_name": {}}},
            "investigator_id": {"fields": {"display_name": {}}},
            "is_overdue": {},
            "outcome": {},
            "can_handle": {},
        }
        complaints = self.complaints.with_user(self.manager)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(200):
                before = self.cr.sql_log_count
                complaints.web_search_read([], specification, limit=80)
                return self.cr.sql_log_count - before

        for _number in range(5):
            self.make_complaint()
        count()
        few = count()
        for number in range(20):
            self.make_complaint(
                employee_id=self.make_employee(self.developer).id if not number else False
            )
        self.assertLessEqual(count(), few + 1)
