from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

# number of originals that a message names at most
NAMED = 20


class AftersalesArchiveEntry(models.Model):
    """Several originals received and filed in one go: a stack of papers that goes into one folder (五.7)."""

    _inherit = "aftersales.archive.entry"

    take_in_obstacle = fields.Char(
        compute="_compute_take_in_obstacle", help="Why it cannot be received and filed now."
    )

    @api.depends("state", "res_model", "res_id")
    @api.depends_context("lang")
    def _compute_take_in_obstacle(self):
        for entry in self:
            entry.take_in_obstacle = entry._get_take_in_obstacle()

    def _get_take_in_obstacle(self):
        """Why the original cannot be received and filed in one go.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if self.state != "expected":
            return self.env._("State: %s", self._state_label())
        return self._get_filing_gap()

    def _propose_place(self):
        """Where these originals are likely to go: their own place, else that of the last one filed in their registers.

        :rtype: str | bool
        """
        own = set(filter(None, self.mapped("place")))
        if len(own) == 1:
            return own.pop()
        return self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("kind", "in", list(set(self.mapped("kind")))),
                ("filed_on", "!=", False),
                ("place", "!=", False),
            ],
            order="filed_on desc, name desc",
            limit=1,
        ).place

    def action_take_in(self, place):
        """Receive and file originals at one place, all of them or none (五.7); their numbers follow their last days.

        :param str place: cabinet, folder or box
        :raises AccessError: for users who do not keep the archive
        :raises UserError: without a place, or naming those that cannot be filed, and why
        """
        self.check_access("write")
        place = place.strip() if isinstance(place, str) else ""
        if not place:
            raise UserError(self.env._("Say at which place the originals are filed."))
        reasons = {entry: entry._get_take_in_obstacle() for entry in self}
        refused = [
            f"{entry.document_name}: {reason}" for entry, reason in reasons.items() if reason
        ]
        if refused:
            raise UserError(
                self.env._(
                    "Nothing is filed. These originals cannot be filed now:\n%s",
                    "\n".join(refused[:NAMED] + ["…"] * (len(refused) > NAMED)),
                )
            )
        for entry in self.sorted(lambda entry: (entry.date_deadline or date.max, entry.id)):
            entry.place = place
            entry.action_file()
