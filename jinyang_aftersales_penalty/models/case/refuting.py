from odoo import api, models

from .aftersales_penalty import DECIDE_ACTIVITY

OPEN = ("proposed", "notified", "objected")
DONE = ("confirmed", "deducted")


class AftersalesPenalty(models.Model):
    """What becomes of a penalty whose case turns out to be none."""

    _inherit = "aftersales.penalty"

    @api.model
    def _get_of_evidence(self, evidence, family):
        """Penalties of a case, whatever their state.

        :param evidence: the record that shows it, of any model
        :param str family: family of the rules
        :return: penalties, privileged
        """
        # sudo: what follows from the document, whoever changes it
        return self.sudo().search(
            [
                ("company_id", "=", evidence.company_id.id),
                ("family", "=", family),
                ("evidence_model", "=", evidence._name),
                ("evidence_id", "=", evidence.id),
            ]
        )

    def _refute(self, reason):
        """The case is none after all: cancelled by itself as long as nobody has decided, else for a manager to decide.

        :param str reason: what has become known
        """
        for penalty in self:
            if penalty.state in OPEN:
                penalty._decide("action_cancel", reason)
            elif penalty.state in DONE:
                penalty._tell_deciding(reason)

    def _tell_deciding(self, note):
        """Give the managers who may decide an activity.

        :param str note: what has become known
        """
        for penalty in self:
            penalty._notify_users(penalty._get_deciding_users(), DECIDE_ACTIVITY, note=note)

    @api.model
    def _close_exceptions(self, evidence, family, reason):
        """The same for cases that found no employee.

        :param evidence: the record that shows it, of any model
        :param str family: family of the rules
        :param str reason: what has become known
        """
        # sudo: what follows from the document, whoever changes it
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
