from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Domain

from ...groups import DIRECTORS, MANAGERS
from ...tools.facts import fact
from ...tools.text import clean_text
from ..deadline.deadline import Deadline
from .values import DECIDED, HALF_YEAR, HANDLERS, OPEN_STATES

COMPLAINT_ACTIVITY = "jinyang_aftersales.mail_activity_complaint"
TEMPLATE = "jinyang_aftersales.mail_template_complaint_answer"


class AftersalesComplaint(models.Model):
    """Handling of a complaint: investigation, answer, and the call that asks whether the answer helped."""

    _inherit = "aftersales.complaint"

    # === Who investigates === #

    def _get_barred_users(self):
        """Users who may not handle the complaint: the person concerned, and colleagues who did the work (四 经理.3).

        :rtype: res.users
        """
        self.ensure_one()
        # sudo: reads the people concerned, for users without access to these fields
        complaint = self.sudo()
        return (complaint.concerned_user_id | complaint.involved_user_ids).sudo(False)

    def _get_investigators(self):
        """Users who may investigate: the managers, or the directors where all managers are concerned.

        :return: empty when all of them are concerned
        :rtype: res.users
        """
        self.ensure_one()
        company = self.company_id
        barred = self._get_barred_users()
        return (
            company._aftersales_managers() - barred or company._aftersales_users(DIRECTORS) - barred
        )

    def _get_handler_obstacle(self, user):
        """Why a user cannot handle the complaint.

        :param user: res.users
        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if user in self.company_id._aftersales_users(MANAGERS) - self._get_barred_users():
            return False
        if not self._get_investigators():
            return self.env._(
                "Nobody is left to investigate: the company needs a service manager or director who neither is"
                " concerned nor did the work."
            )
        if user in self._get_barred_users():
            return self.env._(
                "%s is concerned or did the work: another service manager investigates.", user.name
            )
        return self.env._("A service manager of the company investigates complaints.")

    @api.depends("state", "employee_id", "involved_user_ids")
    @api.depends_context("uid")
    def _compute_can_handle(self):
        manager = self.env.user.has_group(MANAGERS)
        for complaint in self:
            complaint.can_handle = manager and self.env.user not in complaint._get_barred_users()

    # === Guards === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_values(vals)
            self._check_new(vals)
            vals.setdefault("date_received", self._get_default_day(vals))
        # the user who enters the complaint does not follow it: later messages are not for them
        complaints = super(
            AftersalesComplaint, self.with_context(mail_create_nosubscribe=True)
        ).create(vals_list)
        complaints = complaints.with_env(self.env)
        complaints._check_handlers()
        for complaint in complaints:
            complaint._tell_investigators()
        return complaints

    @api.model
    def _get_start_values(self):
        return {**super()._get_start_values(), **dict.fromkeys(DECIDED, False)}

    @api.model
    def _check_new(self, vals):
        """Refuse values that a new complaint does not have yet.

        :param dict vals: values of a new complaint
        :raises UserError: for results of the investigation
        :raises AccessError: for users who choose the investigator and are no service managers
        """
        early = {name for name in DECIDED if vals.get(name)}
        early -= self._get_unlocked_fields(rows=1)
        if early:
            self._refuse_fields(early)
        if vals.get("investigator_id") and not (self.env.su or self.env.user.has_group(MANAGERS)):
            raise AccessError(self.env._("Service managers choose who investigates."))

    @api.model
    def _get_default_day(self, vals):
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        return company._aftersales_today()

    def write(self, vals):
        self._check_values(vals)
        result = super().write(vals)
        if {"employee_id", "investigator_id", "company_id"} & vals.keys():
            # written now: the methods below search by record rules, which the database evaluates
            self.flush_recordset()
            self._check_handlers()
            self._keep_from_barred()
        return result

    @api.model
    def _check_values(self, vals):
        """Clean texts and customer, and refuse complaints that users enter about themselves.

        :param dict vals: values about to be stored, changed in place
        :raises UserError: when the user is the person concerned
        """
        for name in ("description", "findings", "answer_draft"):
            if isinstance(vals.get(name), str):
                vals[name] = clean_text(vals[name])
        if vals.get("partner_id"):
            # complaints belong to a company: replace a chosen contact by its company
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        if vals.get("employee_id") and not self.env.su:
            # sudo: reads the user of an employee, for users without access to employees
            employee = self.env["hr.employee"].sudo().browse(vals["employee_id"])
            if employee.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "A complaint that concerns you is entered and handled by a colleague."
                    )
                )

    def _check_handlers(self):
        """Refuse investigators who are no managers, or are concerned.

        :raises UserError: with the reason why not
        """
        for complaint in self.sudo():
            investigator = complaint.investigator_id.sudo(False)
            if complaint.state not in OPEN_STATES or not investigator:
                continue
            obstacle = complaint.with_env(self.env)._get_handler_obstacle(investigator)
            if obstacle:
                raise UserError(obstacle)

    def _check_locked_vals(self, vals):
        for complaint in self:
            # sudo: only whether the customer filed it
            filed = complaint.sudo().filed_by_id
            if filed and complaint._changed_fields(vals, {"date_received"}):
                # 七.1, 七.2: which complaints count is decided by this day
                raise UserError(
                    self.env._(
                        "The customer filed %s: the day on which it came is known.",
                        complaint.display_name,
                    )
                )
            handled = DECIDED | HANDLERS
            if complaint.state == "received":
                # the colleague who enters the complaint may name the person concerned
                handled -= {"employee_id"}
            obstacle = complaint._changed_fields(vals, handled) and complaint._get_handler_obstacle(
                self.env.user
            )
            if obstacle:
                raise AccessError(obstacle)
        return super()._check_locked_vals(vals)

    def _describe_frozen(self, names):
        if self.state != "received":
            return super()._describe_frozen(names)
        return self.env._(
            "%(document)s is not investigated yet: %(fields)s come later.",
            document=self.display_name,
            fields=self._labels(names),
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        raise UserError(self.env._("Complaints are not deleted: cancel them with a reason."))

    def _get_role_obstacle(self, step):
        # as superuser the step follows from another one, such as the call to the customer
        return not self.env.su and self._get_handler_obstacle(self.env.user)

    def _get_missing_fields(self, step):
        missing = super()._get_missing_fields(step)
        attitude = self.kind == "attitude" and self.outcome == "confirmed"
        if step.target == "answered" and attitude and not self.employee_id:
            # 七.1: a confirmed complaint about attitude names the person
            missing.append("employee_id")
        return missing

    def _get_further_obstacle(self, step):
        if step.target == "closed" and self._get_open_calls():
            # 四 回访专员.2: the customer is called first
            return self.env._(
                "The customer of %s has not been asked yet whether the answer helped.",
                self.display_name,
            )
        return super()._get_further_obstacle(step)

    def _get_open_calls(self):
        # sudo: reads calls, for users without access to them
        return self.sudo().callback_ids.filtered(lambda call: call.state in ("todo", "escalated"))

    # === Steps === #

    def action_investigate(self):
        """Begin the investigation, by the user unless another investigator was chosen (四 经理.3).

        :raises UserError: for users who are concerned or did the work; when nobody is left, naming the missing role
        """
        for complaint in self:
            investigator = complaint.investigator_id or self.env.user
            complaint._step("action_investigate", investigator_id=investigator.id)
            complaint._follow_investigator()

    @api.model
    def _get_asked_steps(self):
        return {**super()._get_asked_steps(), "action_answer": self.env._("Decide and Answer")}

    def action_ask_answer(self):
        """Ask once more before the answer goes to the customer."""
        return self._ask_first(
            "action_answer",
            self.env._("The answer goes to the customer by mail, and the outcome counts. Go on?"),
        )

    def action_answer(self):
        """Decide, and send the answer to the customer, who is then called (四 总监.4, 四 回访专员.2).

        :raises UserError: while findings, outcome or answer are missing; for users who are concerned
        """
        for complaint in self:
            complaint._step(
                "action_answer",
                answer=complaint.answer_draft,
                answered_on=fields.Datetime.now(),
                answered_by_id=self.env.uid,
            )
            complaint._close_deadline("complaint")
            complaint._withdraw_activities(COMPLAINT_ACTIVITY)
            complaint._send_answer()
            complaint._open_follow_up()
            complaint._after_outcome(False)

    def action_close(self):
        """Close an answered complaint; done automatically when the customer was called and had no question.

        :raises UserError: before the customer was called
        """
        self._step("action_close")

    def action_reopen(self, reason):
        """Revise an outcome: the complaint is investigated once more.

        :param str reason: why
        :raises UserError: without a reason; for users who are concerned
        """
        reason = self._check_reason(clean_text(reason), self.env._("Give the reason."))
        for complaint in self:
            previous = complaint.outcome
            complaint._step(
                "action_reopen",
                outcome=False,
                answer=False,
                answered_on=False,
                answered_by_id=False,
                reopen_reason=reason,
                reopen_count=complaint.reopen_count + 1,
                date_deadline=complaint._get_new_deadline(),
            )
            # sudo: cancels calls about the former answer, for users who may not write calls
            calls = complaint.sudo().callback_ids.filtered(lambda call: call.state == "todo")
            calls._cancel(self.env._("The complaint was reopened: it gets another answer."))
            complaint._follow_investigator()
            complaint._after_outcome(previous)

    def action_cancel(self, reason):
        """Cancel a complaint that is a duplicate, or that the customer has withdrawn.

        :param str reason: why
        :raises UserError: without a reason; for users who are concerned
        """
        reason = self._check_reason(clean_text(reason), self.env._("Give the reason."))
        self._step("action_cancel", cancel_reason=reason)
        self._close_deadline("complaint")
        self._withdraw_activities(COMPLAINT_ACTIVITY)

    def action_restore(self):
        """Take a cancelled complaint up again.

        :raises UserError: for users who are concerned
        """
        self._step("action_restore", investigator_id=False, outcome=False)
        for complaint in self:
            complaint._tell_investigators()

    def _get_new_deadline(self):
        # sudo: a setting of the company
        company = self.company_id.sudo()
        return company._aftersales_next_working_day(
            company._aftersales_today(), company.aftersales_complaint_days
        )

    # === Effects === #

    def _after_outcome(self, previous):
        """Called when the outcome has changed; other modules override it (七.1, 七.2).

        When a complaint is answered, ``previous`` is False; when a decided one is reopened, ``outcome`` is empty until
        it is decided again.

        :param previous: the outcome before: ``confirmed``, ``unfounded`` or False
        """
        self.ensure_one()

    def _send_answer(self):
        """Mail the answer to the customer, in the customer's language; replies arrive on the complaint."""
        self.ensure_one()
        if not (self.contact_id.email or self.partner_id.email):
            self._message_log(
                body=self.env._("The customer has no e-mail address: tell the answer by phone.")
            )
            return
        # queued: the mail leaves after the transaction is committed
        # in the company's name: customers see neither who investigated nor who decided
        self.with_context(mail_notify_force_send=False).message_post_with_source(
            TEMPLATE,
            author_id=self.company_id.partner_id.id,
            # Odoo computes author and sender at once: with one of them given, the other stays empty
            email_from=self.company_id.partner_id.email_formatted,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _open_follow_up(self):
        """四 回访专员.2: open the call that asks the customer whether the answer helped."""
        self.env["aftersales.callback"]._open_for(self, "complaint", again=True)

    def _get_callback_workers(self):
        # sudo: reads the people concerned, for callers without access to these fields
        complaint = self.sudo()
        workers = complaint._get_barred_users() | complaint.investigator_id.sudo(False)
        return super()._get_callback_workers() | workers | complaint.answered_by_id.sudo(False)

    def _get_callback_facts(self):
        # what callers may read of a complaint, and were not told by other ways (四 回访专员.2)
        return [
            *super()._get_callback_facts(),
            fact(self.env._("Complaint"), self.description),
            fact(self.env._("Our Answer"), self.answer),
        ]

    def _after_callback(self, callback):
        if self.state == "answered" and not self._get_open_calls():
            self._step("action_close")
        return super()._after_callback(callback)

    # === How often === #

    @api.model
    def _count_confirmed(self, employee, on_date):
        """Complaints about a person that were confirmed within the half-year that ends on a day (七.2).

        They count by their day of receipt: from the day after the same day six months earlier, up to the given day.

        :param employee: hr.employee
        :param datetime.date on_date: last day, inclusive
        :rtype: int
        """
        return self._count(employee, on_date, Domain("date_received", ">", on_date - HALF_YEAR))

    @api.model
    def _count_attitude(self, employee, on_date):
        """Confirmed complaints about a person's attitude, of any age, up to a day (七.1: 初次, 再犯).

        :param employee: hr.employee
        :param datetime.date on_date: last day of receipt, inclusive
        :rtype: int
        """
        return self._count(employee, on_date, Domain("kind", "=", "attitude"))

    @api.model
    def _count(self, employee, on_date, domain):
        # sudo: counts complaints that the user may not read, too
        return self.sudo().search_count(
            domain
            & Domain("employee_id", "in", employee.ids)
            & Domain("outcome", "=", "confirmed")
            & Domain("state", "in", ("answered", "closed"))
            & Domain("date_received", "<=", on_date)
        )

    @api.depends("employee_id", "date_received", "outcome", "state", "kind")
    def _compute_counts(self):
        for complaint in self:
            employee, day = complaint.employee_id, complaint.date_received
            complaint.confirmed_count = complaint.attitude_count = 0
            if employee and day:
                complaint.confirmed_count = self._count_confirmed(employee, day)
                complaint.attitude_count = self._count_attitude(employee, day)

    # === Deadlines === #

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "complaint",
                "date_deadline",
                Domain("state", "in", OPEN_STATES),
                COMPLAINT_ACTIVITY,
                warn_days=1,
                # reopened ones have a day of their own, which only a holiday on the very day moves
                counted_from=lambda complaint: (
                    complaint.date_received
                    if not complaint.reopen_count
                    else Date.subtract(complaint.date_deadline, days=1)
                ),
                users=lambda complaint: complaint._get_answering_users(),
                managers=lambda complaint: complaint._get_escalation_users(),
                note=lambda complaint, due: complaint.env._(
                    "The customer of %(document)s gets an answer by %(day)s.",
                    document=complaint.display_name,
                    day=due,
                ),
            ),
        ]

    def _get_answering_users(self):
        """:return: res.users who owe the answer: the investigator, else those who may investigate"""
        return self.investigator_id - self._get_barred_users() or self._get_investigators()

    def _get_news_users(self):
        # never the colleagues whom the complaint is about
        return self._get_answering_users()

    def _get_escalation_users(self):
        """:return: res.users to tell of a late answer: unconcerned directors, else those who may investigate"""
        directors = self.company_id._aftersales_users(DIRECTORS)
        return directors - self._get_barred_users() or self._get_investigators()

    def _tell_investigators(self):
        """Give an activity to the investigator, or to all users who may investigate."""
        # sudo: finds managers, for users without access to them
        complaint = self.sudo()
        users = complaint.investigator_id.sudo(False) or complaint._get_investigators()
        if not users:
            complaint._message_log(
                body=complaint._get_handler_obstacle(self.env["res.users"].browse())
            )
        self._notify_users(users, COMPLAINT_ACTIVITY, deadline=complaint.date_deadline)

    def _follow_investigator(self):
        """Move the activity to the investigator, who follows the complaint from now on."""
        investigator = self.investigator_id
        self._withdraw_activities(COMPLAINT_ACTIVITY)
        self._notify_users(investigator, COMPLAINT_ACTIVITY, deadline=self.date_deadline)
        self._message_subscribe(investigator.partner_id.ids)
