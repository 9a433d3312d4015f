from odoo import api, fields, models
from odoo.exceptions import AccessError


class AftersalesDelayAnnounce(models.TransientModel):
    """Asks for the new day and the reason of a delay (三.8)."""

    _name = "aftersales.delay.announce"
    _description = "Announce a Delay"
    _inherit = "aftersales.dialog.mixin"

    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    kind = fields.Char(compute="_compute_kind", store=True, readonly=False)
    date_old = fields.Date(string="Is Due", compute="_compute_date_old")
    date_new = fields.Date(string="New Day", required=True)
    reason = fields.Text(required=True)

    @api.depends("res_model", "res_id")
    def _compute_kind(self):
        """Propose the earliest deadline that is still owed."""
        for wizard in self:
            dates = wizard._get_open_dates()
            wizard.kind = wizard.kind or min(dates, key=dates.get, default=False)

    @api.depends("kind")
    def _compute_date_old(self):
        for wizard in self:
            wizard.date_old = wizard._get_open_dates().get(wizard.kind)

    def _get_open_dates(self):
        """:return: last day by code of the deadlines of the document that are still owed"""
        document = self._get_document()
        return {
            deadline.kind: document[deadline.field]
            for deadline in document._get_deadlines(document.company_id)
            if document[deadline.field] and document.filtered_domain(deadline.domain)
        }

    def _check_linked(self):
        result = super()._check_linked()
        for wizard in self:
            wizard._get_document()
        return result

    def _get_document(self):
        """:return: the document, as the user who reads it
        :raises AccessError: for documents without deadlines, and for users who may not read the document
        """
        model = self.env.get(self.res_model)
        if model is None or not hasattr(model, "action_announce_delay"):
            raise AccessError(self.env._("Only documents with a deadline are delayed here."))
        # sudo(False): stored fields are computed as superuser, but the user has to be able to read the document
        document = model.sudo(False).browse(self.res_id).exists()
        document.check_access("read")
        return document

    def action_announce(self):
        """Move the deadline; see ``action_announce_delay`` for what is refused."""
        self.ensure_one()
        self._get_document().action_announce_delay(self.kind, self.date_new, self.reason)
        return {"type": "ir.actions.act_window_close"}
