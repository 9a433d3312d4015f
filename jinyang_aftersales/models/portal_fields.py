"""What customers may read of the models of the helpdesk and of the contract addon, and how the service is organised."""

from odoo import fields, models


class AftersalesProductLine(models.Model):
    _name = "aftersales.product.line"
    _inherit = ["aftersales.portal.fields.mixin", "aftersales.product.line"]
    _portal_fields = frozenset({"active", "name", "brand", "sequence"})


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["aftersales.portal.page.mixin", "helpdesk.ticket"]
    _portal_fields = frozenset(
        {
            "active",
            "number",
            "name",
            "description",
            "partner_id",
            "commercial_partner_id",
            "partner_name",
            "partner_email",
            "user_id",
            "team_id",
            "category_id",
            "stage_id",
            "closed",
            # the order of lists
            "priority",
            "sequence",
            "last_stage_update",
            "closed_date",
        }
    )


class HelpdeskTicketStage(models.Model):
    _name = "helpdesk.ticket.stage"
    _inherit = ["aftersales.portal.fields.mixin", "helpdesk.ticket.stage"]
    _portal_fields = frozenset(
        {"active", "name", "description", "sequence", "closed", "close_from_portal", "team_ids"}
    )


class HelpdeskTicketCategory(models.Model):
    _name = "helpdesk.ticket.category"
    _inherit = ["aftersales.portal.fields.mixin", "helpdesk.ticket.category"]
    _portal_fields = frozenset(
        {"active", "name", "complete_name", "parent_id", "sequence", "show_in_portal"}
    )


class HelpdeskTicketTeam(models.Model):
    _name = "helpdesk.ticket.team"
    _inherit = ["aftersales.portal.fields.mixin", "helpdesk.ticket.team"]
    _portal_fields = frozenset(
        {"active", "name", "complete_name", "parent_id", "sequence", "show_in_portal"}
    )


class ContractContract(models.Model):
    _name = "contract.contract"
    _inherit = ["aftersales.portal.page.mixin", "contract.contract"]
    # customers write messages on what they may read, without a token
    _mail_post_access = "read"
    _portal_fields = frozenset(
        {
            "active",
            "name",
            "code",
            "contract_type",
            "partner_id",
            "commercial_partner_id",
            "user_id",
            "note",
            "date_start",
            "date_end",
            "recurring_next_date",
            "recurring_rule_type",
            "recurring_interval",
            "recurring_invoicing_type",
            "payment_term_id",
            "currency_id",
            "contract_line_ids",
            "contract_line_fixed_ids",
            "modification_ids",
            # service agreements
            "is_service_agreement",
            "agreement_stage",
            "agreement_state",
            "product_line_id",
            "installation_ids",
            "term_start",
            "term_end",
            "renewal_of_id",
            "agreement_amount",
            "company_currency_id",
            "accepted_on",
            "accepted_by_name",
            "accepted_by_id",
            "acceptance_signature",
            "declined_on",
            "declined_by_name",
            "decline_reason",
            "signed_on",
            "customer_signatory",
            "agreement_invoice_name",
            "agreement_invoice_date",
            "agreement_invoice_state",
            "agreement_date_due",
            "agreement_amount_due",
            "payment_due_date",
            "paid_on",
            "invoice_sent_on",
            "invoice_courier",
            "invoice_tracking_number",
        }
    )

    def _is_open_by_token(self):
        # what we buy from a customer, and agreements not sent yet, are ours
        shown = not self.is_service_agreement or self.agreement_stage != "draft"
        return super()._is_open_by_token() and self.contract_type == "sale" and shown


class ContractLine(models.Model):
    _name = "contract.line"
    _inherit = ["aftersales.portal.fields.mixin", "contract.line"]
    _portal_fields = frozenset(
        {
            "active",
            "contract_id",
            "partner_id",
            "display_type",
            "sequence",
            "product_id",
            "name",
            "quantity",
            "uom_id",
            "price_unit",
            "discount",
            "price_subtotal",
            "currency_id",
            "date_start",
            "date_end",
            "recurring_rule_type",
            "recurring_interval",
            "recurring_invoicing_type",
            "recurring_next_date",
            "is_canceled",
        }
    )

    # computed from what customers do not read
    price_unit = fields.Float(compute_sudo=True)
    price_subtotal = fields.Monetary(compute_sudo=True)


class ContractModification(models.Model):
    _name = "contract.modification"
    _inherit = ["aftersales.portal.fields.mixin", "contract.modification"]
    _portal_fields = frozenset({"contract_id", "date", "description"})
