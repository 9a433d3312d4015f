import base64
import unicodedata
from functools import partial
from io import BytesIO

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, JsonRpcException, freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from .. import common
from ..common_rpc import RpcClient

PDF = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n")
CLEARED = {"tool_used": "Cleaner 2.1", "backup_taken": True}


class ApplicationCommon(common.AftersalesCommon):
    @classmethod
    def make_application(cls, user=None, kind="data_clearing", **values):
        values.setdefault("partner_id", cls.make_customer().id)
        # the paper was handed over to the specialist
        values.setdefault("original_holder_id", (user or cls.specialist).id)
        return (
            cls.env["aftersales.application"]
            .with_user(user or cls.specialist)
            .create({"kind": kind, "description": "Orders of 2019", **values})
        )

    @classmethod
    def approve(cls, application):
        application.action_submit()
        application.with_user(cls.manager).action_approve()
        return application


@tagged("post_install", "-at_install")
class TestApplication(ApplicationCommon):
    """Applications on stamped paper (五.1.4, 五.7.5)."""

    # === Paper === #

    def test_nothing_is_submitted_on_a_word(self):
        application = self.make_application(original_holder_id=False)
        with self.assertRaisesRegex(UserError, "Stamped Scan"):
            application.action_submit()
        application.scan = PDF
        application.action_submit()

    def test_scan_may_be_required_by_the_company(self):
        self.company.aftersales_scan_required = True
        application = self.make_application()
        with self.assertRaisesRegex(UserError, "Stamped Scan"):
            application.action_submit()
        self.company.aftersales_scan_required = False
        application.action_submit()
        self.company.aftersales_scan_required = True
        with self.assertRaisesRegex(UserError, "Stamped Scan"):
            application.with_user(self.manager).action_approve()

    def test_scan_is_checked_by_content_and_fixed_when_submitted(self):
        html = base64.b64encode(b"<html><script>alert(1)</script></html>")
        with self.assertRaisesRegex(ValidationError, "PDF, JPEG or PNG"):
            self.make_application(scan=html, scan_name="application.pdf")
        application = self.make_application(scan=PDF)
        application.action_submit()
        with self.assertRaises(UserError):
            application.scan = False
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", application._name),
                ("res_id", "=", application.id),
                ("res_field", "=", "scan"),
            ]
        )
        with self.assertRaises(AccessError):
            file.with_user(self.specialist).write({"raw": b"x"})

    # === Original === #

    def test_filed_original_stays_when_the_application_is_cancelled(self):
        application = self.approve(self.make_application())
        entry = application.archive_entry_ids.with_user(self.archivist)
        entry.place = "Cabinet A"
        entry.action_file()
        application.action_cancel()
        self.assertEqual(entry.state, "filed")

    # === Execution === #

    def test_execution_record_is_complete(self):
        application = self.approve(self.make_application())
        for values in (
            {},
            {"tool_used": "Cleaner 2.1"},
            {"tool_used": False, "backup_taken": True},
        ):
            application.write(values)
            with self.assertRaisesRegex(UserError, "fill in"):
                application.action_execute()
        application.write(CLEARED)
        application.action_execute()
        self.assertEqual(application.state, "done")
        self.assertEqual(application.executed_by_id, self.specialist)

    def test_execution_record_is_frozen_before_and_after(self):
        application = self.make_application()
        application.action_submit()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            application.write(CLEARED)
        application.with_user(self.manager).action_approve()
        application.write(CLEARED)
        application.action_execute()
        for user in (self.specialist, self.manager):
            for values in (
                {"tool_used": "Another"},
                {"backup_taken": False},
                {"user_id": self.colleague.id},
                {"executed_by_id": self.colleague.id},
                {"executed_on": "2020-01-01"},
                {"description": "All"},
                {"ticket_id": False, "date": "2020-01-01"},
            ):
                with self.assertRaises(UserError):
                    application.with_user(user).write(values)

    def test_applicant_is_not_put_out_of_the_way_of_a_decision(self):
        application = self.make_application(user_id=self.manager.id)
        application.action_submit()
        with self.assertRaises(UserError):
            application.with_user(self.manager).user_id = self.colleague
        with self.assertRaises(UserError):
            application.with_user(self.manager).action_approve()

    def test_manager_decides_whether_it_is_charged(self):
        application = self.make_application()
        with self.assertRaisesRegex(AccessError, "is charged"):
            application.chargeable = not application.chargeable
        self.assertFalse(self.make_application(chargeable=True).chargeable, "proposed by the form")
        self.assertFalse(application.can_charge)
        application.with_user(self.manager).chargeable = True
        self.assertTrue(application.with_user(self.manager).can_charge)

    def test_contacts_and_software_are_the_customers_own(self):
        other = self.make_installation()
        for values in (
            {"contact_id": other.partner_id.software_contact_id.id},
            {"installation_id": other.id},
            {"contact_told_id": other.partner_id.software_contact_id.id},
        ):
            with self.assertRaisesRegex(ValidationError, "another customer"):
                self.make_application(**values)

    def test_submitted_application_goes_back_by_withdrawing_only(self):
        application = self.make_application()
        application.action_submit()
        with self.assertRaises(UserError):
            application.action_draft()
        application.with_user(self.manager).action_refuse("no")
        with self.assertRaises(UserError):
            application.with_user(self.manager).action_withdraw()
        application.action_draft()
        self.assertEqual(application.state, "draft")

    # === Name === #

    def test_document_being_written_has_no_number(self):
        """The form calls it new, in the user's language."""
        model = self.env["aftersales.application"].with_user(self.specialist)
        customer = self.make_customer("武汉恒达机械有限公司")
        values = {"kind": "password", "partner_id": customer.id}
        self.assertFalse(model.new(values).display_name)
        application = model.create(values)
        self.assertEqual(
            application.display_name,
            f"{application.name} Administrator Password Recovery {customer.name}",
        )
        for name in ("aftersales.visit", "aftersales.archive.entry"):
            values = {"partner_id": customer.id}
            self.assertFalse(self.env[name].new(values).display_name, name)

    # === From a ticket === #

    def test_application_from_a_ticket_knows_what_the_ticket_knows(self):
        installation = self.make_installation()
        customer = installation.partner_id
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Year end",
                "description": "Clear the orders",
                "partner_id": customer.software_contact_id.id,
                "installation_id": installation.id,
                "user_id": self.colleague.id,
                "company_id": self.company.id,
            }
        )
        form = Form(
            self.env["aftersales.application"]
            .with_user(self.specialist)
            .with_context(default_ticket_id=ticket.id, default_kind="data_clearing")
        )
        form.description = "Orders of 2019"
        self.assertFalse(form.original_holder_id, "nobody has the paper before it is said")
        application = form.save()
        self.assertRecordValues(
            application,
            [
                {
                    "ticket_id": ticket.id,
                    "partner_id": customer.id,
                    "contact_id": customer.software_contact_id.id,
                    "installation_id": installation.id,
                    "user_id": self.colleague.id,
                    "original_holder_id": False,
                }
            ],
        )

    # === Views === #

    def test_smart_buttons_of_the_customer_open_what_they_count(self):
        application = self.approve(self.make_application())
        customer = application.partner_id.with_user(self.specialist)
        for partner in customer | customer.software_contact_id:
            self.assertEqual((partner.application_count, partner.archive_entry_count), (1, 1))
            for action, found in (
                (partner.action_view_applications(), application),
                (partner.action_view_archive_entries(), application.archive_entry_ids),
            ):
                self.assertEqual(self.env[action["res_model"]].search(action["domain"]), found)

    def test_list_costs_the_same_for_any_number_of_rows(self):
        applications = self.env["aftersales.application"].with_user(self.manager)
        spec = {
            "name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "archive_entry_count": {},
            "is_to_approve": {},
            "service_state": {},
            "can_approve": {},
        }
        costs = []
        for number in (5, 20):
            for _each in range(number):
                self.make_application().action_submit()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = applications.web_search_read([], spec)["records"]
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(len(rows), 25)
        self.assertLessEqual(costs[1], costs[0])

    # === Fuzz === #

    def test_strange_text_is_stored_as_text(self):
        text = "😀 <script>alert(1)</script>\r\nBcc: x@example.com " + "长" * 20000
        application = self.make_application(description=text)
        application.action_submit()
        self.assertEqual(application.description, text)
        with self.assertRaises(ValueError):
            self.make_application(kind="<b>")


