from odoo import api, models
from odoo.fields import Domain


class AftersalesDeadlineMixin(models.AbstractModel):
    """Last days that are counted in working days move when a public holiday is entered later, and only ever later."""

    _inherit = "aftersales.deadline.mixin"

    @api.model
    def _move_all_counted(self, company, lost, gained):
        """Move the open deadlines of all models after working days of a company became holidays.

        :param company: res.company
        :param set[datetime.date] lost: days on which the company does not work any more
        :param set[datetime.date] gained: days on which it works now
        """
        for name in sorted(self.pool.descendants(["aftersales.deadline.mixin"], "_inherit")):
            # sudo: whoever enters a holiday need not have rights on the documents
            model = self.env[name].sudo().with_company(company)
            if model._abstract:
                continue
            for deadline in model._get_deadlines(company):
                if deadline.counted_from:
                    open_documents = model.with_context(active_test=False).search(
                        Domain("company_id", "=", company.id)
                        & Domain(deadline.field, ">=", min(lost))
                        & deadline.domain
                    )
                    open_documents._move_counted(deadline, lost, gained)

    def _move_counted(self, deadline, lost, gained):
        """Move a deadline of these documents by the working days that were lost before it; announced days stay.

        :param Deadline deadline: a deadline that is counted in working days
        :param set[datetime.date] lost: days on which the company does not work any more
        :param set[datetime.date] gained: days on which it works now
        :return: the documents that were moved
        """
        delays = self.env["aftersales.delay"].search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("kind", "=", deadline.kind)
        )
        announced = {(delay.res_id, delay.date_new) for delay in delays}
        moved = self.browse()
        for document in self:
            due, since = document[deadline.field], deadline.counted_from(document)
            if not due or not since or (document.id, due) in announced:
                continue
            count = sum(since < day <= due for day in lost)
            count -= sum(since < day <= due for day in gained)
            if count > 0:
                day = document.company_id._aftersales_next_working_day(due, count)
                if document._write_counted(deadline, day):
                    moved |= document
        return moved

    def _write_counted(self, deadline, day):
        """Write the day to which a deadline moves because of a holiday; a model may move more with it, or refuse.

        :param Deadline deadline: the deadline that moves
        :param datetime.date day: the new last day
        :return: whether it moved
        :rtype: bool
        """
        self._write_unlocked({deadline.field: day})
        self._close_deadline(deadline.kind)
        return True
