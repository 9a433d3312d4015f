from odoo import fields, models

SIGNED_FIELDS = (
    "name",
    "partner_id",
    "installation_id",
    "problem",
    "technician_ids",
    "arrived_on",
    "result",
    "customer_opinion",
    "score_attitude",
    "score_skill",
    "score_result",
    "signed_by_name",
    "signed_on",
)


class AftersalesVisit(models.Model):
    """The customer's signature under the feedback form (五.3.5)."""

    _inherit = "aftersales.visit"
    _signed_fields = SIGNED_FIELDS

    def action_sign(self):
        """The customer's person in charge has signed the feedback form (五.3.5).

        :raises UserError: while result, signatory, drawing or the time of arrival are missing
        """
        for visit in self:
            visit._move("feedback", signed_on=fields.Datetime.now())
            visit._seal()

    def action_reopen(self):
        """Take a signed visit back on site: the signature is void, the customer signs again.

        :raises UserError: for who is no service manager, or when the form has been handed in
        """
        for visit in self:
            voided = visit.signed_by_name, visit.signature_hash
            visit._move("on_site", action="action_reopen", **visit._get_unsealed_vals())
            visit._log_void(*voided)
