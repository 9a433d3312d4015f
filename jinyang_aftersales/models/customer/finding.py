from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.keys import customer_key, initials, phone_keys, serial_key


class ResPartner(models.Model):
    """By what callers and papers name a customer it is found: telephones, serial numbers, initials of the name."""

    _inherit = "res.partner"

    landline = fields.Char(
        string="Landline",
        help="Fixed telephone, with area code and extension. Phone is the mobile.",
    )
    mnemonic = fields.Char(
        string="Mnemonic Code",
        index="trigram",
        help="Initials of the name in pinyin, by which it is found. Proposed from the name.",
    )

    @api.onchange("name")
    def _onchange_name_mnemonic(self):
        before = initials(self._origin.name)
        if not self.mnemonic or self.mnemonic == before:
            self.mnemonic = initials(self.name) or False

    @api.model_create_multi
    def create(self, vals_list):
        """Propose a mnemonic code where none is given."""
        vals_list = [
            vals
            if vals.get("mnemonic") or not vals.get("name")
            else {**vals, "mnemonic": initials(vals["name"]) or False}
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        """Let a mnemonic code that was proposed follow the name; one that was typed stays.

        :param dict vals: the values written
        """
        if "name" not in vals or "mnemonic" in vals:
            return super().write(vals)
        # sudo: follows from the name, also for users who may not read the code
        proposed = self.sudo().filtered(
            lambda partner: partner.mnemonic in (False, initials(partner.name) or False)
        )
        result = super().write(vals)
        if proposed:
            super(ResPartner, proposed).write({"mnemonic": initials(vals["name"]) or False})
        return result

    # === Doubles === #

    @api.model
    def _find_doubles(self, name="", phones=(), serials=(), tax_id="", exclude=None):
        """Customers and contacts that may be the same as one about to be made.

        :param str name: compared without blanks, width, punctuation and legal form
        :param phones: texts with telephones
        :param serials: serial numbers of software
        :param str tax_id: tax number
        :param exclude: res.partner that are left out
        :return: those the user may read, archived ones, too
        :rtype: res.partner
        """
        domain = Domain.OR(
            [
                self._find_same_name(name),
                *(
                    Domain("id", "in", self._query_phone(key))
                    for text in phones
                    for key in phone_keys(text)
                ),
                Domain("id", "in", self._query_serials(serials)),
                Domain("vat", "=ilike", (tax_id or "").strip())
                if (tax_id or "").strip()
                else Domain.FALSE,
            ]
        )
        if exclude:
            domain &= Domain("id", "not in", exclude.ids)
        return self.with_context(active_test=False).search(domain)

    @api.model
    def _find_same_name(self, name):
        key = customer_key(name)
        if not key:
            return Domain.FALSE
        rows = self.with_context(active_test=False).search_fetch(
            [("name", "ilike", key[:2])], ["name"]
        )
        return Domain("id", "in", [row.id for row in rows if customer_key(row.name) == key])

    @api.model
    def _query_phone(self, key):
        if len(key) < 4:
            return []
        digits = [
            SQL("regexp_replace(%s, '\\D', '', 'g') LIKE %s", SQL.identifier(name), f"%{key}")
            for name in ("phone", "landline")
        ]
        return SQL("(SELECT id FROM res_partner WHERE %s)", SQL(" OR ").join(digits))

    @api.model
    def _query_serials(self, serials):
        keys = [key for key in map(serial_key, serials) if key]
        installations = self.env["aftersales.installation"]
        if not keys or not installations.has_access("read"):
            return []
        rows = installations.with_context(active_test=False).search(
            Domain.OR(Domain("serial_number", "=ilike", serial) for serial in serials)
        )
        return rows.partner_id.ids
