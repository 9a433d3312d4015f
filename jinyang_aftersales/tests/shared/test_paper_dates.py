"""Section G: dates on papers in one style, 2026年12月11日 in Chinese."""

import re
from datetime import date, datetime

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestPaperDates(TransactionCase):
    def test_all_papers_write_dates_in_one_style(self):
        views = self.env["ir.ui.view"].search(
            [("key", "=like", "jinyang%.report\\_%"), ("type", "=", "qweb")]
        )
        self.assertGreater(len(views), 10)
        for view in views:
            for widget in re.findall(r"{[^{}]*'widget': 'date'[^{}]*}", view.arch_db):
                self.assertIn("'format': 'long'", widget, view.key)
            self.assertNotIn("strftime('%Y-%m-%d')", view.arch_db, view.key)

    def test_days_and_moments_are_written_alike(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.company.partner_id.tz = "Asia/Shanghai"
        paper = self.env["aftersales.visit"].new({"company_id": self.env.company.id})
        paper = paper.with_context(lang="zh_CN")
        self.assertEqual(paper._format_paper_day(date(2026, 12, 11)), "2026年12月11日")
        moment = paper._format_paper_moment(datetime(2026, 12, 11, 17, 30))
        self.assertEqual(moment, "2026年12月12日 01:30")
        self.assertEqual(paper._format_paper_moment(False), "")
