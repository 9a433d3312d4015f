from odoo import api, models
from odoo.fields import Domain

from odoo.addons.jinyang_aftersales.models.home.values import Card, MissingSetting

CASES = "jinyang_aftersales_penalty.aftersales_penalty_action"
OWN_CASES = "jinyang_aftersales_penalty.aftersales_penalty_action_mine"
SANCTIONS = "jinyang_aftersales_penalty.aftersales_sanction_action"
# whom a case may concern; accounting sees what the payslips take
STAFF = ("specialist", "callback", "archivist", "developer")


class AftersalesHome(models.AbstractModel):
    """Cards about cases: for managers to decide, for directors what came of them, for everybody their own."""

    _inherit = "aftersales.home"

    @api.model
    def _get_cards(self, role):
        cards = super()._get_cards(role)
        if role == "manager":
            cards += self._get_case_cards()
        elif role == "director":
            cards += [*self._get_case_cards(), *self._get_fund_cards()]
        elif role in STAFF:
            cards += self._get_own_case_cards()
        return cards

    @api.model
    def _get_case_cards(self):
        section, model = self.env._("Cases"), "aftersales.penalty"
        return [
            Card(
                "cases_proposed",
                section,
                self.env._("Cases to Decide"),
                self.env._("Proposed cases the employee has not been told of."),
                model,
                Domain("state", "=", "proposed"),
                CASES,
                oldest="date",
            ),
            Card(
                "cases_objected",
                section,
                self.env._("Objections"),
                self.env._("Cases an employee objected to, still to be decided."),
                model,
                Domain("state", "=", "objected"),
                CASES,
                oldest="objected_on",
            ),
            Card(
                "cases_nobody",
                section,
                self.env._("Cases Without an Employee"),
                self.env._("Found, but whom it concerns is not known."),
                "aftersales.penalty.exception",
                Domain("state", "=", "open"),
                "jinyang_aftersales_penalty.aftersales_penalty_exception_action",
            ),
            Card(
                "sanctions_proposed",
                section,
                self.env._("Sanctions to Decide"),
                self.env._("Warnings and proposals that wait for the director."),
                "aftersales.sanction",
                Domain("state", "=", "proposed"),
                SANCTIONS,
            ),
        ]

    @api.model
    def _get_fund_cards(self):
        section, cases = self.env._("Penalties and Fund"), Domain("confirmed_on", "!=", False)
        return [
            Card(
                "cases_confirmed",
                section,
                self.env._("Confirmed"),
                self.env._("Amounts of the cases confirmed this month."),
                "aftersales.penalty",
                cases & self._in_month("confirmed_on"),
                CASES,
                measure="amount",
                earlier=self._get_former_months(cases, "confirmed_on", year=True),
            ),
            Card(
                "cases_to_deduct",
                section,
                self.env._("To Deduct"),
                self.env._("Confirmed amounts no payslip has taken yet."),
                "aftersales.penalty",
                Domain("amount_open", ">", 0),
                CASES,
                measure="amount_open",
            ),
            Card(
                "fund_balance",
                section,
                self.env._("In the Fund"),
                self.env._("Balance of the department's funds."),
                "aftersales.fund",
                Domain.TRUE,
                "jinyang_aftersales_penalty.aftersales_fund_action",
                measure="balance",
            ),
        ]

    @api.model
    def _get_own_case_cards(self):
        section, mine = self.env._("What Concerns Me"), Domain("is_mine", "=", True)
        return [
            Card(
                "own_cases",
                section,
                self.env._("I May Object"),
                self.env._("Cases I was told of and may still object to."),
                "aftersales.penalty",
                mine & Domain("state", "=", "notified"),
                OWN_CASES,
            ),
            Card(
                "own_sanctions",
                section,
                self.env._("Letters to Confirm"),
                self.env._("Letters to me whose receipt I have not confirmed."),
                "aftersales.sanction",
                mine & Domain("told_on", "!=", False) & Domain("acknowledged_on", "=", False),
                "jinyang_aftersales_penalty.aftersales_sanction_action_mine",
            ),
        ]

    @api.model
    def _get_missing_settings(self):
        found = super()._get_missing_settings()
        # sudo: only whether it is set is told
        company = self.env.company.sudo()
        if company.aftersales_ceiling and not company.aftersales_minimum_wage:
            found.append(
                MissingSetting(
                    "minimum_wage",
                    self.env._("No local minimum wage"),
                    self.env._("It is not seen to that enough is left of a wage."),
                    "jinyang_aftersales.res_config_settings_action",
                    is_admin=True,
                )
            )
        return found
