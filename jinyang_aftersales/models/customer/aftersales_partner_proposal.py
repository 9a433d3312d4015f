from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groups import MANAGERS, READERS

# In the context of what a customer's user writes on the portal; callers from outside cannot send this object.
BY_CUSTOMER = object()
PROPOSAL_ACTIVITY = "jinyang_aftersales.mail_activity_proposal"
# what papers, invoices and agreements say about a customer, besides its address
FACTS = frozenset({"name", "vat", "company_registry"})


class AftersalesPartnerProposal(models.Model):
    """Name, tax number or address that a customer proposes for its company on the portal; our people decide.

    ======================  =================================================================
    Who                     May
    ======================  =================================================================
    customer                propose, on the page of addresses; a later proposal is added
    specialist in charge    accept or refuse it
    service manager         the same for every customer
    other service roles     read
    ======================  =================================================================
    """

    _name = "aftersales.partner.proposal"
    _description = "Change Proposed by a Customer"
    _inherit = [
        "aftersales.guard.mixin",
        "aftersales.search.mixin",
        "aftersales.reason.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _rec_name = "customer_id"
    _order = "id desc"
    _allow_sudo_commands = False

    customer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    changes = fields.Json(readonly=True)
    description = fields.Text(string="Proposed Changes", readonly=True)
    proposed_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Proposed By", readonly=True
    )
    state = fields.Selection(
        selection=[("open", "To Decide"), ("accepted", "Accepted"), ("refused", "Refused")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Decided By", readonly=True
    )
    decided_on = fields.Datetime(readonly=True)
    refusal_reason = fields.Char(string="Why Refused", readonly=True)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("state", "customer_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for proposal in self:
            proposal.can_decide = proposal.state == "open" and proposal._may_decide()

    def _may_decide(self):
        """:return: whether the user is a service manager, or in charge of the customer"""
        user = self.env.user
        # sudo: only who is in charge is compared
        specialist = self.sudo().customer_id.service_user_id
        return user.has_group(MANAGERS) or (user.has_group(READERS) and user == specialist)

    # === Proposing === #

    @api.model
    def _propose(self, customer, values):
        """Keep what a customer proposes, and tell the specialist in charge; added to a proposal that is still open.

        :param customer: res.partner, the company
        :param dict values: proposed values by name of the field
        """
        # sudo: customers read and write no proposals; this one is about their own company
        rows, customer = self.sudo(), customer.sudo()
        # the merge of two customers may leave two
        present = rows.search([("customer_id", "=", customer.id), ("state", "=", "open")], limit=1)
        values = {**(present.changes or {}), **values}
        vals = {"changes": values, "proposed_by_id": self.env.uid}
        vals["description"] = rows._describe(customer, values)
        if present:
            present._write_unlocked(vals)
            return
        company = self.env.company
        proposal = rows._create_unlocked(
            {"customer_id": customer.id, "company_id": company.id, **vals}
        )
        able = company._aftersales_users(READERS)
        users = (customer.service_user_id & able) or company._aftersales_managers()
        proposal._notify_users(
            users,
            PROPOSAL_ACTIVITY,
            lambda row: row.env._(
                "%s proposes another name, tax number or address: accept or refuse it.",
                row.customer_id.name,
            ),
        )

    @api.model
    def _describe(self, customer, values):
        """:return: the present and the proposed values, one field a line, in the company's language
        :rtype: str
        """
        rows = customer.with_context(lang=self.env.company.partner_id.lang)
        lines = []
        for name in sorted(values):
            field, value, before = rows._fields[name], values[name], rows[name]
            if field.type == "many2one":
                value = rows.env[field.comodel_name].browse(value or False).display_name
                before = before.display_name
            label = field._description_string(rows.env)
            lines.append(f"{label}: {before or '–'} → {value or '–'}")
        return "\n".join(lines)

    # === Deciding === #

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_refuse": self.env._("Refuse the Proposed Changes"),
        }

    def _check_decision(self):
        for proposal in self:
            proposal.check_access("read")
            if not proposal._may_decide():
                raise AccessError(
                    self.env._(
                        "The specialist in charge of %s or a service manager decides on it.",
                        proposal.customer_id.display_name,
                    )
                )
            if proposal.state != "open":
                raise UserError(self.env._("This proposal has been decided already."))

    def action_accept(self):
        """Write what the customer has proposed.

        :raises AccessError: for users who do not decide on it
        :raises UserError: when it was decided already
        """
        self._check_decision()
        for proposal in self:
            # sudo: the right to decide was checked above; specialists may not write all contacts
            proposal.sudo().customer_id.write(proposal.changes)
            proposal._decide("accepted")

    def action_ask_refusal(self):
        """Ask for the reason, then refuse."""
        return self._ask_reason("action_refuse")

    def action_refuse(self, reason):
        """Refuse what the customer has proposed.

        :param str reason: why, told to the customer
        :raises AccessError: for users who do not decide on it
        :raises UserError: when it was decided already, or without a reason
        """
        self._check_decision()
        text = reason.strip() if isinstance(reason, str) else ""
        if not text:
            raise UserError(self.env._("Say why the proposal is refused."))
        for proposal in self:
            proposal._decide("refused", refusal_reason=text)

    def _decide(self, state, **vals):
        # sudo: the right to decide was checked by the caller
        proposal = self.sudo()
        proposal._write_unlocked(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                **vals,
            }
        )
        proposal._withdraw_activities(PROPOSAL_ACTIVITY)
        person = proposal.proposed_by_id.partner_id
        spoken = proposal.with_context(
            lang=proposal.company_id._aftersales_lang(person), mail_notify_force_send=False
        )
        if state == "accepted":
            text = spoken.env._("Thank you. We have changed what you proposed for your company.")
        else:
            text = spoken.env._(
                "We have not changed what you proposed for your company: %s", vals["refusal_reason"]
            )
        spoken.message_notify(
            partner_ids=person.ids,
            subject=spoken.env._("Your company's name, tax number and address"),
            body=text,
        )
