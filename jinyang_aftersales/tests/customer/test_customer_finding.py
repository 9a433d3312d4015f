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
                "landline": "028-85551234",
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
