from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...groups import DIRECTORS, MANAGERS, READERS
from .inbox import APPROVAL_ACTIVITY, APPROVAL_CATEGORY, TIES


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
    all these activities. Managers who have not decided by the day in ``approval_due_date`` are reminded, then the
    directors are told (三.8). Every such document has the states ``draft``, ``submitted``, ``approved`` and
    ``refused`` and the steps ``action_approve`` and ``action_refuse``. A model with further states before the managers
    are asked calls :meth:`_ask_approval` in its own action. Fields that managers fill in when they approve, besides
    their opinion, are listed in :meth:`_get_approval_fields`.

    The form of the model needs, in the header, ``can_approve`` (invisible) and a button ``action_open_decision`` that
    is shown while ``can_approve``, and in the sheet the history, whose list and cards are views of
    ``aftersales.approval``::

        <group string="Approval" invisible="not approval_ids">
            <field name="approval_ids" nolabel="1" colspan="2" readonly="1" mode="list,kanban" />
        </group>

    The inbox, the chatter and the popovers work for every such model.
    """

    _name = "aftersales.approval.mixin"
    _description = "Document to Approve"
    _inherit = ["aftersales.deadline.mixin", "aftersales.document.mixin"]

    approval_ids = fields.One2many(
        comodel_name="aftersales.approval",
        inverse_name="res_id",
        string="Approvals",
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
    approval_due_date = fields.Date(
        string="Decide By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
        help="While the document waits: the last day on which a manager decides in time.",
    )
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
            # A slice prefetches for itself only: set the approvals of all documents, or each one costs a query.
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
        # sudo: only whether somebody has decided, also for users who may not read approvals
        decided = self.sudo().filtered(lambda document: document.approval_ids.decided_by_id)[:1]
        if decided:
            raise UserError(
                self.env._(
                    "Somebody has decided on %s before: cancel it, the decision is kept.",
                    decided.display_name,
                )
            )

    def unlink(self):
        """Delete the approvals of deleted drafts, too, and with them their activities."""
        # sudo: no user may delete approvals; the base method checks that the documents may be deleted
        approvals = self.env["aftersales.approval"].sudo()
        approvals = approvals.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        result = super().unlink()
        approvals._unlink_unlocked()
        return result

    # === Submitting === #

    def action_submit(self):
        """Ask the managers in charge for their approval (五.3.3, 五.4.4, 五.1.4).

        :raises AccessError: when the user may not write the document
        :raises UserError: with the reason why not, also when nobody is left who could decide
        """
        self._ask_approval("action_submit")

    def _ask_approval(self, action, **vals):
        """Take a step to the state that waits for the managers in charge, and ask them.

        :param str action: name of the action that leads to the state
        :param vals: other values that are written with the state
        :raises UserError: with the reason why not, also when nobody is left who could decide
        """
        approvers = {document: document._get_approvers() for document in self}
        self._step(action, **vals)
        for document in self:
            document._request_approval(approvers[document])

    def action_withdraw(self):
        """Take a submitted document back to the draft, before it is decided.

        :raises UserError: when the user neither submitted the document nor is a service manager
        """
        self._withdraw_approval("action_withdraw")

    def _withdraw_approval(self, action, **vals):
        """Take documents back from the state that waits for a decision.

        :param str action: name of the action that leads back
        :param vals: other values that are written with the state
        :raises UserError: when the user neither submitted the documents nor is a service manager
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
        # sudo: no user may make these rows and activities; the step before has checked the user's rights
        document = self.sudo()
        due = document._get_approval_due_date()
        document._write_unlocked({"approval_due_date": due})
        document.env["aftersales.approval"]._create_unlocked(
            {
                "company_id": self.company_id.id,
                "res_model": self._name,
                "res_id": self.id,
                "partner_id": self["partner_id"].id,
                "requested_by_id": self.env.uid,
                "approver_ids": approvers.ids,
                "due_date": due,
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
                # Make the activities also when the caller skips automatic ones: nobody would be asked otherwise.
                mail_activity_automation_skip=False,
                # sudo: only the language of a colleague is read, also when a customer files the document
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
        """A summary of the document for the inbox, which shows it beside the name, in the manager's language.

        :return: one line; where it is empty the inbox shows the activity type ("Approve or refuse")
        :rtype: str
        """
        self.ensure_one()
        return ""

    def _get_involved_users(self):
        """Users who may not decide: the applicant; a model adds the users who do the work (五.3.3).

        :rtype: res.users
        """
        self.ensure_one()
        # sudo: approvals of this document, also for users who may not read them
        document = self.sudo()
        pending = document._get_pending().requested_by_id
        return ((pending or self.env.user) | document.create_uid).sudo(False)

    def _get_leader(self):
        """The leader of the ticket's team, who is asked before all other managers.

        :return: res.users, empty where the document has no ticket or its team no leader
        """
        if "ticket_id" not in self._fields:
            return self.env["res.users"]
        # sudo: only the leader of the team is read, also for applicants who may not read the ticket
        return self.sudo()["ticket_id"].team_id.user_id.sudo(False)

    def _get_approvers(self, leaving=None):
        """The managers in charge: the leader, else all managers, else the directors.

        :param leaving: res.users who are being archived
        :rtype: res.users
        :raises UserError: when nobody who is not involved has one of these roles
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
        # sudo: approvals of this document, also for users who may read the document but not approvals
        approvals = self.sudo().approval_ids
        for approval in approvals:
            if approval.decision == "pending":
                return approval
        return approvals.browse()

    def _get_step_obstacle(self, action, target=None):
        # When somebody has decided already, say who did before saying that the state does not fit.
        decides = action in ("action_approve", "action_refuse")
        return (decides and self._get_decision_obstacle()) or super()._get_step_obstacle(
            action, target
        )

    def _get_decision_obstacle(self):
        """The reason why the user cannot decide on the document now.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGERS):
            return self.env._("Only a service manager approves or refuses.")
        pending = self._get_pending()
        if not pending:
            # sudo: managers are told who has decided, also where they may not read the approval
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
        :param dict values: values of the fields in :meth:`_get_approval_fields`
        :raises AccessError: when the user may not write the document
        :raises UserError: with the reason why not; for a second decision it names who made the first one
        """
        self._decide("action_approve", opinion, values)

    def action_refuse(self, opinion=False):
        """Refuse documents.

        :param str opinion: the reason, required
        :raises AccessError: when the user may not write the document
        :raises UserError: with the reason why not, or when no reason is given
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
        """Fields of the document that managers fill in when they approve; the inbox and the window ask for them.

        :return: whether the field has to be filled in, by its name
        :rtype: dict[str, bool]
        """
        return {}

    def _get_approval_defaults(self):
        """Values proposed for the fields in :meth:`_get_approval_fields`.

        :return: values as the client reads them, by name of the field
        :rtype: dict
        """
        return {}

    def _get_approval_questions(self):
        """The fields in :meth:`_get_approval_fields` as the client shows them when these documents are approved.

        :return: a dict for each field: ``name``, ``type`` and ``label`` of the field, ``required``, the proposed
            ``value``, and for a selection or a link its ``choices``, pairs of value and label
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
        # The values come from the client: take only those of fields that managers are asked for.
        if action != "action_approve" or not values or not isinstance(values, dict):
            return {}
        return {name: values[name] for name in values if name in self._get_approval_fields()}

    def _after_decision(self, said):
        # The step has checked that the user may decide.
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
        """Withdraw the submissions of documents that no longer wait for a decision, and delete their activities."""
        for document in self:
            pending = document._get_pending()
            if pending:
                pending._write_unlocked({"decision": "withdrawn"})
                document._close_approval("withdrawn", False)

    def _close_approval(self, decision, opinion):
        """Delete the activities of all managers who were asked, and post the decision as one message.

        :param str decision: one of the decisions
        :param str opinion: the manager's opinion
        """
        # sudo: the activities of all managers asked
        document = self.sudo().with_context(mail_notify_force_send=False)
        document.activity_search([APPROVAL_ACTIVITY])._unlink_unlocked()
        document._close_deadline("approval")
        document._write_unlocked({"approval_due_date": False})
        labels = dict(
            self.env["aftersales.approval"]._fields["decision"]._description_selection(self.env)
        )
        body = labels[decision]
        if opinion:
            body = document.env._(
                "%(decision)s: %(opinion)s", decision=labels[decision], opinion=opinion
            )
        applicant = document.approval_ids[:1].requested_by_id
        document.message_post(
            body=body,
            # the name of a document alone does not say what happened to it
            subject=document.env._(
                "%(document)s: %(decision)s",
                document=document.display_name,
                decision=labels[decision],
            ),
            author_id=self.env.user.partner_id.id,
            # The opinion is internal: customers who filed the document on the portal are told in another message.
            partner_ids=[] if applicant.share else applicant.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    # === Who left === #

    @api.model
    def _hand_over_approvals(self, users):
        """Hand submissions that wait for users who leave over to the other managers in charge.

        When nobody is left who could decide, the document keeps waiting; the directors see it in the list.

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
