from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ...tools.facts import facts_of


class AftersalesApprovalDecide(models.TransientModel):
    """Asks a manager for the opinion on one submission, or on many of several kinds of documents.

    It keeps the chosen submissions, not their documents, so that a document submitted anew meanwhile is not decided.
    """

    _name = "aftersales.approval.decide"
    _description = "Approve or Refuse"
    _inherit = "aftersales.dialog.mixin"

    approval_ids = fields.Many2many(comodel_name="aftersales.approval", required=True)
    # the decision that is offered; both where it is empty
    decision = fields.Selection(selection=[("approved", "Approve"), ("refused", "Refuse")])
    missing_count = fields.Integer()
    # what one decides by, for each document
    facts = fields.Json(compute="_compute_facts")
    opinion = fields.Text()
    # further questions of the documents, and the manager's answers, by name of the field
    questions = fields.Json(compute="_compute_questions")
    answers = fields.Json(compute="_compute_answers", store=True, readonly=False)

    @api.depends("approval_ids")
    def _compute_facts(self):
        for wizard in self:
            found = {}
            for model, rows in wizard.approval_ids.grouped("res_model").items():
                documents = self.env[model].browse(rows.mapped("res_id")).exists()
                readable = documents._filtered_access("read")
                for document, facts in readable._get_approval_facts().items():
                    found[model, document.id] = facts_of(document, facts)
            keys = [(row.res_model, row.res_id) for row in wizard.approval_ids]
            wizard.facts = [found[key] for key in keys if key in found]

    @api.depends("approval_ids")
    def _compute_questions(self):
        for wizard in self:
            questions = {}
            for model, rows in wizard.approval_ids.grouped("res_model").items():
                documents = self.env[model].browse(rows.mapped("res_id")).exists()
                for question in documents._filtered_access("read")._get_approval_questions():
                    # a question that several kinds of documents share is asked once
                    questions.setdefault(question["name"], question)
            wizard.questions = list(questions.values())

    @api.depends("approval_ids")
    def _compute_answers(self):
        for wizard in self:
            wizard.answers = {row["name"]: row["value"] for row in wizard.questions or []}

    def action_approve(self):
        """Approve each of them by itself.

        :return: a notification that names the documents that could not be approved, with the reasons
        :raises UserError: with the reason, when there is only one
        """
        return self._take("action_approve")

    def action_refuse(self):
        """Refuse each of them by itself, all with the same reason.

        :return: a notification that names the documents that could not be refused, with the reasons
        :raises UserError: with the reason, when there is only one, or when no opinion is given
        """
        documents = self.env["aftersales.approval.mixin"]
        # checked once, instead of failing for each document
        documents._check_reason(self.opinion, documents._get_reason_question("action_refuse"))
        return self._take("action_refuse")

    def _take(self, action):
        self.ensure_one()
        close = {"type": "ir.actions.act_window_close"}
        opinion, approvals = self.opinion, self.approval_ids.sorted("id")
        # each document uses the answers to its own questions
        values = self.answers or {}
        if len(approvals) == 1:
            approvals._decide_documents(action, opinion, values)
            return close
        names = approvals._get_document_names()
        failures = []
        for approval in approvals:
            try:
                with self.env.cr.savepoint():
                    approval._decide_documents(action, opinion, values)
            except LockError:
                # another manager decides at the same time: Odoo retries the request
                raise
            except UserError as error:
                failures.append(self._describe_failure(names[approval], error))
        return self._prepare_notification(action, len(approvals) - len(failures), failures, close)

    def _describe_failure(self, name, error):
        """:return: the reason in one line, with the name of the document"""
        reason = " ".join(str(error.args[0]).split())
        return reason if name in reason else f"{name}: {reason}"

    def _prepare_notification(self, action, done, failures, following):
        """Notification with the number of decided documents, and the reasons for the others.

        :param str action: ``action_approve`` or ``action_refuse``
        :param int done: how many were decided
        :param failures: list of reasons, a line each
        :param dict following: action that comes after it
        :rtype: dict
        """
        if action == "action_approve":
            lines = [self.env._("%s approved.", done)]
            if failures:
                lines.append(self.env._("%s not approved:", len(failures)))
        else:
            lines = [self.env._("%s refused.", done)]
            if failures:
                lines.append(self.env._("%s not refused:", len(failures)))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failures else "success",
                "sticky": bool(failures),
                "message": "\n".join(lines + failures),
                "className": "o_aftersales_decided",
                "next": following,
            },
        }
