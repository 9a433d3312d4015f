"""What of an agreement follows its customer (M35), and what nobody writes once it is signed (M39)."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import AftersalesCommon
from ..common_rpc import call_as


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementCustomer(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation(end=cls.day("2026-03-31"))
        cls.agreement = cls.make_agreement(cls.installation, start=cls.day("2026-04-01"))
        cls.mine = cls.agreement.with_user(cls.specialist)
        cls.customer = cls.installation.partner_id
        cls.other = cls.make_customer("重庆南江物流有限公司")
        cls.term = cls.env["account.payment.term"].create({"name": "60 days"})
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "South", "currency_id": cls.company.currency_id.id}
        )
        cls.position = cls.env["account.fiscal.position"].create(
            {"name": "Free zone", "company_id": cls.company.id}
        )
        cls.billing = cls.env["res.partner"].create(
            {"name": "财务部", "parent_id": cls.other.id, "type": "invoice"}
        )
        cls.other.with_company(cls.company).write(
            {
                "property_payment_term_id": cls.term.id,
                "property_account_position_id": cls.position.id,
                "specific_property_product_pricelist": cls.pricelist.id,
            }
        )

    def assertFollows(self, agreement):
        agreement = agreement.sudo()
        self.assertEqual(
            (
                agreement.invoice_partner_id,
                agreement.payment_term_id,
                agreement.fiscal_position_id,
                agreement.pricelist_id,
            ),
            (
                self.billing,
                self.term,
                self.position,
                self.other.with_company(self.company).property_product_pricelist,
            ),
        )

    def test_payer_and_conditions_follow_the_customer_of_a_draft(self):
        """M35: by RPC as in the form."""
        self.agreement.invoice_contact_id = self.customer.software_contact_id
        self.mine.write(
            {"installation_ids": [Command.clear()], "partner_id": self.other.id, "note": "x"}
        )
        self.assertFollows(self.agreement)
        self.assertFalse(self.agreement.invoice_contact_id)

    def test_copy_for_another_customer_invoices_that_one(self):
        """M35: given with the copy, or afterwards."""
        for copied in (
            self.mine.copy({"partner_id": self.other.id}),
            self.mine.copy(),
        ):
            copied.partner_id = self.other
            self.assertFollows(copied)

    def test_over_rpc_the_first_customer_is_not_invoiced(self):
        """M35"""
        copied = call_as(self.specialist, "contract.contract", "copy", self.agreement.ids)
        call_as(
            self.specialist, "contract.contract", "write", copied, {"partner_id": self.other.id}
        )
        self.env.invalidate_all()
        self.assertFollows(self.agreement.browse(copied))

    def test_another_payer_is_decided_by_a_manager(self):
        """M35"""
        for attempt in (
            lambda: self.mine.write({"invoice_partner_id": self.other.id}),
            lambda: self.agreement.with_user(self.accountant).write(
                {"invoice_partner_id": self.other.id}
            ),
            lambda: self.mine.copy({"invoice_partner_id": self.other.id}),
            lambda: self.mine.create(
                {
                    "is_service_agreement": True,
                    "partner_id": self.customer.id,
                    "invoice_partner_id": self.other.id,
                }
            ),
        ):
            with (
                self.assertRaisesRegex(UserError, "decided by a service manager"),
                self.cr.savepoint(),
            ):
                attempt()
            self.env.invalidate_all()
        self.agreement.with_user(self.manager).invoice_partner_id = self.other
        # what was decided stays when something else is saved, and with the renewal
        self.mine.note = "x"
        self.mine.write({"partner_id": self.customer.id})
        self.assertEqual(self.agreement.invoice_partner_id, self.other)
        self.sign(self.mine)
        renewal = self.mine.browse(self.mine.action_renew()["res_id"])
        self.assertEqual(renewal.invoice_partner_id, self.other)

    def test_signed_agreement_is_printed_with_the_names_that_were_signed(self):
        """M34: renamed afterwards, and renewed under the new name."""
        report = "jinyang_aftersales.report_agreement"
        self.customer.write({"vat": False, "street": "Old Street 1"})
        self.sign(self.mine)
        before = self.customer.name
        self.customer.write({"name": "改名有限公司", "street": "New Street 2"})
        self.env.invalidate_all()

        def printed(agreement):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(report, agreement.ids)
            return html.decode()

        text = printed(self.agreement)
        self.assertIn(before, text)
        self.assertIn("Old Street 1", text)
        self.assertNotIn("改名有限公司", text)
        renewal = self.mine.browse(self.mine.action_renew()["res_id"])
        self.assertIn("改名有限公司", printed(renewal))

    def test_number_is_fixed_from_the_first_save(self):
        """M39"""
        for user in (self.specialist, self.manager, self.accountant, self.env.user):
            with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
                self.agreement.with_user(user).name = "HT-8"

    def test_what_was_signed_is_written_by_nobody(self):
        """M39: accounting neither, nor the superuser."""
        self.sign(self.mine)
        self.mine.action_record_copy(
            {
                "customer_signatory": "王芳",
                "is_customer_sealed": True,
                "countersigned_on": "2026-03-10",
            }
        )
        for user in (self.accountant, self.specialist, self.manager, self.env.user):
            for name, value in (
                ("customer_signatory", "Other"),
                ("is_sealed", False),
                ("is_customer_sealed", False),
                ("signed_on", "2026-01-01"),
                ("signed_by_id", self.colleague.id),
                ("countersigned_on", "2026-03-01"),
                ("payment_due_date", "2026-05-05"),
            ):
                with (
                    self.subTest(user=user.name, field=name),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    self.agreement.with_user(user).write({name: value})
        with self.assertRaises(UserError), self.cr.savepoint():
            self.agreement.with_user(self.accountant).return_due_date = "2026-05-05"
        self.mine.return_due_date = "2026-05-05"
