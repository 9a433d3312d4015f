from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.keys import customer_key, dialled_keys, initials, phone_keys, plain, serial_key
from ..shared.search_lookup import Lookup, among, get_selects
from .aftersales_partner_key import KEPT_DAYS
from .key_rows import get_keys

# fields of which keys are made
KEYED = frozenset({"name", "phone", "landline", "qq_number"})


class ResPartner(models.Model):
    """By what callers and papers name a customer it is found: telephones, serial numbers, initials of the name.

    Keys of telephones, QQ numbers and names are rows of ``aftersales.partner.key``, written with the contact. A number
    that the contact has no longer is found for a year, and a former name is a possible double.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "aftersales.search.mixin"]
    _search_text = (
        "name",
        "mnemonic",
        "company_name",
        "email",
        "ref",
        "vat",
        "company_registry",
    )
    _search_labels = ("type",)

    landline = fields.Char(
        help="Fixed telephone, with area code and extension. Phone is the mobile.",
    )
    mnemonic = fields.Char(
        string="Mnemonic Code",
        help="Initials of the name in pinyin, by which it is found. Proposed from the name.",
    )

    @api.onchange("name")
    def _onchange_name_mnemonic(self):
        before = initials(self._origin.name)
        if not self.mnemonic or self.mnemonic == before:
            self.mnemonic = initials(self.name) or False

    @api.model_create_multi
    def create(self, vals_list):
        """Propose a mnemonic code where none is given, and make the keys."""
        vals_list = [
            vals
            if vals.get("mnemonic") or not vals.get("name")
            else {**vals, "mnemonic": initials(vals["name"]) or False}
            for vals in vals_list
        ]
        partners = super().create(vals_list)
        partners._make_keys()
        return partners

    def write(self, vals):
        """Let a mnemonic code that was proposed follow the name; one that was typed stays. Write the keys.

        :param dict vals: the values written
        """
        if KEYED.isdisjoint(vals):
            return super().write(vals)
        proposed = self.browse()
        if "name" in vals and "mnemonic" not in vals:
            # sudo: follows from the name, also for users who may not read the code
            proposed = self.sudo().filtered(
                lambda partner: partner.mnemonic in (False, initials(partner.name) or False)
            )
        result = super().write(vals)
        if proposed:
            super(ResPartner, proposed).write({"mnemonic": initials(vals["name"]) or False})
        self._sync_keys()
        return result

    # === Keys === #

    def _get_keys(self):
        """:return: kind and key of each key the contact has now
        :rtype: set[tuple[str, str]]
        """
        self.ensure_one()
        return get_keys(self.name, (self.phone, self.landline), self.qq_number)

    def _make_keys(self):
        """Make the keys of new contacts."""
        # sudo: nobody has rights on the keys
        self.env["aftersales.partner.key"].sudo()._create_unlocked(
            [
                {"partner_id": partner.id, "kind": kind, "key": key}
                for partner in self.sudo()
                for kind, key in sorted(partner._get_keys())
            ]
        )

    def _sync_keys(self):
        """Write the keys of contacts that were changed; what they have no longer is kept for a year."""
        # sudo: nobody has rights on the keys
        rows = self.env["aftersales.partner.key"].sudo().search([("partner_id", "in", self.ids)])
        of_partner = rows.grouped("partner_id")
        old, back, new = rows.browse(), rows.browse(), []
        for partner in self.sudo():
            wanted, known = partner._get_keys(), set()
            for row in of_partner.get(partner, rows.browse()):
                pair = (row.kind, row.key)
                if pair not in wanted:
                    old += row.filtered(lambda row: not row.until)
                elif row.until:
                    back += row
                known.add(pair)
            new += [
                {"partner_id": partner.id, "kind": kind, "key": key}
                for kind, key in sorted(wanted - known)
            ]
        if old:
            until = fields.Date.add(fields.Date.context_today(self), days=KEPT_DAYS)
            old._write_unlocked({"until": until})
        if back:
            back._write_unlocked({"until": False})
        if new:
            rows._create_unlocked(new)

    @api.model
    def _find_by_keys(self, kinds, condition):
        """Contacts that have one of some keys, or had it within a year.

        :param tuple kinds: kinds of keys
        :param SQL condition: on the column ``key``
        :rtype: list[int]
        """
        rows = self.env.execute_query(self._get_keys_select(kinds, condition))
        return [partner for (partner,) in rows]

    @api.model
    def _get_keys_select(self, kinds, condition):
        """:return: statement that gives contacts that have one of some keys, or had it within a year
        :rtype: SQL
        """
        self.env["aftersales.partner.key"].flush_model(["partner_id", "kind", "key", "until"])
        return SQL(
            "SELECT DISTINCT partner_id FROM aftersales_partner_key"
            " WHERE kind IN %s AND (until IS NULL OR until >= %s) AND (%s)",
            kinds,
            fields.Date.context_today(self),
            condition,
        )

    # === Found by anything === #

    @api.model
    def _get_other_selects(self, word, text):
        """Find contacts by telephones and QQ numbers, from their beginning or their end."""
        selects = super()._get_other_selects(word, text)
        dialled = dialled_keys(text)
        if dialled and all(
            self._has_field_access(self._fields[name], "read")
            for name in ("phone", "landline", "qq_number")
        ):
            condition = SQL(" OR ").join(
                SQL("key LIKE %s OR reverse(key) LIKE %s", f"{key}%", f"{key[::-1]}%")
                for key in dialled
            )
            selects.append(self._get_keys_select(("phone", "qq"), condition))
        return selects

    @api.model
    def _get_word_domains(self, word, text):
        """Find a customer by its contacts, by their telephones and by serial numbers, and contacts by their company."""
        lookup = Lookup(self.env)
        # only the companies of contacts the user may read; rules hide those they may not
        lookup.ask("own", get_selects(self, word, text, "id", "commercial_partner_id"))
        software = self.env["aftersales.installation"]
        if (
            word.isascii()
            and len(word) > 2
            and software.has_access("read")
            and not self.env.user.share
        ):
            # 五.6: customers who call are found by their serial number; only customers of software the user may read
            lookup.ask("software", get_selects(software, word, text, "partner_id", "partner_id"))
        lookup.run(columns=2)
        domains = []
        ids = lookup.get_ids("own")
        if ids is None:
            domains.append(lookup.among("own", "id"))
        else:
            domains.append(among("id", ids | lookup.get_ids("own", 1)))
            domains.append(among("commercial_partner_id", ids))
        if "software" in lookup.asked:
            domains.append(lookup.among("software", "id"))
        return domains

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
        domains = []
        if key := customer_key(name):
            domains.append(Domain("id", "in", self._find_by_keys(("name",), SQL("key = %s", key))))
        if numbers := {key for text in phones for key in phone_keys(text) if len(key) > 6}:
            same = SQL("key IN %s", tuple(numbers))
            domains.append(Domain("id", "in", self._find_by_keys(("phone",), same)))
        if keys := [key for key in map(serial_key, serials) if key]:
            software = self.env["aftersales.installation"]
            if software.has_access("read"):
                rows = software.with_context(active_test=False).search([("serial_key", "in", keys)])
                domains.append(Domain("id", "in", rows.partner_id.ids))
        if number := plain(tax_id).strip():
            domains.append(Domain("vat", "in", list({number, number.upper(), number.lower()})))
        found = Domain.OR(domains)
        if exclude:
            found &= Domain("id", "not in", exclude.ids)
        return self.with_context(active_test=False).search(found)
