from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...groups import READERS
from ...tools import next_term


class ContractContract(models.Model):
    """One click makes the agreement for the next term (五.2.2, 五.2.3)."""

    _inherit = "contract.contract"

    renewal_count = fields.Integer(compute="_compute_renewal_count")
    notice_count = fields.Integer(compute="_compute_notice_count", groups=READERS)

    @api.depends("renewal_ids")
    def _compute_renewal_count(self):
        for contract in self:
            contract.renewal_count = len(contract.renewal_ids)

    @api.depends("notice_ids")
    def _compute_notice_count(self):
        for contract in self:
            contract.notice_count = len(contract.notice_ids)

    def action_renew(self):
        """Make the draft for the next term, or open the renewal there is.

        :raises UserError: for drafts and lost agreements, which have no term to follow
        :raises AccessError: for who may not write the agreement
        :return: action that opens the renewal
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        renewal = self.renewal_ids.filtered(lambda contract: contract.agreement_stage != "lost")[:1]
        if not renewal:
            renewal = self._renew()
        return renewal._open_agreement()

    def _renew(self):
        """The successor, as a draft.

        :raises UserError: unless this agreement was signed
        :return: contract.contract
        """
        self.ensure_one()
        if not self.is_service_agreement or self.agreement_stage != "signed":
            raise UserError(
                self.env._("%s was never signed: there is no term to renew.", self.name)
            )
        return self.create(self._prepare_renewal_vals())

    def _prepare_renewal_vals(self):
        """Values of the successor: same customer, software and prices, the next term of the same length.

        It begins the day after the old one even when the customer has lapsed; the draft may be changed.

        :rtype: dict
        """
        self.ensure_one()
        _anchor, start, end = next_term(self.term_anchor, self.term_start, self.term_end)
        specialist = self.commercial_partner_id.service_user_id
        # sudo: the taxes of the old agreement are those of the new one; they are not shown
        position = self.sudo().fiscal_position_id
        return {
            "is_service_agreement": True,
            "renewal_of_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "invoice_partner_id": self.invoice_partner_id.id,
            "invoice_contact_id": self.invoice_contact_id.id,
            "fiscal_position_id": position.id,
            "product_line_id": self.product_line_id.id,
            "user_id": (specialist or self.user_id or self.env.user).id,
            "installation_ids": [Command.set(self.installation_ids.filtered("active").ids)],
            "term_start": start,
            "term_end": end,
            "contract_line_ids": self.contract_line_ids._agreement_copy_commands(),
        }

    def _open_agreement(self):
        """Action that opens one agreement in the form of agreements."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (
                    self.env.ref("jinyang_aftersales.contract_contract_view_form_agreement").id,
                    "form",
                )
            ],
            "context": {"default_is_service_agreement": True},
        }

    def action_view_renewals(self):
        """Open the renewals of the agreement."""
        self.ensure_one()
        if len(self.renewal_ids) == 1:
            return self.renewal_ids._open_agreement()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jinyang_aftersales.contract_contract_action_agreement"
        )
        action["domain"] = [("id", "in", self.renewal_ids.ids)]
        return action

    def action_view_renewed(self):
        """Open the agreement this one renews."""
        self.ensure_one()
        return self.renewal_of_id._open_agreement()

    def action_view_notices(self):
        """Open the renewal notices of the agreement."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renewal Notices"),
            "res_model": "aftersales.renewal.notice",
            "view_mode": "list,form",
            "domain": [("contract_id", "=", self.id)],
            "context": {"create": False},
        }
