from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestCustomerDoubles(AftersalesCommon):
    """Customers that look the same stand in a list of service managers, however they came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_customer("四川天府商贸有限公司", phone="13800000001")
        cls.rows = cls.env["aftersales.partner.double"].with_user(cls.manager)

    def pairs(self):
        self.env.invalidate_all()
        return {
            (row.partner_id, row.other_id, row.reason)
            for row in self.rows.search([])
            if row.partner_id == self.first
        }

    def test_an_import_that_asks_nobody_is_listed(self):
        self.env["res.partner"].with_user(self.manager).load(
            ["name", "is_company", "phone", "vat"],
            [
                ["四川天府商贸", "1", "", ""],
                ["另一家", "1", "+86 138-0000-0001", ""],
                ["第三家", "1", "", "91510100MA00000001"],
            ],
        )
        self.first.vat = "91510100ma00000001"
        found = {(other.name, why) for _first, other, why in self.pairs()}
        self.assertEqual(found, {("四川天府商贸", "name"), ("另一家", "phone"), ("第三家", "tax")})

    def test_the_number_of_a_contact_counts_for_its_customer(self):
        other = self.make_customer("另一家")
        other.software_contact_id.phone = "13800000001"
        self.assertEqual(self.pairs(), {(self.first, other, "phone")})
        # two contacts of one customer are no pair
        self.first.software_contact_id.phone = "13800000001"
        self.assertEqual(len(self.pairs()), 1)

    def test_what_somebody_has_decided_is_gone(self):
        self.make_customer("四川天府商贸")
        self.rows.search([("partner_id", "=", self.first.id)]).action_distinct()
        self.assertFalse(self.pairs())

    def test_archived_customers_and_old_numbers_are_no_pair(self):
        same = self.make_customer("四川天府商贸")
        moved = self.make_customer("另一家", phone="13800000001")
        same.active = False
        moved.phone = "13900000009"
        self.assertFalse(self.pairs())

    def test_a_number_of_many_is_nobodys(self):
        for number in range(11):
            self.make_customer(f"商户{number}", phone="02888887777")
        self.first.phone = "02888887777"
        self.assertFalse(self.pairs())

    def test_the_merge_of_odoo_ends_a_pair(self):
        other = self.make_customer("四川天府商贸", contact=False, email=self.first.email)
        action = self.rows.search([("partner_id", "=", self.first.id)]).action_merge()
        merge = self.env[action["res_model"]].with_user(self.manager)
        merge = merge.with_context(**action["context"]).create({})
        self.assertEqual(merge.partner_ids, self.first | other)
        merge.dst_partner_id = self.first
        merge.action_merge()
        self.assertFalse(self.pairs())
        self.assertFalse(other.exists())

    def test_nobody_else_reads_the_list(self):
        for user in (self.specialist, self.callback, self.employee, self.accountant):
            with self.assertRaises(AccessError):
                self.rows.with_user(user).search([])

    def test_a_pair_of_another_company_is_not_shown(self):
        other = self.make_company("分公司")
        self.make_customer("四川天府商贸", company_id=other.id)
        self.assertFalse(self.pairs())
