from odoo import api, fields, models


class AftersalesCaseMixin(models.AbstractModel):
    """A document about a case of the regulation: its day, and the record in which it was found.

    The evidence is a record of any model, which may be changed or deleted later: its name and the facts of the case
    are copied.
    """

    _name = "aftersales.case.mixin"
    _description = "Document about a Case"

    date = fields.Date(
        string="Day of the Case",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
    )
    evidence_model = fields.Char()
    evidence_id = fields.Many2oneReference(string="Evidence", model_field="evidence_model")
    evidence_name = fields.Char(string="Found In")
    evidence_copy = fields.Text(
        string="What Was Found",
        help="A copy made when it was found: later changes of the document change nothing here.",
    )

    @api.model
    def _prepare_evidence(self, evidence):
        """Values that refer to an evidence.

        :param evidence: the record in which the case was found, of any model
        :rtype: dict
        """
        return {
            "evidence_model": evidence._name,
            "evidence_id": evidence.id,
            "evidence_name": evidence.display_name,
        }
