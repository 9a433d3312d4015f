import unicodedata
from io import BytesIO

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools.pdf import PdfFileReader
from odoo.tools.safe_eval import safe_eval

from ..common import AftersalesCommon

VIEW = "jinyang_aftersales.contract_contract_view_form_agreement"
ACTION = "jinyang_aftersales.contract_contract_action_agreement"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementScreens(AftersalesCommon):
    """The screens work for the roles that have them, without any right on accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation(end=cls.day("2026-03-31"))
        cls.customer = cls.installation.partner_id
        cls.action = cls.env.ref(ACTION)
        cls.context = safe_eval(cls.action.context)

    def model(self, user):
        return self.env["contract.contract"].with_user(user).with_context(**self.context)

    def test_a_specialist_writes_an_agreement_on_the_form(self):
        other = self.make_software("Extra", price=350.0)
        with Form(self.model(self.specialist), VIEW) as form:
            form.partner_id = self.customer
            self.assertEqual(form.user_id, self.specialist)
            form.installation_ids.add(self.installation)
            self.assertEqual(form.product_line_id, self.line)
            form.term_start = "2026-04-01"
            self.assertEqual(form.term_end, self.day("2027-03-31"))
            with form.contract_line_ids.new() as line:
                line.product_id = self.installation.product_id
                self.assertEqual(line.price_unit, 1000)
                line.price_unit = 900
            with form.contract_line_ids.new() as line:
                line.product_id = other
                line.quantity = 2
                self.assertEqual(line.price_unit, 350)
        agreement = form.record
        self.assertRecordValues(
            agreement,
            [
                {
                    "name": agreement.code,
                    "is_service_agreement": True,
                    "agreement_stage": "draft",
                    "agreement_amount": 1600,
                    "term_end": self.day("2027-03-31"),
                }
            ],
        )
        self.assertRegex(agreement.name, r"^XY2026-\d{4}$")
        self.assertEqual(agreement.contract_line_ids.mapped("price_unit"), [900, 350])
        self.sign(agreement)
        self.assertEqual(agreement.sudo().invoice_ids.amount_total, 1600)

    def test_an_agreement_being_written_has_no_name_yet(self):
        self.assertFalse(self.model(self.specialist).new({}).display_name)
        agreement = self.make_agreement(self.installation)
        self.assertEqual(agreement.display_name, agreement.name)

    def test_the_term_keeps_its_length_when_its_first_day_moves(self):
        agreement = self.make_agreement(
            self.installation, start=self.day("2026-04-01"), end=self.day("2029-03-31")
        )
        with Form(agreement.with_user(self.specialist), VIEW) as form:
            form.term_start = "2026-05-01"
            self.assertEqual(form.term_end, self.day("2029-04-30"))
        self.assertEqual(agreement.contract_line_ids.date_end, self.day("2029-04-30"))

    def test_another_customer_takes_no_software_along(self):
        agreement = self.make_agreement(self.installation)
        other = self.make_customer()
        with Form(agreement.with_user(self.specialist), VIEW) as form:
            form.partner_id = other
            self.assertFalse(form.installation_ids[:])
        self.assertEqual(agreement.commercial_partner_id, other)

    def test_a_signed_agreement_is_read_only_but_for_its_paper_trail(self):
        agreement = self.make_agreement(self.installation, signed=True)
        with Form(agreement.with_user(self.specialist), VIEW) as form:
            for name in ("partner_id", "term_start", "term_end", "product_line_id", "signed_on"):
                with self.assertRaises(AssertionError, msg=name):
                    form[name] = form[name]
            form.return_due_date = "2026-03-22"
            form.invoice_courier = "顺丰速运"
        with Form(agreement.with_user(self.manager), VIEW) as form:
            form.term_end = "2027-06-30"
        self.assertEqual(agreement.term_end, self.day("2027-06-30"))

    def test_every_view_opens_for_every_role(self):
        signed = self.make_agreement(self.installation, start=self.day("2026-04-01"), paid=True)
        signed.action_renew()
        views = [(view.view_id.id, view.view_mode) for view in self.action.view_ids]
        views.append((self.action.search_view_id.id, "search"))
        self.assertEqual(
            [mode for _id, mode in views if mode != "search"], self.action.view_mode.split(",")
        )
        for user in (
            self.specialist,
            self.callback,
            self.archivist,
            self.developer,
            self.manager,
            self.director,
        ):
            model = self.model(user)
            got = model.get_views(views, {"load_filters": True})
            for mode in ("form", "list", "kanban"):
                arch = html.fromstring(got["views"][mode]["arch"])
                names = {
                    node.get("name")
                    for node in arch.iter("field")
                    if node.get("name") in model._fields
                    and not any(parent.tag == "field" for parent in node.iterancestors())
                }
                found = model.search([]).web_read(
                    {
                        name: {"fields": {"display_name": {}}}
                        if model._fields[name].relational
                        else {}
                        for name in names
                    }
                )
                self.assertEqual(len(found), 2)

    def test_no_accounting_on_the_form_of_who_does_none(self):
        arch = self.model(self.director).get_view(self.env.ref(VIEW).id, "form")["arch"]
        names = {node.get("name") for node in html.fromstring(arch).iter("field")}
        self.assertFalse(
            names
            & {
                "journal_id",
                "fiscal_position_id",
                "payment_term_id",
                "invoice_ids",
                "invoice_count",
            }
        )
        self.assertNotIn("action_view_invoices", arch)
        both = self.make_user("both", "jinyang_aftersales.group_user,account.group_account_invoice")
        arch = self.model(both).get_view(self.env.ref(VIEW).id, "form")["arch"]
        self.assertIn("action_view_invoices", arch)
        signed = self.make_agreement(signed=True)
        action = signed.with_user(both).action_view_invoices()
        self.assertEqual(
            self.env["account.move"].with_user(both).search(action["domain"]), signed.invoice_ids
        )
        # G: a button with one record opens it
        self.assertEqual((action["res_id"], action["view_mode"]), (signed.invoice_ids.id, "form"))
        agreements = signed.installation_ids[:1].action_view_agreements()
        self.assertEqual(agreements["res_id"], signed.id)

    def test_software_without_an_agreement_offers_to_make_one(self):
        action = self.installation.with_user(self.specialist).action_view_agreements()
        self.assertNotIn("domain", action)
        with Form(self.model(self.specialist).with_context(**action["context"]), VIEW) as form:
            self.assertEqual(form.partner_id, self.installation.partner_id)
            self.assertEqual(form.installation_ids.ids, self.installation.ids)
            self.assertEqual(len(form.contract_line_ids), 1)
        self.assertEqual(form.record.installation_ids, self.installation)
        self.assertTrue(form.record.term_end)
        # who made it is led back to it
        action = self.installation.with_user(self.specialist).action_view_agreements()
        self.assertEqual(action["res_id"], form.record.id)

    def test_who_may_make_no_agreement_is_told_who_may(self):
        for user in (self.colleague, self.callback, self.developer):
            action = self.installation.with_user(user).action_view_agreements()
            self.assertIn(self.installation.user_id.name, action["help"])
            self.assertIn(self.manager.name, action["help"])
            self.assertFalse(action["context"]["create"])

    def test_pivot_graph_and_columns_add_up(self):
        draft = self.make_agreement(self.installation, price=300)
        draft.activity_schedule("mail.mail_activity_data_todo", date_deadline="2026-04-01")
        self.make_agreement(price=500, start=self.day("2026-01-01"), signed=True)
        groups = self.model(self.specialist).formatted_read_group(
            safe_eval(self.action.domain),
            ["agreement_state", "term_end:month"],
            [
                "agreement_amount:sum",
                "company_currency_id:array_agg_distinct",
                "agreement_amount:sum_currency",
                "__count",
            ],
        )
        self.assertEqual(
            {group["agreement_state"]: group["agreement_amount:sum"] for group in groups},
            {"draft": 300, "active": 500},
        )
        progress = self.model(self.specialist).read_progress_bar(
            safe_eval(self.action.domain),
            "agreement_stage",
            {"field": "activity_state", "colors": {"planned": "success"}},
        )
        self.assertEqual(progress["draft"]["planned"], 1)

    def test_links_open_the_form_of_agreements(self):
        agreement = self.make_agreement(self.installation)
        self.assertEqual(agreement.get_formview_id(), self.env.ref(VIEW).id)
        ordinary = self.env["contract.contract"].create(
            {"name": "OCA", "partner_id": self.customer.id}
        )
        self.assertNotEqual(ordinary.get_formview_id(), self.env.ref(VIEW).id)

    def test_every_filter_of_the_search_works(self):
        model = self.model(self.specialist)
        arch = model.get_view(self.action.search_view_id.id, "search")["arch"]
        for node in html.fromstring(arch).iter("filter"):
            if node.get("domain"):
                model.search(safe_eval(node.get("domain"), {"uid": self.specialist.id}))
            if node.get("context"):
                group = safe_eval(node.get("context"))["group_by"]
                model.formatted_read_group([], [group], ["__count"])

    # Sending

    def compose(self, agreement, user):
        action = agreement.with_user(user).action_mark_sent()
        return (
            self.env["mail.compose.message"]
            .with_user(user)
            .with_context(**action["context"])
            .create({})
        )

    def test_sending_the_mail_moves_the_draft_to_sent(self):
        agreement = self.make_agreement(self.installation)
        composer = self.compose(agreement, self.specialist)
        self.assertEqual(agreement.agreement_stage, "draft")
        self.assertEqual(composer.partner_ids, self.customer.software_contact_id)
        self.assertIn(agreement.name, composer.subject)
        self.assertIn(agreement.name, composer.attachment_ids.name)
        composer.action_send_mail()
        self.assertEqual(agreement.agreement_stage, "sent")
        message = agreement.message_ids.filtered("attachment_ids")
        self.assertEqual(message.partner_ids, self.customer.software_contact_id)

    def test_a_note_is_not_an_offer(self):
        agreement = self.make_agreement(self.installation)
        agreement.with_user(self.specialist).message_post(body="called")
        self.assertEqual(agreement.agreement_stage, "draft")
        with self.assertRaises(AccessError):
            agreement.with_user(self.callback).with_context(mark_agreement_sent=True).message_post(
                body="x"
            )
        self.assertEqual(agreement.agreement_stage, "draft")


@tagged("post_install", "-at_install")
class TestAgreementPaper(AftersalesCommon, HttpCase):
    """The agreement on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.customer = cls.make_customer("成都天府商贸有限公司", lang="en_US", city="成都")
        software = cls.make_software("启擎 ERP")
        cls.installations = cls.make_installation(cls.customer, software, serial="QQ-0001")
        cls.installations |= cls.make_installation(cls.customer, software, serial="QQ-0002")
        cls.agreement = cls.make_agreement(
            cls.installations,
            start=cls.day("2026-04-01"),
            end=cls.day("2027-03-31"),
            price=12345.67,
            note="附加条款",
        )
        cls.report = cls.env.ref("jinyang_aftersales.action_report_agreement")

    def render_html(self, agreements, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.specialist)
        content = report._render_qweb_html(self.report, agreements.ids)[0]
        return " ".join(html.fromstring(content).text_content().split())

    def test_it_says_who_what_when_and_how_much(self):
        text = self.render_html(self.agreement)
        for words in (
            self.agreement.name,
            "成都天府商贸有限公司",
            self.customer.software_contact_id.name,
            self.company.name,
            self.specialist.name,
            "QQ-0001",
            "QQ-0002",
            "April 1, 2026",
            "March 31, 2027",
            "12,345.67",
            "人民币壹万贰仟叁佰肆拾伍元陆角柒分",
            "附加条款",
        ):
            self.assertIn(words, text)

    def test_every_reader_prints_it(self):
        for user in (self.callback, self.archivist, self.manager):
            self.assertIn("QQ-0001", self.render_html(self.agreement, user))

    def test_the_customers_language_is_spoken(self):
        self.customer.lang = "zh_CN"
        self.assertEqual(self.agreement._get_customer_lang(), "zh_CN")
        self.assertIn("2026年4月1日", self.render_html(self.agreement))
        self.customer.lang = False
        self.company.partner_id.lang = "en_US"
        self.assertEqual(self.agreement._get_customer_lang(), "en_US")

    def test_no_capital_figures_for_another_currency(self):
        self.company.sudo().currency_id = self.env.ref("base.USD")
        self.assertFalse(self.agreement._get_capital_amount())
        self.assertNotIn("人民币", self.render_html(self.agreement))

    def test_taxes_are_named_where_the_lines_are_without_them(self):
        self.assertNotIn("of which taxes", self.render_html(self.agreement))
        tax = self.env["account.tax"].create(
            {"name": "VAT", "amount": 13, "company_id": self.company.id}
        )
        taxed = self.make_agreement(
            self.make_installation(product=self.make_software(taxes_id=[Command.set(tax.ids)])),
            price=1000,
        )
        taxed.partner_id.lang = "en_US"
        text = self.render_html(taxed)
        self.assertIn("1,130.00", text)
        self.assertRegex(text, r"of which taxes \D*130\.00")

    def test_chinese_addresses_go_from_the_large_to_the_small(self):
        self.customer.write({"city": "成都", "street": "人民路1号", "zip": "610000"})
        address = self.agreement._get_paper_address
        self.assertEqual(address(self.customer), "成都 人民路1号")
        self.customer.write(
            {
                "state_id": self.env["res.country.state"]
                .create(
                    {"name": "北京市", "code": "TEST", "country_id": self.env.ref("base.cn").id}
                )
                .id,
                "city": "北京",
            }
        )
        self.assertEqual(address(self.customer), "北京市 人民路1号")
        self.customer.country_id = self.env.ref("base.us")
        self.assertIn("610000", address(self.customer))

    def test_pdf_of_one_and_of_several(self):
        """Also with an unpatched wkhtmltopdf, which refuses several documents."""
        second = self.make_agreement(self.installations[0], price=50)
        second.contract_line_ids = [
            Command.create({"name": "Section", "display_type": "line_section"})
        ]
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        for agreements in (self.agreement, self.agreement | second):
            content, kind = report._render_qweb_pdf(self.report, agreements.ids)
            self.assertEqual(kind, "pdf")
            text = self._pdf_text(content)
            for agreement in agreements:
                self.assertIn(agreement.name, text)
            self.assertIn("12,345.67", text)
            if len(agreements) > 1:
                self.assertEqual(len(PdfFileReader(BytesIO(content)).pages), 2)

    def _pdf_text(self, content):
        pages = PdfFileReader(BytesIO(content)).pages
        return unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages))
