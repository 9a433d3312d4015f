from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ...tools.dates import term_in_years
from ..common import AftersalesCommon

VIEW = "jinyang_aftersales.contract_contract_view_form_agreement"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementFees(AftersalesCommon):
    """The yearly fee of a software is proposed on agreements, for their term, and changes nothing that exists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.software = cls.make_software("Jinyang ERP", price=9999.0)
        cls.installation = cls.make_installation(product=cls.software, end=cls.day("2026-03-31"))
        cls.template = cls.software.product_tmpl_id

    def set_fee(self, user=None, **values):
        dialog = self.env["aftersales.product.fee"].with_user(user or self.manager)
        dialog = dialog.with_context(default_product_id=self.template.id)
        dialog.create(
            {f"aftersales_fee_{name}": value for name, value in values.items()}
        ).action_apply()

    def draft(self, **values):
        vals = self.installation.with_user(self.specialist)._prepare_agreement_vals()
        return self.env["contract.contract"].with_user(self.specialist).create({**vals, **values})

    # === Length of a term === #

    def test_length_of_a_term(self):
        for start, end, months in (
            ("2026-01-01", "2026-12-31", 12),
            ("2026-04-01", "2027-03-31", 12),
            ("2024-02-29", "2025-02-27", 12),
            ("2026-01-01", "2026-06-30", 6),
            ("2026-01-31", "2026-02-27", 1),
            ("2026-01-01", "2028-12-31", 36),
            ("2026-01-01", "2026-01-31", 1),
        ):
            with self.subTest(start=start, end=end):
                self.assertEqual(term_in_years(self.day(start), self.day(end)) * 12, months)
        # 14 of the 28 days of the month that begins on 1 February
        half = term_in_years(self.day("2026-01-01"), self.day("2026-02-14"))
        self.assertEqual(half * 12, 1.5)

    # === The fee === #

    def test_without_a_fee_the_sales_price_is_proposed(self):
        self.assertEqual(self.draft().contract_line_ids.price_unit, 9999)

    def test_the_amount_of_the_product_is_proposed(self):
        self.set_fee(kind="amount", amount=1200)
        self.assertEqual(self.draft().agreement_amount, 1200)

    def test_a_share_is_rounded_like_money(self):
        self.set_fee(kind="share", share=12.35)
        # 9999 * 12.35 % = 1234.8765
        self.assertEqual(self.draft().agreement_amount, 1234.88)
        self.assertEqual(self.template.aftersales_yearly_fee, 1234.88)

    def test_other_terms_cost_their_months(self):
        self.set_fee(kind="amount", amount=1000)
        price = self.software._get_term_fee
        for start, end, fee in (
            ("2026-01-01", "2026-06-30", 500),
            ("2026-01-01", "2026-04-30", 333.33),
            ("2026-01-01", "2028-12-31", 3000),
            ("2026-01-01", "2026-02-14", 125),
        ):
            with self.subTest(start=start, end=end):
                self.assertEqual(price(self.company, self.day(start), self.day(end)), fee)

    def test_each_company_has_its_own_fee(self):
        other = self.make_company("分公司")
        self.set_fee(kind="amount", amount=1000)
        self.assertIsNone(self.template._get_yearly_fee(other, 1.0))
        self.template.with_company(other).write(
            {"aftersales_fee_kind": "amount", "aftersales_fee_amount": 700}
        )
        self.assertEqual(self.template._get_yearly_fee(other, 1.0), 700)
        self.assertEqual(self.template._get_yearly_fee(self.company, 1.0), 1000)

    def test_a_share_is_in_the_currency_of_the_company(self):
        dollars = self.env.ref("base.USD")
        dollars.active = True
        abroad = self.make_company("Abroad")
        abroad.currency_id = dollars
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.template.currency_id.id,
                "rate": 8.0,
                "name": "2026-01-01",
                "company_id": abroad.id,
            }
        )
        self.template.with_company(abroad).write(
            {"aftersales_fee_kind": "share", "aftersales_fee_share": 10}
        )
        own = self.template.currency_id
        expected = own._convert(9999, dollars, abroad, date(2026, 3, 10), round=False) / 10
        self.assertEqual(self.template._get_yearly_fee(abroad, 9999.0), dollars.round(expected))

    def test_taxes_come_on_top_as_with_the_sales_price(self):
        tax = self.env["account.tax"].create(
            {"name": "6 %", "amount": 6.0, "company_id": self.company.id}
        )
        self.software.taxes_id = tax
        self.set_fee(kind="amount", amount=1000)
        agreement = self.draft()
        self.assertEqual(agreement.agreement_amount, 1060)
        self.sign(agreement)
        self.assertEqual(agreement.sudo().invoice_ids.amount_total, 1060)

    def test_impossible_fees_are_refused(self):
        for values in ({"kind": "amount", "amount": -1}, {"kind": "share", "share": 101}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.set_fee(**values)

    # === Who sets it === #

    def test_service_managers_set_it_and_nobody_else_of_the_service(self):
        for user in (self.specialist, self.callback, self.archivist, self.accountant):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.set_fee(user, kind="amount", amount=1)
        self.set_fee(self.manager, kind="amount", amount=1100)
        self.assertEqual(self.template.aftersales_fee_amount, 1100)
        # the manager gets no other right on products
        with self.assertRaises(AccessError):
            self.template.with_user(self.manager).list_price = 1

    def test_only_software_has_a_fee_of_service(self):
        self.template.aftersales_line_id = False
        with self.assertRaises(UserError):
            self.set_fee(kind="amount", amount=1)

    # === Existing agreements === #

    def test_a_new_fee_changes_no_line_that_exists(self):
        self.set_fee(kind="amount", amount=1000)
        agreement = self.draft()
        self.set_fee(kind="amount", amount=1500)
        self.assertEqual(agreement.agreement_amount, 1000)
        with Form(agreement, VIEW) as form:
            form.term_end = self.day("2026-09-30")
        self.assertEqual(agreement.agreement_amount, 1000)
        # it is shown, and applied by a button
        self.assertTrue(agreement.is_off_fee)
        self.assertEqual(agreement.fee_amount, 750)
        agreement.action_apply_fees()
        self.assertEqual(agreement.agreement_amount, 750)
        self.assertFalse(agreement.is_off_fee)

    def test_fees_are_applied_to_drafts_by_who_writes_them(self):
        self.set_fee(kind="amount", amount=1000)
        agreement = self.draft()
        self.set_fee(kind="amount", amount=1500)
        with self.assertRaises(AccessError):
            agreement.with_user(self.colleague).action_apply_fees()
        self.sign(agreement)
        self.assertFalse(agreement.is_off_fee)
        with self.assertRaisesRegex(UserError, "no longer a draft"):
            agreement.action_apply_fees()

    def test_a_line_added_in_the_form_gets_the_fee_of_the_term(self):
        self.set_fee(kind="amount", amount=1000)
        model = self.env["contract.contract"].with_user(self.specialist)
        with Form(model.with_context(default_is_service_agreement=True), VIEW) as form:
            form.partner_id = self.installation.partner_id
            form.term_start = self.day("2026-04-01")
            form.term_end = self.day("2026-09-30")
            with form.contract_line_ids.new() as line:
                line.product_id = self.software
                self.assertEqual(line.price_unit, 500)
        self.assertEqual(form.record.agreement_amount, 500)

    # === Renewals === #

    def test_a_renewal_takes_the_last_amount_first(self):
        self.set_fee(kind="amount", amount=1000)
        agreement = self.make_agreement(self.installation, price=800, signed=True)
        self.assertEqual(agreement._renew().agreement_amount, 800)

    def test_a_renewal_of_a_free_term_proposes_the_fee(self):
        self.set_fee(kind="amount", amount=1000)
        agreement = self.make_agreement(self.installation, price=0, signed=True)
        self.assertEqual(agreement._renew().agreement_amount, 1000)

    def test_a_renewal_without_lines_proposes_the_software_at_its_fee(self):
        self.set_fee(kind="amount", amount=1000)
        agreement = self.make_agreement(self.installation, price=0)
        agreement.contract_line_ids.unlink()
        vals = agreement._prepare_renewal_lines(self.day("2026-04-01"), self.day("2026-09-30"))
        self.assertEqual([row[2]["price_unit"] for row in vals], [500])

    def test_a_free_line_beside_a_paid_one_stays_free(self):
        self.set_fee(kind="amount", amount=1000)
        second = self.make_installation(self.installation.partner_id, self.software)
        both = self.installation | second
        agreement = self.make_agreement(both, price=900, signed=True)
        self.assertEqual(agreement._renew().contract_line_ids.mapped("price_unit"), [900, 0])


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementInvoiceLinks(AftersalesCommon):
    """Invoices and agreements lead to each other, and accountants have their lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.make_agreement(
            start=cls.day("2026-04-01"), end=cls.day("2027-03-31"), signed=True
        )
        cls.invoice = cls.agreement.invoice_ids
        cls.clerk = cls.make_user("clerk", "account.group_account_invoice")

    def listed(self, name, user=None):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"jinyang_aftersales.{name}")
        domain = eval(action["domain"])  # noqa: S307 a domain of our own data
        return self.env[action["res_model"]].with_user(user or self.clerk).search(domain)

    # === The term on the invoice === #

    def test_the_term_stands_on_the_invoice_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("en_US")
        for lang, text in (
            ("zh_CN", "服务期：2026/04/01 至 2027/03/31"),
            ("en_US", "Service period: 04/01/2026 – 03/31/2027"),
        ):
            agreement = self.in_language(lang)
            self.sign(agreement)
            self.assertTrue(agreement.invoice_ids.invoice_line_ids.name.endswith(f"\n{text}"))

    def in_language(self, lang):
        row = self.make_installation(self.make_customer(lang=lang))
        return self.make_agreement(row, start=self.day("2026-04-01"), end=self.day("2027-03-31"))

    def test_the_term_is_said_once_and_not_on_notes(self):
        self.env["res.lang"]._activate_lang("en_US")
        agreement = self.in_language("en_US")
        agreement.contract_line_ids.name = "Service 04/01/2026 to 03/31/2027"
        agreement.contract_line_ids = [
            Command.create({"display_type": "line_note", "name": "Thank you", "sequence": 0})
        ]
        self.sign(agreement)
        names = agreement.invoice_ids.invoice_line_ids.mapped("name")
        self.assertEqual(sum(text.count("04/01/2026") for text in names), 1)
        self.assertNotIn("Service period", "".join(names))

    # === Links === #

    def test_the_invoice_leads_to_its_agreement_and_back(self):
        for user in (self.clerk, self.accountant):
            invoice = self.invoice.with_user(user)
            self.assertEqual(invoice.service_agreement_count, 1)
            action = invoice.action_view_service_agreements()
            self.assertEqual(action["res_id"], self.agreement.id)
            back = self.agreement.with_user(user).action_view_invoices()
            self.assertEqual(back["res_id"], self.invoice.id)

    def test_accountants_read_the_form_of_the_agreement(self):
        view = self.env.ref(VIEW)
        for user in (self.clerk, self.accountant):
            agreement = self.agreement.with_user(user)
            self.assertEqual(agreement.get_formview_id(), view.id)
            Form(agreement, VIEW)

    # === Lists === #

    def test_due_late_and_paid(self):
        self.assertEqual(self.listed("account_move_action_due"), self.invoice)
        self.assertEqual(self.invoice.with_user(self.clerk).service_receivable, "due")
        self.assertFalse(self.listed("account_move_action_late"))
        with freeze_time("2026-03-20 04:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.listed("account_move_action_late"), self.invoice)
            self.assertEqual(self.listed("account_move_action_due"), self.invoice)
            self.assertEqual(self.invoice.with_user(self.clerk).service_receivable, "late")
        self.pay(self.agreement, amount=400)
        self.assertEqual(self.listed("account_move_action_due"), self.invoice)
        self.pay(self.agreement)
        self.assertFalse(self.listed("account_move_action_due"))

    def test_the_day_of_the_company_decides_what_is_late(self):
        due = self.invoice.invoice_date_due
        # one hour into the next day in Shanghai, still the due day in UTC
        with freeze_time(f"{due} 17:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.listed("account_move_action_late"), self.invoice)

    def test_other_invoices_are_not_among_them(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.agreement.partner_id.id,
                "invoice_line_ids": [Command.create({"name": "Cable", "price_unit": 10})],
            }
        )
        move.action_post()
        self.assertFalse(move.service_receivable or move.service_agreement_count)
        self.assertEqual(self.listed("account_move_action_due"), self.invoice)
        with self.assertRaisesRegex(UserError, "no invoice of a service agreement"):
            move.action_open_invoice_dispatch()

    def test_dispatch_is_recorded_by_accountants_who_only_read_agreements(self):
        self.assertEqual(self.listed("account_move_action_to_dispatch"), self.invoice)
        self.assertFalse(self.agreement.with_user(self.clerk).has_access("write"))
        action = self.invoice.with_user(self.clerk).action_open_invoice_dispatch()
        dialog = self.env["aftersales.invoice.dispatch"].with_user(self.clerk)
        dialog = dialog.with_context(**action["context"])
        dialog.create({"courier": "SF", "waybill": "SF1"}).action_apply()
        self.assertRecordValues(
            self.agreement,
            [
                {
                    "invoice_sent_on": date(2026, 3, 10),
                    "invoice_courier": "SF",
                    "invoice_tracking_number": "SF1",
                }
            ],
        )
        self.assertFalse(self.listed("account_move_action_to_dispatch"))
        self.env.invalidate_all()
        self.assertIn("SF1", self.invoice.with_user(self.clerk).service_dispatch)
        # what was recorded is corrected by a service manager
        with self.assertRaises(UserError):
            dialog.create({"courier": "YTO", "waybill": "YT2"}).action_apply()

    def test_nobody_else_records_a_dispatch(self):
        for user in (self.colleague, self.callback, self.archivist, self.employee):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.agreement.with_user(user)._record_invoice_dispatch("2026-03-10", "SF", "1")

    def test_a_dispatch_to_come_or_without_an_invoice_is_refused(self):
        with self.assertRaises(UserError):
            self.agreement.with_user(self.clerk)._record_invoice_dispatch("2026-03-11", "SF", "1")
        with self.assertRaises(UserError):
            self.make_agreement().with_user(self.clerk)._record_invoice_dispatch(
                "2026-03-10", "SF", "1"
            )

    def test_accountants_invoice_again_what_was_credited(self):
        self.assertFalse(self.listed("contract_contract_action_to_invoice"))
        self.invoice._reverse_moves(cancel=True)
        self.commit()
        agreement = self.agreement.with_user(self.clerk)
        self.assertEqual(self.listed("contract_contract_action_to_invoice"), agreement)
        agreement.action_create_invoice()
        self.assertFalse(self.listed("contract_contract_action_to_invoice"))
        self.assertEqual(len(self.listed("account_move_action_to_dispatch")), 1)
        with self.assertRaises(UserError):
            agreement.write({"term_end": "2030-01-01"})

    def test_menus_of_accountants(self):
        menus = self.env["ir.ui.menu"].with_user(self.clerk).load_menus(False)
        for name, seen in (
            ("menu_root", True),
            ("account_move_menu_due", True),
            ("account_move_menu_to_dispatch", True),
            ("contract_contract_menu_to_invoice", True),
            ("menu_service", False),
            ("res_partner_menu", False),
            ("contract_contract_menu_agreement", False),
        ):
            menu = self.env.ref(f"jinyang_aftersales.{name}")
            with self.subTest(menu=name):
                self.assertEqual(menu.id in menus, seen)
        mine = self.env["ir.ui.menu"].with_user(self.specialist).load_menus(False)
        self.assertNotIn(self.env.ref("jinyang_aftersales.account_move_menu_due").id, mine)
