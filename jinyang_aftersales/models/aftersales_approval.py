from odoo import api, fields, models
from odoo.exceptions import AccessError

from .res_partner import READERS

DECISIONS = [
    ("pending", "Waiting"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]


class AftersalesApproval(models.Model):
    """One submission of a document and the decision about it.

    ====================  =====================================================================
    Who                   May
    ====================  =====================================================================
    service roles         read, in their companies
    nobody                create, write or delete: only the methods of ``aftersales.approval.mixin``
    ====================  =====================================================================
    """

    _name = "aftersales.approval"
    _description = "Approval"
    _inherit = ["aftersales.guard.mixin"]
    _order = "id desc"
    _allow_sudo_commands = False

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", required=True)
    requested_by_id = fields.Many2one(comodel_name="res.users", required=True, index=True)
    requested_on = fields.Datetime(required=True, default=fields.Datetime.now)
    approver_ids = fields.Many2many(
        comodel_name="res.users",
        relation="aftersales_approval_approver_rel",
        string="Asked",
        groups=READERS,
    )
    decision = fields.Selection(selection=DECISIONS, required=True, default="pending", index=True)
    decided_by_id = fields.Many2one(comodel_name="res.users")
    decided_on = fields.Datetime()
    opinion = fields.Text()

    _document_idx = models.Index("(res_model, res_id)")
    _one_pending = models.UniqueIndex(
        "(res_model, res_id) WHERE decision = 'pending'",
        "This document is already waiting for a decision.",
    )

    @api.depends("res_model", "res_id", "decision")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["decision"]._description_selection(self.env))
        for approval in self:
            document = self.env[approval.res_model].browse(approval.res_id).exists()
            name = document.display_name if document.has_access("read") else ""
            approval.display_name = f"{name or ''} – {labels.get(approval.decision)}"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_written_by_method()
        return super().create(vals_list)

    def write(self, vals):
        self._check_written_by_method()
        return super().write(vals)

    def unlink(self):
        self._check_written_by_method()
        return super().unlink()

    def _check_written_by_method(self):
        """Decisions come from the documents' methods, not even from an administrator's import.

        :raises AccessError: unless one of these methods is writing
        """
        if not self._is_open():
            raise AccessError(
                self.env._("Approvals are made by submitting and deciding documents.")
            )

    def _get_document(self):
        """:return: the document, a record of its own model"""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)
