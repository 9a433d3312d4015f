from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...groups import MANAGERS
from ...tools.facts import fact
from ...tools.text import list_words
from ..notice.values import ANSWERS
from .values import RESULTS, SCORED_KINDS, SCORES

# calls that a caller is reminded of, and characters of what the customer said in each
LAST_CALLS = 3
LAST_NOTE = 60
UNREACHABLE_ACTIVITY = "jinyang_aftersales.mail_activity_unreachable"


class Score(fields.Integer):
    """A whole number that may be missing: averages then leave it out instead of counting a zero."""

    def convert_to_column(self, value, record, values=None, validate=True):
        return int(value) if value else None


class Share(fields.Float):
    """A share from 0 to 1 that may be missing (None): averages then leave it out."""

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if value is None else super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        return None if value is None else super().convert_to_cache(value, record, validate)


class AftersalesCallback(models.Model):
    """Result of a call: customer reached or not, scores, answer (五.5.1-2)."""

    _inherit = "aftersales.callback"
    result = fields.Selection(selection=RESULTS, readonly=True, tracking=True, copy=False)
    attempt_count = fields.Integer(
        string="Attempts", readonly=True, copy=False, aggregator="avg", default=0
    )
    called_on = fields.Datetime(readonly=True, copy=False)
    called_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Called By", readonly=True, copy=False
    )
    answer = fields.Selection(selection=ANSWERS, readonly=True, tracking=True, copy=False)
    decline_reason = fields.Char(readonly=True, tracking=True, copy=False)
    score_attitude = Score(string="Attitude", readonly=True, copy=False, aggregator="avg")
    score_skill = Score(string="Skill", readonly=True, copy=False, aggregator="avg")
    score_result = Score(string="Result of the Work", readonly=True, copy=False, aggregator="avg")
    score_software = Score(string="Software", readonly=True, copy=False, aggregator="avg")
    product_ids = fields.Many2many(
        comodel_name="product.product",
        relation="aftersales_callback_product_rel",
        string="Products",
        readonly=True,
        copy=False,
        help="The software the customer was asked about, as installed on the day of the call.",
    )
    cancel_reason = fields.Text(
        string="Cancelled Because", readonly=True, copy=False, tracking=True
    )
    cancelled_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Cancelled By", readonly=True, copy=False
    )
    cancelled_on = fields.Datetime(readonly=True, copy=False)
    coverage = Share(
        compute="_compute_coverage",
        store=True,
        aggregator="avg",
        help="Share of the calls that were made; cancelled calls do not count.",
    )
    can_record = fields.Boolean(compute="_compute_can_record")

    _scores_range = models.Constraint(
        "CHECK(score_attitude BETWEEN 1 AND 5 AND score_skill BETWEEN 1 AND 5"
        " AND score_result BETWEEN 1 AND 5 AND score_software BETWEEN 1 AND 5)",
        "Scores are from 1 to 5.",
    )

    # === Compute === #

    @api.depends("state")
    def _compute_coverage(self):
        for callback in self:
            made = callback.state in ("done", "escalated")
            callback.coverage = None if callback.state == "cancelled" else float(made)

    @api.depends("state", "user_id", "worker_ids")
    @api.depends_context("uid")
    def _compute_can_record(self):
        allowed = self.filtered("id")._filtered_access("write")
        for callback in self:
            callback.can_record = (
                callback.state == "todo"
                and callback in allowed
                and self.env.user not in callback.worker_ids
            )

    # === What the caller has to know === #

    def _get_call_facts(self):
        """Facts of the call: the work and its record, who did it, the last calls, and what the customer asked.

        Read with the rights of the caller, who may not see every document.

        :return: facts, see ``tools/facts.py``
        :rtype: list[dict]
        """
        self.ensure_one()
        rows = []
        document = self._get_document()
        if document and document.has_access("read") and hasattr(document, "_get_callback_facts"):
            rows += document._get_callback_facts()
        about = document if self.res_model == "helpdesk.ticket" else self.about_ticket_id
        ticket = about or self.about_ticket_id
        if ticket and ticket.has_access("read"):
            rows += [
                fact(self.env._("Service Record"), ticket.display_name),
                fact(self.env._("Solution"), ticket.solution or ticket.need or ticket.question),
            ]
        # sudo: names of colleagues, also for callers who may not read users
        names = self.sudo().worker_ids.mapped("name")
        rows.append(fact(self.env._("Who Did the Work"), list_words(self.env, names)))
        asked = self.parent_id.open_question
        if asked:
            rows.append(fact(self.env._("The Customer Asked"), asked, alert=True))
        others = self.search(
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("id", "!=", self.id)
            & Domain("called_on", "!=", False),
            order="called_on desc",
            limit=LAST_CALLS,
        )
        said = [call._say_last_call() for call in others]
        rows.append(fact(self.env._("Last Calls"), "\n".join(said)))
        questions = others.filtered("open_question") - self.parent_id
        rows.append(
            fact(
                self.env._("Asked Before"),
                "\n".join(
                    f"{call.open_question} ({call._get_outcome_label()})" for call in questions
                ),
            )
        )
        return rows

    def _get_outcome_label(self):
        """:return: what became of the question of the call, in the user's language"""
        return dict(self._fields["outcome"]._description_selection(self.env)).get(self.outcome, "")

    def _say_last_call(self):
        """:return: a line about a call that was made: day, kind, scores, and what the customer said"""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        results = dict(self._fields["result"]._description_selection(self.env))
        scores = [str(self[name]) for name in SCORES if self[name]]
        parts = [
            self._say_day(self.company_id._aftersales_day(self.called_on)),
            kinds.get(self.kind),
            results.get(self.result),
            scores and self.env._("scores %s", "/".join(scores)),
            shorten(self.note or "", LAST_NOTE, placeholder="…"),
        ]
        return " · ".join(filter(None, parts))

    # === Actions === #

    def action_open_record(self):
        """Open the wizard that records a call."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the Call"),
            "res_model": "aftersales.callback.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_callback_id": self.id},
        }

    def action_record(
        self,
        result,
        answer=False,
        decline_reason=False,
        note=False,
        scores=None,
        open_question=False,
        old_problem=False,
        usage=None,
        next_call_on=None,
    ):
        """Record a call with the customer's answers (五.5.1-3).

        :param str result: ``reached`` or ``unreachable``
        :param str answer: of a renewal call: one of ``ANSWERS``; required when reached
        :param str decline_reason: why the customer declines; required then
        :param str note: anything else the customer said
        :param dict scores: 1 to 5 by name of the score; missing or empty ones were not answered
        :param str open_question: question of the customer, which goes to the managers at once
        :param bool old_problem: an old problem is still unsolved; goes to the managers at once
        :param list[dict] usage: of a routine call: ``installation_id``, ``usage_state``, ``usage_note``
        :param datetime.date next_call_on: when a customer who considers is called again; required then
        :raises AccessError: for users who may not write the call-back
        :raises UserError: when the call is not open, something required is missing or wrong, or the user did the
            work the customer is asked about
        """
        self.check_access("write")
        texts = [(text or "").strip() for text in (decline_reason, note, open_question)]
        decline_reason, note, open_question = texts
        survey = {
            "answer": answer,
            "decline_reason": decline_reason,
            "note": note,
            "scores": self._clean_scores(scores),
            "open_question": open_question,
            "old_problem": bool(old_problem),
            "usage": usage or [],
            "next_call_on": next_call_on,
        }
        for callback in self:
            callback._check_recording(result, survey)
        for callback in self:
            # sudo: rights were checked above; the results change documents that callers may not write
            callback.sudo()._record_call(result, survey)

    @api.model
    def _clean_scores(self, scores):
        """Scores as they are stored.

        :param dict scores: as recorded; None, False and an empty string were not answered
        :rtype: dict[str, int]
        :raises UserError: for anything but whole numbers from 1 to 5
        """
        clean = {}
        for name, value in (scores or {}).items():
            if value is None or value is False or value == "":
                continue
            if name not in SCORES or isinstance(value, bool) or value not in range(1, 6):
                raise UserError(self.env._("Scores are whole numbers from 1 (poor) to 5 (good)."))
            clean[name] = int(value)
        return clean

    def _check_recording(self, result, survey):
        """Refuse results that are incomplete, or not of this call.

        :param str result: ``reached`` or ``unreachable``
        :param dict survey: answers of the customer
        :raises UserError: with the reason
        """
        self.ensure_one()
        if result not in dict(RESULTS):
            raise UserError(self.env._("Say whether the customer was reached."))
        if self.state != "todo":
            raise UserError(self.env._("This call has already been recorded or cancelled."))
        if self.env.user in self._get_excluded():
            raise UserError(
                self.env._(
                    "You worked on what the customer of %s is asked about: somebody else calls.",
                    self.display_name,
                )
            )
        if result == "unreachable":
            return
        if self.kind == "renewal" and self.round == 1:
            if survey["answer"] not in dict(ANSWERS):
                raise UserError(self.env._("Record what the customer answered."))
            if survey["answer"] == "declining" and not survey["decline_reason"]:
                raise UserError(self.env._("Record why the customer declines."))
            if survey["answer"] == "considering":
                notices = self.env["aftersales.renewal.notice"]
                notices._check_next_call(
                    self.company_id, self._get_renewal_end(), survey["next_call_on"]
                )
        elif not any(
            survey[name]
            for name in survey
            if name not in ("answer", "decline_reason", "next_call_on")
        ):
            raise UserError(
                self.env._("Record what the customer said: a score, a comment or a question.")
            )
        self._check_usage(survey["usage"])

    def _record_call(self, result, survey):
        """Write the result of a call, and act on it; as superuser, after all checks.

        :param str result: ``reached`` or ``unreachable``
        :param dict survey: answers of the customer
        """
        company = self.company_id
        today = company._aftersales_today()
        vals = {
            "result": result,
            "attempt_count": self.attempt_count + 1,
            "called_on": fields.Datetime.now(),
            "called_by_id": self.env.uid,
        }
        if survey["note"]:
            vals["note"] = "\n".join(filter(None, (self.note, survey["note"])))
        if result == "unreachable":
            # the customer was tried: the next attempt is due on a new day, and that is no delay
            vals["due_date"] = self._get_due_day(company, max(self.due_date, today))
            vals["overdue_since"] = False
            self._write_unlocked(vals)
            self._tell_unreachable(today)
            return
        vals.update(self._prepare_reached_vals(survey))
        self._write_unlocked(vals)
        self._withdraw_activities(UNREACHABLE_ACTIVITY)
        # 五.2.2: who was reached knows of the end of service
        self.notice_id._note_told("call", today)
        self._apply_usage(survey["usage"])
        self._tell_answer(survey["note"])
        self._follow_renewal_answer(survey)
        if self.state == "escalated":
            self._tell_escalation()
        document = self._get_document()
        if document and hasattr(document, "_after_callback"):
            document._after_callback(self)

    def _prepare_reached_vals(self, survey):
        """Values of a call in which the customer was reached.

        :param dict survey: answers of the customer
        :rtype: dict
        """
        answer = survey["answer"] if self.kind == "renewal" else False
        vals = {
            "state": "done",
            "answer": answer,
            "decline_reason": survey["decline_reason"] if answer == "declining" else False,
            "worker_ids": [fields.Command.set(self._get_excluded().ids)],
            **survey["scores"],
        }
        if self.kind in SCORED_KINDS:
            vals["product_ids"] = [fields.Command.set(self.installation_ids.product_id.ids)]
        return vals

    # === What follows === #

    def _tell_unreachable(self, today):
        """Tell the managers of a customer who cannot be reached, once the limit of the company is reached."""
        limit = self.company_id.aftersales_callback_attempts
        kind = self.env.ref(UNREACHABLE_ACTIVITY)
        if self.attempt_count < limit or kind in self.activity_ids.activity_type_id:
            return
        self._notify_users(
            self._get_told_managers(),
            UNREACHABLE_ACTIVITY,
            lambda call: call.env._(
                "%(customer)s could not be reached in %(count)s calls.",
                customer=call.partner_id.display_name,
                count=call.attempt_count,
            ),
            today,
            mail=False,
        )

    def _tell_answer(self, said):
        """Post the customer's answer on document, notice and agreement, where the work is done.

        :param str said: what the customer said in this call
        """
        body = self.env._("Customer called: %s", self._get_summary(said))
        documents = [self.notice_id, self.contract_id, self._get_document()]
        for document in documents:
            if document and hasattr(document, "message_post"):
                document.with_context(mail_notify_force_send=False).message_post(
                    body=body, author_id=self.env.user.partner_id.id
                )

    def _get_renewal_end(self):
        """:return: last day of the service the customer is called about, False where none is known"""
        return self.notice_id.term_end or self.contract_id.term_end

    def _follow_renewal_answer(self, survey):
        """Act on the answer to a renewal call, see ``notice/answers.py``.

        :param dict survey: answers of the customer
        """
        notices = self.env["aftersales.renewal.notice"]
        if self.answer == "renewing":
            # the caller may not write agreements, so the specialist is asked to make it
            notices._tell_renewing(self.notice_id or self, self.contract_id, self.partner_id)
        elif self.answer == "considering":
            summary = self._get_summary(survey["note"])
            self._open_next_call(fields.Date.to_date(survey["next_call_on"]), summary)
        elif self.answer == "declining":
            document = self.notice_id or self
            notices._tell_declined(document, self.partner_id, self.decline_reason)
            day = notices._get_last_call_day(self.company_id, self._get_renewal_end())
            if day:
                self._open_next_call(day, self._get_summary(survey["note"]))

    def _open_next_call(self, day, note):
        """Plan the next call about the same renewal, by the same caller unless they have left.

        :param datetime.date day: when
        :param str note: what the customer said, for the caller
        """
        self.ensure_one()
        caller = self.user_id
        if not caller.active or self.company_id not in caller.company_ids:
            caller = self._get_default_caller(self.company_id, caller.browse())
        self.with_context(tracking_disable=True)._create_unlocked(
            {
                "kind": "renewal",
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "contact_id": self.contact_id.id,
                "notice_id": self.notice_id.id,
                "contract_id": self.contract_id.id,
                "installation_id": self.installation_id.id,
                "user_id": caller.id,
                "due_date": day,
                "renewal_round": self.renewal_round + 1,
                "note": note,
            }
        )

    def _get_summary(self, said):
        """Answers of the customer in one line, in the language of the reader.

        :param str said: what the customer said in this call; the note also holds what was said in earlier ones
        :rtype: str
        """
        self.ensure_one()
        answers = dict(self._fields["answer"]._description_selection(self.env))
        labels = self.fields_get(SCORES, ["string"])
        parts = [answers.get(self.answer)]
        parts += [f"{labels[name]['string']} {self[name]}/5" for name in SCORES if self[name]]
        parts += [self.decline_reason, self.open_question, said]
        if self.old_problem:
            parts.append(self.env._("an old problem is unsolved"))
        return " – ".join(filter(None, parts))

    def action_renew(self):
        """Make the agreement for a customer who renews, also for software without one.

        :raises UserError: unless the customer wants to renew
        """
        self.ensure_one()
        self.check_access("read")
        if self.answer != "renewing":
            raise UserError(self.env._("The customer has not said that they renew."))
        if self.contract_id:
            return self.contract_id.action_renew()
        if self.notice_id:
            return self.notice_id.action_renew()
        software = self.installation_id or self.partner_id.installation_ids.filtered(
            lambda row: row.company_id == self.company_id and not row.contract_id
        )
        action = software._make_agreements()
        self._withdraw_activities("jinyang_aftersales.mail_activity_make_agreement")
        return action

    # === Cancelling === #

    @api.model
    def _get_reason_steps(self):
        return {**super()._get_reason_steps(), "action_cancel": self.env._("Cancel the Call")}

    def action_open_cancel(self):
        """Ask why the customer is not called."""
        return self._ask_reason(
            "action_cancel",
            self.env._("The call stays in the lists, with your name and the reason."),
        )

    def action_cancel(self, reason=False):
        """Cancel calls that are not needed any more; they stay, with the reason, and do not count as missed.

        :param str reason: why the customer is not called
        :raises AccessError: for users who may not write the calls
        :raises UserError: without a reason; for users other than service managers, and for those who did the work the
            customer would be asked about; when a call was recorded
        """
        self.check_access("write")
        if not self.env.user.has_group(MANAGERS):
            raise UserError(self.env._("A service manager cancels calls."))
        reason = self._check_reason(reason, self.env._("Say why the customer is not called."))
        for callback in self:
            if callback.state != "todo":
                raise UserError(self.env._("This call has already been recorded or cancelled."))
            if self.env.user in callback._get_excluded():
                raise UserError(
                    self.env._(
                        "You worked on what the customer of %s is asked about: somebody else cancels the call.",
                        callback.display_name,
                    )
                )
        # sudo: rights and role were checked above
        self.sudo()._cancel(reason)

    def _cancel(self, reason):
        """Cancel calls, also where a document does so itself.

        :param str reason: why the customer is not called
        """
        self._write_unlocked(
            {
                "state": "cancelled",
                "cancel_reason": reason,
                "cancelled_by_id": self.env.uid,
                "cancelled_on": fields.Datetime.now(),
            }
        )
        self._withdraw_activities(UNREACHABLE_ACTIVITY)
