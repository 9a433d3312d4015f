from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestCustomerFinding(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"]
        cls.known = cls.partners.create(
            {
                "name": "四川金洋软件有限公司",
                "is_company": True,
                "phone": "138-0000-1111",
                "landline": "028-85551234 转 801",
                "vat": "91510100MA61TEST0X",
            }
        )

    def test_a_possible_double_is_found_by_name_telephone_and_tax_number(self):
        for values in (
            {"name": "四川 金洋软件（有限责任公司）"},
            {"phones": ["+8613800001111"]},
            {"phones": ["", "(028)8555-1234"]},
            {"tax_id": "91510100ma61test0x"},
        ):
            self.assertEqual(self.partners._find_doubles(**values), self.known, values)
        self.assertFalse(self.partners._find_doubles())
        self.assertFalse(self.partners._find_doubles(name="四川金洋", phones=["13800002222"]))
        self.assertFalse(self.partners._find_doubles(name=self.known.name, exclude=self.known))

    def test_an_archived_customer_is_a_possible_double(self):
        self.known.active = False
        self.assertEqual(self.partners._find_doubles(name="四川金洋软件"), self.known)

    def test_a_mnemonic_code_is_proposed_and_follows_the_name_until_it_is_typed(self):
        self.assertEqual(self.known.mnemonic, "SCJYRJYXGS")
        self.known.name = "重庆金洋"
        self.assertEqual(self.known.mnemonic, "CQJY")
        self.known.mnemonic = "JY1"
        self.known.name = "成都金洋"
        self.assertEqual(self.known.mnemonic, "JY1")

    def found(self, text, user=None, model="res.partner"):
        return self.env[model].with_user(user or self.specialist)._find_any(text)

    def test_a_customer_is_found_by_a_telephone_however_it_is_written(self):
        for text in (
            "13800001111",
            "138 0000 1111",
            "+86 138-0000-1111",
            "１３８００００１１１１",
            "1380",
            "138-0000",
            "1111",
            "028-85551234",
            "(028) 8555 1234",
            "85551234",
            "8555-1234",
            "028-8555",
            "86 28 8555",
            "1234",
            "028-85551234转801",
        ):
            self.assertIn(self.known, self.found(text), text)
        # digits in the middle are no telephone
        for text in ("0000", "5512", "138", "13800001112"):
            self.assertNotIn(self.known, self.found(text), text)

    def test_a_customer_is_found_by_the_telephone_of_a_contact(self):
        contact = self.partners.create(
            {
                "name": "赵六一",
                "parent_id": self.known.id,
                "phone": "13900002222/028-66667777",
                "qq_number": "81234567",
            }
        )
        for text in ("13900002222", "66667777", "2222", "81234567", "赵六一", "ZLY"):
            self.assertEqual(self.found(text), contact + self.known, text)
        self.assertEqual(self.found("金洋软件 赵六一"), contact + self.known)
        shown = contact.display_name
        self.assertEqual(self.partners.name_search(shown)[0], (contact.id, shown))

    def test_a_former_telephone_is_found_for_a_year(self):
        with freeze_time("2026-03-01 08:00:00"):
            self.known.phone = "13700003333"
            self.assertEqual(self.found("13800001111"), self.known)
            self.assertEqual(self.found("13700003333"), self.known)
        with freeze_time("2027-02-20 08:00:00"):
            self.assertEqual(self.found("13800001111"), self.known)
        with freeze_time("2027-03-10 08:00:00"):
            self.assertFalse(self.found("13800001111"))
            self.env["aftersales.partner.key"]._forget_old_numbers()
            self.assertEqual(self.found("13700003333"), self.known)
            # given back
            self.known.phone = "13800001111"
            self.assertEqual(self.found("13800001111"), self.known)

    def test_a_customer_is_found_by_name_initials_tax_number_and_mail(self):
        self.known.email = "office@jinyang.example"
        for text in (
            "金洋",
            "洋软件",
            "四川 金洋",
            "【四川金洋软件】",
            "scjy",
            "JYRJ",
            "91510100ma61",
            "office@jinyang",
            "四川金洋软件有限公司",
        ):
            self.assertIn(self.known, self.found(text), text)
        for text in ("金", "洋金", "", "软件四川"):
            self.assertNotIn(self.known, self.found(text), text)

    def test_a_customer_is_found_by_serial_numbers_it_has_and_had(self):
        software = self.make_installation(self.known, serial_number="SN—7788-99")
        self.assertEqual(software.serial_number, "SN-7788-99")
        software.serial_number = "KK 55 66"
        for text in ("SN-7788-99", "sn7788", "778899", "ＳＮ７７８８９９", "kk5566", "KK-55"):
            self.assertEqual(self.found(text), self.known, text)
            self.assertEqual(self.found(text, model="aftersales.installation"), software, text)
        self.assertEqual(self.found("金洋 778899"), self.known)
        self.assertFalse(self.found("金洋 778890"))

    def test_two_letters_find_what_begins_with_them(self):
        self.assertIn(self.known, self.found("sc"))
        self.assertNotIn(self.known, self.found("cj"))

    def test_documents_are_found_by_number_title_customer_contact_telephone_and_serial(self):
        contact = self.partners.create(
            {"name": "钱七七", "parent_id": self.known.id, "phone": "13600004444"}
        )
        software = self.make_installation(self.known, serial_number="ZZ-9911-X")
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "凭证打印错位",
                "description": "?",
                "partner_id": contact.id,
                "installation_id": software.id,
            }
        )
        for text in (
            ticket.number,
            ticket.number[-5:],
            "打印错位",
            "打印",
            "金洋软件",
            "钱七七",
            "13600004444",
            "4444",
            "zz9911x",
            f"金洋 {ticket.number}",
            "打印 ZZ-9911",
        ):
            self.assertEqual(self.found(text, self.manager, "helpdesk.ticket"), ticket, text)
        for text in ("打印 13800009999", "错位打印"):
            self.assertFalse(self.found(text, self.manager, "helpdesk.ticket"), text)

    def test_a_contact_that_is_merged_or_archived_is_found_by_its_numbers(self):
        other = self.partners.create({"name": "金洋", "phone": "13500005555"})
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.known + other).ids, self.known
        )
        self.assertEqual(self.found("13500005555"), self.known)
        self.known.active = False
        self.assertFalse(self.found("13500005555"))
        everything = self.partners.with_user(self.specialist).with_context(active_test=False)
        self.assertEqual(everything._find_any("13500005555"), self.known)
        self.known.unlink()
        self.assertFalse(everything._find_any("13500005555"))

    def test_keys_are_written_by_nobody(self):
        for user in (self.director, self.specialist, self.employee):
            keys = self.env["aftersales.partner.key"].with_user(user)
            for call in (
                lambda keys=keys: keys.search([]),
                lambda keys=keys: keys.create({"partner_id": 1, "kind": "phone", "key": "1"}),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_an_import_makes_the_keys(self):
        result = self.partners.load(
            ["name", "phone", "landline"], [["新华印务", "13311112222", "0816-2223344"]]
        )
        partner = self.partners.browse(result["ids"])
        self.assertEqual(self.found("2223344"), partner)
        self.assertEqual(partner.mnemonic, "XHYW")

    def test_a_telephone_one_may_not_read_finds_nothing(self):
        field = self.partners._fields["phone"]
        with patch.object(field, "groups", "base.group_system"):
            self.assertFalse(self.found("13800001111"))
        self.assertTrue(self.found("13800001111"))

    def test_a_customer_on_the_portal_has_no_search_by_anything(self):
        contact = self.partners.create({"name": "孙八八", "parent_id": self.known.id})
        user = self.make_user("sunbaba", "base.group_portal", partner_id=contact.id)
        software = self.make_installation(self.known, serial_number="PP-1122-33")
        for record in (self.known, software):
            theirs = record.with_user(user)
            with self.assertRaises(AccessError):
                theirs.search([("aftersales_any", "ilike", "金洋")])
            self.assertFalse(theirs._find_any("13800001111"))
        names = self.partners.with_user(user).name_search("112233")
        self.assertFalse(names)
