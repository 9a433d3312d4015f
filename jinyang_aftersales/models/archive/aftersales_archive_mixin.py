from odoo import api, fields, models

from ...groups import READERS


class AftersalesArchiveMixin(models.AbstractModel):
    """A document whose paper original goes to the archive (五.7)."""

    _name = "aftersales.archive.mixin"
    _description = "Document with a Paper Original"

    archive_entry_ids = fields.One2many(
        comodel_name="aftersales.archive.entry",
        inverse_name="res_id",
        string="Originals",
        domain=lambda self: [("res_model", "=", self._name)],
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
        entries = self.archive_entry_ids
        action = self._get_list_action(
            "jinyang_aftersales.aftersales_archive_entry_action",
            [("res_model", "=", self._name), ("res_id", "=", self.id)],
            {},
        )
        if len(entries) == 1:
            action.update(views=[(False, "form")], res_id=entries.id)
        return action

    def _open_archive_entry(self, kind, date_deadline=None, holder=None):
        """Expect the paper original of the document: one entry for each document and kind, ever.

        An entry that was withdrawn with the document is expected again.

        :param str kind: kind of paper, see ``ARCHIVE_KINDS``
        :param datetime.date date_deadline: last day on which it is handed in in time; by default as the
            register of the company says
        :param holder: res.users who has the paper or owes it; the user by default
        :return: the entry, privileged
        :rtype: aftersales.archive.entry
        :raises ConcurrencyError: when it is being opened by somebody else; requests are run again
        """
        self.ensure_one()
        return self.env["aftersales.archive.entry"]._open_for(self, kind, date_deadline, holder)

    def _withdraw_archive_entries(self, kind=None):
        """The document is void: originals that were never filed are no longer expected.

        :param str kind: only this kind; all by default
        """
        # sudo: entries are opened and withdrawn with their document by whoever may do that
        entries = self.env["aftersales.archive.entry"].sudo()
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("state", "=", "expected"),
        ]
        if kind:
            domain.append(("kind", "=", kind))
        entries.search(domain)._step("action_withdraw", "withdrawn")

    def _get_archive_name(self):
        """:return: by what name people look for the document in the archive"""
        self.ensure_one()
        return ("name" in self._fields and self["name"]) or self.display_name

    def _get_archive_partner(self):
        """:return: the customer the paper is about, a company; empty where there is none"""
        self.ensure_one()
        if "commercial_partner_id" not in self._fields:
            return self.env["res.partner"]
        return self["commercial_partner_id"]

    def _after_archive_change(self, entry):
        """An original of the document was filed, lent, lost …; nothing here, for the models to fill.

        :param entry: aftersales.archive.entry, in its new state
        """
