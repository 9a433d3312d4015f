"""What a manager decides by is in the dialogue of the decision, for each kind of document."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..visit.visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestApprovalFacts(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.users"].search([("login", "=like", "aftersales_%")]).lang = "en_US"
        cls.contact.phone = "13900000000"

    def dialogue(self, documents, user=None):
        """:return: the facts as the window of the decision shows them, by name of the document"""
        action = documents.with_user(user or self.manager).action_open_decision()
        wizard = self.env[action["res_model"]].with_user(user or self.manager)
        return wizard.with_context(**action["context"]).create({}).facts

    def rows(self, document, user=None):
        """:return: rows of the only document, by label"""
        [shown] = self.dialogue(document, user)
        self.assertEqual(shown["name"], document.display_name)
        return {row["label"]: row for row in shown["rows"]}

    def make_ticket(self, **values):
        return self.env["helpdesk.ticket"].create(
            {
                "name": "x",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "user_id": self.specialist.id,
                **values,
            }
        )

    def test_a_visit_shows_need_plan_customer_service_debt_and_load(self):
        software = self.make_installation(self.customer, end=self.day("2020-01-31"))
        self.make_ticket()
        other = self.make_visit(state="approved", start=self.tomorrow + timedelta(hours=4))
        visit = self.make_visit(
            contact_id=self.contact.id, installation_id=software.id, state="submitted"
        )
        rows = self.rows(visit)
        self.assertEqual(rows["What Is Asked"]["text"], visit.problem)
        self.assertIn("武汉", rows["Planned Arrival"]["text"])
        self.assertEqual(rows["Technicians"]["text"], self.specialist.name)
        self.assertEqual(rows["Customer"]["text"], self.customer.display_name)
        self.assertEqual(rows["Contact"]["phone"], "13900000000")
        self.assertIn(software.display_name, rows["Service State"]["text"])
        self.assertTrue(rows["Service State"]["alert"])
        self.assertIn("charged", rows["Service State"]["text"])
        self.assertEqual((rows["Owes"]["text"], rows["Owes"]["alert"]), ("Nothing", False))
        # the ticket above and the record of the approved visit
        self.assertEqual(other.ticket_id.user_id, self.specialist)
        self.assertIn("2 open tickets", rows["Workload"]["text"])
        self.assertIn(f"{self.specialist.name}: ", rows["Workload"]["text"])
        self.assertIn("other visits on that day", rows["Workload"]["text"])

    def test_the_load_counts_visits_of_that_day_and_of_that_week_without_the_visit_itself(self):
        monday = self.tomorrow + timedelta(days=14 - self.tomorrow.weekday())
        start = monday.replace(hour=2)
        for days in (0, 2, 7):
            self.make_visit(start=start + timedelta(days=days, hours=3), state="submitted")
        self.make_visit(start=start + timedelta(hours=6))
        self.make_visit(start=start + timedelta(hours=6), state="cancelled")
        visit = self.make_visit(start=start, state="submitted")
        load = self.rows(visit)["Workload"]["text"]
        self.assertIn("1 other visits on that day, 2 in that week", load)

    def test_what_the_customer_owes_is_said_in_red(self):
        agreement = self.make_agreement(self.make_installation(self.customer))
        self.sign(agreement)
        owed = self.customer.with_company(self.company).service_amount_due
        self.assertGreater(owed, 0)
        row = self.rows(self.make_visit(state="submitted"))["Owes"]
        self.assertTrue(row["alert"])
        self.assertEqual(row["text"], self.company.currency_id.format(owed))

    def test_an_earlier_decision_is_shown_with_its_reason(self):
        visit = self.make_visit(state="submitted")
        self.assertNotIn("Decided Before", self.rows(visit))
        visit.with_user(self.manager).action_refuse("Call first")
        visit.action_draft()
        visit.action_submit()
        text = self.rows(visit)["Decided Before"]["text"]
        for part in ("Refused", self.manager.name, "Call first"):
            self.assertIn(part, text)

    def test_applications_and_changes_show_theirs(self):
        values = {
            "partner_id": self.customer.id,
            "contact_id": self.contact.id,
            "company_id": self.company.id,
        }
        application = self.env["aftersales.application"].with_user(self.specialist)
        application = application.create(
            {
                **values,
                "kind": "data_clearing",
                "description": "Orders of 2019",
                "original_holder_id": self.specialist.id,
            }
        )
        application.action_submit()
        rows = self.rows(application)
        self.assertEqual(rows["What Is Asked"]["text"], "Data Clearing\nOrders of 2019")
        self.assertTrue(rows["Stamped Scan"]["alert"])
        self.assertIn("0 open tickets", rows["Workload"]["text"])

    def test_only_what_the_manager_may_read_is_shown(self):
        visit = self.make_visit(state="submitted")
        approval = visit.approval_ids
        wizard = self.env["aftersales.approval.decide"].with_user(self.employee)
        self.assertFalse(wizard.new({"approval_ids": [Command.set(approval.ids)]}).facts)

    def test_a_long_need_is_cut(self):
        visit = self.make_visit(problem="很长" * 1000, state="submitted")
        self.assertLess(len(self.rows(visit)["What Is Asked"]["text"]), 700)

    def test_many_documents_ask_the_database_as_often_as_few(self):
        def queries(visits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(self.dialogue(visits)), len(visits))
            return self.cr.sql_log_count - before

        def make(number):
            visits = self.env["aftersales.visit"]
            for _number in range(number):
                customer = self.make_customer(city="武汉", street="珞瑜路 2 号")
                visits += self.make_visit(
                    partner_id=customer.id,
                    contact_id=customer.software_contact_id.id,
                    arrival_agreed_with_id=customer.software_contact_id.id,
                    start=self.tomorrow + timedelta(hours=3 * _number),
                    state="submitted",
                )
            return visits

        few, many = make(2), make(8)
        queries(few)
        self.assertEqual(queries(many), queries(few))
