from operator import attrgetter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain

from ...activities import LOAN_ACTIVITY, ORIGINAL_ACTIVITY
from ...groups import MANAGERS
from ..deadline.deadline import Deadline
from ..shared.document_fields import state_field
from ..shared.steps import Step
from .values import ARCHIVE_KINDS, COUNTED_FROM_MAKING, COUNTED_FROM_RETURN

ABOUT = frozenset({"kind", "partner_id", "document_name"})


# The steps (filing, lending, losing …) are taken in steps.py
class AftersalesArchiveEntry(models.Model):
    """A paper original: expected, filed under a number, lent, or lost (五.7, 五.2.3, 六).

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    service roles         read
    specialist            hand over what they hold, announce its delay
    archivist, manager    create; receive, file, lend, take back, correct; record a loss; give
                          the paper of a refused or cancelled request back to the customer
    nobody                delete; change what is filed without the old value being kept
    ====================  ==================================================================

    The number is drawn when the paper is filed, without gaps for each company, kind and year.
    """

    _name = "aftersales.archive.entry"
    _description = "Archived Original"
    _inherit = [
        "aftersales.document.mixin",
        "aftersales.owner.mixin",
        "aftersales.deadline.mixin",
        "aftersales.scan.mixin",
    ]
    _order = "date_deadline desc, id desc"
    _search_text = ("name", "document_name")
    _search_links = ("partner_id", "commercial_partner_id")
    _search_labels = ("kind",)
    _check_company_auto = True
    _allow_sudo_commands = False

    _steps = (
        Step("expected", "filed", "action_file"),
        Step("filed", "on_loan", "action_lend"),
        Step("on_loan", "filed", "action_return"),
        Step("expected", "lost", "action_lose"),
        Step("filed", "lost", "action_lose"),
        Step("on_loan", "lost", "action_lose"),
        Step("lost", "expected", "action_find"),
        Step("lost", "filed", "action_find"),
        Step("expected", "withdrawn", "action_withdraw"),
        Step("withdrawn", "expected", "action_reopen"),
        Step("expected", "returned", "action_give_back"),
        Step("returned", "expected", "action_reopen"),
    )
    _field_states = {
        # the company is fixed at creation
        "company_id": frozenset(),
        **dict.fromkeys(ABOUT | {"place", "scan", "scan_name"}, frozenset({"expected"})),
    }
    _protected_fields = {
        "state": "expected",
        "name": "/",
        "res_model": False,
        "res_id": False,
        "filed_on": False,
        "filed_by_id": False,
        "given_on": False,
        "received_on": False,
        "retention_date": False,
        "loan_to_id": False,
        "loan_on": False,
        "loan_due_date": False,
        "lost_on": False,
        "lost_by_id": False,
        "lost_reason": False,
        "lost_holder_id": False,
        "returned_on": False,
        "returned_to_id": False,
        "returned_how": False,
    }
    # Protected fields that may be given at creation: holder and days are known from the start.
    _given_fields = frozenset({"name", "holder_id", "came_on", "date_deadline"})
    _title_fields = ("document_name", "partner_id")

    state = state_field(
        [
            ("expected", "Expected"),
            ("filed", "Filed"),
            ("on_loan", "On Loan"),
            ("lost", "Original Lost"),
            ("withdrawn", "Withdrawn"),
            ("returned", "Given Back"),
        ],
        default="expected",
    )
    kind = fields.Selection(selection=ARCHIVE_KINDS, required=True, index=True, tracking=True)
    res_model = fields.Char(string="Document Model", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", readonly=True, copy=False
    )
    document_name = fields.Char(string="Document", required=True, index="trigram", tracking=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
    )
    holder_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Held By",
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who has the paper now, or owes it.",
    )
    handover_ids = fields.One2many(
        comodel_name="aftersales.archive.handover",
        inverse_name="entry_id",
        string="Hand-overs",
        copy=False,
    )
    came_on = fields.Date(
        string="In Our Hands Since",
        copy=False,
        tracking=True,
        help="The day on which the paper came into our hands; empty while it is expected only.",
    )
    date_deadline = fields.Date(
        string="Due to Be Filed",
        tracking=True,
        copy=False,
        compute="_compute_date_deadline",
        precompute=True,
        store=True,
        readonly=False,
        help="A delay is announced with its reason, before this day has passed (三.8).",
    )
    place = fields.Char(tracking=True, copy=False, help="Cabinet, folder or box.")
    given_on = fields.Date(
        string="Handed to the Archive On",
        readonly=True,
        copy=False,
        help="Handed over to somebody who keeps the archive; it counts when they receive or file the original.",
    )
    received_on = fields.Date(
        string="In the Archive Since",
        readonly=True,
        copy=False,
        tracking=True,
        help="The day of the receipt, or of the hand-over that was received or filed later.",
    )
    can_receive = fields.Boolean(compute="_compute_can_keep")
    filed_on = fields.Date(readonly=True, copy=False, tracking=True)
    filed_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )
    retention_date = fields.Date(string="Keep Until", readonly=True, copy=False, tracking=True)
    loan_to_id = fields.Many2one(
        comodel_name="res.users", person="role", string="Lent To", readonly=True, copy=False
    )
    loan_on = fields.Date(string="Lent On", readonly=True, copy=False)
    loan_due_date = fields.Date(string="Due Back", readonly=True, copy=False, tracking=True)
    lost_on = fields.Date(readonly=True, copy=False, tracking=True)
    lost_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Loss Recorded By",
        readonly=True,
        copy=False,
    )
    lost_reason = fields.Char(string="How It Was Lost", readonly=True, copy=False, tracking=True)
    lost_holder_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Held When Lost By",
        readonly=True,
        copy=False,
        help="Who had the paper when it was lost (七.3).",
    )
    returned_on = fields.Date(string="Given Back On", readonly=True, copy=False, tracking=True)
    returned_to_id = fields.Many2one(
        comodel_name="res.partner",
        string="Given Back To",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    returned_how = fields.Char(string="How It Was Given Back", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    can_keep = fields.Boolean(compute="_compute_can_keep")
    can_hand_over = fields.Boolean(compute="_compute_can_keep")
    can_delay = fields.Boolean(compute="_compute_can_keep")
    can_give_back = fields.Boolean(compute="_compute_can_give_back")
    filing_gap = fields.Char(
        compute="_compute_filing_gap", help="What the document lacks before its paper is filed."
    )

    # the order of the list, which begins anywhere in the papers of all years
    _order_idx = models.Index("(date_deadline DESC, id DESC)")
    _number_once = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This archive number has already been given."
    )
    _document_once = models.UniqueIndex("(res_model, res_id, kind) WHERE res_id IS NOT NULL")
    _filed_with_number = models.Constraint(
        "CHECK(state NOT IN ('filed', 'on_loan') OR (name != '/' AND COALESCE(place, '') != ''))",
        "What is filed has a number and a place.",
    )
    _lost_for_a_reason = models.Constraint(
        "CHECK(state != 'lost' OR COALESCE(lost_reason, '') != '')",
        "Say how the original was lost.",
    )

    # === Compute === #

    @api.depends("kind", "company_id")
    def _compute_date_deadline(self):
        for entry in self:
            due = entry.date_deadline
            # the paper of a document may have no last day yet
            if not due and entry.kind and entry.company_id and not entry.res_id:
                register = self.env["aftersales.archive.register"]._get(
                    entry.company_id, entry.kind
                )
                due = register._get_deadline(entry.company_id._aftersales_today())
            entry.date_deadline = due

    @api.depends("kind")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_title_parts(self):
        number, *parts = super()._get_title_parts()
        if number == "/":
            # entries that were never filed have no number and show their kind instead
            number = dict(self._fields["kind"]._description_selection(self.env)).get(self.kind)
        return [number, *parts]

    @api.depends("state", "date_deadline", "loan_due_date")
    def _compute_is_overdue(self):
        for company, entries in self.grouped("company_id").items():
            today = (company or self.env.company)._aftersales_today()
            for entry in entries:
                due = {"expected": entry.date_deadline, "on_loan": entry.loan_due_date}
                entry.is_overdue = bool(due.get(entry.state) and due[entry.state] < today)

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain.OR(
            Domain("company_id", "in", group.ids)
            & (
                Domain("state", "=", "expected") & Domain("date_deadline", "<", today)
                | Domain("state", "=", "on_loan") & Domain("loan_due_date", "<", today)
            )
            for today, group in self.env.companies.grouped(
                lambda company: company._aftersales_today()
            ).items()
        )
        return overdue if True in value else ~overdue

    @api.depends("state", "holder_id", "given_on", "received_on", "date_deadline", "loan_due_date")
    @api.depends_context("uid")
    def _compute_can_keep(self):
        manager = self.env.user.has_group(MANAGERS)
        writable = self._filtered_access("write") if self.has_access("read") else self.browse()
        for entry in self:
            open_now = entry.state in ("expected", "on_loan")
            entry.can_keep = entry in writable
            entry.can_receive = entry.can_keep and entry._is_to_be_received()
            entry.can_hand_over = open_now and not entry._get_handover_obstacle()
            due = entry.date_deadline if entry.state == "expected" else entry.loan_due_date
            may_delay = manager or entry.holder_id == self.env.user
            entry.can_delay = open_now and bool(due) and may_delay

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_give_back(self):
        for entry in self:
            entry.can_give_back = not entry._get_step_obstacle("action_give_back")

    @api.depends("state", "res_model", "res_id")
    @api.depends_context("lang")
    def _compute_filing_gap(self):
        for entry in self:
            entry.filing_gap = entry.state == "expected" and entry._get_filing_gap()

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        for entry in self:
            raise UserError(
                self.env._(
                    "%s stays in the archive: nothing is deleted there. Withdraw what is no longer expected.",
                    entry.display_name,
                )
            )

    def _get_frozen_fields(self):
        frozen = super()._get_frozen_fields()
        # an entry of a document takes these values from the document
        return frozen | ABOUT if self.res_id else frozen

    # === Its document === #

    def _get_document(self):
        """:return: the document of the entry, empty when there is none or it was deleted"""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return self.browse()
        return self.env[self.res_model].browse(self.res_id).exists()

    def action_open_document(self):
        """Open the document whose original this is.

        :raises UserError: when it does not exist any more
        :raises AccessError: for users who may not read it
        """
        document = self._get_document()
        if not document:
            raise UserError(self.env._("There is no document behind %s.", self.display_name))
        document.check_access("read")
        return document.get_formview_action()

    # === Deadlines === #

    def _get_count_begin(self):
        """The day from which the working days for handing in an original are counted.

        :return: company day; False where the day is agreed, or counted in calendar days (七.6)
        :rtype: datetime.date | bool
        """
        self.ensure_one()
        if self.kind in COUNTED_FROM_RETURN:
            # the working day after the return: only a holiday on the very day moves it
            return Date.subtract(self.date_deadline, days=1)
        return self.kind in COUNTED_FROM_MAKING and self.company_id._aftersales_day(
            self.create_date
        )

    @api.model
    def _get_deadlines(self, company):
        return [
            Deadline(
                kind="original_overdue",
                field="date_deadline",
                domain=Domain("state", "=", "expected"),
                activity=ORIGINAL_ACTIVITY,
                users=attrgetter("holder_id"),
                counted_from=lambda entry: entry._get_count_begin(),
                note=lambda entry, due: entry.env._(
                    "The original of %(document)s was to be filed by %(day)s.",
                    document=entry.display_name,
                    day=due,
                ),
            ),
            Deadline(
                kind="loan_overdue",
                field="loan_due_date",
                domain=Domain("state", "=", "on_loan"),
                activity=LOAN_ACTIVITY,
                users=attrgetter("holder_id"),
                note=lambda entry, due: entry.env._(
                    "%(document)s was to be back in the archive by %(day)s.",
                    document=entry.display_name,
                    day=due,
                ),
            ),
        ]
