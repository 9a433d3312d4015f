import textwrap

from odoo import api, fields, models

from ...groups import MANAGERS

KINDS = [
    ("data_clearing", "Data Clearing"),
    ("password", "Administrator Password Recovery"),
]
# as what the paper is archived
PAPERS = {"data_clearing": "data_clearing", "password": "password_recovery"}
EXECUTION_FIELDS = {"tool_used", "backup_taken", "contact_told_id", "verified_how"}


class AftersalesApplication(models.Model):
    """A customer's application that needs a stamped original (五.1.4, 五.7.5).

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    specialist            create; write, submit and execute those in reach
    service manager       the same; approve or refuse those of others
    other service roles   read
    ====================  ==================================================================

    Nothing is approved on a word: there is the stamped scan, or a colleague who has the original. Its approval
    opens the entry of the archive that waits for the paper.

    A recovered password is told to the contact and stored nowhere: only who was told, and how it was verified
    that it is him.
    """

    _name = "aftersales.application"
    _description = "Customer Application"
    _inherit = [
        "aftersales.approval.mixin",
        "aftersales.customer.mixin",
        "aftersales.letter.mixin",
        "aftersales.archive.mixin",
        "aftersales.scan.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _sequence_code = "aftersales.application"
    _title_fields = ("kind", "partner_id")
    _customer_links = (
        "contact_id",
        "contact_told_id",
        "installation_id",
        "ticket_id",
    )
    _state_moves = {
        ("draft", "submitted"): "action_submit",
        ("submitted", "draft"): "action_withdraw",
        ("submitted", "approved"): "action_approve",
        ("submitted", "refused"): "action_refuse",
        ("approved", "done"): "action_execute",
        ("draft", "cancelled"): "action_cancel",
        ("submitted", "cancelled"): "action_cancel",
        ("approved", "cancelled"): "action_cancel",
        ("refused", "draft"): "action_draft",
        ("cancelled", "draft"): "action_draft",
    }
    _protected_fields = {"state": "draft", "executed_on": False, "executed_by_id": False}
    _submitted_fields = frozenset(
        {
            "kind",
            "partner_id",
            "contact_id",
            "installation_id",
            "date",
            "description",
            "scan",
            "scan_name",
            "original_holder_id",
        }
    )

    kind = fields.Selection(selection=KINDS, required=True, tracking=True)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("done", "Executed"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
        copy=False,
    )
    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    date = fields.Date(
        string="Applied On",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
    )
    description = fields.Text(
        string="What Is Applied For",
        help="For data clearing: which data (五.1.4). Never write a password here.",
    )
    scan = fields.Binary(string="Stamped Scan")
    original_holder_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Original With",
        default=lambda self: self.env.user._is_internal() and self.env.user,
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The colleague who has the stamped paper, or will bring it to the archive (五.7.5).",
    )
    tool_used = fields.Char(
        tracking=True, copy=False, help="What the data were cleared with (五.1.4)."
    )
    backup_taken = fields.Boolean(tracking=True, copy=False)
    contact_told_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Told",
        tracking=True,
        copy=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Whom the administrator password was told to (五.1.4).",
    )
    verified_how = fields.Char(
        string="Identity Verified By",
        tracking=True,
        copy=False,
        help="How it was made sure that the contact is who he says. Never write the password.",
    )
    executed_on = fields.Datetime(readonly=True, copy=False)
    executed_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )

    can_charge = fields.Boolean(compute="_compute_can_charge")

    # === Rules === #

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_charge(self):
        manager = self.env.user.has_group(MANAGERS)
        for application in self:
            application.can_charge = manager and application.state != "done"

    def _get_move_obstacle(self, state):
        obstacle = super()._get_move_obstacle(state)
        if obstacle:
            return obstacle
        needed = {}
        if state == "submitted":
            needed = {"contact_id": True, "description": self.kind == "data_clearing"}
        elif state == "done":
            clearing = self.kind == "data_clearing"
            needed = {
                "tool_used": clearing,
                "backup_taken": clearing,
                "contact_told_id": not clearing,
                "verified_how": not clearing,
            }
        missing = [name for name, asked in needed.items() if asked and not self[name]]
        if not missing and state in ("submitted", "approved"):
            missing = self._get_missing_paper()
        if missing:
            return self.env._(
                "%(document)s: fill in %(fields)s first.",
                document=self.display_name,
                fields=self._labels(missing),
            )
        return False

    def _get_missing_paper(self):
        """五.1.4: without an application on paper we do nothing.

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

    def _get_leader(self):
        # sudo: who leads the ticket's team, whatever the applicant may read
        return self.sudo().ticket_id.team_id.user_id.sudo(False)

    def _get_involved_users(self):
        return super()._get_involved_users() | self.user_id

    def _get_frozen_fields(self):
        frozen = super()._get_frozen_fields()
        if self.state != "approved":
            # who works on it may not be put out of the way of a decision
            frozen |= EXECUTION_FIELDS | {"user_id"}
        if self.state == "done":
            frozen |= {"ticket_id", "chargeable"}
        return frozen

    # === Decision and original === #

    def _after_decision(self, decision):
        result = super()._after_decision(decision)
        if decision == "approved":
            # 五.7.5: the paper goes to the archive
            holder = self.original_holder_id or self.user_id
            self._open_archive_entry(PAPERS[self.kind], holder=holder.filtered("active"))
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
        """Record that it was done: data cleared with a tool after a backup, or a contact told (五.1.4).

        :raises UserError: while the execution record is incomplete
        """
        self._move("done", executed_on=fields.Datetime.now(), executed_by_id=self.env.uid)

    def action_cancel(self):
        """Cancel an application the customer no longer wants; its original is not expected any more."""
        self._move("cancelled")
        self._cancel_approval()
        self._withdraw_archive_entries()

    def action_draft(self):
        """Take a refused or cancelled application up again.

        :raises UserError: when it is neither; a submitted one is withdrawn instead
        """
        self._move("draft", action="action_draft")