@tagged("post_install", "-at_install")
class TestApplicationPaper(ApplicationCommon, HttpCase):
    def pdf_text(self, applications):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report.with_user(self.specialist)._render_qweb_pdf(
            "jinyang_aftersales.report_application", applications.ids
        )
        self.assertEqual(kind, "pdf")
        pages = PdfFileReader(BytesIO(content)).pages
        text = "".join(page.extract_text() for page in pages)
        return "".join(unicodedata.normalize("NFKC", text).split()), len(pages)

    def test_form_of_one_and_of_several(self):
        installation = self.make_installation(serial="JY-PAPER-1")
        clearing = self.make_application(
            partner_id=installation.partner_id.id, installation_id=installation.id
        )
        clearing.action_submit()
        clearing.with_user(self.manager).action_approve("Take a backup first")
        clearing.write(CLEARED)
        with freeze_time("2026-03-12 16:30:00"):
            clearing.action_execute()
        password = self.make_application(kind="password")
        text, pages = self.pdf_text(clearing)
        for part in (clearing.name, "JY-PAPER-1", "Ordersof2019", "Takeabackupfirst", "Cleaner2.1"):
            self.assertIn(part, text)
        # half past midnight of the 13th in Shanghai
        self.assertRegex(text, "March13,2026|2026年3月13日")
        self.assertEqual(pages, 1)
        text, pages = self.pdf_text(clearing | password)
        self.assertIn(password.name, text)
        self.assertEqual(pages, 2)


