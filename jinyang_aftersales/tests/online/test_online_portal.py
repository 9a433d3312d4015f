"""Customers are not sent to pages that need a payment provider. Runs where Odoo's payment addons are there."""

from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, new_test_user, tagged

from ..common import AftersalesCommon

PAGES = ("/my/payment_method", "/my/invoices/overdue", "/payment/pay")


@tagged("post_install", "-at_install")
class TestOnlinePortal(AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.customer = cls.make_customer(lang="en_US")
        installation = cls.make_installation(cls.customer)
        year_ago = cls.company._aftersales_today() - relativedelta(years=1)
        agreement = cls.make_agreement(installation, start=year_ago)
        cls.sign(agreement)
        cls.invoice = agreement.invoice_ids
        cls.invoice.invoice_date_due = year_ago
        cls.other = cls.make_company()
        cls.user = new_test_user(
            cls.env,
            "online_customer",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[(6, 0, (cls.company + cls.other).ids)],
            partner_id=cls.customer.id,
            lang="en_US",
        )
        # a customer who paid online once, by a method that is no longer used
        methods = cls.env["payment.method"].with_context(active_test=False)
        cls.env["payment.token"].create(
            {
                "provider_id": cls.env["payment.provider"].search([], limit=1).id,
                "payment_method_id": methods.search([], limit=1).id,
                "partner_id": cls.user.partner_id.id,
                "provider_ref": "1",
                "payment_details": "1111",
            }
        )

    def setUp(self):
        super().setUp()
        self.authenticate(self.user.login, self.user.login)

    def page(self, path):
        answer = self.url_open(path)
        return answer.status_code, answer.text

    def overdue(self):
        name = "overdue_invoice_count"
        return self.make_jsonrpc_request("/my/counters", {"counters": [name]})[name]

    def test_pages_offer_no_payment(self):
        status, home = self.page("/my/home")
        self.assertEqual(status, 200)
        for text in ("/my/payment_method", "overdue_invoice_count", "Pay Now"):
            self.assertNotIn(text, home)
        self.assertEqual(self.overdue(), 0)
        for path in ("/my/invoices", f"/my/invoices/{self.invoice.id}"):
            status, text = self.page(path)
            self.assertEqual(status, 200)
            self.assertIn(self.invoice.name, text)
            self.assertNotIn("Pay Now", text)
            self.assertNotIn("Pay overdue", text)
        self.assertNotIn('value="snailmail"', self.page("/my/account")[1])
        for path in PAGES:
            with self.subTest(path=path):
                self.assertEqual(self.page(path)[0], 404)

    def test_company_of_the_invoice_decides(self):
        address = f"/my/invoices/{self.invoice.id}"
        self.other.aftersales_online_services = True
        for company in (self.company, self.other):
            self.user.company_id = company
            with self.subTest(visitor_of=company.name):
                self.assertEqual(self.overdue(), 0)
                for path in (address, "/my/invoices"):
                    self.assertNotIn("Pay Now", self.page(path)[1])
        # the page belongs to no company: the other one is paid there
        self.assertEqual(self.page("/my/payment_method")[0], 200)
        self.assertIn("cannot be paid online", self.page(f"{address}?payment=True")[1])
        self.other.aftersales_online_services = False
        self.company.aftersales_online_services = True
        self.assertEqual(self.user.company_id, self.other)
        self.assertEqual(self.overdue(), 1)
        for path in (address, "/my/invoices"):
            self.assertIn("Pay Now", self.page(path)[1])
        self.assertNotIn("cannot be paid online", self.page(f"{address}?payment=True")[1])

    def test_pages_offer_payment_when_used(self):
        self.company.aftersales_online_services = True
        home = self.page("/my/home")[1]
        for text in ("/my/payment_method", "overdue_invoice_count", "Pay Now"):
            self.assertIn(text, home)
        self.assertEqual(self.overdue(), 1)
        text = self.page("/my/invoices")[1]
        self.assertIn("Pay Now", text)
        self.assertIn("Pay overdue", text)
        self.assertIn('value="snailmail"', self.page("/my/account")[1])
        for path in PAGES:
            with self.subTest(path=path):
                self.assertNotEqual(self.page(path)[0], 404)
