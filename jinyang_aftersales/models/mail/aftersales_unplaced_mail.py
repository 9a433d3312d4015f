from odoo import api, fields, models
from odoo.exceptions import UserError

from ...activities import UNPLACED_ACTIVITY
from ...groups import CALLERS
from ...tools.text import clean_line
from ..shared.document_fields import state_field
from ..shared.steps import Step

REASONS = [
    ("unknown", "Sender Is No Contact"),
    ("known", "Contact Wrote to an Unused Address"),
    ("unverified", "Sender Not Verified"),
    ("nobody", "Without a Sender"),
    ("machine", "Absence Note or Machine"),
]


class AftersalesUnplacedMail(models.Model):
    """A mail that belongs to no document, until somebody gives it a place or dismisses it.

    ======================  ================================================================
    Who                     May
    ======================  ================================================================
    call-back specialist    read, choose contact and ticket, give it a place, dismiss it
    service manager         the same
    the mail gateway        make one
    nobody                  delete one, or change what came in
    ======================  ================================================================
    """

    _name = "aftersales.unplaced.mail"
    _description = "Mail Without a Place"
    _inherit = ["aftersales.steps.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _primary_email = "email_from"
    _check_company_auto = True
    _allow_sudo_commands = False
    _steps = (
        Step("open", "placed", "action_place"),
        Step("open", "dismissed", "action_dismiss"),
    )
    _field_states = dict.fromkeys(("partner_id", "ticket_id"), frozenset({"open"}))

    name = fields.Char(string="Subject", required=True, readonly=True)
    email_from = fields.Char(string="Sender", readonly=True)
    reason = fields.Selection(selection=REASONS, string="Why Here", required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    state = state_field(
        [("open", "To Place"), ("placed", "Has a Place"), ("dismissed", "Dismissed")],
        default="open",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        index="btree_not_null",
        tracking=True,
        domain="[('partner_share', '=', True)]",
        help="The contact of the customer for whom the ticket is made.",
    )
    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Ticket",
        index="btree_not_null",
        check_company=True,
        help="The mail goes to this ticket; empty: a new one is made.",
    )
    handled_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Handled By", readonly=True
    )
    handled_on = fields.Datetime(readonly=True)
    dismissal = fields.Text(string="Reason of the Dismissal", readonly=True)

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"state"}

    @api.model
    def _get_start_values(self):
        return {**super()._get_start_values(), "state": "open"}

    # === Gateway === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take in a mail; people who wrote are waiting, so the call-back desk gets a task.

        :param dict msg_dict: the mail as parsed by Odoo
        :param dict custom_values: why it is here, and the contact who wrote it
        :return: the new record
        """
        values = custom_values or {}
        mail = self._create_unlocked(
            {
                "name": clean_line(msg_dict.get("subject")) or self.env._("(no subject)"),
                "email_from": clean_line(msg_dict.get("email_from")) or False,
                "reason": values.get("reason") or "unknown",
                "partner_id": values.get("partner_id"),
                "company_id": values.get("company_id") or self.env.company.id,
            }
        )
        if mail.reason != "machine":
            mail._notify_users(mail._get_desk(), UNPLACED_ACTIVITY)
        return mail

    def _get_desk(self):
        """:return: the user who gets the task: a call-back specialist, else a manager"""
        company = self.company_id
        # The setting may name somebody of another role, who does not read this list.
        return (
            self._filter_readers(company._aftersales_callback_user())
            or self._filter_readers(company._aftersales_users(CALLERS))
            or self._filter_readers(company._aftersales_managers())
        )[:1]

    # === Steps === #

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_dismiss": self.env._("Dismiss the Mail"),
        }

    def action_place(self):
        """Move the mail to the chosen ticket, or to a new one of the chosen contact.

        :return: the action that opens the ticket of the last one
        :rtype: dict
        """
        self._check_step("action_place")
        action = False
        for mail in self:
            # sudo: the call-back desk makes no tickets otherwise; that it may place the mail was checked above
            ticket = mail.ticket_id.sudo() or mail.sudo()._make_ticket()
            is_new = not mail.ticket_id
            mail.sudo()._move_messages(ticket, is_new)
            mail._enter("placed", ticket_id=ticket.id, **mail._get_handling())
            action = ticket.sudo(False).get_formview_action()
        return action

    def action_ask_dismissal(self):
        """Open the dialogue that asks for the reason of the dismissal.

        :rtype: dict
        """
        return self._ask_reason("action_dismiss")

    def action_dismiss(self, reason):
        """Put the mail aside, with a reason.

        :param str reason: why nobody has to do anything about it
        :raises UserError: without a reason
        """
        self._check_step("action_dismiss")
        text = self._check_reason(
            reason, self.env._("Say why nothing has to be done about this mail.")
        )
        for mail in self:
            mail._enter("dismissed", dismissal=text, **mail._get_handling())

    def _enter(self, state, **vals):
        result = super()._enter(state, **vals)
        self._withdraw_activities(UNPLACED_ACTIVITY)
        return result

    def _get_handling(self):
        return {"handled_by_id": self.env.uid, "handled_on": fields.Datetime.now()}

    def _make_ticket(self):
        """:return: a new ticket of the contact, with the text of the mail"""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the contact who wrote the mail, or a ticket."))
        [message] = self._get_messages().sorted("id")[:1] or [self.env["mail.message"]]
        return self.env["helpdesk.ticket"].create(
            {
                "name": self.name,
                "description": message.body or self.name,
                "partner_id": self.partner_id.id,
                "partner_email": self.partner_id.email or self.email_from,
                "company_id": self.company_id.id,
            }
        )

    def _get_messages(self):
        return self.message_ids.filtered(lambda message: message.message_type == "email")

    def _move_messages(self, ticket, is_new):
        """Move the mail with its files; on a ticket that was there its specialist is told.

        :param ticket: helpdesk.ticket, as superuser
        :param bool is_new: whether the ticket was made of the mail
        """
        messages = self._get_messages()
        note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        messages.write(
            {
                "model": ticket._name,
                "res_id": ticket.id,
                # customers read only what was written by people of theirs
                **({} if is_new else {"subtype_id": note}),
            }
        )
        messages.attachment_ids.write({"res_model": ticket._name, "res_id": ticket.id})
        if not is_new:
            ticket._tell_news()
