from odoo import api, models

from .aftersales_penalty import DECIDE_ACTIVITY

OPEN = ("proposed", "notified", "objected")
DONE = ("confirmed", "deducted")


class AftersalesPenalty(models.Model):
    """Taking back penalties whose case turned out to be wrong."""

    _inherit = "aftersales.penalty"

    @api.model
    def _get_of_evidence(self, evidence, family):
        """Penalties of a case, in any state.

        :param evidence: the record in which the case was found, of any model
        :param str family: family of the rules
        :return: penalties, privileged
        """
        # sudo: users who change the document may have no right on penalties
        return self.sudo().search(
            [
                ("company_id", "=", evidence.company_id.id),
                ("family", "=", family),
                ("evidence_model", "=", evidence._name),
                ("evidence_id", "=", evidence.id),
            ]
        )

    def _refute(self, reason):
        """Take penalties back: cancel those nobody has decided about, ask the managers about the others.

        :param str reason: why the case is wrong
        """
        for penalty in self:
            if penalty.state in OPEN:
                penalty._decide("action_cancel", reason)
            elif penalty.state in DONE:
                penalty._tell_deciding(reason)

    def _settle_by_holiday(self, last):
        """Withdraw a proposal that is in time with the holidays entered later; managers decide where it was told.

        :param datetime.date last: the last day in time
        """
        self.ensure_one()
        note = self.env._(
            "Public holidays were entered later: the last day in time is %s.", last.isoformat()
        )
        if self.state == "proposed":
            self._decide("action_cancel", note)
            self._write_unlocked({"is_withdrawn": True})
        else:
            self._tell_deciding(note)

    def _tell_deciding(self, note):
        """Give the managers who may decide an activity.

        :param str note: text of the activity
        """
        for penalty in self:
            penalty._notify_users(penalty._get_deciding_users(), DECIDE_ACTIVITY, note=note)

    @api.model
    def _close_exceptions(self, evidence, family, reason):
        """Close cases without an employee that turned out to be wrong.

        :param evidence: the record in which the case was found, of any model
        :param str family: family of the rules
        :param str reason: why the case is wrong
        """
        # sudo: users who change the document may have no right on penalties
        cases = (
            self.env["aftersales.penalty.exception"]
            .sudo()
            .search(
                [
                    ("company_id", "=", evidence.company_id.id),
                    ("family", "=", family),
                    ("evidence_model", "=", evidence._name),
                    ("evidence_id", "=", evidence.id),
                    ("state", "=", "open"),
                ]
            )
        )
        for case in cases:
            case._settle("closed", reason=reason)
