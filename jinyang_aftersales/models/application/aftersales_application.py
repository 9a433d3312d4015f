import textwrap
from operator import attrgetter

from odoo import api, fields, models
from odoo.fields import Domain

from ...groups import MANAGERS
from ...tools.facts import fact
from ..deadline.deadline import Deadline, directors
from ..shared.document_fields import (
    DOCUMENT_LINKS,
    contact_field,
    state_field,
    ticket_field,
)
from ..shared.steps import Step
from .values import APPLIED_FIELDS, EXECUTION, EXECUTION_FIELDS, KINDS, PAPERS, UNDONE

EXECUTE_ACTIVITY = "jinyang_aftersales.mail_activity_application_execute"


class AftersalesApplication(models.Model):
    """A customer's application that needs a stamped original (五.1.4, 五.7.5).

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    specialist            create; write, submit and execute those in reach
    service manager       the same; approve or refuse those of others
    other service roles   read
    ====================  ==================================================================

    An application needs its stamped scan, or a colleague who has the original, before it is approved. The archive's
    entry opens with the receipt of the paper.

    A recovered password is told to a contact and stored nowhere: the record names the contact, and how the identity
    of the contact was verified.
    """

    _name = "aftersales.application"
    _description = "Customer Application"
    _inherit = [
        "aftersales.approval.mixin",
        "aftersales.customer.mixin",
        "aftersales.letter.mixin",
        "aftersales.dispatch.mixin",
        "aftersales.original.mixin",
        "aftersales.scan.mixin",
    ]
    _order = "id desc"
    _search_text = ("name",)
    _search_links = DOCUMENT_LINKS
    _search_labels = ("kind",)
    _dispatch_reports = ("jinyang_aftersales.action_report_application",)
    _check_company_auto = True
    _sequence_code = "aftersales.application"
    _shared_fields = frozenset({"description", "tool_used", "verified_how"})
    _title_fields = ("kind", "partner_id")
    _customer_links = (
        "contact_id",
        "contact_told_id",
        "installation_id",
        "ticket_id",
    )
    _steps = (
        Step("draft", "submitted", "action_submit", needed=("contact_id",)),
        Step("submitted", "draft", "action_withdraw"),
        Step("submitted", "approved", "action_approve"),
        Step("submitted", "refused", "action_refuse"),
        Step("approved", "done", "action_execute"),
        Step("draft", "cancelled", "action_cancel"),
        Step("submitted", "cancelled", "action_cancel"),
        Step("approved", "cancelled", "action_cancel"),
        Step("refused", "draft", "action_draft"),
        Step("cancelled", "draft", "action_draft"),
    )
    _protected_fields = {"state": "draft", "executed_on": False, "executed_by_id": False}
    _field_states = {
        **dict.fromkeys(APPLIED_FIELDS, frozenset({"draft"})),
        # fixed while submitted: the colleague in charge does not decide, and is not exchanged to get around that
        **dict.fromkeys(EXECUTION_FIELDS | {"user_id"}, frozenset({"draft", "approved"})),
        **dict.fromkeys(("ticket_id", "chargeable"), UNDONE),
    }

    kind = fields.Selection(selection=KINDS, required=True, tracking=True)
    state = state_field(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("done", "Executed"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ]
    )
    ticket_id = ticket_field()
    date = fields.Date(
        string="Applied On",
        required=True,
        index=True,
        default=lambda self: self.env.company._aftersales_today(),
    )
    description = fields.Text(
        string="What Is Applied For",
        help="For data clearing: which data (五.1.4). Never write a password here.",
    )
    scan = fields.Binary(string="Stamped Scan")
    tool_used = fields.Char(
        tracking=True, copy=False, help="What the data were cleared with (五.1.4)."
    )
    backup_taken = fields.Boolean(tracking=True, copy=False)
    contact_told_id = contact_field(
        string="Contact Told",
        tracking=True,
        copy=False,
        help="Whom the administrator password was told to (五.1.4).",
    )
    verified_how = fields.Char(
        string="Identity Verified By",
        tracking=True,
        copy=False,
        help="How it was made sure that the contact is who they say they are. Never write the password.",
    )
    executed_on = fields.Datetime(readonly=True, copy=False)
    executed_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )

    execution_due_date = fields.Date(
        string="Carry Out By",
        readonly=True,
        copy=False,
        help="The last day on which an approved application is carried out in time.",
    )
    can_charge = fields.Boolean(compute="_compute_can_charge")

    # === Rules === #

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_charge(self):
        manager = self.env.user.has_group(MANAGERS)
        for application in self:
            application.can_charge = (
                manager and "chargeable" not in application._get_frozen_fields()
            )

    def _get_missing_fields(self, step):
        missing = super()._get_missing_fields(step)
        if step.target == "submitted" and self.kind == "data_clearing" and not self.description:
            missing.append("description")
        if step.target == "done":
            missing += [name for name in EXECUTION[self.kind] if not self[name]]
        if not missing and step.target in ("submitted", "approved"):
            missing = self._get_missing_paper()
        return missing

    def _get_missing_paper(self):
        """五.1.4: nothing is done without an application on paper.

        :return: names of the fields of which one has to be filled
        :rtype: list[str]
        """
        self.ensure_one()
        if self.scan:
            return []
        # sudo: a setting of the company
        if self.company_id.sudo().aftersales_scan_required:
            return ["scan"]
        return [] if self.original_holder_id else ["scan", "original_holder_id"]

    def _get_approval_summary(self):
        return textwrap.shorten(self.description or "", 80, placeholder="…")

    def _get_approval_need(self):
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return "\n".join(filter(None, (kind, self.description)))

    def _get_approval_rows(self):
        rows = super()._get_approval_rows()
        # 五.2: only a stamped application is carried out; the size says whether there is a scan
        scan = self.with_context(bin_size=True).scan
        text = self.env._("Attached") if scan else self.env._("None so far")
        rows.append(fact(self.env._("Stamped Scan"), text, alert=not scan))
        return rows

    def _get_involved_users(self):
        return super()._get_involved_users() | self.user_id

    # === Original === #

    @api.model
    def _get_paper_kinds(self):
        return tuple(PAPERS.values())

    def _get_paper_kind(self):
        return PAPERS[self.kind]

    def _get_frozen_fields(self):
        # the archive's entry of a paper in our hands has a kind
        frozen = super()._get_frozen_fields()
        return frozen | {"kind"} if self.original_received_on else frozen

    # === By when === #

    def _after_decision(self, said):
        result = super()._after_decision(said)
        if self.state == "approved":
            # sudo: a setting of the company
            company = self.company_id.sudo()
            due = company._aftersales_next_working_day(
                company._aftersales_today(), company.aftersales_execution_days
            )
            self._write_unlocked({"execution_due_date": due})
        return result

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "execution",
                "execution_due_date",
                Domain("state", "=", "approved"),
                EXECUTE_ACTIVITY,
                # sudo: a setting of the company
                escalate_days=company.sudo().aftersales_director_days,
                users=attrgetter("user_id"),
                managers=directors,
                counted_from=lambda application: application.company_id._aftersales_day(
                    application.decided_on
                ),
                note=lambda application, due: application.env._(
                    "%(document)s is approved and should have been carried out by %(day)s.",
                    document=application.display_name,
                    day=due,
                ),
            ),
        ]

    def write(self, vals):
        handed = self.filtered(lambda application: application._changed_fields(vals, {"user_id"}))
        result = super().write(vals)
        for application in handed.filtered("user_id"):
            # sudo: the reminder belongs to the colleague who was in charge before
            application.sudo().activity_reschedule(
                [EXECUTE_ACTIVITY], new_user_id=application.user_id.id
            )
        return result

    # === On paper === #

    def _get_paper_title(self):
        """:return: title of the printed form"""
        self.ensure_one()
        if self.kind == "password":
            return self.env._("Application for Administrator Password Recovery")
        return self.env._("Application for Data Clearing")

    # === Actions === #

    def action_execute(self):
        """Record the execution: data cleared with a tool after a backup, or password told to a contact (五.1.4).

        :raises UserError: while the execution record is incomplete
        """
        self._step("action_execute", executed_on=fields.Datetime.now(), executed_by_id=self.env.uid)
        self._close_deadline("execution")

    def action_cancel(self):
        """Cancel an application the customer no longer wants; a paper in our hands is filed or given back."""
        self._step("action_cancel")
        self._close_deadline("execution")
        self._cancel_approval()

    def action_draft(self):
        """Take a refused or cancelled application up again.

        :raises UserError: when it is neither; a submitted one is withdrawn instead
        """
        self._step("action_draft")
