from odoo import api, fields, models

from ...tools.text import list_words

# fields of the service record the dialogue can ask for; a subject above may add a field of its own with the same name
ASKED = (
    "category_id",
    "contact_id",
    "department",
    "installation_id",
    "data_to_clear",
    "tool_used",
    "contact_told_id",
    "report_name",
    "question",
    "need",
    "steps",
    "error_shown",
    "analysis",
    "solution",
    "date_promised",
    "customer_confirmed",
)


class AftersalesVisitFinish(models.TransientModel):
    """Asks what the service record of a visit still lacks, and ends the visit (五.3.5, 五.3.6).

    Only what is missing for the category is asked. What is known from the visit is proposed: its result as solution,
    its purpose as question or need, the signatory as contact.
    """

    _name = "aftersales.visit.finish"
    _description = "End a Visit"
    _inherit = "aftersales.dialog.mixin"

    visit_id = fields.Many2one(
        comodel_name="aftersales.visit", required=True, ondelete="cascade", readonly=True
    )
    ticket_id = fields.Many2one(related="visit_id.ticket_id", string="Service Record")
    partner_id = fields.Many2one(related="visit_id.partner_id")
    is_signed = fields.Boolean(compute="_compute_is_signed")
    signed_by_name = fields.Char(related="visit_id.signed_by_name")
    ticket_closed = fields.Boolean(related="ticket_id.closed")
    missing = fields.Char(
        string="Missing in the Record",
        compute="_compute_missing",
        help="Names of the fields that the record lacks, each between commas.",
    )
    further = fields.Char(
        string="To Be Entered on the Ticket",
        compute="_compute_missing",
        help="What the record lacks and this dialogue cannot ask for.",
    )
    keep_open = fields.Boolean(
        string="The Ticket Stays Open",
        compute="_compute_keep_open",
        store=True,
        readonly=False,
        help="Sign and save what is known; the record is completed and the ticket closed later.",
    )
    is_back = fields.Boolean(
        string="We Are Back", compute="_compute_is_back", store=True, readonly=False
    )
    returned_on = fields.Datetime(
        string="Back Since",
        compute="_compute_returned_on",
        store=True,
        readonly=False,
        help="Back at the office. The visit is closed with it; without it the button Returned closes it later.",
    )

    # === Fields of the record === #

    category_id = fields.Many2one(
        comodel_name="helpdesk.ticket.category",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        domain="[('commercial_partner_id', '=', partner_id), ('is_company', '=', False)]",
    )
    department = fields.Char(compute="_compute_department", store=True, readonly=False)
    installation_id = fields.Many2one(
        comodel_name="aftersales.installation",
        string="Installed Software",
        domain="[('partner_id', '=', partner_id)]",
    )
    data_to_clear = fields.Text(string="Data to Clear")
    tool_used = fields.Char()
    contact_told_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Told",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Whom the administrator password was told to. Never write the password itself (五.1.4).",
    )
    report_name = fields.Char()
    question = fields.Text()
    need = fields.Text()
    steps = fields.Text(string="Steps to the Error")
    error_shown = fields.Text()
    analysis = fields.Text()
    solution = fields.Text()
    date_promised = fields.Date(string="Promised Date")
    customer_confirmed = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")], string="Confirmed by the Customer"
    )

    @api.model
    def default_get(self, fields):
        """Propose what the visit knows."""
        values = super().default_get(fields)
        visit = self.env["aftersales.visit"].browse(values.get("visit_id"))
        if not visit:
            return values
        visit.check_access("read")
        ticket = visit.ticket_id
        contact = ticket.contact_id or visit.signed_by_id - visit.partner_id or visit.contact_id
        known = {
            "category_id": ticket.category_id.id,
            "contact_id": contact.id,
            "installation_id": (ticket.installation_id or visit.installation_id).id,
            "question": visit.problem,
            "need": visit.problem,
            "solution": ticket._add_result(visit) if ticket else visit.result,
        }
        values.update({name: value for name, value in known.items() if name in fields})
        return values

    # === Compute === #

    @api.depends("visit_id")
    def _compute_is_signed(self):
        for wizard in self:
            wizard.is_signed = wizard.visit_id.state == "feedback"

    @api.depends("visit_id")
    def _compute_is_back(self):
        """A form that was signed before is ended at the office, else at the customer's."""
        for wizard in self:
            wizard.is_back = wizard.visit_id.state == "feedback"

    @api.depends("further")
    def _compute_keep_open(self):
        """What cannot be entered here is entered on the ticket first."""
        for wizard in self:
            wizard.keep_open = bool(wizard.further)

    @api.depends("is_back")
    def _compute_returned_on(self):
        now = fields.Datetime.now().replace(second=0)
        for wizard in self:
            known = wizard.visit_id.returned_on
            wizard.returned_on = known or (wizard.is_back and (wizard.returned_on or now))

    @api.depends("contact_id")
    def _compute_department(self):
        for wizard in self:
            wizard.department = wizard.contact_id.department

    @api.depends("visit_id", "category_id")
    def _compute_missing(self):
        for wizard in self:
            names = wizard._get_missing()
            asked = [name for name in names if name in ASKED]
            wizard.missing = f",{','.join(asked)}," if asked else False
            labels = [
                wizard.ticket_id._get_record_label(name) for name in names if name not in ASKED
            ]
            wizard.further = list_words(self.env, labels) if labels else False

    def _get_missing(self):
        """Fields of the record that are empty, for the category that is chosen here.

        :rtype: list[str]
        """
        ticket, category = self.ticket_id, self.category_id._origin
        if not ticket:
            return []
        required = self.env["aftersales.record.requirement"]._get_required_fields(category)
        asked = ticket._get_asked_fields(required.get(category, []))
        return [name for name in asked if not (ticket[name] and ticket._is_answered(name))]

    # === Actions === #

    def action_finish(self):
        """End the visit; see ``action_finish`` of the visit for what is refused."""
        self.ensure_one()
        visit = self.visit_id
        names = (self.missing or "").strip(",").split(",")
        values = {name: self._to_write(name) for name in names if name and self[name]}
        if self.solution and not self.ticket_closed:
            values["solution"] = self.solution
        visit.action_finish(values, self.is_back and self.returned_on, self.keep_open)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if self.keep_open else "success",
                "title": self.env._("Saved")
                if self.keep_open
                else self.env._("The visit is ended"),
                "message": self._say_ended(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _to_write(self, name):
        value = self[name]
        return value.id if self._fields[name].relational else value

    def _say_ended(self):
        """:return: what became of ticket, call and visit, in the language of the reader"""
        visit = self.visit_id
        ticket = visit.ticket_id
        if ticket.closed:
            parts = [self.env._("Ticket %s is closed.", ticket.number)]
        else:
            parts = [self.env._("Ticket %s stays open.", ticket.number)]
        # sudo: technicians may not read calls; only the day is told
        call = visit.sudo().callback_ids.filtered(lambda row: row.state == "todo")[:1]
        if call:
            parts.append(self.env._("The customer is called on %s.", visit._say_day(call.due_date)))
        elif not visit.feedback_received_on:
            parts.append(self.env._("Hand the signed form in at the call-back desk."))
        if visit.state != "done":
            parts.append(self.env._("Press Returned when you are back."))
        return " ".join(parts)
