from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.text import list_words


class AftersalesInstallation(models.Model):
    """Agreements about an installed software."""

    _inherit = "aftersales.installation"

    @api.constrains("partner_id", "product_id", "company_id")
    def _check_agreements(self):
        """Software in an agreement that has not ended keeps customer, product and company."""
        self.agreement_ids.filtered(
            lambda agreement: agreement.agreement_state in ("draft", "sent", "signed", "active")
        )._check_installations()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_agreement_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_agreement_vals(vals)
        return super().write(vals)

    def _check_agreement_vals(self, vals):
        if vals.get("agreement_ids") or "contract_id" in vals:
            raise UserError(
                self.env._("Choose the software an agreement covers on the agreement itself.")
            )

    def action_create_agreement(self):
        """Make the draft of an agreement that begins the day after the present service ends.

        For software of one customer, company and product line that no agreement covers yet. A draft or sent
        agreement that covers it is opened instead of making a second one.

        :raises UserError: when the software differs in one of these, or is covered already
        :return: action that opens the agreement
        :rtype: dict
        """
        if not self:
            raise UserError(self.env._("Choose the software the agreement shall cover."))
        self.check_access("write")
        if len(self.partner_id) > 1 or len(self.product_line_id) != 1 or len(self.company_id) > 1:
            raise UserError(
                self.env._("An agreement covers software of one customer and one product line.")
            )
        covering = self.agreement_ids.filtered(
            lambda agreement: agreement.agreement_state in ("draft", "sent", "signed", "active")
        )
        for agreement in covering:
            if (
                agreement.agreement_stage in ("draft", "sent")
                and self <= agreement.installation_ids
            ):
                return agreement._open_agreement()
        if covering:
            raise UserError(
                self.env._(
                    "%(agreements)s already covers %(software)s. Renew that agreement instead.",
                    agreements=list_words(self.env, covering.mapped("name")),
                    software=list_words(
                        self.env, (covering.installation_ids & self).mapped("display_name")
                    ),
                )
            )
        return (
            self.env["contract.contract"].create(self._prepare_agreement_vals())._open_agreement()
        )

    def action_view_agreements(self):
        """Open the agreements of the software; without one, offer to make it, or say who may.

        :return: action that opens the agreements, or a new one that is not saved yet
        :rtype: dict
        """
        self.ensure_one()
        agreements = self.env["contract.contract"]
        offers = self.has_access("write") and agreements.has_access("create")
        if self.agreement_ids or not offers or not self.product_line_id:
            action = self._get_list_action(
                "jinyang_aftersales.contract_contract_action_agreement",
                [("id", "in", self.agreement_ids.ids)],
                {"create": False},
            )
            return action if self.agreement_ids else {**action, "help": self._say_no_agreement()}
        form = self.env.ref("jinyang_aftersales.contract_contract_view_form_agreement")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Service Agreement"),
            "res_model": agreements._name,
            "views": [(form.id, "form")],
            "context": {
                f"default_{name}": value for name, value in self._prepare_agreement_vals().items()
            },
        }

    def _say_no_agreement(self):
        """:return: what an empty list of agreements says to users who may make none
        :rtype: Markup
        """
        self.ensure_one()
        managers = ", ".join(self.company_id._aftersales_managers().mapped("name"))
        return Markup("<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>") % (
            self.env._("No agreement covers %s yet.", self.display_name),
            self.env._(
                "Its specialist %(specialist)s or a service manager (%(managers)s) makes one.",
                specialist=self.user_id.name or "–",
                managers=managers or "–",
            ),
        )

    def _make_agreements(self):
        """Make one agreement for each product line of these installations, or open the drafts there are.

        :raises UserError: when there is no software, or some is covered already
        :return: action that opens the agreement, or the list of several
        :rtype: dict
        """
        if not self:
            raise UserError(self.env._("There is no software left that an agreement could cover."))
        parts = self.grouped("product_line_id").values()
        actions = [part.action_create_agreement() for part in parts]
        if len(actions) == 1:
            return actions[0]
        return self[0]._get_list_action(
            "jinyang_aftersales.contract_contract_action_agreement",
            [("id", "in", [action["res_id"] for action in actions])],
            {"default_is_service_agreement": True},
        )

    def _prepare_agreement_vals(self):
        """Values of the first agreement over these installations, for a year.

        :rtype: dict
        """
        partner = self.partner_id
        ends = [end for end in self.mapped("service_date_end") if end]
        start = max(ends) + relativedelta(days=1) if ends else self.company_id._aftersales_today()
        end = start + relativedelta(years=1, days=-1)
        return {
            "is_service_agreement": True,
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "product_line_id": self.product_line_id.id,
            "user_id": (
                (partner.service_user_id | self.user_id[:1]).filtered("active")[:1] or self.env.user
            ).id,
            "installation_ids": [Command.set(self.ids)],
            "term_start": start,
            "term_end": end,
            "contract_line_ids": self._prepare_agreement_lines(start, end),
        }

    def _prepare_agreement_lines(self, start, end):
        """Lines of an agreement over these installations, at the fees of their products for the term.

        :param datetime.date start: first day of the term
        :param datetime.date end: last day, inclusive
        :rtype: list
        """
        lines = []
        for installation in self:
            product = installation.product_id
            price = product._propose_service_price(installation.company_id, start, end)
            lines.append(
                Command.create(
                    {
                        "product_id": product.id,
                        "name": product.display_name,
                        "quantity": 1,
                        "specific_price": price,
                        "price_unit": price,
                    }
                )
            )
        return lines