@tagged("post_install", "-at_install")
class TestNoPassword(RpcClient, ApplicationCommon, HttpCase):
    """五.1.4: the person who was told a password is recorded; the password is stored nowhere."""

    MARKER = "Zq7-korrekt-Pferd-9"

    def test_there_is_no_place_for_a_password(self):
        fields = self.env["aftersales.application"].fields_get()
        for name, field in fields.items():
            self.assertNotIn("password", name)
            self.assertNotIn("password", field["string"].lower())
        for name in ("description", "verified_how"):
            self.assertIn("password", fields[name]["help"], name)

    def test_whole_journey_leaves_no_password_behind(self):
        customer = self.make_customer()
        contact = customer.software_contact_id
        rpc = partial(self.rpc, "aftersales.application")
        with self.assertLogs(level="INFO") as log:
            self.authenticate(self.specialist.login, self.specialist.login)
            values = {
                "kind": "password",
                "partner_id": customer.id,
                "description": "Administrator account, nobody knows its password any more",
                "original_holder_id": self.specialist.id,
            }
            # there is no field of that name for any role
            with self.assertRaises(JsonRpcException):
                rpc("web_save", [], {**values, "password": self.MARKER}, {"name": {}})
            number = rpc("web_save", [], values, {"name": {}})[0]["id"]
            rpc("action_submit", [number])
            self.authenticate(self.manager.login, self.manager.login)
            rpc("action_approve", [number], "go ahead")
            self.authenticate(self.specialist.login, self.specialist.login)
            rpc(
                "web_save",
                [number],
                {"contact_told_id": contact.id, "verified_how": "called back at the office"},
                {"name": {}},
            )
            rpc("action_execute", [number])
        application = self.env["aftersales.application"].browse(number)
        self.assertRecordValues(application, [{"state": "done", "contact_told_id": contact.id}])
        self.assertFalse([line for line in log.output if self.MARKER in line])
        self.assertFalse(self.tables_with(self.MARKER))
        # the search of all tables works: it finds a text that is stored
        self.assertIn("aftersales_application", self.tables_with("called back at the office"))

    def tables_with(self, text):
        """:return: names of the tables with a column that holds the text"""
        self.env.flush_all()
        self.cr.execute(
            """
            SELECT table_name
              FROM information_schema.tables
             WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
            """
        )
        found = set()
        for (table,) in self.cr.fetchall():
            # pylint: disable=sql-injection
            self.cr.execute(
                f'SELECT 1 FROM "{table}" AS t WHERE t::text LIKE %s LIMIT 1', [f"%{text}%"]
            )
            if self.cr.fetchone():
                found.add(table)
        return found
