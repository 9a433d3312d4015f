from odoo import api, fields, models
from odoo.exceptions import UserError

from .aftersales_approval_mixin import APPROVAL_CATEGORY
from .aftersales_guard_mixin import OPEN, OPEN_KEY

# what ties an approval to its document and its manager
TIES = {"active", "user_id", "res_id", "res_model_id", "res_model", "activity_type_id"}


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[(APPROVAL_CATEGORY, "Service Approval")],
        ondelete={APPROVAL_CATEGORY: "set default"},
    )


class MailActivity(models.Model):
    """Approvals in the inbox end by the decision about their document, and by nothing else."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        if not self._is_approval_open() and activities._filter_approvals():
            raise UserError(self.env._("Submit the document: the managers are then asked."))
        return activities

    def write(self, vals):
        if TIES & vals.keys():
            self._check_undecided()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_undecided(self):
        self._check_undecided()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._check_undecided()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def action_cancel(self):
        """Cancel activities; an approval is decided instead.

        :raises UserError: when one of them is an approval
        """
        self._check_undecided()
        return super().action_cancel()

    @api.autovacuum
    def _gc_delete_old_overdue_activities(self):
        return super(
            MailActivity, self.with_context(**{OPEN_KEY: OPEN})
        )._gc_delete_old_overdue_activities()

    def _is_approval_open(self):
        return self.env.context.get(OPEN_KEY) is OPEN

    def _filter_approvals(self):
        """:return: those that ask for the approval of a document"""
        return self.filtered(
            lambda activity: activity.active and activity.activity_category == APPROVAL_CATEGORY
        )

    def _check_undecided(self):
        """An approval is never done, cancelled or handed on without a decision.

        :raises UserError: telling to approve or refuse
        """
        if not self._is_approval_open() and self._filter_approvals():
            raise UserError(
                self.env._("This asks for your approval: approve or refuse the document.")
            )

    # === Decisions in the inbox === #

    def action_approve_document(self, opinion=False):
        """Approve the documents of these activities.

        :param str opinion: the manager's opinion
        :raises UserError: with the reason why not
        """
        for documents in self._get_approval_documents():
            documents.action_approve(opinion)

    def action_refuse_document(self, opinion=False):
        """Refuse the documents of these activities.

        :param str opinion: the reason, required
        :raises UserError: with the reason why not
        """
        for documents in self._get_approval_documents():
            documents.action_refuse(opinion)

    def _get_approval_documents(self):
        """:return: list of recordsets, one for each model"""
        activities = self.exists()
        if activities - activities._filter_approvals() or activities != self:
            raise UserError(
                self.env._(
                    "This has already been decided, or asks for no approval. Reload the page."
                )
            )
        return [
            self.env[model].browse(rows.mapped("res_id"))
            for model, rows in activities.grouped("res_model").items()
        ]
