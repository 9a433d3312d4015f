from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from .values import OPEN_STATES


class AftersalesApprovalMixin(models.AbstractModel):
    """How often the people who would do the work go out on that day and in that week."""

    _inherit = "aftersales.approval.mixin"

    def _get_approval_day(self):
        """The day on which the work would be done, today where none is planned.

        :rtype: datetime.date
        """
        return self.company_id._aftersales_today()

    def _get_approval_loads(self):
        loads = super()._get_approval_loads()
        days = {document: document._get_approval_day() for document in self}
        if not days:
            return loads
        users = {user.id for row in loads.values() for user in row}
        weeks = [day - timedelta(days=day.weekday()) for day in days.values()]
        company = self.company_id[:1]
        visits = self.env["aftersales.visit"].search(
            Domain("technician_ids", "in", list(users))
            & Domain("state", "in", list(OPEN_STATES - {"draft"}))
            & Domain("date_planned_start", ">=", company._aftersales_moment(min(weeks), 0))
            & Domain(
                "date_planned_start",
                "<",
                company._aftersales_moment(max(weeks) + timedelta(days=7), 0),
            )
        )
        plans = [
            (visit, visit.company_id._aftersales_day(visit.date_planned_start)) for visit in visits
        ]
        for document, row in loads.items():
            day = days[document]
            monday = day - timedelta(days=day.weekday())
            for user, phrases in row.items():
                own = [
                    when
                    for visit, when in plans
                    if visit != document and user in visit.technician_ids
                ]
                week = sum(monday <= when < monday + timedelta(days=7) for when in own)
                phrases.append(
                    self.env._(
                        "%(day)s other visits on that day, %(week)s in that week",
                        day=own.count(day),
                        week=week,
                    )
                )
        return loads
