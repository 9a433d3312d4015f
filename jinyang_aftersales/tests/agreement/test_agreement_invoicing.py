from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementInvoicing(AftersalesCommon):
    """One invoice covers the term; the contract addon cannot make a second or an earlier one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.product = cls.make_software()

    def make(self, start, end, **values):
        return self.make_agreement(
            self.make_installation(self.customer, self.product),
            start=self.day(start),
            end=self.day(end),
            **values,
        )

    def test_one_invoice_covers_a_term_of_any_length(self):
        for start, end in (
            ("2026-04-01", "2027-03-31"),
            ("2026-04-01", "2026-04-01"),
            ("2026-04-01", "2026-06-30"),
            ("2026-04-01", "2028-03-31"),
            ("2026-04-01", "2031-05-15"),
            ("2024-02-29", "2025-02-27"),
            # the term may be over, or begin in years
            ("2020-01-01", "2020-12-31"),
            ("2030-01-01", "2030-12-31"),
        ):
            with self.subTest(start=start, end=end):
                agreement = self.make(start, end)
                self.sign(agreement)
                self.assertEqual(agreement.invoice_ids.amount_total, 1000)
                self.assertEqual(agreement.contract_line_ids.last_date_invoiced, self.day(end))
                self.assertFalse(agreement.contract_line_ids.recurring_next_date)
                self.assertEqual(agreement.date_end, self.day(end))

    def test_the_invoice_names_the_term(self):
        agreement = self.make("2026-04-01", "2028-03-31")
        self.customer.lang = "zh_CN"
        agreement.contract_line_ids.name = "Service #START# to #END#"
        self.sign(agreement)
        self.assertEqual(
            agreement.invoice_ids.invoice_line_ids.name, "Service 2026/04/01 to 2028/03/31"
        )

    def test_lines_follow_the_term_of_the_draft(self):
        agreement = self.make("2026-04-01", "2027-03-31")
        for start, end in (
            ("2026-06-01", "2027-05-31"),
            ("2026-01-01", "2026-12-31"),
            ("2026-01-01", "2029-12-31"),
        ):
            agreement.write({"term_start": start, "term_end": end})
            self.assertRecordValues(
                agreement.contract_line_ids,
                [
                    {
                        "date_start": self.day(start),
                        "date_end": self.day(end),
                        "recurring_next_date": self.day(start),
                        "recurring_rule_type": "yearly",
                        "recurring_invoicing_type": "pre-paid",
                    }
                ],
            )
        self.sign(agreement)
        self.assertEqual(len(agreement.invoice_ids), 1)

    def test_lines_added_later_follow_too(self):
        agreement = self.make("2026-04-01", "2028-03-31")
        for line in (
            self.env["contract.line"].create(
                {"contract_id": agreement.id, "product_id": self.product.id, "price_unit": 500}
            ),
            self.env["contract.line"].create(
                {"contract_id": agreement.id, "name": "Note", "display_type": "line_note"}
            ),
        ):
            self.assertEqual(line.date_end, self.day("2028-03-31"))
        self.sign(agreement)
        self.assertEqual(agreement.invoice_ids.amount_total, 1500)
        self.assertEqual(len(agreement.invoice_ids.invoice_line_ids), 3)

    def test_a_section_does_not_lose_the_end_of_the_contract(self):
        agreement = self.make("2026-04-01", "2027-03-31")
        agreement.contract_line_ids = [
            Command.create({"name": "Services", "display_type": "line_section", "sequence": 1})
        ]
        self.assertEqual(agreement.date_end, self.day("2027-03-31"))
        self.sign(agreement)
        self.assertEqual(agreement.invoice_ids.amount_total, 1000)

    def test_a_term_entered_late_dates_the_lines(self):
        agreement = self.make_agreement(self.make_installation(), term_start=False, term_end=False)
        agreement.write({"term_start": "2026-04-01", "term_end": "2027-03-31"})
        self.assertEqual(agreement.contract_line_ids.date_end, self.day("2027-03-31"))

    # How the contract addon makes invoices

    def test_the_nightly_job_leaves_agreements_alone(self):
        unsigned = self.make("2026-01-01", "2026-12-31")
        signed = self.make("2026-01-01", "2026-12-31")
        self.sign(signed)
        cancelled = self.make("2026-01-01", "2026-12-31")
        self.sign(cancelled)
        cancelled.invoice_ids.button_cancel()
        self.commit()
        ordinary = self.env["contract.contract"].create(
            {
                "name": "OCA",
                "partner_id": self.customer.id,
                "date_start": "2026-01-01",
                "contract_line_ids": [
                    Command.create({"name": "Hosting", "product_id": self.product.id})
                ],
            }
        )
        domain = self.env["contract.contract"]._get_contracts_to_invoice_domain()
        found = self.env["contract.contract"].search(domain)
        self.assertIn(ordinary, found)
        self.assertFalse(found.filtered("is_service_agreement"))
        self.env["contract.contract"].cron_recurring_create_invoice()
        self.assertTrue(ordinary._get_related_invoices())
        self.assertFalse(unsigned.invoice_ids)
        self.assertEqual(len(signed.invoice_ids), 1)
        self.assertEqual(cancelled.invoice_ids.state, "cancel")
        self.assertFalse(unsigned.invoice_generation_error)

    def test_the_manual_wizard_leaves_agreements_alone(self):
        agreement = self.make("2026-01-01", "2026-12-31")
        wizard = self.env["contract.manually.create.invoice"].create({"invoice_date": "2030-01-01"})
        self.assertNotIn(agreement, wizard.contract_to_invoice_ids)
        wizard.create_invoice()
        self.assertFalse(agreement.invoice_ids)

    def test_no_method_invoices_what_is_not_signed(self):
        agreement = self.make("2026-01-01", "2026-12-31")
        for stage in ("draft", "sent", "lost"):
            if stage == "sent":
                self.fax(agreement)
            if stage == "lost":
                agreement.action_lose("gone")
            for user in (self.env.user, self.accountant):
                contract = agreement.with_user(user)
                with self.assertRaisesRegex(UserError, "not signed"):
                    contract.recurring_create_invoice()
                with self.assertRaisesRegex(UserError, "not signed"):
                    contract._recurring_create_invoice(Date.to_date("2026-06-01"))
                with self.assertRaisesRegex(UserError, "not signed"):
                    contract.action_create_invoice()
        self.assertFalse(agreement.invoice_ids)

    def test_no_method_invoices_a_term_twice(self):
        agreement = self.make("2026-01-01", "2026-12-31", signed=True)
        for method in ("recurring_create_invoice", "action_create_invoice"):
            with self.assertRaisesRegex(UserError, "already has the invoice"):
                getattr(agreement.with_user(self.accountant), method)()
        self.assertFalse(agreement.can_create_invoice)
        self.assertEqual(len(agreement.invoice_ids), 1)

    def test_free_of_charge_is_not_invoiced(self):
        agreement = self.make("2026-01-01", "2026-12-31", price=0.0, signed=True)
        with self.assertRaisesRegex(UserError, "free of charge"):
            agreement.action_create_invoice()

    # The invoice is removed, and made again

    def test_cancelled_deleted_or_credited_the_invoice_can_be_made_again(self):
        def cancel(invoice):
            invoice.button_cancel()

        def delete(invoice):
            invoice.button_draft()
            invoice.unlink()

        def credit(invoice):
            invoice._reverse_moves(cancel=True)

        for undo in (cancel, delete, credit):
            with self.subTest(undo=undo.__name__):
                agreement = self.make("2026-04-01", "2027-03-31", signed=True)
                undo(agreement.invoice_ids)
                self.commit()
                agreement.invalidate_recordset()
                self.assertFalse(agreement.contract_line_ids.last_date_invoiced)
                self.assertTrue(agreement.can_create_invoice)
                agreement.with_user(self.specialist).action_create_invoice()
                self.assertFalse(agreement.can_create_invoice)
                live = agreement._get_live_invoices()
                self.assertEqual(len(live), 1)
                self.assertEqual((live.state, live.amount_total), ("posted", 1000))

    def test_made_again_later_it_is_due_when_it_is_written(self):
        agreement = self.make("2026-04-01", "2027-03-31", signed=True)
        agreement.invoice_ids.button_cancel()
        with freeze_time("2026-05-01 04:00:00"):
            agreement.action_create_invoice()
            live = agreement._get_live_invoices()
        self.assertEqual(live.invoice_date, self.day("2026-05-01"))
        self.assertEqual(live.invoice_date_due, self.day("2026-05-01"))

    def test_an_invoice_in_draft_is_still_alive(self):
        agreement = self.make("2026-04-01", "2027-03-31", signed=True)
        agreement.invoice_ids.button_draft()
        self.commit()
        self.assertFalse(agreement.can_create_invoice)
        self.assertEqual(agreement.agreement_invoice_state, "draft")

    def test_who_may_not_write_the_agreement_makes_no_invoice(self):
        agreement = self.make("2026-04-01", "2027-03-31")
        self.fax(agreement)
        for user in (self.colleague, self.callback, self.employee):
            with self.assertRaises(AccessError):
                self.sign(agreement.with_user(user))
            with self.assertRaises(AccessError):
                agreement.with_user(user)._make_invoice(self.day("2026-03-10"))
        self.assertFalse(agreement.invoice_ids)

    def test_states_of_the_invoice_for_who_reads_no_accounting(self):
        agreement = self.make("2026-04-01", "2027-03-31").with_user(self.callback)
        self.assertEqual(agreement.agreement_invoice_state, "none")
        self.sign(agreement.sudo().with_user(self.specialist))
        self.assertEqual(agreement.agreement_invoice_state, "open")
        with freeze_time("2026-03-14 04:00:00"):
            agreement.invalidate_recordset()
            self.assertEqual(agreement.agreement_invoice_state, "overdue")
        self.pay(agreement.with_env(self.env))
        self.assertEqual(agreement.agreement_invoice_state, "paid")
        self.assertEqual(agreement.agreement_amount_due, 0)

    def test_a_second_company_invoices_in_its_own_books(self):
        company = self.make_company()
        self.env.user.company_ids += company
        self.specialist.company_ids += company
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        installation = self.make_installation(
            self.customer, self.product, company_id=company.id
        ).with_env(env)
        agreement = self.make_agreement(installation, company_id=company.id).with_env(env)
        # the specialist works in both companies, and has selected the other one first
        self.sign(
            agreement.with_user(self.specialist).with_context(
                allowed_company_ids=(self.company | company).ids
            )
        )
        self.assertEqual(agreement.invoice_ids.company_id, company)
        self.assertEqual(agreement.invoice_ids.journal_id.company_id, company)
