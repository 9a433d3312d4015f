from odoo import fields, models

from odoo.addons.jinyang_aftersales.groups import READERS
from odoo.addons.jinyang_aftersales.tools.text import list_words


class ResCompany(models.Model):
    """Last day of the daily search for cases; settings are in ``aftersales.settings.mixin``."""

    _inherit = "res.company"

    aftersales_detected_on = fields.Date(
        string="Last Search for Cases",
        readonly=True,
        copy=False,
        help="The company's day on which the daily search for what was not done in time was last finished.",
    )

    def _aftersales_setup_warnings(self):
        """See the base method; also: rules that do not hold, because no released regulation has their clause."""
        found = super()._aftersales_setup_warnings()
        rules = self.env["aftersales.penalty.rule"].sudo()
        version = self.env["aftersales.regulation"]._get_in_force(self).sudo()
        if not version:
            found.append(
                self.env._(
                    "%s: no version of the regulation is in force, so that no case is found. The director releases it.",
                    self.name,
                )
            )
            return found
        rules = rules.search([("company_id", "in", (self.id, False))])
        without = rules.filtered(lambda rule: not rule.clause_ids & version.clause_ids)
        if without:
            found.append(
                self.env._(
                    "%(regulation)s lacks the clauses of these rules, which do not hold: %(rules)s",
                    regulation=version.display_name,
                    rules=list_words(
                        self.env, [f"{rule.name} ({rule.clause})" for rule in without]
                    ),
                )
            )
        return found + self._find_uncovered(version)

    def _find_uncovered(self, version):
        """Service staff for whose department the version in force is not: no rule holds for them.

        :param version: aftersales.regulation
        :return: messages in the language of the reader
        :rtype: list[str]
        """
        # sudo: names of colleagues, for managers who may not read employees
        staff = self.env["hr.employee"].sudo()
        staff = staff.search(
            [
                ("company_id", "=", self.id),
                ("user_id", "in", self._aftersales_users(READERS).ids),
            ]
        )
        today = self._aftersales_today()
        missing = staff.filtered(lambda employee: not version._is_for(employee, today))
        if not missing:
            return []
        return [
            self.env._(
                "%(regulation)s is not for the department of these employees, for whom no rule holds: %(names)s",
                regulation=version.display_name,
                names=list_words(self.env, missing.mapped("name")),
            )
        ]
