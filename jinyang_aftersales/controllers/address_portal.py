from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.customer.aftersales_partner_proposal import BY_CUSTOMER


class AftersalesAddressPortal(CustomerPortal):
    """ "My address": what papers say about a company is proposed there, and changed by our people."""

    def _create_or_update_address(self, partner_sudo, **form_data):
        """Take the form as Odoo does; the contact keeps what the customer may only propose.

        :param partner_sudo: res.partner that is changed, empty for a new address
        :param dict form_data: what the client sent
        :return: the contact, and the answer for the client
        :rtype: tuple
        """
        # an argument of Odoo's method, which a client could send along, too: the values are always checked
        form_data.pop("verify_address_values", None)
        request.update_context(aftersales_by=BY_CUSTOMER)
        return super()._create_or_update_address(
            partner_sudo.with_context(aftersales_by=BY_CUSTOMER), **form_data
        )

    def _prepare_address_data(self, partner_sudo, **kwargs):
        """Tell customers on the page of addresses that their proposal is not decided yet.

        :param partner_sudo: res.partner of the user
        :rtype: dict
        """
        # sudo: only the text of the customer's own proposal is shown
        proposals = request.env["aftersales.partner.proposal"].sudo()
        proposal = proposals.search(
            [
                ("customer_id", "=", partner_sudo.commercial_partner_id.id),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        return {
            **super()._prepare_address_data(partner_sudo, **kwargs),
            "aftersales_proposal": proposal.description,
        }

    def _prepare_address_form_values(self, *args, **kwargs):
        """Name the number for taxes as companies in China do; the arguments are those of Odoo.

        :rtype: dict
        """
        return {
            **super()._prepare_address_form_values(*args, **kwargs),
            "vat_label": request.env._("Tax Number"),
        }
