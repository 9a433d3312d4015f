"""Cards about cases on the home pages: the numbers are those of the lists, and everybody sees their own only."""

from odoo.tests import tagged

from odoo.addons.jinyang_aftersales.models.home.values import ROLES

from ..penalty_common import PenaltyCommon

CASE_ROLES = ("director", "manager", "specialist", "callback", "archivist", "developer")
QUERIES = 12


@tagged("post_install", "-at_install")
class TestHomeCases(PenaltyCommon):
    def home(self, user):
        return self.env["aftersales.home"].with_user(user)

    def cards(self, user, role):
        page = self.home(user).get_page(role)
        return {card["code"]: card["value"] for part in page["sections"] for card in part["cards"]}

    def count_list(self, user, role, code):
        home = self.home(user)
        action = home.open_card(role, code)
        card = next(card for card in home._get_cards(role) if card.code == code)
        rows = home.env[action["res_model"]].with_context(**action["context"])
        if not card.measure:
            return rows.search_count(action["domain"])
        ((amount,),) = rows._read_group(action["domain"], [], [f"{card.measure}:sum"])
        return amount or 0.0

    def put_cases(self, number, state, **values):
        """Cases of the worker, moved to a state by SQL."""
        rule = self.env.ref("jinyang_aftersales_penalty.penalty_rule_misconduct")
        cases = self.env["aftersales.penalty"]._create_unlocked(
            [
                {
                    "employee_id": self.worker.id,
                    "rule_id": rule.id,
                    "date": self.company._aftersales_today(),
                    "found_by": "manager",
                    "amount": 10.0,
                }
            ]
            * number
        )
        self.env.flush_all()
        values = {"state": state, **values}
        columns = ", ".join(f"{name} = %({name})s" for name in values)
        self.env.cr.execute(
            f"UPDATE aftersales_penalty SET {columns} WHERE id = ANY(%(ids)s)",
            {"ids": cases.ids, **values},
        )
        self.env.invalidate_all()
        return cases

    def test_number_is_that_of_the_list_with_no_one_and_thirty_cases(self):
        today = self.company._aftersales_today()
        facts = {
            "cases_proposed": ("manager", "proposed", {}),
            "cases_objected": ("manager", "objected", {}),
            "own_cases": ("specialist", "notified", {"notified_on": today}),
            "cases_confirmed": ("director", "confirmed", {"confirmed_on": today}),
            "cases_to_deduct": ("director", "confirmed", {"amount_open": 10.0}),
        }
        for code, (role, state, values) in facts.items():
            user = getattr(self, role)
            for number in (0, 1, 29):
                with self.subTest(card=code, number=number):
                    before = self.cards(user, role)[code]
                    if number:
                        self.put_cases(number, state, **values)
                    after = self.cards(user, role)[code]
                    unit = 10.0 if role == "director" else 1
                    self.assertAlmostEqual(after - before, number * unit)
                    self.assertAlmostEqual(self.count_list(user, role, code), after)
        for role in CASE_ROLES:
            user = getattr(self, role)
            for code, value in self.cards(user, role).items():
                with self.subTest(role=role, card=code):
                    self.assertAlmostEqual(self.count_list(user, role, code), value)

    def test_nobody_sees_cases_of_others_on_the_page(self):
        self.put_cases(2, "notified", notified_on=self.company._aftersales_today())
        self.assertEqual(self.cards(self.specialist, "specialist")["own_cases"], 2)
        self.assertEqual(self.cards(self.colleague, "specialist")["own_cases"], 0)
        for role in set(ROLES) - {"director", "manager"}:
            codes = self.cards(getattr(self, role), role)
            self.assertFalse({"cases_proposed", "fund_balance"} & codes.keys())

    def test_page_costs_a_dozen_queries_with_cases_too(self):
        self.put_cases(30, "proposed")
        for role, user in ((role, getattr(self, role)) for role in ROLES):
            with self.subTest(role=role):
                self.home(user).get_page(role)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.home(user).get_page(role)
                self.assertLessEqual(self.cr.sql_log_count - before, QUERIES)

    def test_minimum_wage_is_missing_until_it_is_set(self):
        self.company.aftersales_minimum_wage = 0
        codes = {row["code"] for row in self.home(self.manager).get_page()["missing"]}
        self.assertIn("minimum_wage", codes)
        self.company.aftersales_minimum_wage = 2000
        codes = {row["code"] for row in self.home(self.manager).get_page()["missing"]}
        self.assertNotIn("minimum_wage", codes)
