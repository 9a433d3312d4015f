from odoo import api, models
from odoo.fields import Domain


class AftersalesArchiveEntry(models.Model):
    """An original that somebody holds who leaves: the hand-over is recorded like any other (五.7)."""

    _inherit = "aftersales.archive.entry"

    @api.model
    def _get_open_work_domain(self, role):
        states = {"holder_id": ["expected", "on_loan"], "loan_to_id": ["on_loan"]}
        return Domain("state", "in", states.get(role, []))

    def _take_over_role(self, role, leaver, successor):
        result = super()._take_over_role(role, leaver, successor)
        # sudo: no user may write hand-overs; the caller has checked who hands over work of leavers
        self.env["aftersales.archive.handover"].sudo()._create_unlocked(
            [
                {
                    "entry_id": entry.id,
                    "from_id": leaver.id,
                    "to_id": successor.id,
                    "recorded_by_id": self.env.uid,
                    "note": self.env._("%s has left.", leaver.name),
                }
                for entry in self
            ]
        )
        return result
