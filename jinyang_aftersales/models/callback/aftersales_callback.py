from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...groups import CALLERS, MANAGERS
from ..shared.document_fields import contact_field, customer_field

KINDS = [
    ("visit", "Visit Feedback"),
    ("change", "Change Result"),
    ("complaint", "Complaint"),
    ("renewal", "Renewal"),
    ("routine", "Routine"),
]
# kinds that are planned by hand; the others are opened by their documents only
PLANNED_KINDS = {"renewal", "routine"}
# the plan of a call: fixed when the call is recorded
PLAN = {"kind", "company_id", "partner_id", "contact_id", "contract_id", "user_id", "due_date"}
# fields that a call takes from its document, and that are not changed afterwards
GIVEN = {"kind", "company_id", "partner_id", "contract_id"}


class AftersalesCallback(models.Model):
    """A call to a customer and its result (五.5, 四 回访专员).

    Who calls, how documents open calls, and when a call is due, is in ``opening.py``, results in ``recording.py``,
    questions that go to the manager in ``escalation.py``, regular calls in ``routine.py``.

    =========================  ============================================================
    Who                        May
    =========================  ============================================================
    call-back specialist       plan renewal and routine calls, change caller; move the day once before it; record
    manager, director          the same; assign escalated calls; cancel with a reason
    specialist                 read; record their own calls
    who owes it, manager       announce a delay, which is marked when the day has passed (三.8)
    worker on the document     neither be the caller nor record nor cancel, in any role (五.5.1)
    nobody                     delete a call; write a result or state other than by recording a call
    =========================  ============================================================
    """

    _name = "aftersales.callback"
    _description = "Call-back"
    _inherit = [
        "aftersales.text.mixin",
        "mail.thread",
        "aftersales.owner.mixin",
        "aftersales.deadline.mixin",
        "aftersales.reason.mixin",
        "aftersales.job.mixin",
    ]
    _order = "due_date, id"
    _search_links = (
        "partner_id",
        "commercial_partner_id",
        "contact_id",
        "installation_id",
        "about_ticket_id",
    )
    _search_labels = ("kind",)
    _shared_fields = frozenset({"note"})
    _check_company_auto = True
    _allow_sudo_commands = False
    kind = fields.Selection(selection=KINDS, required=True, default="renewal", index=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = customer_field()
    contact_id = contact_field()
    res_model = fields.Char(string="Document Model", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True, copy=False
    )
    document_name = fields.Char(string="About", compute="_compute_document_name")
    round = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        aggregator=None,
        help="1: the first call; from 2 on whether the answer to a question helped.",
    )
    parent_id = fields.Many2one(
        comodel_name="aftersales.callback",
        string="First Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    child_ids = fields.One2many(
        comodel_name="aftersales.callback", inverse_name="parent_id", string="Second Call"
    )
    about_ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Service Record",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The record of the work the customer is asked about.",
    )
    installation_id = fields.Many2one(
        comodel_name="aftersales.installation",
        string="Installed Software",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', '=', partner_id)]",
    )
    worker_ids = fields.Many2many(
        comodel_name="res.users",
        person="fact",
        relation="aftersales_callback_worker_rel",
        string="Who Did the Work",
        readonly=True,
        copy=False,
    )
    notice_id = fields.Many2one(
        comodel_name="aftersales.renewal.notice",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        check_company=True,
    )
    renewal_round = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        aggregator=None,
        help="1: the first call about a renewal; from 2 on the calls that follow from the answer before.",
    )
    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Agreement",
        index="btree_not_null",
        check_company=True,
        domain="[('is_service_agreement', '=', True), ('commercial_partner_id', '=', partner_id)]",
    )
    term_end = fields.Date(related="notice_id.term_end")
    installation_ids = fields.Many2many(
        comodel_name="aftersales.installation",
        string="Software Asked About",
        compute="_compute_installation_ids",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Caller",
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id), ('id', 'not in', worker_ids)]",
    )
    due_date = fields.Date(
        required=True, index=True, default=lambda self: self.env.company._aftersales_today()
    )
    is_due = fields.Boolean(
        string="Due Today", compute="_compute_is_overdue", search="_search_is_due"
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    state = fields.Selection(
        selection=[
            ("todo", "To Call"),
            ("escalated", "Escalated"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="todo",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
        copy=False,
    )
    note = fields.Text()

    _one_per_notice = models.UniqueIndex(
        "(notice_id, renewal_round) WHERE notice_id IS NOT NULL",
        "This notice already has a call-back.",
    )
    _one_per_document = models.UniqueIndex(
        "(res_model, res_id, kind, round) WHERE res_id IS NOT NULL",
        "This document already has a call-back.",
    )
    _one_second_call = models.UniqueIndex(
        "(parent_id) WHERE parent_id IS NOT NULL", "This call already has a second call."
    )

    # === Compute === #

    @api.depends("partner_id", "kind", "due_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for callback in self:
            customer = callback.partner_id.name
            callback.display_name = customer and f"{customer} – {kinds.get(callback.kind)}"

    @api.model
    def _get_search_documents(self):
        return ["aftersales.visit", "aftersales.change.request"]

    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        for model, callbacks in self.grouped("res_model").items():
            documents = self.env[model].browse() if model in self.env else None
            names = {}
            if documents is not None:
                documents = documents.browse(callbacks.mapped("res_id")).exists()
                names = {row.id: row.display_name for row in documents._filtered_access("read")}
            for callback in callbacks:
                callback.document_name = names.get(callback.res_id)

    @api.depends("notice_id", "installation_id", "kind", "partner_id", "company_id")
    def _compute_installation_ids(self):
        routine = self.filtered(lambda call: call.kind == "routine" and not call.installation_id)
        found = self.env["aftersales.installation"].search(
            [
                ("partner_id", "in", routine.partner_id.ids),
                ("company_id", "in", routine.company_id.ids),
            ]
        )
        by_customer = found.grouped(lambda row: (row.partner_id, row.company_id))
        for callback in self:
            if callback in routine:
                installations = by_customer.get((callback.partner_id, callback.company_id))
            else:
                installations = callback.notice_id.installation_ids or callback.installation_id
            callback.installation_ids = installations

    @api.depends("state", "due_date", "overdue_since", "company_id")
    def _compute_is_overdue(self):
        for company, callbacks in self.grouped("company_id").items():
            # on a new form the company may be empty for a moment
            today = (company or self.env.company)._aftersales_today()
            for callback in callbacks:
                due = callback.state == "todo" and callback.due_date
                callback.is_due = bool(due and due <= today)
                callback.is_overdue = bool(due and (due < today or callback.overdue_since))

    def _search_is_due(self, operator, value):
        return self._search_due(operator, value, "<=", fields.Domain.FALSE)

    def _search_is_overdue(self, operator, value):
        return self._search_due(operator, value, "<", fields.Domain("overdue_since", "!=", False))

    def _search_due(self, operator, value, compare, further):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        late = fields.Domain.OR(
            fields.Domain("company_id", "=", company.id)
            & (fields.Domain("due_date", compare, company._aftersales_today()) | further)
            for company in self.env.companies
        )
        return late & fields.Domain("state", "=", "todo")

    # === News === #

    def _is_over(self):
        return self.state in ("done", "cancelled")

    @api.model
    def _get_open_work_domain(self, role):
        return Domain("state", "=", "todo")

    # === CRUD === #

    @api.model
    def _get_start_values(self):
        return {**super()._get_start_values(), "state": "todo"}

    @api.model_create_multi
    def create(self, vals_list):
        unlocked = self._get_unlocked_fields(rows=len(vals_list))
        for vals in vals_list:
            if vals.get("kind", "renewal") not in PLANNED_KINDS and "kind" not in unlocked:
                raise UserError(
                    self.env._(
                        "Calls about a visit, a change or a complaint are opened by these documents."
                    )
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_plan(vals)
        freely = self._check_day(vals)
        moved = self.filtered(lambda call: call._changed_fields(vals, {"due_date", "state"}))
        handed = self.filtered(lambda call: call._changed_fields(vals, {"user_id"})) - moved
        result = super().write(vals)
        if freely:
            freely._write_unlocked({"is_moved": True})
        moved._close_deadline("call")
        handed._hand_over_activities()
        return result

    def _check_locked_deletion(self):
        """A call that was owed stays visible, whether it was made or not."""
        self.check_access("unlink")
        raise UserError(
            self.env._(
                "%s: call-backs are kept. A service manager cancels a call that makes no sense any more, with a"
                " reason.",
                self[:1].display_name,
            )
        )

    def _refuse_fields(self, names):
        """See the base method; results are written by recording the call."""
        raise UserError(
            self.env._("Record the result of the call instead of setting: %s", self._labels(names))
        )

    def _check_plan(self, vals):
        """Refuse changes of a call's plan by users who may not plan, and after the call was made.

        :param dict vals: values about to be written
        :raises AccessError: for specialists, who only record their calls
        :raises UserError: for a recorded call, and for fields that come from its document
        """
        names = PLAN & vals.keys()
        if not names:
            return
        planner = self.env.user.has_group(CALLERS) or self.env.user.has_group(MANAGERS)
        for callback in self:
            changed = callback._changed_fields(vals, names)
            if changed - {"contact_id"} and not planner:
                raise AccessError(
                    self.env._("Call-back specialists and service managers plan the calls.")
                )
            if changed and callback.state != "todo":
                raise UserError(
                    self.env._(
                        "This call has been recorded or cancelled: %s cannot be changed any more.",
                        self._labels(changed),
                    )
                )
            given = changed & GIVEN
            if given and (callback.res_id or callback.notice_id or callback.parent_id):
                raise UserError(
                    self.env._("%s comes from the document.", self._labels(given)),
                )
            if "kind" in changed and vals["kind"] not in PLANNED_KINDS:
                raise UserError(
                    self.env._(
                        "Calls about a visit, a change or a complaint are opened by these documents."
                    )
                )
