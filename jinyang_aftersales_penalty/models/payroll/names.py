import babel.dates

from odoo import models
from odoo.tools.misc import babel_locale_parse


class HrPayslip(models.Model):
    """The names of payslips, which their employee reads: in the employee's language, a reversal is no refund."""

    _inherit = "hr.payslip"

    def _with_reader_lang(self):
        """:return: the payslip in the language of its employee"""
        self.ensure_one()
        # sudo: only the language of the employee's user is read
        reader = self.employee_id.sudo().user_id.partner_id
        return self.with_context(lang=self._get_penalty_company()._aftersales_lang(reader))

    def _compute_name(self):
        for slip in self:
            spoken = slip._with_reader_lang()
            # babel knows the order of month and year in each language
            period = babel.dates.format_skeleton(
                "yMMMM", slip.date_from, locale=babel_locale_parse(spoken.env.lang)
            )
            slip.name = spoken.env._(
                "Salary slip of %(employee)s for %(period)s",
                employee=slip.employee_id.name,
                period=period,
            )

    def get_inputs(self, contracts, date_from, date_to):
        """Name our input as the employee reads it: payroll copies a name that has one language; see the base method."""
        rows = super().get_inputs(contracts, date_from, date_to)
        # sudo: the name of the rule; who makes payslips may lack the right to read rules
        rule = self.env.ref("jinyang_aftersales_penalty.salary_rule_penalty").sudo()
        for row in rows:
            if row["code"] == rule.code:
                row["name"] = rule.with_context(lang=self._with_reader_lang().env.lang).name
        return rows

    def copy(self, default=None):
        """Give the copy by which a payslip is reversed the name of a reversal; else as the base method.

        :param dict default: values that differ from the original
        """
        if (default or {}).get("credit_note") and "refunded_id" in self._get_unlocked_fields():
            self.ensure_one()
            default = {**default, "name": self._get_reversal_name()}
        return super().copy(default)

    def _get_reversal_name(self):
        """:return: name of the payslip that reverses this one, in the language of the employee"""
        return self._with_reader_lang().env._("Reversal: %s", self.name or self.number)

    def refund_sheet(self):
        """Reverse payslips; see the base method.

        :return: the action that opens the reversals
        :rtype: dict
        """
        return {**super().refund_sheet(), "name": self.env._("Reversed Payslips")}
