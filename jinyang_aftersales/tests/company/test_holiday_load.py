"""Public holidays and make-up days: rights to change them, and loading a year of them."""

import sys
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..callback import callback_common


@tagged("post_install", "-at_install")
class TestHolidayLoad(callback_common.CallbackCommon):
    def load(self, year=2026, user=None, **values):
        wizards = self.env["aftersales.holiday.load"].with_user(user or self.manager)
        return wizards.create({"year": year, **values}).action_load()

    def rows(self):
        return (
            self.env["resource.calendar.leaves"].search([("company_id", "=", self.company.id)]),
            self.env["aftersales.makeup.day"].search([("company_id", "=", self.company.id)]),
        )

    def test_year_is_loaded_once(self):
        self.load()
        leaves, makeup = self.rows()
        self.assertIn(self.day("2026-10-10"), makeup.mapped("date"))
        national = leaves.filtered(lambda row: row.name == "National Day")
        self.assertEqual(len(national), 1)
        self.assertEqual(str(national.date_from), "2026-09-30 16:00:00")
        self.assertEqual(str(national.date_to), "2026-10-07 15:59:59")
        self.load()
        self.assertEqual(self.rows(), (leaves, makeup))

    def test_the_first_year_that_is_not_known_is_proposed(self):
        wizards = self.env["aftersales.holiday.load"].with_user(self.manager)
        year = self.company._aftersales_today().year
        known = year in self.company._aftersales_known_years(year, year)
        self.assertEqual(wizards.new({}).year, year + known)
        if not known:
            self.load(year)
            self.assertEqual(wizards.new({}).year, year + 1)

    def test_working_days_follow(self):
        self.load()
        for today, due in (
            ("2026-09-30", "2026-10-08"),
            ("2026-10-09", "2026-10-10"),
            ("2026-02-13", "2026-02-14"),
            ("2026-02-14", "2026-02-24"),
        ):
            found = self.company._aftersales_next_working_day(self.day(today))
            self.assertEqual(str(found), due, today)

    def test_what_was_entered_by_hand_stays(self):
        self.add_holiday("2026-09-30", "2026-10-08", "Long National Day")
        self.env["aftersales.makeup.day"].create(
            {"company_id": self.company.id, "date": "2026-10-10", "name": "Ours"}
        )
        self.load()
        leaves, makeup = self.rows()
        self.assertFalse(leaves.filtered(lambda row: row.name == "National Day"))
        ours = makeup.filtered(lambda row: row.date == self.day("2026-10-10"))
        self.assertEqual(ours.name, "Ours")

    def test_names_are_chinese_for_chinese_readers(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        wizards = self.env["aftersales.holiday.load"].with_context(lang="zh_CN")
        wizards.create({"year": 2026}).action_load()
        self.assertIn("国庆节", self.rows()[0].mapped("name"))

    def test_unknown_year_is_said(self):
        for year in (1990, 2999, 0, -5):
            with self.subTest(year=year), self.assertRaisesRegex(UserError, "knows the years"):
                self.load(year)
        self.assertFalse(self.rows()[1])

    def test_missing_package_is_said(self):
        with (
            patch.dict(sys.modules, {"chinese_calendar": None}),
            self.assertRaisesRegex(UserError, "not installed"),
        ):
            self.load()

    def test_company_abroad_is_told(self):
        self.company.country_id = self.env.ref("base.fr")
        with self.assertRaisesRegex(UserError, "France"):
            self.load()

    def test_only_managers_load_and_keep_the_days(self):
        for user in (self.specialist, self.callback, self.employee):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.load(user=user)
        other = self.make_company()
        with self.assertRaises(AccessError):
            self.load(company_id=other.id)

    def test_managers_keep_public_holidays_of_their_companies_only(self):
        leaves = self.env["resource.calendar.leaves"].with_user(self.manager)
        own = leaves.create(
            {"name": "Outing", "date_from": "2026-11-24 16:00:00", "date_to": "2026-11-25 15:59:59"}
        )
        own.name = "Company outing"
        other = self.make_company()
        foreign = (
            self.env["resource.calendar.leaves"]
            .with_company(other)
            .create(
                {
                    "name": "Theirs",
                    "calendar_id": other.resource_calendar_id.id,
                    "date_from": "2026-11-24 16:00:00",
                    "date_to": "2026-11-25 15:59:59",
                }
            )
        )
        employee = self.env["resource.resource"].create(
            {"name": "Somebody", "user_id": self.specialist.id, "company_id": self.company.id}
        )
        personal = self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": employee.id,
                "date_from": "2026-11-24 16:00:00",
                "date_to": "2026-11-25 15:59:59",
            }
        )
        for leave in (foreign, personal):
            with self.subTest(leave=leave.name), self.assertRaises(AccessError):
                leave.with_user(self.manager).name = "Mine"
        with self.assertRaises(AccessError):
            own.with_user(self.specialist).unlink()
        own.unlink()
