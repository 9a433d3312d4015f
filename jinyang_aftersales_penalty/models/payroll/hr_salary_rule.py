from odoo import api, models
from odoo.exceptions import ValidationError

from .hr_payslip import CODE


class HrSalaryRule(models.Model):
    _inherit = "hr.salary.rule"

    @api.constrains("code", "amount_python_compute")
    def _check_penalty_rule(self):
        """The salary rule of penalties keeps its code, by which its payslip lines are found.

        :raises ValidationError: when a rule that deducts penalties has another code
        """
        if self._name != "hr.salary.rule":
            # payslip lines inherit the model of salary rules and with it this constraint
            return
        for rule in self:
            takes = "_take_penalties" in (rule.amount_python_compute or "")
            if rule.amount_select == "code" and takes and rule.code != CODE:
                raise ValidationError(
                    self.env._("The salary rule that deducts penalties keeps the code %s.", CODE)
                )
