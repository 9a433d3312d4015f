from datetime import date, datetime

from odoo import api, models
from odoo.fields import Domain

# states in which nobody has told the employee yet, and in which they know of the case
UNTOLD = ("proposed",)
TOLD = ("notified", "objected", "confirmed", "deducted")


class AftersalesPenaltyDetection(models.AbstractModel):
    """Days of years without public holidays are not judged, and cases are judged again when holidays come later."""

    _inherit = "aftersales.penalty.detection"

    @api.model
    def _get_known_domain(self, company, field, first, today):
        """Leave out days of years whose public holidays are not entered: their cases wait.

        :param company: res.company
        :param str field: date field
        :param datetime.date first: first day that is searched
        :param datetime.date today: the company's calendar day
        :rtype: Domain
        """
        known = company._aftersales_known_years(first.year, today.year)
        unknown = set(range(first.year, today.year + 1)) - known
        return Domain.AND(
            Domain(field, "<", date(year, 1, 1)) | Domain(field, ">", date(year, 12, 31))
            for year in sorted(unknown)
        )

    @api.model
    def _judge_again(self, company, lost, gained):
        """Withdraw proposals whose last day has not passed, counted with the holidays that were entered.

        Employees who were told already are not told otherwise by the product: the managers get a task.

        :param company: res.company
        :param set[datetime.date] lost: days on which the company does not work any more
        :param set[datetime.date] gained: days on which it works now
        """
        for source in self._get_sources():
            # sudo: whoever enters a holiday need not have rights on documents and cases
            model = self.env[source.model].sudo().with_company(company)
            deadline = model._find_deadline(source.deadline, company)
            terms = self.env["aftersales.penalty.rule"]._get_all_terms(source.code, company)
            # the day of 七.6 is counted in calendar days
            if not deadline or not deadline.counted_from or not terms:
                continue
            found = (
                Domain("company_id", "=", company.id)
                & Domain("family", "=", terms[0].rule.family)
                & Domain("evidence_model", "=", source.model)
                & Domain("date", ">=", min(lost).replace(month=1, day=1))
            )
            penalties = self.env["aftersales.penalty"].sudo()
            penalties = penalties.search(found & Domain("state", "in", UNTOLD + TOLD))
            exceptions = self.env["aftersales.penalty.exception"].sudo()
            exceptions = exceptions.search(found & Domain("state", "=", "open"))
            documents = model.browse(
                {*penalties.mapped("evidence_id"), *exceptions.mapped("evidence_id")}
            )
            documents = documents.exists()
            # work that is still owed was moved with the open deadlines
            done = documents - documents.filtered_domain(deadline.domain)
            done._move_counted(deadline, lost, gained)
            for cases in (penalties, exceptions):
                for case in cases:
                    document = documents & model.browse(case.evidence_id)
                    last = document and self._get_last_day(
                        company, deadline, terms, document, case.date, lost, gained
                    )
                    if last and self._is_in_time(company, document[source.done], last):
                        case._settle_by_holiday(last)

    @api.model
    def _get_last_day(self, company, deadline, terms, document, due, lost, gained):
        """The last day of a case, counted with the holidays that were entered.

        :param Deadline deadline: kind of the deadline
        :param list terms: terms of the rule
        :param document: the evidence
        :param datetime.date due: last day in time as it was counted before
        :rtype: datetime.date
        """
        since = deadline.counted_from(document)
        count = sum(bool(since) and since < day <= due for day in lost)
        count -= sum(bool(since) and since < day <= due for day in gained)
        grace = next((row.grace_days for row in terms if row.holds_on(due)), 0)
        if count > 0:
            due = company._aftersales_next_working_day(due, count)
        return company._aftersales_next_working_day(due, grace) if grace else due

    @api.model
    def _is_in_time(self, company, done, last):
        """:return: whether the work was done by the last day, or may still be done"""
        if isinstance(done, datetime):
            done = company._aftersales_day(done)
        return (done or company._aftersales_today()) <= last
