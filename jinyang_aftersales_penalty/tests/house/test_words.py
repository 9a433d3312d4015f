"""Section G: the words of penalties, payslips and the employee's page in Chinese."""

import re

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .. import penalty_common
from ..upgrading import upgrade

LANG = "zh_CN"


@tagged("post_install", "-at_install")
class TestWords(penalty_common.PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # this loads the translation files of all addons if Chinese was not active
        languages = cls.env["res.lang"].with_context(active_test=False)
        languages.search([("code", "=", LANG)]).action_unarchive()

    def chosen(self, model, field):
        """Labels of a selection in Chinese."""
        fields = self.env[model].with_context(lang=LANG).fields_get([field])
        return dict(fields[field]["selection"])

    def labels(self, model, *names):
        """Labels of fields in Chinese."""
        fields = self.env[model].with_context(lang=LANG).fields_get(names)
        return [fields[name]["string"] for name in names]

    def test_one_thing_has_one_name(self):
        rules = {
            *self.labels("aftersales.penalty", "rule_id"),
            *self.labels("aftersales.penalty.rule", "name"),
            *self.labels("aftersales.sanction", "rule_id"),
            *self.labels("aftersales.penalty.file", "rule_id"),
            self.env["ir.model"].with_context(lang=LANG)._get("aftersales.penalty.rule").name,
        }
        self.assertEqual(rules, {"处罚规则"})
        menus = self.env["ir.ui.menu"].with_context(lang=LANG)
        self.assertTrue(menus.search([("name", "=", "部门基金月报")]))
        self.assertFalse(menus.search([("name", "=", "基金收支明细")]))
        report = self.env.ref("jinyang_aftersales_penalty.report_fund_statement_action")
        self.assertEqual(report.with_context(lang=LANG).name, "部门基金月报")

    def test_waiving_and_cancelling_say_what_they_differ_in(self):
        decisions = self.chosen("aftersales.penalty.decide", "decision")
        self.assertEqual(decisions["waive"], "免除处罚（情形属实，不予扣款）")
        self.assertEqual(decisions["cancel"], "撤销处罚（情形不成立）")

    def test_rejected_sanction_is_none(self):
        self.assertEqual(self.chosen("aftersales.sanction", "state")["rejected"], "不予处分")

    def test_payslip_speaks_of_its_own_things(self):
        states = self.chosen("hr.payslip", "state")
        self.assertEqual(states["verify"], "待确认")
        self.assertEqual(
            self.labels("hr.payslip", "credit_note", "refunded_id"), ["冲销", "冲销的工资单"]
        )
        form = self.env.ref("payroll.hr_payslip_view_form").with_context(lang=LANG).arch_db
        self.assertNotIn("退款", form)
        paper = self.env.ref("payroll.report_payslip").with_context(lang=LANG).arch_db
        self.assertIn("岗位", paper)
        self.assertNotIn("设计", paper)

    def test_printed_payslip_names_amounts_without_codes(self):
        self.make_penalty(100)
        slip = self.make_slip()
        slip.action_payslip_done()
        report = self.env["ir.actions.report"].with_context(lang=LANG)
        html = report._render_qweb_html("payroll.report_payslip", slip.ids)[0].decode()
        self.assertNotIn("AFTERSALES_PENALTY", html)
        self.assertNotIn("<th>代码</th>", html)
        self.assertIn("罚款和赔偿", html)
        # the person has a name, the amounts are items
        self.assertIn("<strong>姓名</strong>", html)
        self.assertIn("<th>项目</th>", html)

    def test_payslip_and_its_reversal_are_named_in_the_language_of_the_employee(self):
        """Section G, words: texts that payroll makes in Python, whoever makes the payslip."""
        self.specialist.lang = LANG
        slip = self.make_slip().with_context(lang="en_US")
        slip._compute_name()
        name = self.worker.name
        self.assertRegex(slip.name, f"^{name} [0-9]{{4}}年[0-9]+月工资单$")
        inputs = slip.get_inputs(slip.contract_id, slip.date_from, slip.date_to)
        self.assertEqual([row["name"] for row in inputs], ["罚款和赔偿"])
        slip.action_payslip_done()
        action = slip.with_context(lang=LANG).refund_sheet()
        self.assertEqual(slip.refunded_id.name, f"冲销：{slip.name}")
        self.assertEqual(action["name"], "冲销的工资单")
        languages = self.env["res.lang"].with_context(active_test=False)
        languages.search([("code", "=", "en_US")]).action_unarchive()
        self.specialist.lang = "en_US"
        slip._compute_name()
        self.assertRegex(slip.name, f"^Salary slip of {name} for [A-Z][a-z]+ [0-9]{{4}}$")

    def test_what_a_loss_costs_is_a_compensation(self):
        damage = self.env.ref("jinyang_aftersales_penalty.penalty_rule_damage")
        case = self.env["aftersales.penalty.file"].new({"rule_id": damage.id})
        self.assertEqual(case.outcome, "compensation")
        for model in ("aftersales.penalty", "aftersales.penalty.file", "aftersales.penalty.rule"):
            self.assertEqual(self.chosen(model, "outcome")["compensation"], "赔偿", model)
        self.assertEqual(self.rule.with_context(lang=LANG).name, "罚款和赔偿")

    def test_update_calls_former_damages_compensation(self):
        damage = self.make_penalty(500, code="DAMAGE", confirmed=False, outcome="fine")
        fine = self.make_penalty(50, confirmed=False, outcome="fine")
        upgrade(self.env, "post-words")
        self.assertEqual(damage.outcome, "compensation")
        self.assertEqual(fine.outcome, "fine")

    def test_employee_reads_what_the_state_means_for_them(self):
        penalty = self.make_penalty(confirmed=False)
        self.assertFalse(penalty.state_seen)
        penalty.action_notify()
        own = penalty.with_user(self.specialist)
        self.assertEqual(own.state_seen, "may_object")
        label = self.chosen("aftersales.penalty", "state_seen")["may_object"]
        self.assertEqual(label, "可提出异议")
        yesterday = self.company._aftersales_today() - relativedelta(days=1)
        penalty.sudo()._write_unlocked({"objection_deadline": yesterday})
        self.assertEqual(own.state_seen, "waiting")
        page = self.env.ref("jinyang_aftersales_penalty.aftersales_penalty_view_form_mine").arch
        for name in ("state_seen", "clause_text"):
            self.assertIn(f'name="{name}"', page)

    def test_notice_quotes_the_regulation_by_name(self):
        template = self.env.ref("jinyang_aftersales_penalty.mail_template_penalty")
        text = template.with_context(lang=LANG).body_html
        self.assertIn("《服务部管理制度》", text)
        self.assertFalse(re.search("第\\s*<t|</t>\\s*条", text))
