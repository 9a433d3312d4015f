from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

ACKNOWLEDGED, REMINDED, NOT_TOLD = "acknowledged", "reminded", "not_told"


@dataclass(frozen=True)
class Period:
    """The days on which a version is in force, first and last day included; ``last`` is None for the present one."""

    version: models.Model
    first: date
    last: date | None


class AftersalesRegulation(models.Model):
    """Which version was in force on a day, for whom, and since when an employee knows it (八, 十)."""

    _inherit = "aftersales.regulation"

    clauses_open = fields.Boolean(compute="_compute_clauses_open")

    @api.depends("state", "released_on", "company_id")
    def _compute_clauses_open(self):
        for regulation in self:
            regulation.clauses_open = regulation.state == "draft" or regulation._is_older()

    @api.model
    def _get_periods(self, company):
        """The released versions of a company with their days, the oldest first.

        :param company: res.company
        :rtype: list[Period]
        """
        # sudo: what is in force does not depend on who asks
        versions = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "released")],
            order="date_effective, id",
        )
        ends = [version.date_effective - timedelta(days=1) for version in versions[1:]]
        return [
            Period(version, version.date_effective, end)
            for version, end in zip(versions, [*ends, None], strict=False)
        ]

    def _is_for(self, employee, day):
        """Whether the version is for the department in which an employee worked on a day.

        :param employee: hr.employee
        :param datetime.date day: the company's day
        :rtype: bool
        """
        self.ensure_one()
        # sudo: only the department is asked for, by users who may not read employees
        departments = self.sudo().department_ids
        if not departments:
            return True
        department = employee.sudo()._get_version(day).department_id
        path = department.parent_path or ""
        return any(str(row.id) in path.split("/") for row in departments)

    def _get_known_days(self, employees):
        """Since when employees know the version.

        :param employees: hr.employee
        :return: by id of the employee: the day of the acknowledgement and that of the first reminder, None where
            there is none
        :rtype: dict[int, tuple]
        """
        self.ensure_one()
        # sudo: the days alone, for users whose action is a case
        domain = [("regulation_id", "=", self.id), ("employee_id", "in", employees.ids)]
        rows = self.env["aftersales.regulation.acknowledgement"].sudo().search(domain)
        company = self.sudo().company_id
        known = {row.employee_id.id: company._aftersales_day(row.acknowledged_on) for row in rows}
        rows = self.env["aftersales.regulation.reminder"].sudo().search(domain)
        asked = {row.employee_id.id: row.reminded_on for row in rows}
        return {number: (known.get(number), asked.get(number)) for number in employees.ids}

    def _get_knowledge(self, known, asked, day):
        """How an employee knew the version on a day.

        :param known: day of the acknowledgement, None without one
        :param asked: day of the first reminder, which counts from the next working day on; None without one
        :param datetime.date day: the day of a case
        :return: ``acknowledged``, ``reminded`` or ``not_told``, and since when, False when not told
        :rtype: tuple
        """
        if known and known <= day:
            return ACKNOWLEDGED, known
        company = self.sudo().company_id
        if asked and company._aftersales_next_working_day(asked) <= day:
            return REMINDED, asked
        return NOT_TOLD, False

    # === Texts are fixed === #

    def _is_older(self):
        """:return: whether it was released before the product knew clauses, so that they may be added"""
        self.ensure_one()
        company = self.sudo().company_id
        released = company._aftersales_day(self.released_on)
        return bool(released and not company._aftersales_owes_since(released))

    def _check_draft(self):
        """:raises UserError: when one of the versions is released"""
        for version in self.filtered(lambda version: version.state != "draft"):
            raise UserError(
                self.env._(
                    "%s is released: its clauses are fixed. Release a new version.",
                    version.display_name,
                )
            )
