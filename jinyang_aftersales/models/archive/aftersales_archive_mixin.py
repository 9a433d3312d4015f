from odoo import api, fields, models

from ...groups import READERS


class AftersalesArchiveMixin(models.AbstractModel):
    """A document with a number, of a customer, whose paper original goes to the archive (五.7)."""

    _name = "aftersales.archive.mixin"
    _description = "Document with a Paper Original"

    archive_entry_ids = fields.One2many(
        comodel_name="aftersales.archive.entry",
        inverse_name="res_id",
        string="Originals",
        groups=READERS,
        copy=False,
    )
    archive_entry_count = fields.Integer(
        string="Number of Originals", compute="_compute_archive_entry_count", groups=READERS
    )

    @api.depends("archive_entry_ids")
    def _compute_archive_entry_count(self):
        for document in self:
            document.archive_entry_count = len(document.archive_entry_ids)

    def action_view_archive_entries(self):
        """Open the originals of the document."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_archive_entry_action",
            [("res_model", "=", self._name), ("res_id", "=", self.id)],
            {},
        )

    def _expect_archive_entry(self, kind, date_deadline=None, holder=None, dated=True, **values):
        """Expect the paper original of the document: one entry for each document and kind, ever.

        An entry that was withdrawn with the document is expected again.

        :param str kind: kind of paper, see ``ARCHIVE_KINDS``
        :param datetime.date date_deadline: last day on which it is handed in in time; by default as the
            register of the company says
        :param holder: res.users who has the paper or owes it; the user by default
        :param bool dated: whether there is a last day now; without, the document gives one later
        :param values: further values of the entry
        :return: the entry, privileged
        :rtype: aftersales.archive.entry
        :raises ConcurrencyError: when another transaction is making it; Odoo retries the request
        """
        self.ensure_one()
        if dated and not date_deadline:
            register = self.env["aftersales.archive.register"]._get(self.company_id, kind)
            date_deadline = register._get_deadline(self.company_id._aftersales_today())
        user = self.env.user
        values = {
            **values,
            "date_deadline": date_deadline,
            "holder_id": (holder or (user if user._is_internal() else user.browse())).id,
            "document_name": self.name,
            "partner_id": self.commercial_partner_id.id,
        }
        key = {"res_model": self._name, "res_id": self.id, "kind": kind}
        # sudo: the entry belongs to the document; the caller has checked the access to the document
        entries = self.env["aftersales.archive.entry"].sudo()
        entry = entries._create_once(key, {**values, "company_id": self.company_id.id})
        if entry.state in ("withdrawn", "returned"):
            entry._step("action_reopen", **values, **entry._no_return())
        return entry

    def _withdraw_archive_entries(self, kind=None):
        """Withdraw the originals of a void document that were never filed.

        :param str kind: only this kind; all by default
        """
        # sudo: users who may void the document need no right on the archive
        entries = self.env["aftersales.archive.entry"].sudo()
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("state", "=", "expected"),
        ]
        if kind:
            domain.append(("kind", "=", kind))
        entries.search(domain)._step("action_withdraw")

    def _allows_return(self):
        """:return: whether the paper of the document may be given back to the customer, because it came to nothing"""
        return False

    def _get_filing_gap(self, entry):
        """Hook: what the document has to know before its original is filed.

        :param entry: aftersales.archive.entry that is expected
        :return: what is to be recorded before, in the user's language; False when nothing is missing
        :rtype: str | bool
        """
        return False

    def _after_archive_change(self, entry):
        """Hook: an original of the document was filed, lent, lost …

        :param entry: aftersales.archive.entry, in its new state
        """
