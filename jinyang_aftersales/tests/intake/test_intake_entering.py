"""New customers, contacts and notes from the telephone: whole or not at all, once, and seen by managers."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import AftersalesCommon
from ..common_rpc import call_as


@tagged("post_install", "-at_install")
class TestIntakeEntering(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.software = cls.make_software("金算盘")
        cls.today = cls.company._aftersales_today()
        cls.intake = cls.env["aftersales.intake"].with_user(cls.specialist)
        cls.values = {
            "name": "成都新锐贸易有限公司",
            "contact": "王芳",
            "department": "财务科",
            "phone": "13812345678",
            "landline": "028-87654321",
            "qq": "987654321",
            "serial": "xr-0001",
            "product_id": str(cls.software.id),
            "date_start": str(cls.today),
            "date_end": str(cls.today.replace(year=cls.today.year + 1) - timedelta(days=1)),
        }

    def enter(self, user=None, key="key", despite=False, **values):
        intake = self.env["aftersales.intake"].with_user(user or self.specialist)
        return intake.create_customer({**self.values, **values}, key, despite)

    def customers(self):
        return self.env["res.partner"].search([("name", "=", self.values["name"])])

    def refuse(self, attempt, *args, error=UserError, **kwargs):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            attempt(*args, **kwargs)
        self.env.invalidate_all()
        return str(caught.exception)

    def test_one_call_makes_customer_contact_software_and_period(self):
        answer = self.enter()
        customer = self.env["res.partner"].browse(answer["id"])
        self.assertTrue(customer.is_company)
        self.assertEqual(customer.landline, "028-87654321")
        contact = customer.software_contact_id
        self.assertEqual(contact.id, answer["contact_id"])
        self.assertEqual(
            (contact.name, contact.phone, contact.department, contact.qq_number),
            ("王芳", "13812345678", "财务科", "987654321"),
        )
        installation = customer.installation_ids
        self.assertEqual(installation.serial_number, "XR-0001")
        self.assertEqual(installation.installation_date, self.today)
        self.assertEqual(str(installation.service_date_end), self.values["date_end"])
        self.assertEqual(installation.period_ids.origin, "initial")
        self.assertEqual(installation.period_ids.recorded_by_id, self.specialist)
        self.assertEqual(installation.user_id, self.specialist)

    def test_who_enters_a_customer_is_in_charge_until_a_manager_says_otherwise(self):
        customer = self.env["res.partner"].browse(self.enter()["id"])
        self.assertEqual(customer.service_user_id, self.specialist)
        self.assertTrue(customer.message_ids)
        row = self.env["aftersales.intake.request"].search([("customer_id", "=", customer.id)])
        self.assertEqual((row.kind, row.user_id), ("customer", self.specialist))
        self.assertTrue(row.with_user(self.manager).has_access("read"))
        for user in (self.specialist, self.callback, self.archivist):
            self.assertFalse(row.with_user(user).has_access("read"))
        # call-back staff and managers are no specialists of a customer
        for number, user in enumerate((self.callback, self.manager)):
            answer = self.enter(
                user,
                f"other{number}",
                name=f"别家{number}",
                phone="",
                landline="",
                serial="",
                product_id=False,
            )
            self.assertFalse(self.env["res.partner"].browse(answer["id"]).service_user_id)

    def test_the_same_key_makes_one_customer(self):
        first = self.enter()
        self.assertEqual(self.enter()["id"], first["id"])
        self.assertEqual(len(self.customers()), 1)

    def test_nothing_is_half_made_when_something_is_wrong(self):
        other = self.make_installation(serial="XR-9999")
        for values in (
            {"serial": "xr-9999"},
            {"date_end": str(self.today - timedelta(days=9))},
            {"product_id": False},
            {"name": "", "contact": ""},
        ):
            self.refuse(self.enter, despite=True, **values)
            self.assertFalse(self.customers(), values)
            self.assertFalse(self.env["aftersales.intake.request"].search([]), values)
        self.assertTrue(other.exists())
        # what was mended is sent with the same key
        self.assertTrue(self.enter()["id"])

    def test_a_person_without_a_company_is_a_customer(self):
        answer = self.enter(name="")
        customer = self.env["res.partner"].browse(answer["id"])
        self.assertFalse(customer.is_company)
        self.assertEqual((customer.name, customer.phone), ("王芳", "13812345678"))
        self.assertEqual(answer["contact_id"], customer.id)

    # === Doubles === #

    def test_who_looks_the_same_is_shown_first_and_nothing_is_made(self):
        old = self.make_customer("成都新锐贸易", service_user_id=self.colleague.id)
        old.software_contact_id.phone = "+86 139 0000 0000"
        self.make_installation(old, serial="JY-7777")
        for values in (
            {"phone": "", "landline": "", "serial": ""},
            {"name": "成都新锐贸易　有限责任公司", "phone": "", "landline": "", "serial": ""},
            {"name": "另一家", "phone": "13900000000", "landline": "", "serial": ""},
            {"name": "另一家", "phone": "", "landline": "", "serial": "jy7777"},
        ):
            answer = self.enter(**values)
            self.assertEqual([hit["id"] for hit in answer["doubles"]], old.ids, values)
            self.assertFalse(self.customers(), values)

    def test_it_is_said_what_is_the_same_and_whether_the_customer_was_put_away(self):
        old = self.make_customer("成都新锐贸易", contact=False, landline="028-87654321")
        (hit,) = self.enter()["doubles"]
        self.assertEqual(hit["why"], "same name, same telephone")
        old.active = False
        (hit,) = self.enter()["doubles"]
        self.assertEqual(hit["why"], "same name, same telephone, archived")

    def test_who_goes_on_anyway_is_seen_by_the_manager(self):
        """An old customer out of service would get a free year as a new one."""
        old = self.make_customer("成都新锐贸易")
        answer = self.enter(despite=True)
        self.assertNotIn("doubles", answer)
        row = self.env["aftersales.intake.request"].search([("customer_id", "=", answer["id"])])
        self.assertIn(old.name, row.doubles)
        self.assertIn(old.name, str(row.customer_id.message_ids.mapped("body")))

    def test_colleagues_are_no_doubles(self):
        self.colleague.partner_id.phone = self.values["phone"]
        self.assertNotIn("doubles", self.enter())

    # === The first period === #

    def test_a_specialist_gives_a_year_from_today_at_most(self):
        end = self.today + timedelta(days=366)
        for values in (
            {"date_end": str(end)},
            {"date_start": str(self.today + timedelta(days=1)), "date_end": str(end)},
            {"date_end": "2099-12-31"},
        ):
            self.refuse(self.enter, **values)
        self.assertTrue(self.enter(self.manager, date_end=str(end))["id"])

    def test_an_initial_period_is_not_needed(self):
        customer = self.env["res.partner"].browse(self.enter(date_start="", date_end="")["id"])
        self.assertFalse(customer.installation_ids.period_ids)

    def test_call_back_staff_enter_no_software(self):
        new = self.env["aftersales.intake"].with_user(self.callback).get_new("13812345678")
        self.assertFalse(new["may_install"])
        self.assertEqual(new["products"], [])
        answer = self.enter(self.callback, serial="")
        self.assertFalse(self.env["res.partner"].browse(answer["id"]).installation_ids)

    def test_a_period_is_proposed_for_a_year_from_today(self):
        new = self.intake.get_new("成都新锐")
        self.assertEqual(new["values"]["name"], "成都新锐")
        self.assertEqual(new["values"]["date_start"], str(self.today))
        self.assertEqual(new["values"]["date_end"], self.values["date_end"])
        self.assertIn(self.software.id, [row["id"] for row in new["products"]])

    # === Contacts and notes === #

    def test_a_new_contact_of_a_known_customer_is_entered_once(self):
        customer = self.make_customer(service_user_id=self.colleague.id)
        values = {"contact": "新来的", "phone": "13911111111", "department": "仓库"}
        numbers = {self.intake.create_contact(customer.id, values, "k") for _try in range(2)}
        self.assertEqual(len(numbers), 1)
        contact = self.env["res.partner"].browse(numbers)
        self.assertEqual(contact.commercial_partner_id, customer)
        self.assertEqual((contact.phone, contact.department), ("13911111111", "仓库"))
        self.refuse(self.intake.create_contact, customer.id, {"phone": "1"}, "k2")
        self.refuse(
            self.intake.create_contact,
            self.company.partner_id.id,
            {"contact": "内鬼"},
            "k3",
            error=AccessError,
        )

    def test_a_note_stands_on_the_customer_and_says_who_called(self):
        customer = self.make_customer(service_user_id=self.colleague.id)
        contact = customer.software_contact_id
        for _try in range(2):
            self.intake.note_call(customer.id, "问 <b>发票</b>\n明天再打", "k", contact.id)
        notes = customer.message_ids.filtered(
            lambda message: message.subtype_id
            == self.env.ref("jinyang_aftersales.mail_subtype_intake_note")
        )
        self.assertEqual(len(notes), 1)
        self.assertEqual(notes.author_id, self.specialist.partner_id)
        self.assertIn(contact.name, notes.body)
        self.assertIn("&lt;b&gt;", notes.body)
        self.assertFalse(notes.notified_partner_ids)
        self.assertNotIn(self.specialist.partner_id, customer.message_partner_ids)
        self.refuse(self.intake.note_call, customer.id, "  ", "k2")

    def test_other_roles_enter_nothing(self):
        customer = self.make_customer()
        for user in (self.archivist, self.developer, self.employee, self.accountant):
            for method, args in (
                ("create_customer", (self.values, "k")),
                ("create_contact", (customer.id, {"contact": "x"}, "k")),
                ("note_call", (customer.id, "x", "k")),
                ("get_new", ("x",)),
            ):
                self.refuse(call_as, user, "aftersales.intake", method, *args, error=AccessError)

    def test_the_list_of_what_was_entered_is_written_by_the_intake_only(self):
        self.enter()
        row = self.env["aftersales.intake.request"].search([], limit=1)
        for user in (self.director, self.env.user):
            mine = row.with_user(user)
            self.refuse(mine.write, {"doubles": False})
            self.refuse(mine.unlink)
            self.refuse(
                mine.create,
                {
                    "company_id": self.company.id,
                    "user_id": user.id,
                    "key": "x",
                    "kind": "customer",
                },
            )
        self.assertEqual(row.create_date.date(), date.today())
