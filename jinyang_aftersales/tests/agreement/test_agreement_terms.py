from datetime import date

from odoo.tests import BaseCase, tagged

from ...tools.cn import capital_amount
from ...tools.dates import add_months, months_between, next_term


def chain(start, end, terms, anchor=None):
    """First and last days of consecutive terms."""
    start, end = date.fromisoformat(start), date.fromisoformat(end)
    result = []
    for _number in range(terms):
        result.append((start.isoformat(), end.isoformat()))
        anchor, start, end = next_term(anchor, start, end)
    return result


@tagged("post_install", "-at_install")
class TestTerms(BaseCase):
    def test_the_next_term_has_the_same_length_in_calendar_months(self):
        for expected in (
            # a calendar year, leap year or not
            [("2027-01-01", "2027-12-31"), ("2028-01-01", "2028-12-31")],
            [("2023-03-01", "2024-02-29"), ("2024-03-01", "2025-02-28")],
            # several years, half a year, a quarter, a month, a day
            [("2026-03-01", "2029-02-28"), ("2029-03-01", "2032-02-29")],
            [("2026-07-15", "2027-01-14"), ("2027-01-15", "2027-07-14")],
            [("2026-11-30", "2027-02-27"), ("2027-02-28", "2027-05-29")],
            [("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")],
            [("2026-01-10", "2026-01-10"), ("2026-01-11", "2026-01-11")],
        ):
            with self.subTest(term=expected[0]):
                self.assertEqual(chain(*expected[0], 2), expected)

    def test_a_chain_begun_on_29_february_comes_back_to_it(self):
        self.assertEqual(
            chain("2024-02-29", "2025-02-27", 5),
            [
                ("2024-02-29", "2025-02-27"),
                ("2025-02-28", "2026-02-27"),
                ("2026-02-28", "2027-02-27"),
                ("2027-02-28", "2028-02-28"),
                ("2028-02-29", "2029-02-27"),
            ],
        )

    def test_a_chain_begun_on_the_31st_comes_back_to_it(self):
        self.assertEqual(
            chain("2026-01-31", "2026-02-27", 4),
            [
                ("2026-01-31", "2026-02-27"),
                ("2026-02-28", "2026-03-30"),
                ("2026-03-31", "2026-04-29"),
                ("2026-04-30", "2026-05-30"),
            ],
        )

    def test_a_year_from_29_to_28_february_is_a_year(self):
        self.assertEqual(
            chain("2024-02-29", "2025-02-28", 3),
            [
                ("2024-02-29", "2025-02-28"),
                ("2025-03-01", "2026-02-28"),
                ("2026-03-01", "2027-02-28"),
            ],
        )

    def test_a_term_changed_by_hand_begins_a_new_chain(self):
        # service ended and began again in May: the former anchor, 29 February, is not used any more
        anchor, start, end = next_term(date(2024, 2, 29), date(2026, 5, 10), date(2027, 5, 9))
        self.assertEqual(
            (anchor, start, end), (date(2026, 5, 10), date(2027, 5, 10), date(2028, 5, 9))
        )
        # no whole months: the days are kept
        self.assertEqual(
            next_term(None, date(2026, 1, 15), date(2026, 12, 31)),
            (date(2027, 1, 1), date(2027, 1, 1), date(2027, 12, 17)),
        )

    def test_terms_never_leave_a_gap_or_overlap(self):
        for day in (1, 27, 28, 29, 30, 31):
            for months in (1, 3, 6, 12, 24):
                start = date(2024, 1, day)
                terms = chain(
                    start.isoformat(),
                    date.fromordinal(add_months(start, months).toordinal() - 1).isoformat(),
                    30,
                )
                for (_start, end), (following, _end) in zip(terms, terms[1:], strict=False):
                    self.assertEqual(
                        date.fromisoformat(following).toordinal(),
                        date.fromisoformat(end).toordinal() + 1,
                    )
                # the terms do not drift: the last one begins on the day counted from the first one
                self.assertEqual(date.fromisoformat(terms[-1][0]), add_months(start, 29 * months))

    def test_months_between(self):
        anchor = date(2026, 1, 31)
        self.assertEqual(months_between(anchor, date(2026, 2, 28)), 1)
        self.assertEqual(months_between(anchor, date(2025, 12, 31)), -1)
        self.assertIsNone(months_between(anchor, date(2026, 3, 30)))


@tagged("post_install", "-at_install")
class TestCapitalAmount(BaseCase):
    def test_table(self):
        for amount, text in {
            0: "零元整",
            0.01: "壹分",
            0.5: "伍角整",
            0.15: "壹角伍分",
            1: "壹元整",
            10: "壹拾元整",
            # the examples of 正确填写票据和结算凭证的基本规定
            1409.50: "壹仟肆佰零玖元伍角整",
            6007.14: "陆仟零柒元壹角肆分",
            1680.32: "壹仟陆佰捌拾元零叁角贰分",
            107000.53: "壹拾万零柒仟元零伍角叁分",
            16409.02: "壹万陆仟肆佰零玖元零贰分",
            325.04: "叁佰贰拾伍元零肆分",
            # zeros inside, at the end and across groups of four
            100: "壹佰元整",
            101: "壹佰零壹元整",
            1010: "壹仟零壹拾元整",
            10001: "壹万零壹元整",
            10010: "壹万零壹拾元整",
            100000: "壹拾万元整",
            1000000: "壹佰万元整",
            1234567.89: "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分",
            100000000: "壹亿元整",
            100010000: "壹亿零壹万元整",
            12345678901.23: "壹佰贰拾叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分",
            1000000000000: "壹万亿元整",
            -5: "负伍元整",
        }.items():
            with self.subTest(amount=amount):
                self.assertEqual(capital_amount(amount), f"人民币{text}")

    def test_rounds_to_fen_as_one_does_by_hand(self):
        self.assertEqual(capital_amount("1.005"), "人民币壹元零壹分")
        self.assertEqual(capital_amount(1.115), "人民币壹元壹角贰分")
        self.assertEqual(capital_amount(0.1 + 0.2), "人民币叁角整")

    def test_an_amount_nobody_can_read_is_refused(self):
        with self.assertRaises(ValueError):
            capital_amount(10**16)
