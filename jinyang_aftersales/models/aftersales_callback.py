from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Date

from .aftersales_renewal_notice import ANSWERS

UNREACHABLE_ACTIVITY = "jinyang_aftersales.mail_activity_unreachable"
RENEW_ACTIVITY = "jinyang_aftersales.mail_activity_make_renewal"
# a customer who cannot be reached that often is the managers' business
MAX_ATTEMPTS = 3
# written by the methods of the model only, as superuser
PROTECTED = {
    "state": "todo",
    "result": False,
    "answer": False,
    "decline_reason": False,
    "attempt_count": 0,
    "called_on": False,
    "called_by_id": False,
    "notice_id": False,
}


class AftersalesCallback(models.Model):
    """A call to a customer and what came of it (五.5, 四 回访专员).

    ====================  =================================================================
    Who                   May
    ====================  =================================================================
    call-back specialist  create, change caller, day and note; record the result
    manager, director     the same, and delete
    specialist, others    read
    nobody                write a result or state other than by recording a call
    ====================  =================================================================
    """

    _name = "aftersales.callback"
    _description = "Call-back"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "due_date, id"
    _check_company_auto = True
    _allow_sudo_commands = False
    _rec_names_search = ["partner_id.name"]

    kind = fields.Selection(selection=[("renewal", "Renewal")], required=True, default="renewal")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        domain="[('parent_id', '=', False)]",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    phone = fields.Char(compute="_compute_phone")
    notice_id = fields.Many2one(
        comodel_name="aftersales.renewal.notice",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        check_company=True,
    )
    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Agreement",
        index="btree_not_null",
        check_company=True,
        domain="[('is_service_agreement', '=', True), ('commercial_partner_id', '=', partner_id)]",
    )
    term_end = fields.Date(related="notice_id.term_end")
    installation_ids = fields.Many2many(related="notice_id.installation_ids")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Caller",
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    due_date = fields.Date(
        required=True, index=True, default=lambda self: self.env.company._aftersales_today()
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    state = fields.Selection(
        selection=[("todo", "To Call"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="todo",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
        copy=False,
    )
    result = fields.Selection(
        selection=[("reached", "Reached"), ("unreachable", "Unreachable")],
        readonly=True,
        tracking=True,
        copy=False,
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True, copy=False)
    called_on = fields.Datetime(readonly=True, copy=False)
    called_by_id = fields.Many2one(
        comodel_name="res.users", string="Called By", readonly=True, copy=False
    )
    answer = fields.Selection(selection=ANSWERS, readonly=True, tracking=True, copy=False)
    decline_reason = fields.Char(readonly=True, tracking=True, copy=False)
    note = fields.Text()

    _one_per_notice = models.UniqueIndex(
        "(notice_id) WHERE notice_id IS NOT NULL", "This notice already has a call-back."
    )

    # === Compute === #

    @api.depends("partner_id", "kind", "due_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for callback in self:
            callback.display_name = f"{callback.partner_id.name or ''} – {kinds.get(callback.kind)}"

    @api.depends("contact_id.phone", "partner_id.phone")
    def _compute_phone(self):
        for callback in self:
            callback.phone = callback.contact_id.phone or callback.partner_id.phone

    @api.depends("state", "due_date", "company_id")
    def _compute_is_overdue(self):
        for company, callbacks in self.grouped("company_id").items():
            # on a new form the company may be empty for a moment
            today = (company or self.env.company)._aftersales_today()
            for callback in callbacks:
                callback.is_overdue = (
                    callback.state == "todo" and callback.due_date and callback.due_date < today
                )

    def _search_is_overdue(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        late = fields.Domain.OR(
            fields.Domain("company_id", "=", company.id)
            & fields.Domain("due_date", "<", company._aftersales_today())
            for company in self.env.companies
        )
        return late & fields.Domain("state", "=", "todo")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_protected(
                {name for name, start in PROTECTED.items() if vals.get(name, start) != start}
            )
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected(PROTECTED.keys() & vals.keys())
        return super().write(vals)

    def _check_protected(self, names):
        """A result is what somebody recorded, whoever sends it.

        :param set names: protected fields about to be written
        :raises UserError: for everybody but the methods of the product, which come as superuser
        """
        if names and not self.env.su:
            raise UserError(
                self.env._(
                    "Record the result of the call instead of setting: %s", ", ".join(sorted(names))
                )
            )

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

    def action_record(self, result, answer=False, decline_reason=False, note=False):
        """Record a call (五.5.2: the customer's answer goes into the call-back).

        :param str result: ``reached`` or ``unreachable``
        :param str answer: what the customer said, one of the answers; required when reached
        :param str decline_reason: why the customer declines; required then
        :param str note: anything else
        :raises AccessError: for who may not write the call-back
        :raises UserError: when the call is closed, or something required is missing
        """
        self.check_access("write")
        self._check_recording(result, answer, decline_reason)
        for callback in self:
            # sudo: rights were checked above; results are written by this model only
            callback.sudo()._record_call(result, answer, (decline_reason or "").strip(), note)

    def _check_recording(self, result, answer, decline_reason):
        if result not in ("reached", "unreachable"):
            raise UserError(self.env._("Say whether the customer was reached."))
        if any(callback.state != "todo" for callback in self):
            raise UserError(self.env._("This call has already been recorded or cancelled."))
        if result == "unreachable":
            return
        if answer not in dict(ANSWERS):
            raise UserError(self.env._("Record what the customer answered."))
        if answer == "declining" and not (decline_reason or "").strip():
            raise UserError(self.env._("Record why the customer declines."))

    def _record_call(self, result, answer, decline_reason, note):
        today = self.company_id._aftersales_today()
        vals = {
            "result": result,
            "attempt_count": self.attempt_count + 1,
            "called_on": fields.Datetime.now(),
            "called_by_id": self.env.uid,
        }
        if note:
            vals["note"] = "\n".join(filter(None, (self.note, note)))
        if result == "unreachable":
            # five minutes or a day late: the next try is on the next day
            vals["due_date"] = Date.add(max(self.due_date, today), days=1)
        else:
            vals["state"] = "done"
            vals["answer"] = answer
            vals["decline_reason"] = decline_reason if answer == "declining" else False
        self.write(vals)
        if result == "unreachable":
            if self.attempt_count == MAX_ATTEMPTS:
                self._tell_unreachable(today)
            return
        self.activity_unlink([UNREACHABLE_ACTIVITY])
        self._tell_answer(today)

    def _tell_unreachable(self, today):
        for user in self.company_id._aftersales_managers():
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                UNREACHABLE_ACTIVITY,
                date_deadline=today,
                note=self.env._(
                    "%(customer)s could not be reached in %(count)s calls.",
                    customer=self.partner_id.display_name,
                    count=self.attempt_count,
                ),
                user_id=user.id,
            )

    def _tell_answer(self, today):
        """Show the answer where the renewal is worked on."""
        answers = dict(self._fields["answer"]._description_selection(self.env))
        body = self.env._("Customer called: %s", answers[self.answer])
        for text in (self.decline_reason, self.note):
            if text:
                body += f" – {text}"
        for document in (self.notice_id, self.contract_id):
            if document:
                document.with_context(mail_notify_force_send=False).message_post(
                    body=body, author_id=self.env.user.partner_id.id
                )
        agreement = self.contract_id
        # the caller writes no agreements: the specialist does
        specialist = agreement.user_id or self.partner_id.service_user_id
        if self.answer == "renewing" and agreement and specialist:
            agreement.with_context(mail_activity_quick_update=True).activity_schedule(
                RENEW_ACTIVITY, date_deadline=today, user_id=specialist.id
            )

    def action_renew(self):
        """Make the renewal of the agreement for a customer who wants one.

        :raises UserError: unless the customer said so and there is an agreement
        """
        self.ensure_one()
        self.check_access("read")
        if self.answer != "renewing" or not self.contract_id:
            raise UserError(self.env._("Only an agreement the customer wants to renew is renewed."))
        return self.contract_id.action_renew()
