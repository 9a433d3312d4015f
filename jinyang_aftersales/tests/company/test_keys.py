from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools.keys import (
    BrokenSerial,
    customer_key,
    initials,
    normalise_serial,
    phone_keys,
    serial_key,
)


@tagged("post_install", "-at_install")
class TestKeys(BaseCase):
    def test_a_telephone_has_one_key_however_it_is_written(self):
        for typed in (
            "13800001111",
            "138-0000-1111",
            "138 0000 1111",
            "１３８００００１１１１",
            "+86 138 0000 1111",
            "0086-13800001111",
            "8613800001111",
            "手机：13800001111（李四）",
        ):
            self.assertEqual(phone_keys(typed), ["13800001111"], typed)
        for typed in (
            "028-85551234",
            "（028）8555－1234",
            "02885551234",
            "028 8555 1234 转 801",
            "028-85551234-801",
            "028-85551234 ext. 5",
            "028-85551234x12",
            "tel:+86-28-85551234;ext=12",
            "0086 28 8555 1234",
            "86 28 85551234",
            "028-85551234/5/6",
        ):
            self.assertEqual(phone_keys(typed), ["2885551234"], typed)

    def test_numbers_without_area_code_of_hotlines_and_from_abroad_keep_their_digits(self):
        self.assertEqual(phone_keys("8555-1234"), ["85551234"])
        self.assertEqual(phone_keys("86123456"), ["86123456"])
        self.assertEqual(phone_keys("400-800-8820"), ["4008008820"])
        self.assertEqual(phone_keys("95533"), ["95533"])
        self.assertEqual(phone_keys("+852 2345 6789"), ["85223456789"])
        self.assertEqual(phone_keys("0085223456789"), ["85223456789"])

    def test_each_telephone_in_a_text_has_its_key(self):
        both = ["13800001111", "2885551234"]
        for typed in (
            "13800001111/028-85551234",
            "13800001111 028-85551234",
            "13800001111、028-85551234转801",
            "手机13800001111座机02885551234",
            "13800001111\n028-85551234",
            "13800001111 或 028-85551234",
        ):
            self.assertEqual(phone_keys(typed), both, typed)
        two = ["13800001111", "13900002222"]
        self.assertEqual(phone_keys("13800001111 13900002222"), two)
        self.assertEqual(phone_keys("1380000111113900002222"), two)
        self.assertEqual(phone_keys("13800001111 13800001111"), two[:1])

    def test_parts_of_telephones_are_digits_and_texts_without_are_none(self):
        self.assertEqual(phone_keys("1111"), ["1111"])
        self.assertEqual(phone_keys("028 8555"), ["288555"])
        for nothing in (False, None, "", "  ", "12", "+86", "无", "00000"):
            self.assertEqual(phone_keys(nothing), [], nothing)

    @settings(derandomize=True, deadline=None, max_examples=300)
    @given(text=st.text(st.sampled_from("0123456789 +-()/转x.、86"), max_size=40))
    def test_any_text_has_keys_of_digits_that_are_their_own_keys(self, text):
        for key in phone_keys(text):
            self.assertTrue(key.isdigit() and len(key) >= 3, (text, key))

    def test_a_serial_number_has_one_spelling(self):
        for typed in (
            "ab-1234",
            " AB-1234 ",
            "ＡＢ－１２３４",
            "Ab-1234\t",
            "'AB-1234",
            "“ab—1234”",
            "AB——1234",
            "A B-12 34",
            "\u200bAB\u2010\ufeff1234",
        ):
            self.assertEqual(normalise_serial(typed), "AB-1234", typed)
            self.assertEqual(serial_key(typed), "AB1234", typed)
        self.assertEqual(normalise_serial("'0012"), "0012")

    def test_words_for_none_are_no_serial_number(self):
        nothing = (
            False,
            None,
            "",
            "  ",
            "无",
            "没有",
            "暂无",
            "N/A",
            "n.a.",
            "-",
            "——",
            "/",
            "无。",
        )
        for typed in nothing:
            self.assertIs(normalise_serial(typed), False, typed)

    def test_what_excel_has_destroyed_is_refused_with_the_reason(self):
        for destroyed, said in {
            "1.23E+11": "how Excel shows a long number",
            "1.23457e+17": "how Excel shows a long number",
            "123456789012345000": "rounded",
            "1234567890123450": "rounded",
            "123456789012345678.0": "rounded",
            1.2345678901234568e17: "rounded",
            "2026-01-05": "date",
            "2026-01-05 00:00:00": "date",
            "2026/1/5": "date",
            "1月5日": "date",
            "5-Jan": "date",
            "Jan-26": "date",
            date(2026, 1, 5): "date",
            datetime(2026, 1, 5): "date",
            "#N/A": "error of Excel",
            "#VALUE!": "error of Excel",
            "######": "error of Excel",
        }.items():
            with self.assertRaises(BrokenSerial, msg=destroyed) as caught:
                normalise_serial(destroyed)
            self.assertIn(said, caught.exception.reason._translate("en_US"))

    def test_serial_numbers_that_only_look_destroyed_are_taken(self):
        for typed, serial in {
            "1E5": "1E5",
            "20260105": "20260105",
            "00012345": "00012345",
            "1-5": "1-5",
            "12345.0": "12345",
            # as a spreadsheet gives a number
            12345.0: "12345",
            "10.0.0.1": "10.0.0.1",
            "1234567890123456": "1234567890123456",
            # an apostrophe says that the digits are meant as they stand
            "'123456789012345000": "123456789012345000",
            "'2026-01-05": "2026-01-05",
        }.items():
            self.assertEqual(normalise_serial(typed), serial, typed)

    def test_a_customer_has_one_key_without_width_blanks_and_legal_form(self):
        for name in (
            "四川金洋软件有限公司",
            "四川 金洋软件（有限责任公司）",
            "四川金洋软件公司",
            "四川金洋软件",
            "四川金洋软件股份有限公司",
        ):
            self.assertEqual(customer_key(name), "四川金洋软件", name)
        self.assertEqual(customer_key("ＡＢＣ Co., Ltd."), "abccoltd")
        self.assertEqual(customer_key("公司"), "公司")
        self.assertEqual(customer_key(False), "")

    def test_a_branch_is_another_customer_than_its_company(self):
        branch = customer_key("四川金洋软件有限公司绵阳分公司")
        self.assertNotEqual(branch, customer_key("四川金洋软件有限公司"))
        self.assertEqual(branch, customer_key("四川金洋软件绵阳分公司"))

    def test_initials_are_those_of_the_spoken_name(self):
        for name, letters in {
            "重庆长安汽车": "CQCAQC",
            "长沙银行": "CSYH",
            "乐山市商业银行": "LSSSYYH",
            "厦门朝阳": "XMCY",
            "曾国藩": "ZGF",
            "单飞": "SF",
            "尉迟恭": "YCG",
            "3M中国有限公司": "3MZGYXGS",
            "ＡＢＣ 软件": "ABCRJ",
            "😀": "",
        }.items():
            self.assertEqual(initials(name), letters, name)
        self.assertEqual(initials(False), "")
