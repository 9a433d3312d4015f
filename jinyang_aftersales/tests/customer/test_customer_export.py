"""Who may export, and who is told of it (12-settled 50)."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...activities import EXPORT_ACTIVITY
from ...hooks import give_export_right
from ...models.customer import base
from .. import common

RIGHT = "base.group_allow_export"


@tagged("post_install", "-at_install")
class TestCustomerExport(common.AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"客户{number}", "is_company": True} for number in range(4)]
        )

    def find_told(self, user):
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.env.ref(EXPORT_ACTIVITY).id),
                ("user_id", "=", user.id),
            ]
        )

    def test_managers_and_directors_export_by_their_role(self):
        for user in (self.manager, self.director):
            self.assertTrue(user.has_group(RIGHT))
            self.assertTrue(self.customers.with_user(user).export_data(["name"])["datas"])

    def test_other_roles_export_nothing(self):
        for user in (self.specialist, self.callback, self.archivist, self.developer):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.customers.with_user(user).export_data(["name"])

    def test_accountants_and_personnel_officers_get_the_right_at_the_set_up(self):
        officer = self.make_user("officer", "hr.group_hr_user")
        self.assertFalse(self.accountant.has_group(RIGHT) or officer.has_group(RIGHT))
        give_export_right(self.env)
        self.assertTrue(self.accountant.has_group(RIGHT))
        self.assertTrue(officer.has_group(RIGHT))
        self.assertFalse(self.specialist.has_group(RIGHT) or self.employee.has_group(RIGHT))

    def test_the_upgrade_gives_it_to_them(self):
        migration = common.load_migration("19.0.4.0.0/post-export.py")
        migration.migrate(self.env.cr, None)
        self.env.invalidate_all()
        self.assertFalse(self.accountant.has_group(RIGHT))
        migration.migrate(self.env.cr, "19.0.3.0.0")
        self.env.invalidate_all()
        self.assertTrue(self.accountant.has_group(RIGHT))

    def test_directors_are_told_of_a_file_with_many_customers(self):
        with patch.object(base, "MANY_CUSTOMERS", 3):
            self.customers.with_user(self.manager).export_data(["name"])
        told = self.find_told(self.director)
        self.assertEqual(len(told), 1)
        self.assertIn(self.manager.name, told.note)
        self.assertIn("4", told.note)
        # told once more for another file
        with patch.object(base, "MANY_CUSTOMERS", 3):
            self.customers.with_user(self.manager).export_data(["name", "phone"])
        self.assertEqual(len(self.find_told(self.director)), 2)

    def test_a_file_of_documents_is_counted_by_their_customers(self):
        rows = self.env["aftersales.installation"].browse()
        for customer in self.customers:
            rows |= self.make_installation(customer)
        with patch.object(base, "MANY_CUSTOMERS", 3):
            rows.with_user(self.manager).export_data(["serial_number"])
        self.assertEqual(len(self.find_told(self.director)), 1)

    def test_many_documents_of_few_customers_are_not_told(self):
        contacts = self.env["res.partner"].create(
            [{"name": f"联系人{n}", "parent_id": self.customers[0].id} for n in range(6)]
        )
        with patch.object(base, "MANY_CUSTOMERS", 3):
            contacts.with_user(self.manager).export_data(["name"])
            self.customers[:3].with_user(self.manager).export_data(["name"])
        self.assertFalse(self.find_told(self.director))

    def test_nobody_is_told_of_the_own_export(self):
        with patch.object(base, "MANY_CUSTOMERS", 3):
            self.customers.with_user(self.director).export_data(["name"])
        self.assertFalse(self.find_told(self.director))
