from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty
from odoo.tools.sql import column_exists, create_column

from ...groups import INTERNAL, MANAGERS
from ...tools.text import list_words
from .helpdesk_ticket_channel import SERVICE_MODES

# types whose every value is an answer: 0 and False, too
ALWAYS_ANSWERED = ("boolean", "integer", "float", "monetary")
# number of tickets that an error message names at most
NAMED = 20


class HelpdeskTicket(models.Model):
    """The service record of a ticket: the customer's request and the work that was done (五.1.3, 五.1.4).

    Category and channel decide which fields are required. They may be filled in at any time before the ticket
    is closed.
    """

    _inherit = "helpdesk.ticket"

    # === Contact and mode === #
    service_mode = fields.Selection(
        selection=SERVICE_MODES,
        compute="_compute_service_mode",
        store=True,
        help="Remote unless the channel says otherwise.",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        groups=INTERNAL,
        copy=True,
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id), ('is_company', '=', False)]",
        help="Who at the customer's was served (五.1.2).",
    )
    department = fields.Char(
        compute="_compute_department",
        inverse="_inverse_department",
        store=True,
        readonly=False,
        tracking=True,
        groups=INTERNAL,
        help="Department of the contact person at the time of service (五.1.2).",
    )

    qq_number = fields.Char(string="QQ Number", compute="_compute_qq", groups=INTERNAL)
    qq_link = fields.Char(
        string="Chat on QQ",
        compute="_compute_qq",
        groups=INTERNAL,
        help="Opens the chat with the contact person in QQ (五.1.1).",
    )

    # === Fields of the record === #
    record_type = fields.Selection(related="category_id.record_type", store=True)
    data_to_clear = fields.Text(
        string="Data to Clear",
        groups=INTERNAL,
        copy=False,
        tracking=True,
        help="Which data the customer wants cleared (五.1.4).",
    )
    tool_used = fields.Char(
        groups=INTERNAL,
        copy=False,
        tracking=True,
        help="What the data were cleared with (五.1.4).",
    )
    contact_told_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Told",
        groups=INTERNAL,
        copy=False,
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Whom the administrator password was told to. Never write the password itself (五.1.4).",
    )
    report_name = fields.Char(
        groups=INTERNAL, copy=False, tracking=True, help="Which report (五.1.4)."
    )
    question = fields.Text(
        groups=INTERNAL, copy=False, tracking=True, help="What the customer asks about it (五.1.4)."
    )
    analysis = fields.Text(
        groups=INTERNAL,
        copy=False,
        tracking=True,
        help="How the cause was looked for, and what it is (五.1.4).",
    )
    solution = fields.Text(groups=INTERNAL, copy=False, tracking=True)
    need = fields.Text(
        groups=INTERNAL,
        copy=False,
        tracking=True,
        help="What the customer needs the software to do (五.1.4).",
    )
    steps = fields.Text(
        string="Steps to the Error",
        groups=INTERNAL,
        copy=False,
        tracking=True,
        help="What exactly was done until the error came (五.1.4).",
    )
    error_shown = fields.Text(
        groups=INTERNAL, copy=False, tracking=True, help="What the software said (五.1.4)."
    )
    date_promised = fields.Date(
        string="Promised Date",
        groups=INTERNAL,
        copy=False,
        tracking=True,
        help="When it will be mended, as promised to the customer (五.1.4).",
    )
    customer_confirmed = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")],
        string="Confirmed by the Customer",
        groups=INTERNAL,
        copy=False,
        tracking=True,
        help="Whether the customer says that it works. No is an answer, too.",
    )

    # === Whether it is complete === #
    record_asked = fields.Char(
        compute="_compute_record_asked",
        store=True,
        copy=False,
        groups=INTERNAL,
        help="Names of the fields the record asks for, each between commas.",
    )
    record_complete = fields.Boolean(
        compute="_compute_record_complete", store=True, copy=False, groups=INTERNAL
    )
    record_missing = fields.Char(
        string="Missing in the Record", compute="_compute_record_missing", groups=INTERNAL
    )
    record_gaps = fields.Char(
        compute="_compute_record_missing",
        groups=INTERNAL,
        help="Names of the missing fields, each between commas; the form marks them.",
    )

    def _auto_init(self):
        """Tickets closed before the installation of the addon owe no record; open ones do."""
        cr = self.env.cr
        if column_exists(cr, self._table, "record_complete"):
            return super()._auto_init()
        # Create the columns by SQL so that existing tickets are not computed, and fill them before the stages
        # that require a record check their tickets.
        create_column(cr, self._table, "record_asked", "varchar")
        create_column(cr, self._table, "record_complete", "boolean")
        self._release_old_tickets()
        result = super()._auto_init()
        self.pool.post_init(self._ask_open_tickets)
        return result

    @api.model
    def _release_old_tickets(self):
        """Mark the records of tickets that are closed already as complete."""
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET record_asked = '', record_complete = true"
            " FROM helpdesk_ticket_stage AS stage WHERE stage.id = helpdesk_ticket.stage_id"
            " AND stage.closed AND record_asked IS NULL"
        )

    @api.model
    def _ask_open_tickets(self):
        """Compute which fields the tickets need that are open at the installation of the addon."""
        tickets = self.with_context(active_test=False)
        tickets.search([("stage_id.closed", "=", False)])._ask_again()

    # === Required fields === #

    @api.model
    def _get_record_fields(self):
        """Fields a manager may require; extended by subjects that add a field to the record.

        :rtype: list[str]
        """
        return [
            "data_to_clear",
            "tool_used",
            "report_name",
            "question",
            "analysis",
            "solution",
            "contact_told_id",
            "need",
            "steps",
            "error_shown",
            "date_promised",
            "customer_confirmed",
            "installation_id",
            "contact_id",
            "department",
        ]

    @api.model
    def _get_record_label(self, name):
        """Label of a field of the record, in the user's language.

        :param str name: name of a field
        :rtype: str
        """
        if name == "partner_id":
            return self.env._("Customer")
        return self._fields[name]._description_string(self.env)

    def _get_asked_fields(self, required):
        """Fields that the record of the ticket needs.

        :param list required: names of the fields its category requires
        :return: names of fields
        :rtype: list[str]
        """
        self.ensure_one()
        if self.duplicate_id:
            # the record is in the ticket that this one repeats
            return []
        asked = ["category_id"]
        if self.service_mode != "on_site":
            # 五.1.2: remote service is recorded with customer, contact and department
            asked += ["partner_id", "contact_id", "department"]
        return list(dict.fromkeys(asked + required))

    @api.model
    def _get_record_depends(self):
        """Further fields that :meth:`_is_answered` reads; extended together with it.

        :rtype: list[str]
        """
        return []

    def _is_answered(self, name):
        """Whether a field of the record has been filled in.

        :param str name: name of the field
        :rtype: bool
        """
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type in ALWAYS_ANSWERED:
            return True
        if field.type == "html":
            return not is_html_empty(value)
        if field.type in ("char", "text"):
            return any(sign.isprintable() and not sign.isspace() for sign in value or "")
        return bool(value)

    def _get_missing_record_fields(self):
        """Required fields of the record that are still empty.

        :return: names of fields
        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: users who write the record may lack the right to read linked documents
        ticket = self.sudo()
        missing = []
        for name in (ticket.record_asked or "").split(","):
            field = self._fields.get(name)
            if not field:
                continue
            # an empty field is no answer, except numbers and ticks; some fields need more than a value
            given = ticket[name] or field.type in ALWAYS_ANSWERED
            if not given or not ticket._is_answered(name):
                missing.append(name)
        return missing

    def _get_missing_labels(self):
        """Labels of the missing fields, in the user's language.

        :rtype: str
        """
        return list_words(self.env, map(self._get_record_label, self._get_missing_record_fields()))

    def _ask_again(self):
        """Compute again which fields the record needs and whether it is complete."""
        self.env.add_to_compute(self._fields["record_asked"], self)
        self.env.add_to_compute(self._fields["record_complete"], self)

    # === Compute === #

    @api.depends("channel_id")
    def _compute_service_mode(self):
        for ticket in self:
            ticket.service_mode = ticket.channel_id.service_mode or "remote"

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for ticket in self:
            partner = ticket.partner_id
            if not partner.is_company:
                ticket.contact_id = partner
            elif ticket.contact_id.commercial_partner_id != partner.commercial_partner_id:
                ticket.contact_id = False

    @api.depends("contact_id")
    def _compute_department(self):
        for ticket in self:
            ticket.department = ticket.contact_id.department

    def _inverse_department(self):
        for ticket in self:
            contact = ticket.contact_id
            if ticket.department and contact and not contact.department:
                # sudo: staff without the right to write contacts fill in the department, too, for later tickets
                contact.sudo().department = ticket.department

    @api.depends("contact_id.qq_number", "partner_id.qq_number", "commercial_partner_id.qq_number")
    def _compute_qq(self):
        for ticket in self:
            partners = (ticket.contact_id, ticket.partner_id, ticket.commercial_partner_id)
            known = next((partner for partner in partners if partner.qq_number), partners[0])
            ticket.qq_number, ticket.qq_link = known.qq_number, known.qq_link

    @api.depends("category_id", "service_mode", "duplicate_id")
    def _compute_record_asked(self):
        requirements = self.env["aftersales.record.requirement"]
        categories = self.category_id
        required = requirements._get_required_fields(categories) if categories else {}
        for ticket in self:
            names = ticket._get_asked_fields(required.get(ticket.category_id, []))
            ticket.record_asked = f",{','.join(names)}," if names else ""

    @api.depends(
        lambda self: (
            "record_asked",
            "record_type",
            "partner_id",
            "category_id",
            *self._get_record_depends(),
            *self._get_record_fields(),
        )
    )
    def _compute_record_complete(self):
        for ticket in self:
            ticket.record_complete = not ticket._get_missing_record_fields()

    @api.depends("record_complete")
    @api.depends_context("lang")
    def _compute_record_missing(self):
        for ticket in self:
            names = ticket._get_missing_record_fields()
            ticket.record_missing = list_words(self.env, map(self._get_record_label, names))
            ticket.record_gaps = f",{','.join(names)}," if names else ""

    # === Guard === #

    # Entered fields are listed so that their own write is refused, not the later storing of record_complete.
    # Computed fields are left out because they would be checked while their computation is still running.
    @api.constrains(
        lambda self: (
            "stage_id",
            "record_complete",
            "category_id",
            "partner_id",
            "channel_id",
            "duplicate_id",
            *(name for name in self._get_record_fields() if not self._fields[name].compute),
        )
    )
    def _check_record(self):
        """五.1.3: no ticket is in a closed stage while its record is incomplete.

        It also runs when a change of team changes the stage, and when a field of a closed ticket is emptied.

        :raises ValidationError: naming each ticket and what it lacks
        """
        incomplete = self.filtered("stage_id.closed").filtered(
            lambda ticket: ticket.stage_id.record_required and not ticket.record_complete
        )
        if not incomplete:
            return
        # Constraints of recomputed fields run without the user's language.
        incomplete = incomplete.with_context(lang=self.env.lang or self.env.user.lang)
        raise ValidationError(
            incomplete.env._(
                "Complete the service record before closing the ticket. Missing:\n%s",
                incomplete._name_missing(),
            )
        )

    def _name_missing(self):
        """:return: text with one line a ticket and its missing fields, for at most ``NAMED`` tickets"""
        rows = [f"{ticket.display_name}: {ticket._get_missing_labels()}" for ticket in self[:NAMED]]
        return "\n".join(rows + ["…"] * (len(self) > NAMED))

    def _was_served(self):
        """:return: whether the service has been done already"""
        self.ensure_one()
        return bool(self.service_done_on)

    @api.constrains("stage_id", "service_done_on")
    def _check_served(self):
        """五.1.3: a served ticket needs its record also when it is cancelled or rejected.

        Service managers may close it without one, e.g. when the service was marked by mistake; the record of a
        duplicate is in the ticket it repeats.

        :raises ValidationError: naming each ticket and what it lacks
        """
        if self.env.user.has_group(MANAGERS):
            return
        served = self.filtered(
            lambda ticket: ticket.stage_id.closed
            and not ticket.stage_id.record_required
            and not ticket.record_complete
            and ticket._was_served()
        )
        if served:
            # Constraints of recomputed fields run without the user's language.
            served = served.with_context(lang=self.env.lang or self.env.user.lang)
            raise ValidationError(
                served.env._(
                    "The customer was served: complete the service record, or have a service manager close the"
                    " ticket without one. Missing:\n%s",
                    served._name_missing(),
                )
            )

    @api.constrains("active")
    def _check_archived(self):
        """Only closed tickets are archived; service managers may archive others, too.

        :raises ValidationError: naming the ticket
        """
        if self.env.user.has_group(MANAGERS):
            return
        for ticket in self:
            if not (ticket.active or ticket.stage_id.closed):
                raise ValidationError(
                    self.env._("%s is open: close it before it is archived.", ticket.display_name)
                )

    @api.constrains("duplicate_id", "partner_id")
    def _check_duplicate(self):
        """A duplicate needs no record, because the ticket it repeats has one.

        :raises ValidationError: for a ticket that repeats itself, one that is a duplicate in turn, or that of
            another customer
        """
        for ticket in self.filtered("duplicate_id"):
            customers = (ticket | ticket.duplicate_id).commercial_partner_id
            if len(customers) > 1:
                raise ValidationError(
                    self.env._("%s belongs to another customer.", ticket.duplicate_id.display_name)
                )
            if (
                ticket.duplicate_id == ticket
                or ticket.duplicate_id.duplicate_id
                or ticket.duplicate_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%s cannot be a duplicate of this ticket: one of the two is a duplicate "
                        "already, or they are the same.",
                        ticket.display_name,
                    )
                )
