"""What customers owe: seen by those who collect it, and reminded (四 专员.6)."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestCustomerDebts(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"]
        cls.customer = cls.make_customer()
        cls.installation = cls.make_installation(cls.customer, end=cls.day("2026-03-31"))
        cls.clean = cls.make_customer()
        cls.theirs = cls.make_customer(service_user_id=cls.colleague.id)
        cls.late = cls.make_invoice(cls.customer, 800, "2026-03-05")

    @classmethod
    def make_invoice(cls, customer, amount, due):
        """A posted invoice that belongs to no agreement."""
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "invoice_date": "2026-03-01",
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Last part", "price_unit": amount, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        return invoice

    def remind(self, day="2026-03-10"):
        self.env["account.move"]._remind_debts(self.company, self.day(day))
        kind = self.env.ref("jinyang_aftersales.mail_activity_debt")
        return self.customer.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    def test_state_amount_and_first_day_are_read_from_receivables(self):
        """M57"""
        agreement = self.make_agreement(self.installation, price=1000)
        self.sign(agreement)
        self.make_invoice(self.theirs, 50, "2026-04-01")
        seen = (self.customer | self.customer.software_contact_id | self.clean).with_user(
            self.specialist
        )
        self.assertRecordValues(
            seen,
            [
                *(
                    {
                        "owed_state": "overdue",
                        "owed_amount": 1800.0,
                        "owed_since": self.day("2026-03-05"),
                    },
                )
                * 2,
                {"owed_state": "nothing", "owed_amount": 0.0, "owed_since": False},
            ],
        )
        told = seen[0].owed_for
        for part in (self.late.name, agreement.name, "800", "1,000"):
            self.assertIn(part, told)
        self.assertEqual(self.theirs.with_user(self.manager).owed_state, "open")

    def test_a_payment_leaves_what_is_left(self):
        """M57"""
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.late.ids
        ).create({"payment_date": "2026-03-10", "amount": 300})._create_payments()
        self.assertEqual(self.customer.owed_amount, 500)
        self.late._reverse_moves(cancel=False).action_post()
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.owed_state, "nothing")

    def test_debts_are_filtered_sorted_and_grouped(self):
        """M57"""
        self.make_invoice(self.theirs, 50, "2026-04-01")
        rows = self.partners.with_user(self.manager)
        ours = [("id", "in", (self.customer | self.clean | self.theirs).ids)]
        for domain, found in (
            ([("owed_state", "=", "overdue")], self.customer),
            ([("owed_state", "in", ("open", "overdue"))], self.customer | self.theirs),
            ([("owed_state", "=", "nothing")], self.clean),
            ([("owed_state", "!=", "nothing")], self.customer | self.theirs),
            ([("owed_amount", ">", 100)], self.customer),
            ([("owed_amount", "=", 0)], self.clean),
            ([("owed_since", "<=", "2026-03-31")], self.customer),
            ([("owed_since", "=", False)], self.clean),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(rows.search(ours + domain), found.with_env(rows.env))
        self.assertEqual(
            rows.search(ours, order="owed_amount desc, id").ids,
            [self.customer.id, self.theirs.id, self.clean.id],
        )
        groups = rows._read_group(ours, ["owed_state"], ["__count", "owed_amount:sum"])
        self.assertEqual(sorted(groups), [("nothing", 1, 0), ("open", 1, 50), ("overdue", 1, 800)])
        shown = rows.formatted_read_group(ours, ["owed_state"], ["__count"])
        self.assertEqual(len(shown), 3)

    def test_specialists_see_what_their_customers_owe(self):
        """M57"""
        self.make_invoice(self.theirs, 50, "2026-03-05")
        mine = self.partners.with_user(self.specialist)
        self.assertEqual(self.theirs.with_env(mine.env).owed_state, "nothing")
        self.assertEqual(self.theirs.with_env(mine.env).service_amount_due, 0.0)
        self.assertFalse(self.theirs.with_env(mine.env).owed_for)
        both = [("id", "in", (self.customer | self.theirs).ids)]
        owing = [*both, ("owed_state", "=", "overdue")]
        self.assertEqual(mine.search(owing).ids, self.customer.ids)
        self.assertEqual(
            dict(mine._read_group(both, ["owed_state"], ["owed_amount:sum"])),
            {"nothing": 0, "overdue": 800},
        )
        for user in (self.manager, self.director, self.accountant):
            self.assertEqual(
                set(self.partners.with_user(user).search(owing).ids),
                {self.customer.id, self.theirs.id},
            )

    def test_nobody_else_reads_searches_or_groups_debts(self):
        """M57"""
        visitor = self.make_user(
            "debtor", "base.group_portal", partner_id=self.customer.software_contact_id.id
        )
        for user in (visitor, self.employee, self.callback):
            rows = self.partners.with_user(user)
            for name in ("owed_state", "owed_amount", "owed_since", "owed_for"):
                with self.subTest(user=user.name, field=name):
                    with self.assertRaises(AccessError):
                        self.customer.with_user(user).read([name])
                    if name == "owed_for":
                        continue
                    for call in (
                        lambda rows=rows, name=name: rows.search([(name, "!=", False)]),
                        lambda rows=rows, name=name: rows.search([], order=name, limit=1),
                        lambda rows=rows, name=name: rows._read_group([], [name]),
                    ):
                        with self.assertRaises(AccessError):
                            call()

    def test_amounts_that_are_no_agreement_are_reminded_once(self):
        """M57"""
        self.company.aftersales_payment_escalation_days = 3
        self.assertFalse(self.remind("2026-03-05"))
        for _run in range(2):
            told = self.remind("2026-03-06")
            self.assertEqual(told.user_id, self.specialist)
            self.assertEqual(len(told), 1)
        self.assertIn(self.late.name, told.note)
        for _run in range(2):
            told = self.remind("2026-03-09")
            self.assertEqual(len(told), len(told.user_id))
            self.assertLessEqual(self.specialist | self.manager, told.user_id)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.late.ids
        ).create({"payment_date": "2026-03-10"})._create_payments()
        self.assertFalse(self.remind("2026-03-11"))

    def test_agreements_strangers_and_old_debts_are_not_reminded_here(self):
        """M57"""
        self.company._write_unlocked({"aftersales_duties_since": "2026-03-06"})
        agreement = self.make_agreement(self.installation)
        self.sign(agreement)
        stranger = self.make_invoice(self.clean, 50, "2026-03-07")
        self.assertFalse(self.remind("2026-03-30"))
        self.assertFalse(stranger.partner_id.activity_ids)
