from datetime import date

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from ..common import AftersalesCommon

VIEW = "base.view_partner_form"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestCustomerPage(AftersalesCommon):
    """The form of a customer as people of the service use it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("四川天府商贸有限公司")

    def arch(self, user):
        view = self.env["res.partner"].with_user(user).get_view(self.env.ref(VIEW).id, "form")
        return html.fromstring(view["arch"])

    # === Order of the pages === #

    def test_the_service_page_is_the_first_one_and_opened(self):
        pages = self.arch(self.specialist).xpath("//notebook[1]/page")
        self.assertEqual(pages[0].get("name"), "aftersales")
        self.assertTrue(pages[0].get("autofocus"))
        self.assertFalse([page for page in pages[1:] if page.get("autofocus")])

    def test_other_users_have_no_service_page(self):
        names = [page.get("name") for page in self.arch(self.employee).xpath("//notebook/page")]
        self.assertNotIn("aftersales", names)
        self.assertEqual(names[0], "contact_addresses")

    # === Contacts === #

    def test_contacts_are_entered_with_department_numbers_and_position(self):
        with Form(self.customer.with_user(self.manager), VIEW) as form, form.child_ids.new() as row:
            row.name = "王会计"
            row.department = "财务部"
            row.qq_number = "123456"
            row.phone = "13800000001"
            row.landline = "028-85551234"
            row.function = "会计"
            row.email = "wang@example.cn"
        contact = self.customer.child_ids.filtered(lambda row: row.name == "王会计")
        self.assertRecordValues(
            contact,
            [
                {
                    "department": "财务部",
                    "qq_number": "123456",
                    "landline": "028-85551234",
                    "function": "会计",
                }
            ],
        )

    # === Software === #

    def test_software_is_added_from_the_page_with_all_proposed(self):
        action = self.customer.with_user(self.specialist).action_add_installation()
        self.assertEqual(action["target"], "new")
        model = self.env[action["res_model"]].with_user(self.specialist)
        with Form(model.with_context(**action["context"])) as form:
            form.product_id = self.make_software()
        row = form.record
        self.assertEqual((row.partner_id, row.user_id), (self.customer, self.specialist))
        self.assertEqual(row.service_date_end, date(2027, 6, 14))

    def test_a_contact_adds_software_of_the_company(self):
        action = self.customer.software_contact_id.action_add_installation()
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)

    # === Open documents === #

    def make_visit(self, **values):
        return self.env["aftersales.visit"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id, **values}
        )

    def test_open_documents_are_counted_by_kind_and_opened(self):
        self.assertFalse(self.customer.with_user(self.specialist).open_documents)
        visit = self.make_visit()
        done = self.make_visit()
        done.action_cancel("Not needed")
        self.make_agreement(self.make_installation(self.customer))
        self.env.invalidate_all()
        partner = self.customer.with_user(self.specialist)
        found = {row["code"]: row["count"] for row in partner.open_documents}
        self.assertEqual(found, {"visit": 1, "agreement": 1})
        self.assertEqual(partner.action_view_open("visit")["res_id"], visit.id)
        # the contact's form shows those of the company
        contact = self.customer.software_contact_id.with_user(self.specialist)
        self.assertEqual(len(contact.open_documents), 2)

    def test_what_is_late_is_said(self):
        self.env["aftersales.implementation"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "product_id": self.make_software().id,
                "date_start": "2026-06-01",
                "date_end": "2026-06-10",
            }
        )
        (row,) = self.customer.with_user(self.specialist).open_documents
        self.assertEqual((row["code"], row["count"], row["late"]), ("implementation", 1, 1))

    def test_complaints_behind_the_wall_are_not_counted(self):
        self.env["aftersales.complaint"].with_user(self.manager)._create_unlocked(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "kind": "attitude",
                "description": "…",
                "concerned_user_id": self.specialist.id,
            }
        )
        codes = lambda user: {  # noqa: E731
            row["code"] for row in self.customer.with_user(user).open_documents or []
        }
        self.assertIn("complaint", codes(self.manager))
        self.env.invalidate_all()
        self.assertNotIn("complaint", codes(self.specialist))

    def test_a_customer_that_is_not_saved_has_nothing_open(self):
        Form(self.env["res.partner"].with_user(self.manager), VIEW)

    # === Doubles === #

    def doubles(self, user=None, own_id=False, **values):
        self.env.flush_all()
        found = self.env["res.partner"].with_user(user or self.manager)
        return found.find_possible_doubles(values, own_id)

    def test_the_form_asks_about_the_same_name_telephone_or_tax_number(self):
        self.customer.write({"phone": "13800000001", "vat": "91510100MA00000001"})
        for values, reason in (
            ({"name": "四川天府商贸"}, "Same name"),
            ({"name": " 四川 天府商贸有限公司 "}, "Same name"),
            ({"name": "Other", "phone": "+86 138 0000 0001"}, "Same telephone"),
            ({"name": "Other", "landline": "138-0000-0001"}, "Same telephone"),
            ({"name": "Other", "vat": "91510100MA00000001"}, "Same tax number"),
        ):
            with self.subTest(**values):
                (row,) = self.doubles(**values)
                self.assertEqual((row["id"], row["reason"]), (self.customer.id, reason))
                self.assertEqual(row["specialist"], self.specialist.name)
        self.assertFalse(self.doubles(name="四川天府置业有限公司", phone="13900000009"))

    def test_the_number_of_a_contact_leads_to_its_customer(self):
        self.customer.software_contact_id.phone = "13711112222"
        (row,) = self.doubles(name="Other", phone="13711112222")
        self.assertEqual(row["id"], self.customer.id)

    def test_archived_customers_are_named_as_such(self):
        self.customer.active = False
        (row,) = self.doubles(name="四川天府商贸有限公司")
        self.assertEqual(row["state"], "Archived")

    def test_a_customer_is_no_double_of_itself(self):
        self.assertFalse(self.doubles(own_id=self.customer.id, name=self.customer.name))

    def test_who_said_that_it_is_another_one_is_not_asked_again(self):
        other = self.make_customer("四川天府商贸")
        self.assertTrue(self.doubles(own_id=other.id, name=other.name))
        other.with_user(self.manager).mark_distinct(self.customer.ids)
        self.assertFalse(self.doubles(own_id=other.id, name=other.name))
        self.assertFalse(self.doubles(own_id=self.customer.id, name=self.customer.name))
        # a third one is asked about both
        self.assertEqual(len(self.doubles(name="四川天府商贸")), 2)

    def test_strangers_learn_nothing_from_the_question(self):
        self.assertFalse(self.doubles(self.employee, name="四川天府商贸有限公司"))
        with self.assertRaises(AccessError):
            self.make_customer().with_user(self.employee).mark_distinct(self.customer.ids)
