from odoo import api, models
from odoo.exceptions import ValidationError

from .hr_payslip import CODE


class HrSalaryRule(models.Model):
    _inherit = "hr.salary.rule"

    @api.constrains("code", "amount_python_compute")
    def _check_penalty_rule(self):
        """What is deducted for penalties is found again by the code of its line.

        :raises ValidationError: when the rule that deducts them gets another code
        """
        if self._name != "hr.salary.rule":
            # payslip lines inherit the fields of their rule
            return
        for rule in self:
            takes = "_take_penalties" in (rule.amount_python_compute or "")
            if rule.amount_select == "code" and takes and rule.code != CODE:
                raise ValidationError(
                    self.env._("The salary rule that deducts penalties keeps the code %s.", CODE)
                )
