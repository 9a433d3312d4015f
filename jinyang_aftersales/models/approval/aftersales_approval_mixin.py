from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...groups import DIRECTORS, MANAGERS, READERS

APPROVAL_ACTIVITY = "jinyang_aftersales.mail_activity_approval"
APPROVAL_CATEGORY = "aftersales_approval"
# what ties an approval to its document and its manager
TIES = frozenset(
    {
        "active",
        "user_id",
        "res_id",
        "res_model_id",
        "res_model",
        "activity_type_id",
        "approval_id",
    }
)


class AftersalesApprovalMixin(models.AbstractModel):
    """A document of a customer that a service manager approves, from the activity inbox.

    =====================  ==================================================================
    Who                    May
    =====================  ==================================================================
    who may write it       submit, withdraw
    service manager        approve or refuse what others submitted and did not work on with them
    nobody                 decide on an own request, or decide twice
    =====================  ==================================================================

    Submitting makes an ``aftersales.approval`` and an activity for each manager in charge; the decision ends
    them all. The states ``draft``, ``submitted``, ``approved`` and ``refused`` belong to every such document, and so
    do the steps ``action_approve`` and ``action_refuse``; one that is prepared further before a manager is asked
    asks by :meth:`_ask_approval`. What else a manager has to say, beside the opinion, is in
    :meth:`_get_approval_fields`.

    What a form needs: in the header ``can_approve`` (invisible) and a button ``action_open_decision``, which shows
    while ``can_approve``; in the sheet the history, whose list and cards are views of ``aftersales.approval``::

        <group string="Approval" invisible="not approval_ids">
            <field name="approval_ids" nolabel="1" colspan="2" readonly="1" mode="list,kanban" />
        </group>

    The inbox, the chatter and the popovers need nothing of the model.
    """

    _name = "aftersales.approval.mixin"
    _description = "Document to Approve"
    _inherit = "aftersales.document.mixin"

    approval_ids = fields.One2many(
        comodel_name="aftersales.approval",
        inverse_name="res_id",
        string="Approvals",
        domain=lambda self: [("res_model", "=", self._name)],
        groups=READERS,
        copy=False,
    )
    approval_id = fields.Many2one(
        comodel_name="aftersales.approval",
        string="Last Approval",
        compute="_compute_approval",
        groups=READERS,
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", compute="_compute_approval", groups=READERS
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", compute="_compute_approval", groups=READERS
    )
    decided_on = fields.Datetime(compute="_compute_approval", groups=READERS)
    approval_opinion = fields.Text(compute="_compute_approval", groups=READERS)
    can_approve = fields.Boolean(compute="_compute_can_approve", groups=READERS)
    is_to_approve = fields.Boolean(
        string="To Approve by Me",
        compute="_compute_is_to_approve",
        search="_search_is_to_approve",
        groups=READERS,
    )

    # === Compute === #

    @api.depends("approval_ids.decision")
    def _compute_approval(self):
        approvals = self.approval_ids
        for document in self:
            # a slice forgets its neighbours: without them each row of a list costs a query
            last = document.approval_ids[:1].with_prefetch(approvals.ids)
            document.approval_id = last
            document.requested_by_id = last.requested_by_id
            document.decided_by_id = last.decided_by_id
            document.decided_on = last.decided_on
            document.approval_opinion = last.opinion

    @api.depends("state", "approval_ids.decision")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for document in self:
            document.can_approve = not document._get_decision_obstacle()

    @api.depends("approval_ids.decision", "approval_ids.approver_ids")
    @api.depends_context("uid")
    def _compute_is_to_approve(self):
        for document in self:
            approval = document.approval_id
            document.is_to_approve = (
                approval.decision == "pending" and self.env.user in approval.approver_ids
            )

    def _search_is_to_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        approvals = self.env["aftersales.approval"].search(
            [
                ("res_model", "=", self._name),
                ("decision", "=", "pending"),
                ("approver_ids", "in", self.env.uid),
            ]
        )
        waiting = Domain("id", "in", approvals.mapped("res_id"))
        return waiting if True in value else ~waiting

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        # sudo: that somebody decided is no secret to who may delete the document
        decided = self.sudo().filtered(lambda document: document.approval_ids.decided_by_id)[:1]
        if decided:
            raise UserError(
                self.env._(
                    "Somebody has decided on %s before: cancel it, the decision is kept.",
                    decided.display_name,
                )
            )

    def unlink(self):
        """Take the approvals and the open activities of deleted drafts along."""
        # sudo: rows that only the methods of this mixin write
        approvals = self.env["aftersales.approval"].sudo()
        approvals = approvals.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        result = super().unlink()
        approvals._unlink_unlocked()
        return result

    # === Submitting === #

    def action_submit(self):
        """Ask the managers in charge for their approval (五.3.3, 五.4.4, 五.1.4).

        :raises AccessError: for who may not write the document
        :raises UserError: with the reason why not, also when nobody is left who could decide
        """
        self._ask_approval("action_submit")

    def _ask_approval(self, action, **vals):
        """Take a step to the state that waits for the managers in charge, and ask them.

        :param str action: name of the action that goes there
        :param vals: other fields that change with it
        :raises UserError: with the reason why not, also when nobody is left who could decide
        """
        approvers = {document: document._get_approvers() for document in self}
        self._step(action, **vals)
        for document in self:
            document._request_approval(approvers[document])

    def action_withdraw(self):
        """Take a submitted document back to the draft, before it is decided.

        :raises UserError: for who neither asked for the approval nor is a service manager
        """
        self._withdraw_approval("action_withdraw")

    def _withdraw_approval(self, action, **vals):
        """Take documents back from the state that waits for a decision.

        :param str action: name of the action that goes back
        :param vals: other fields that change with it
        :raises UserError: for who neither asked for the approval nor is a service manager
        """
        self.check_access("write")
        for document in self:
            applicant = document._get_pending().requested_by_id
            if applicant - self.env.user and not self.env.user.has_group(MANAGERS):
                raise UserError(
                    self.env._(
                        "%(document)s was submitted by %(user)s, who may withdraw it.",
                        document=document.display_name,
                        user=applicant.name,
                    )
                )
        self._step(action, **vals)
        self._cancel_approval()

    def _request_approval(self, approvers):
        """Make the approval row and the activities of the managers in charge.

        :param approvers: res.users
        """
        self.ensure_one()
        # sudo: rows and activities that only this method makes; the move before it checked the rights
        document = self.sudo()
        document.env["aftersales.approval"]._create_unlocked(
            {
                "company_id": self.company_id.id,
                "res_model": self._name,
                "res_id": self.id,
                "partner_id": self["partner_id"].id,
                "requested_by_id": self.env.uid,
                "approver_ids": approvers.ids,
            }
        )
        document._schedule_approval(approvers)

    def _schedule_approval(self, approvers):
        """Put the document into the inbox of managers.

        :param approvers: res.users
        """
        approval = self._get_pending()
        for user in approvers:
            document = self.with_context(
                # whoever calls: a submission nobody is asked about waits for ever
                mail_activity_automation_skip=False,
                # sudo: a colleague's language, also for a customer who applies on the portal
                lang=user.sudo().lang,
            )
            with document._lend_key("mail.activity", TIES) as lending:
                lending._notify_users(
                    user,
                    APPROVAL_ACTIVITY,
                    summary=document._get_approval_summary(),
                    approval_id=approval.id,
                )

    def _get_approval_summary(self):
        """What a manager is asked, beside the document's name in the inbox; in the manager's language.

        :return: one line; that of the activity type ("Approve or refuse") where it is empty
        :rtype: str
        """
        self.ensure_one()
        return ""

    def _get_involved_users(self):
        """Who may not decide: the applicant; a model adds those who do the work (五.3.3).

        :rtype: res.users
        """
        self.ensure_one()
        # sudo: rows of this document, whatever else the user may read
        document = self.sudo()
        pending = document._get_pending().requested_by_id
        return ((pending or self.env.user) | document.create_uid).sudo(False)

    def _get_leader(self):
        """The leader of the ticket's team, where there is one, who decides before all other managers.

        :rtype: res.users
        """
        if "ticket_id" not in self._fields:
            return self.env["res.users"]
        # sudo: who leads the team, whatever the applicant may read
        return self.sudo()["ticket_id"].team_id.user_id.sudo(False)

    def _get_approvers(self, leaving=None):
        """The managers in charge: the leader, else all managers, else the directors.

        :param leaving: res.users who will not be there any more
        :rtype: res.users
        :raises UserError: naming the role that nobody uninvolved has
        """
        self.ensure_one()
        involved = self._get_involved_users() | (leaving or self.env["res.users"])
        managers = self.company_id._aftersales_users(MANAGERS)
        directors = self.company_id._aftersales_users(DIRECTORS)
        for users in (self._get_leader() & managers, managers - directors, directors):
            if users - involved:
                return users - involved
        raise UserError(
            self.env._(
                "Nobody can approve %s: there is no service manager or director who is not involved. Ask the"
                " administrator to give somebody the role Service Manager.",
                self.display_name,
            )
        )

    # === Deciding === #

    def _get_pending(self):
        """:return: the approval that waits for a decision, empty when there is none"""
        # sudo: whether something waits is no secret to who may read the document
        approvals = self.sudo().approval_ids
        for approval in approvals:
            if approval.decision == "pending":
                return approval
        return approvals.browse()

    def _get_step_obstacle(self, action, target=None):
        # who has decided already is told before the state that this led to
        decides = action in ("action_approve", "action_refuse")
        return (decides and self._get_decision_obstacle()) or super()._get_step_obstacle(
            action, target
        )

    def _get_decision_obstacle(self):
        """Why the user cannot decide on the document now, in the user's language.

        :return: the reason, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGERS):
            return self.env._("Only a service manager approves or refuses.")
        pending = self._get_pending()
        if not pending:
            # sudo: who decided is told to managers, who may read it anyway
            last = self.sudo().approval_ids[:1]
            if last.decided_by_id:
                return last._get_obstacle()
            return self.env._("%s is not waiting for a decision.", self.display_name)
        if self.env.user in self._get_involved_users():
            return self.env._(
                "You asked for %s or work on it: somebody else decides.", self.display_name
            )
        return False

    def action_approve(self, opinion=False, values=None):
        """Approve documents.

        :param str opinion: the manager's opinion
        :param dict values: what else the manager says, see :meth:`_get_approval_fields`
        :raises AccessError: for who may not write the document
        :raises UserError: with the reason why not; a second decision is told who made the first
        """
        self._decide("action_approve", opinion, values)

    def action_refuse(self, opinion=False):
        """Refuse documents.

        :param str opinion: the reason, required
        :raises AccessError: for who may not write the document
        :raises UserError: with the reason why not, or when no opinion is given
        """
        self._decide("action_refuse", opinion)

    def action_open_decision(self):
        """Ask the manager for an opinion and the decision.

        :raises UserError: when none of the documents is waiting
        """
        approvals = self.approval_ids.filtered(lambda row: row.decision == "pending")
        if not approvals:
            raise UserError(self[:1]._get_decision_obstacle())
        return approvals._get_decision_action(missing=len(self) - len(approvals))

    @api.model
    def _get_approval_fields(self):
        """Fields of the document that the manager fills in when approving: the inbox and the window ask for them.

        :return: whether it has to be filled in, by name of the field
        :rtype: dict[str, bool]
        """
        return {}

    def _get_approval_defaults(self):
        """What is proposed to the manager who approves the documents.

        :return: values as the client reads them, by name of the field
        :rtype: dict
        """
        return {}

    def _get_approval_questions(self):
        """What the manager is asked who approves the documents, all of this model.

        :return: a dict for each field: ``name``, ``type`` and ``label`` of the field, ``required``, ``value`` that is
            proposed, and for a selection or a link its ``choices``, pairs of value and label
        :rtype: list[dict]
        """
        proposed = self._get_approval_defaults()
        questions = []
        for name, required in self._get_approval_fields().items():
            field = self._fields[name]
            question = {
                "name": name,
                "type": field.type,
                "label": field._description_string(self.env),
                "required": required,
                "value": proposed.get(name, False),
            }
            if field.type == "selection":
                question["choices"] = field._description_selection(self.env)
            elif field.type == "many2one":
                linked = self.env[field.comodel_name].search(field.get_comodel_domain(self))
                question["choices"] = [(record.id, record.display_name) for record in linked]
            questions.append(question)
        return questions

    def _get_reason_question(self, action):
        return action == "action_refuse" and self.env._("Say why it is refused.")

    def _prepare_decision_vals(self, action, said, values):
        # what nobody asked for is left out: the values come from the client
        if action != "action_approve" or not values or not isinstance(values, dict):
            return {}
        return {name: values[name] for name in values if name in self._get_approval_fields()}

    def _after_decision(self, said):
        # the row is written by this method only, after the checks of the step
        self._get_pending()._write_unlocked(
            {
                "decision": self.state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "opinion": said or False,
            }
        )
        self._close_approval(self.state, said)

    def _cancel_approval(self):
        """The documents no longer wait: the rows are closed, the activities vanish."""
        for document in self:
            pending = document._get_pending()
            if pending:
                pending._write_unlocked({"decision": "withdrawn"})
                document._close_approval("withdrawn", False)

    def _close_approval(self, decision, opinion):
        """The activity's end and the decision are one act: one message, all activities gone.

        :param str decision: one of the decisions
        :param str opinion: the manager's opinion
        """
        # sudo: the activities of all managers asked
        document = self.sudo().with_context(mail_notify_force_send=False)
        document.activity_search([APPROVAL_ACTIVITY])._unlink_unlocked()
        labels = dict(
            self.env["aftersales.approval"]._fields["decision"]._description_selection(self.env)
        )
        body = labels[decision]
        if opinion:
            body += f": {opinion}"
        document.message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            # a customer who applied on the portal is told by other means: the opinion is ours
            partner_ids=document.approval_ids[:1]
            .requested_by_id.filtered(lambda user: not user.share)
            .partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    # === Who left === #

    @api.model
    def _hand_over_approvals(self, users):
        """Give what waits for users who leave to the other managers in charge.

        A document nobody is left for keeps waiting; the directors of the company see it in the list.

        :param users: res.users who leave
        """
        # sudo: pending approvals of colleagues, when an administrator archives a user
        approvals = self.env["aftersales.approval"].sudo()
        by_model = defaultdict(list)
        for approval in approvals.search(
            [("decision", "=", "pending"), ("approver_ids", "in", users.ids)]
        ):
            by_model[approval.res_model].append(approval)
        for model, rows in by_model.items():
            for approval in rows:
                document = self.env[model].sudo().browse(approval.res_id)
                remaining = approval.approver_ids - users
                if not remaining:
                    try:
                        remaining = document._get_approvers(users)
                    except UserError:
                        remaining = self.env["res.users"]
                    document._schedule_approval(remaining - approval.approver_ids)
                approval._write_unlocked({"approver_ids": [Command.set(remaining.ids)]})
                document.activity_ids.filtered(
                    lambda activity: activity.activity_category == APPROVAL_CATEGORY
                    and activity.user_id in users
                )._unlink_unlocked()
