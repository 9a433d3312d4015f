from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .values import AGREED_LINE_FIELDS


class ContractLine(models.Model):
    """Lines of a service agreement: fixed with it, and dated so that one invoice covers the term."""

    _name = "contract.line"
    _inherit = ["aftersales.guard.mixin", "aftersales.portal.fields.mixin", "contract.line"]
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

    # computed from fields that customers may not read
    price_unit = fields.Float(compute_sudo=True)
    price_subtotal = fields.Monetary(compute_sudo=True)

    @api.onchange("product_id")
    def _onchange_agreement_product(self):
        """Propose the product's fee for the term, else its price; neither follows the product later."""
        contract = self.contract_id
        if contract.is_service_agreement and self.product_id and not self.automatic_price:
            price = self.product_id._propose_service_price(
                contract.company_id or self.env.company, contract.term_start, contract.term_end
            )
            self.specific_price = price
            self.price_unit = price

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("product_id") and not vals.get("name"):
                # the contract addon computes the name after the row is stored, but the column is required
                product = self.env["product.product"].browse(vals["product_id"])
                contract = self.env["contract.contract"].browse(vals.get("contract_id"))
                vals["name"] = product.with_context(
                    lang=contract.company_id._aftersales_lang(contract.partner_id)
                ).get_product_multiline_description_sale()
        lines = super().create(vals_list)
        lines._align_with_agreement()
        return lines

    @api.model
    def _check_new_vals(self, vals_list, unlocked):
        """Refuse new lines unless the agreement is a draft."""
        if not unlocked:
            # Callers may also name the contract by a default value in the context.
            default = self.default_get(["contract_id"]).get("contract_id")
            named = {vals.get("contract_id", default) for vals in vals_list}
            self._check_agreed(self.env["contract.contract"].browse(named - {None, False}))
        return super()._check_new_vals(vals_list, unlocked)

    def _check_locked_vals(self, vals):
        """Refuse to change or move lines unless the agreement is a draft, also the one they are moved to."""
        if not AGREED_LINE_FIELDS.isdisjoint(vals):
            contracts = self.contract_id
            if vals.get("contract_id"):
                contracts |= contracts.browse(vals["contract_id"])
            self._check_agreed(contracts)
        return super()._check_locked_vals(vals)

    def _check_locked_deletion(self):
        """Refuse to delete lines unless the agreement is a draft; a deleted contract takes its lines along."""
        self._check_agreed(self.contract_id)
        return super()._check_locked_deletion()

    def _check_agreed(self, contracts):
        """Refuse to touch the lines of agreements that are no longer drafts.

        :param contracts: contract.contract records whose lines are about to change
        :raises UserError: naming the agreement
        """
        # sudo: reads the stage only, of contracts whose lines the caller may write
        for contract in contracts.sudo():
            if contract.is_service_agreement and contract.agreement_stage != "draft":
                raise UserError(
                    self.env._(
                        "%s is no longer a draft: its lines cannot be changed.", contract.name
                    )
                )

    def _align_with_agreement(self):
        """Give the lines of agreements the dates that make one invoice cover the whole term.

        The contract addon invoices a period of ``recurring_interval`` years, cut off at ``date_end``. With an
        interval longer than the term that period is exactly the term.
        """
        for contract, lines in self.grouped("contract_id").items():
            if not (contract.is_service_agreement and contract.term_start and contract.term_end):
                continue
            years = relativedelta(contract.term_end, contract.term_start).years + 1
            for invoiced, part in lines.grouped(lambda line: bool(line.last_date_invoiced)).items():
                wanted = {
                    "recurring_rule_type": "yearly",
                    "recurring_interval": years,
                    "recurring_invoicing_type": "pre-paid",
                    "date_start": contract.term_start,
                    "date_end": contract.term_end,
                    "last_date_invoiced": invoiced and contract.term_end,
                    "recurring_next_date": not invoiced and contract.term_start,
                }
                part.filtered(
                    lambda line, wanted=wanted: any(line[name] != wanted[name] for name in wanted)
                )._write_unlocked(wanted)

    def _prepare_agreement_base_line(self):
        """The line as the computation of taxes takes it, with the taxes its line on the invoice will have.

        :return: base line of account.tax
        :rtype: dict
        """
        self.ensure_one()
        contract = self.contract_id
        product = self.product_id.with_company(contract.company_id)
        position = contract.fiscal_position_id or (
            self.env["account.fiscal.position"]
            .with_company(contract.company_id)
            ._get_fiscal_position(contract.invoice_partner_id or contract.partner_id)
        )
        account = (
            product._get_product_accounts()["income"] or contract.journal_id.default_account_id
        )
        taxes = product.taxes_id._filter_taxes_by_company(contract.company_id)
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            tax_ids=position.map_tax(taxes or account.tax_ids),
            quantity=self.quantity,
            price_unit=self.price_unit,
            discount=self.discount,
            product_id=self.product_id,
            product_uom_id=self.uom_id,
            partner_id=contract.partner_id,
            currency_id=contract.company_id.currency_id,
            rate=1.0,
        )

    def _get_fees(self):
        """The yearly fees of the products for the term, by line; lines of products without a fee are left out.

        :return: ``{contract.line: amount}``
        :rtype: dict
        """
        fees = {}
        for line in self.filtered(lambda line: line.product_id and not line.display_type):
            contract = line.contract_id
            fee = line.product_id._get_term_fee(
                contract.company_id, contract.term_start, contract.term_end
            )
            if fee is not None:
                fees[line] = fee
        return fees

    def _prepare_invoice_line(self):
        """Say the term on the invoice, in the customer's language (服务期)."""
        vals = super()._prepare_invoice_line()
        contract = self.contract_id
        if (
            not (vals and contract.is_service_agreement and contract.term_start)
            or self.display_type
        ):
            return vals
        lang = contract.company_id._aftersales_lang(
            contract.partner_id, contract.invoice_partner_id
        )
        spoken = contract.with_context(lang=lang)
        said_first, said_last = (
            spoken._say_day(contract.term_start),
            spoken._say_day(contract.term_end),
        )
        # a line whose text has both days already, e.g. by the markers of the contract addon, says them once
        if said_first not in vals["name"] or said_last not in vals["name"]:
            term = spoken.env._(
                "Service period: %(start)s – %(end)s", start=said_first, end=said_last
            )
            vals["name"] = f"{vals['name']}\n{term}"
        return vals

    def _agreement_copy_commands(self):
        """Commands that build these lines again on another agreement, without the dates of this one.

        :rtype: list
        """
        return [
            Command.create(
                {
                    "sequence": line.sequence,
                    "display_type": line.display_type,
                    "product_id": line.product_id.id,
                    "name": line.name,
                    "quantity": line.quantity,
                    "uom_id": line.uom_id.id,
                    "specific_price": line.price_unit,
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                    "note_invoicing_mode": line.note_invoicing_mode,
                }
            )
            for line in self.sorted()
        ]
