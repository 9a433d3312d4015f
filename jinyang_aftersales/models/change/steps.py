import textwrap

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...activities import STEP_ACTIVITY
from ...groups import DEVELOPERS, MANAGERS, SPECIALISTS
from ...tools.facts import fact
from ...tools.text import clean_line, clean_text
from ..deadline.deadline import Deadline
from .values import KINDS, PROMISED, RESULTS

PROMISE_ACTIVITY = "jinyang_aftersales.mail_activity_change_promise"
# emptied when a refused or cancelled request becomes a draft again
EMPTY = (
    "submitted_on",
    "submitted_by_id",
    "confirmed_on",
    "confirmed_by_id",
    "date_promised",
    "development_on",
    "testing_on",
    "customer_invited_on",
    "tested_on",
)


class AftersalesChangeRequest(models.Model):
    """Steps from the customer's request to the passed test (五.4.1–6)."""

    _inherit = "aftersales.change.request"

    can_confirm = fields.Boolean(compute="_compute_can_step")
    can_start = fields.Boolean(compute="_compute_can_step")
    can_hand_over = fields.Boolean(compute="_compute_can_step")
    can_test = fields.Boolean(compute="_compute_can_step")
    can_cancel = fields.Boolean(compute="_compute_can_step")
    can_correct_kind = fields.Boolean(compute="_compute_can_step")
    is_substitute = fields.Boolean(compute="_compute_can_step")
    can_move_promise = fields.Boolean(compute="_compute_can_move_promise")
    has_late_move = fields.Boolean(
        string="Announced Too Late",
        compute="_compute_has_late_move",
        help="The customer was told of a move after the old date had passed.",
    )

    @api.depends("state", "developer_id", "confirmed_by_id", "kind_filed")
    @api.depends_context("uid")
    def _compute_can_step(self):
        writable = self._filtered_access("write")
        for change in self:
            may = change in writable

            def allowed(action, may=may, change=change):
                # the button shows also while fields are missing: pressing it names them
                step = may and change._find_step(action)
                return bool(step) and not change._get_role_obstacle(step)

            change.can_confirm = allowed("action_confirm")
            change.can_start = allowed("action_start_development")
            change.can_hand_over = allowed("action_to_testing")
            change.can_test = allowed("action_record_test")
            change.can_cancel = allowed("action_cancel")
            change.can_correct_kind = may and not change._get_kind_obstacle()
            change.is_substitute = self.env.user != change.confirmed_by_id

    # === Next step === #

    def _get_next_users(self):
        """Users who have to take the next step.

        :rtype: res.users
        """
        self.ensure_one()
        company = self.company_id
        if self.state in ("approved", "development"):
            users = self.developer_id or company._aftersales_users(DEVELOPERS)
        elif self.state == "testing":
            users = self.confirmed_by_id
        elif self.state in ("submitted", "deploying"):
            users = self.user_id or self.confirmed_by_id
        else:
            return self.env["res.users"]
        # sudo: reads whether colleagues are active, for users without access to them
        return users.sudo().filtered("active").sudo(False) or company._aftersales_managers()

    def _get_next_note(self):
        """:return: task of the users who take the next step"""
        if self.state == "deploying" and self.opinion_result:
            return self.env._("The customer has given an opinion: close it, or send it back.")
        if self.state == "deploying" and self.deployed_on:
            return self.env._("Ask the customer for their opinion.")
        return {
            "submitted": self.env._("Confirm the need with the customer."),
            "approved": self.env._("Begin the development."),
            "development": self.env._("The test has failed, or the customer wants more."),
            "testing": self.env._("Test the program change."),
            "deploying": self.env._("Update it at the customer's and record their opinion."),
        }.get(self.state, "")

    def _tell_next(self):
        """End the activities of the last step, and give one to the users who take the next."""
        self._withdraw_activities(STEP_ACTIVITY)
        for change in self:
            change._notify_users(
                change._get_next_users(), STEP_ACTIVITY, lambda told: told._get_next_note()
            )

    # === Request and need === #

    def action_submit(self):
        """Hand the request over to the specialist who confirms it with the customer (五.4.1).

        :raises UserError: while title, description or contact are missing
        """
        for kind, changes in self.grouped(lambda change: change._get_filed_kind()).items():
            changes._step(
                "action_submit",
                submitted_on=fields.Datetime.now(),
                submitted_by_id=self.env.uid,
                # stays what it was at the first submission
                kind_filed=kind,
            )
        self._tell_next()
        self._mail_customer("submitted")

    def action_correct_kind(self, kind, reason):
        """Correct the kind of what has been filed, as a service manager; the paper is owed as before.

        :param str kind: see ``KINDS``
        :param str reason: why, kept in the chatter
        :raises AccessError: for users who may not write the change
        :raises UserError: for users who are no service managers, without a reason, and for what is closed
        """
        self.check_access("write")
        reason = self._check_reason(reason, self.env._("Say why the kind is corrected."))
        if kind not in dict(KINDS):
            raise UserError(self.env._("Choose the right kind."))
        for change in self:
            obstacle = change._get_kind_obstacle()
            if obstacle:
                raise UserError(obstacle)
            if kind == change.kind:
                continue
            change._write_unlocked(
                {
                    "kind": kind,
                    "kind_changed_on": change.company_id._aftersales_today(),
                    "kind_changed_by_id": self.env.uid,
                }
            )
            change._message_log(
                body=self.env._("Kind corrected: %s", reason),
                author_id=self.env.user.partner_id.id,
            )

    def action_open_correct_kind(self):
        """Ask for the right kind and the reason."""
        return self._get_step_action("action_correct_kind", self.env._("Correct the Kind"))

    def action_withdraw(self):
        """Take a request back to the draft before its need is confirmed."""
        self._step("action_withdraw", submitted_on=False, submitted_by_id=False)
        self._tell_next()

    def action_confirm(self):
        """Confirm the need as agreed with the customer: ask the managers; its paper is due (五.4.2–3).

        :raises UserError: without the confirmed need or the paper, or when no manager is left to decide
        """
        for change in self:
            change._ask_approval(
                "action_confirm",
                confirmed_on=fields.Datetime.now(),
                confirmed_by_id=change.env.uid,
            )
        self._tell_next()
        self._mail_customer("confirmed")

    def action_unconfirm(self):
        """Take back the confirmation before it is decided, to agree anew with the customer.

        :raises UserError: for users who neither confirmed it nor are service managers
        """
        self._withdraw_approval("action_unconfirm", confirmed_on=False, confirmed_by_id=False)
        self._tell_next()

    def _get_approval_summary(self):
        return textwrap.shorten(
            " · ".join(filter(None, (self.title, self.confirmed_need))), 80, placeholder="…"
        )

    def _get_approval_need(self):
        return "\n".join(filter(None, (self.title, self.confirmed_need or self.description)))

    def _get_approval_rows(self):
        rows = super()._get_approval_rows()
        for name in ("module", "reason"):
            if self[name]:
                label = self._fields[name]._description_string(self.env)
                rows.append(fact(label, self[name]))
        if self.date_promised:
            label = self._fields["date_promised"]._description_string(self.env)
            rows.append(fact(label, self._say_day(self.date_promised)))
        return rows

    def _get_approval_workers(self):
        return self.developer_id or self.user_id

    def _after_decision(self, said):
        result = super()._after_decision(said)
        self._tell_next()
        self._mail_customer(self.state)
        return result

    # === Development === #

    def action_start_development(self):
        """Begin development; the user becomes the developer of a change without one.

        :raises UserError: for users who do not develop it
        """
        for change in self:
            developer = change.developer_id or self.env.user
            change._step(
                "action_start_development",
                developer_id=developer.id,
                development_on=fields.Datetime.now(),
            )
        # the developer has begun: no activity needed
        self._withdraw_activities(STEP_ACTIVITY)
        self._mail_customer("development")

    def action_to_testing(self):
        """Hand a developed change over to the specialist who tests it; a new round of the test begins.

        :raises UserError: for users who do not develop it
        """
        for change in self:
            change._step(
                "action_to_testing",
                testing_on=fields.Datetime.now(),
                test_round=change.test_round + 1,
                customer_invited_on=False,
            )
        self._tell_next()

    # === Test === #

    def action_invite_customer(self):
        """Ask the customer by mail to test, too.

        :raises UserError: for users who may not test
        """
        self.check_access("write")
        for change in self:
            obstacle = change._get_test_obstacle()
            if obstacle:
                raise UserError(obstacle)
        self._write_unlocked({"customer_invited_on": fields.Datetime.now()})
        self._mail_customer("test")

    def action_record_test(self, result, found=False, customer_invited=False, reason=False):
        """Record the test of this round: passed, the update follows; failed, the development goes on.

        :param str result: ``pass`` or ``fail``
        :param str found: findings, required when it failed
        :param bool customer_invited: whether the customer tested, too
        :param str reason: why a service manager tests in place of the specialist who confirmed the need
        :raises AccessError: for users who may not write the change
        :raises UserError: with the reason why not
        """
        self.ensure_one()
        self.check_access("write")
        obstacle = self._get_test_obstacle()
        if obstacle:
            raise UserError(obstacle)
        if result not in [code for code, _label in RESULTS]:
            raise UserError(self.env._("A test has passed or failed."))
        found, reason = clean_text(found) or False, clean_line(reason) or False
        if result == "fail" and not found:
            raise UserError(self.env._("Say what was found."))
        substitute = self.env.user != self.confirmed_by_id
        if substitute and not reason:
            raise UserError(self.env._("Say why you test in place of who confirmed the need."))
        # sudo: users may not create tests; the checks are above
        self.env["aftersales.change.test"].sudo()._create_unlocked(
            {
                "change_id": self.id,
                "round": self.test_round,
                "tester_id": self.env.uid,
                "result": result,
                "found": found,
                "customer_invited": bool(customer_invited or self.customer_invited_on),
                "substitute_reason": substitute and reason,
            }
        )
        passed = result == "pass"
        self._step(
            "action_record_test",
            target="deploying" if passed else "development",
            tested_on=passed and fields.Datetime.now(),
        )
        self.env["aftersales.callback"]._sync_workers(self)
        self._tell_next()
        if passed:
            self._mail_customer("tested")

    def action_open_test(self):
        """Ask for the result of the test."""
        return self._get_step_action("action_record_test", self.env._("Record the Test"))

    # === Other ends === #

    @api.model
    def _get_asked_steps(self):
        return {
            **super()._get_asked_steps(),
            "action_done": self.env._("Close"),
            "action_cancel": self.env._("Cancel the Request"),
        }

    def action_ask_cancel(self):
        """Ask once more before the customer is told that a request is cancelled."""
        return self._ask_first(
            "action_cancel",
            self.env._("The request is cancelled, and the customer is told. Go on?"),
        )

    def action_cancel(self):
        """Cancel requests, and tell the customers of submitted ones.

        :raises UserError: for a promised one, unless a service manager cancels it
        """
        known = self.filtered(lambda change: change.state != "draft")
        self._step("action_cancel")
        self._cancel_approval()
        self._close_deadline("promise")
        self._tell_next()
        known._mail_customer("cancelled")

    def action_draft(self):
        """Take a refused or cancelled request up again; it is confirmed and decided anew."""
        self._step("action_draft", **dict.fromkeys(EMPTY, False))

    def _get_step_action(self, action, title):
        """Action that opens the dialogue of a step.

        :param str action: name of the step
        :param str title: of the window, translated
        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "aftersales.change.step",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_change_id": self.id, "default_action": action},
        }

    @api.depends("state", "deployed_on", "date_promised", "developer_id", "user_id")
    @api.depends_context("uid")
    def _compute_can_move_promise(self):
        for change in self:
            owed = change.state in PROMISED and change.date_promised and not change.deployed_on
            change.can_move_promise = bool(owed) and not change._get_promise_obstacle()

    @api.depends("promise_ids.in_time")
    def _compute_has_late_move(self):
        for change in self:
            # sudo: reads moves of the date, for users without access to them
            change.has_late_move = any(not row.in_time for row in change.sudo().promise_ids)

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "promise",
                "date_promised",
                Domain("state", "in", PROMISED) & Domain("deployed_on", "=", False),
                PROMISE_ACTIVITY,
                # sudo: a setting of the company
                warn_days=company.sudo().aftersales_change_warn_days,
                # escalated on the next day: the customer has not been told of a delay
                escalate_days=0,
                users=lambda change: change.developer_id | change.user_id | change.confirmed_by_id,
                note=lambda change, due: change.env._(
                    "%(document)s is promised to the customer for %(day)s. If it takes longer, tell them before"
                    " that day.",
                    document=change.display_name,
                    day=due,
                ),
            ),
        ]

    def _get_promise_obstacle(self):
        """:return: why the user cannot move the promised date, False when nothing is in the way"""
        user = self.env.user
        if user.has_group(MANAGERS):
            return False
        if user.has_group(SPECIALISTS) and user in self.user_id | self.confirmed_by_id:
            return False
        return self.env._(
            "The specialist in charge of %s, or a service manager, tells the customer and moves the"
            " promised date.",
            self.display_name,
        )

    def action_announce_delay(self, kind, date_new, reason):
        """Move the promised date; the customer is told by mail at once (五.4.5).

        The arguments are those of the mixin.

        :raises AccessError: for users other than the specialist in charge and service managers
        :raises UserError: without a reason, for a day in the past, or when nothing is promised
        """
        self.ensure_one()
        obstacle = kind == "promise" and self._get_promise_obstacle()
        if obstacle:
            raise AccessError(obstacle)
        try:
            day = fields.Date.to_date(date_new)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Give the new day.")) from error
        return super().action_announce_delay(kind, day, clean_text(reason))

    def _apply_delay(self, delay, deadline):
        super()._apply_delay(delay, deadline)
        if delay.kind != "promise":
            return
        if not delay.in_time:
            self._message_log(
                body=self.env._(
                    "The customer was told after %s had passed: announced too late.",
                    self._say_day(delay.date_old),
                ),
                author_id=self.env.user.partner_id.id,
            )
        self._mail_customer("moved")
