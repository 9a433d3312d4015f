from odoo import api, fields, models
from odoo.exceptions import UserError

from ...groups import READERS

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
    _inherit = "aftersales.ledger.mixin"
    _order = "id desc"
    _search_links = ("partner_id",)
    _search_labels = ("decision",)
    _allow_sudo_commands = False

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", index="btree_not_null"
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", required=True, index=True
    )
    requested_on = fields.Datetime(required=True, default=fields.Datetime.now)
    due_date = fields.Date(
        string="Decide By",
        help="The last day on which the decision was in time, as the document was submitted.",
    )
    delayed_to = fields.Date(
        help="The day that was announced later, by who has to decide; the first one stays beside it (三.8)."
    )
    delay_reason = fields.Text(string="Why Delayed")
    delayed_late = fields.Boolean(
        string="Delay Announced Too Late", help="Said when the day to decide had passed already."
    )
    approver_ids = fields.Many2many(
        comodel_name="res.users",
        person="role",
        relation="aftersales_approval_approver_rel",
        string="Asked",
        groups=READERS,
    )
    decision = fields.Selection(selection=DECISIONS, required=True, default="pending", index=True)
    decided_by_id = fields.Many2one(comodel_name="res.users", person="fact")
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
        names = self._get_document_names()
        for approval in self:
            approval.display_name = f"{names[approval]} – {approval._get_decision_label()}"

    @api.model
    def _get_search_documents(self):
        names = self.env.registry.descendants(["aftersales.approval.mixin"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    @api.model
    def _get_start_values(self):
        undecided = dict.fromkeys(("decided_by_id", "decided_on", "opinion"))
        return {**super()._get_start_values(), **undecided, "decision": "pending"}

    def _get_ledger_refusal(self):
        return self.env._("Approvals are made by submitting and deciding documents.")

    def _get_document(self):
        """:return: the document of this submission, a record of the document's model"""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _get_document_names(self):
        """Names of the documents of these submissions, read with a few queries for all.

        :return: name by aftersales.approval, empty for documents that are deleted or that the user may not read
        :rtype: dict
        """
        names = {}
        for model, approvals in self.grouped("res_model").items():
            documents = self.env[model].browse(approvals.mapped("res_id")).exists()
            readable = {row.id: row.display_name for row in documents._filtered_access("read")}
            names.update({approval: readable.get(approval.res_id, "") for approval in approvals})
        return names

    def _get_decision_label(self):
        """:return: label of the decision in the user's language"""
        return dict(self._fields["decision"]._description_selection(self.env))[self.decision]

    # === Deciding === #

    def _get_obstacle(self):
        """The reason why the user cannot decide on this submission now.

        When the document has been submitted again since, the user has not seen the newer submission.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        document = self._get_document().exists()
        if not document:
            return self.env._("The document has been deleted.")
        if self.decision == "pending":
            return document._get_decision_obstacle()
        if document._get_pending():
            return self.env._(
                "%s has been submitted again meanwhile: look at it anew.", document.display_name
            )
        if self.decided_by_id:
            return self.env._(
                "%(document)s has already been decided by %(user)s: %(decision)s.",
                document=document.display_name,
                # sudo: only the name of the manager who decided, also for users who may not read colleagues
                user=self.decided_by_id.sudo().name,
                decision=self._get_decision_label(),
            )
        return self.env._("%s has been withdrawn.", document.display_name)

    def _decide_documents(self, action, opinion, values=None):
        """Decide on the document of each of these submissions, or on none.

        :param str action: ``action_approve`` or ``action_refuse``
        :param str opinion: the manager's opinion
        :param dict values: values of the fields that the documents ask for when they are approved
        :raises AccessError: when the user may not write a document
        :raises UserError: with the reason why not
        """
        for approval in self.sorted("id"):
            document = approval._get_document().exists()
            if not document or approval.decision != "pending":
                raise UserError(approval._get_obstacle())
            document._decide(action, opinion, values)

    def _get_decision_action(self, missing=0):
        """The window that asks for opinion and decision on these submissions.

        :param int missing: number of chosen documents that do not wait for a decision any more
        :rtype: dict
        """
        decision = self.env.context.get("decision")
        return {
            "type": "ir.actions.act_window",
            "name": {
                "approved": self.env._("Approve"),
                "refused": self.env._("Refuse"),
            }.get(decision, self.env._("Approve or Refuse")),
            "res_model": "aftersales.approval.decide",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_approval_ids": self.ids,
                "default_decision": decision or False,
                "default_missing_count": missing,
            },
        }
