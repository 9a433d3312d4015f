from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.mail.tools.discuss import Store

from ...groups import MANAGERS, READERS
from ..shared.keys import DELETION
from .inbox import APPROVAL_CATEGORY, TIES


class MailActivity(models.Model):
    """Approvals in the inbox end by the decision about their document, and by nothing else."""

    _inherit = "mail.activity"

    approval_id = fields.Many2one(
        comodel_name="aftersales.approval",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
        readonly=True,
        groups=READERS,
        help="The submission this activity asks a decision for.",
    )
    approval_partner_id = fields.Many2one(
        related="approval_id.partner_id", string="Customer", groups=READERS
    )
    approval_requested_by_id = fields.Many2one(
        related="approval_id.requested_by_id", string="Requested By", groups=READERS
    )
    approval_requested_on = fields.Datetime(
        related="approval_id.requested_on", string="Since", groups=READERS
    )
    # The field has no groups, because the client reads it for the activities of every user.
    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("active", "activity_type_id", "res_model", "res_id", "user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        self.can_decide = False
        if not self.env.user.has_group(MANAGERS):
            return
        for model, activities in self._filter_approvals().grouped("res_model").items():
            documents = self.env[model].browse(activities.mapped("res_id")).exists()
            documents = documents._filtered_access("write").filtered("can_approve")
            for activity in activities:
                # A manager who was asked decides at the own activity, not at those of colleagues.
                asked = self.env.user in activity.approval_id.approver_ids
                activity.can_decide = activity.res_id in documents._ids and (
                    activity.user_id == self.env.user or not asked
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        unlocked = self._get_unlocked_fields(rows=len(vals_list))
        activities = super().create(vals_list)
        if not unlocked >= TIES:
            activities._check_asked_by_submitting()
        return activities

    def write(self, vals):
        ties = TIES & vals.keys()
        if not ties or ties <= self._get_unlocked_fields():
            return super().write(vals)
        self._check_undecided()
        result = super().write(vals)
        self._check_asked_by_submitting()
        return result

    def _check_locked_deletion(self):
        """Refuse to delete activities for an approval; they end with the decision, the document or the user."""
        self._check_undecided()
        return super()._check_locked_deletion()

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
        with self._lend_key("mail.activity", [DELETION]) as lending:
            return super(MailActivity, lending)._gc_delete_old_overdue_activities()

    def _filter_approvals(self):
        """:return: open activities that ask for the approval of a document"""
        return self.filtered(
            lambda activity: activity.active and activity.activity_category == APPROVAL_CATEGORY
        )

    def _filter_existing_documents(self):
        """:return: activities whose document exists"""
        existing = self.browse()
        for model, activities in self.grouped("res_model").items():
            if model in self.env:
                documents = self.env[model].browse(activities.mapped("res_id")).exists()
                existing |= activities.filtered(lambda row, ids=documents._ids: row.res_id in ids)
        return existing

    def _check_asked_by_submitting(self):
        """Only submitting a document asks for its approval, not a form, an import or a changed type.

        :raises UserError: telling to submit
        """
        # sudo: only whether an activity belongs to a submission, also for users who may not read submissions
        if self._filter_approvals() or self.sudo().approval_id:
            self._refuse_fields(["approval_id"])

    def _refuse_fields(self, names):
        """Only submitting a document ties an activity to it; see the base method."""
        raise UserError(self.env._("Submit the document: the managers are then asked."))

    def _check_undecided(self):
        """Refuse to finish, cancel or reassign activities for an approval: only a decision ends them.

        :raises UserError: telling to approve or refuse
        """
        # Activities whose document is deleted may go.
        if self._filter_approvals()._filter_existing_documents():
            raise UserError(
                self.env._("This asks for your approval: approve or refuse the document.")
            )

    # === Decisions in the inbox === #

    def action_approve_document(self, opinion=False, approval_ids=None, values=None):
        """Approve the documents of these activities, each or none.

        :param str opinion: the manager's opinion
        :param approval_ids: ids of the submissions that the user saw, to say who has decided meanwhile
        :param dict values: values of the fields that the documents ask for when they are approved
        :raises UserError: with the reason why not
        """
        self._get_submissions(approval_ids)._decide_documents("action_approve", opinion, values)

    def action_refuse_document(self, opinion=False, approval_ids=None):
        """Refuse the documents of these activities, each or none.

        :param str opinion: the reason, required
        :param approval_ids: ids of the submissions that the user saw, to say who has decided meanwhile
        :raises UserError: with the reason why not
        """
        self._get_submissions(approval_ids)._decide_documents("action_refuse", opinion)

    def action_open_decision(self):
        """Ask for an opinion and the decision on the documents of these activities.

        The context key ``decision`` offers only one of the two: ``approved`` or ``refused``.

        :raises UserError: when all of them have been decided
        """
        activities = self.exists()
        approvals = activities._get_submissions()
        return approvals._get_decision_action(missing=len(self) - len(activities))

    def _get_submissions(self, approval_ids=None):
        """The submissions for which these activities ask a decision.

        :param approval_ids: ids of submissions; when their activities are deleted, the error says how they ended
        :rtype: aftersales.approval
        :raises UserError: when one of the activities is deleted or asks for no approval
        """
        activities = self.exists()
        if activities and activities == self and activities == activities._filter_approvals():
            return activities.approval_id
        for approval in self.env["aftersales.approval"].browse(approval_ids or []).exists():
            obstacle = approval._get_obstacle()
            if obstacle:
                raise UserError(obstacle)
        raise UserError(
            self.env._("This has already been decided, or asks for no approval. Reload the page.")
        )

    def _to_store_defaults(self, target):
        return super()._to_store_defaults(target) + [
            "can_decide",
            # sudo: only the id of the submission, which the client sends back with the decision
            Store.Attr("approval_id", lambda activity: activity.sudo().approval_id.id),
            Store.Attr("approval_questions", lambda activity: activity._get_approval_questions()),
        ]

    def _get_approval_questions(self):
        """:return: fields that the inbox asks for when the document is approved, see the method of the document"""
        if not self.can_decide:
            return []
        return self.env[self.res_model].browse(self.res_id)._get_approval_questions()
