from odoo import api, models
from odoo.fields import Domain

from odoo.addons.base.models.ir_attachment import condition_values

from ...groups import MANAGERS


class AftersalesPrivateRow(models.AbstractModel):
    """Rows of private documents: among our own people only managers who may read the document read them.

    Messages, followers, activities, reminders and announced delays are such rows. The subject that owns a document
    declares it private in :meth:`_get_private_models`. The document itself says who reads its rows, by Odoo's hook
    for messages, ``_mail_get_operation_for_mail_message_operation``. Odoo's own models ask that hook for messages and
    activities, but not where the user wrote or received the message or has to do the activity, and never for
    followers.

    The rule is about our own people. Customers read the messages of their documents, see ``mail/mail_message.py``.
    """

    _name = "aftersales.private.row"
    _inherit = "aftersales.search.mixin"
    _description = "Row of a Private Document"

    # fields that name the document of a row: its model, its id
    _row_document = ("res_model", "res_id")

    @api.model
    def _get_private_models(self):
        """Models of private documents.

        :return: names of models
        :rtype: tuple[str]
        """
        return ()

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Leave out rows of documents that the user may not read; the arguments are those of the ORM."""
        if not (bypass_access or self.env.su):
            domain = self._leave_out_foreign(Domain(domain))
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    @api.model
    def _is_of_colleague(self):
        """:return: whether the user is one of our own people and not the superuser; this costs no query"""
        return not self.env.su and self.env.user.has_group("base.group_user")

    @api.model
    def _leave_out_foreign(self, domain):
        """Restrict a search to rows that the user may read, who is one of our own people or a customer.

        :param Domain domain: domain of the search
        :rtype: Domain
        """
        return self._leave_out_private(domain) if self._is_of_colleague() else domain

    @api.model
    def _leave_out_private(self, domain):
        """Restrict a search to rows that the user may read, who is one of our own people.

        :param Domain domain: domain of the search
        :return: the same domain where it finds no rows of private documents, e.g. the chatter of a ticket
        :rtype: Domain
        """
        model, number = self._row_document
        names, wanted = self._get_private_models(), condition_values(self, model, domain)
        if wanted is not None:
            names = [name for name in names if name in wanted]
        if not names:
            return domain
        readable = Domain(model, "not in", names)
        if self.env.user.has_group(MANAGERS):
            for name in names:
                ids = self.env[name]._search([])
                readable |= Domain(model, "=", name) & Domain(number, "in", ids)
        return domain & readable

    def _check_access(self, operation):
        """Forbid rows of documents that the user may not read.

        :param str operation: read, write, create or unlink; for create only the model's own rules count
        :return: None, or the forbidden rows and a function that makes the error
        """
        result = super()._check_access(operation)
        if not self or operation == "create" or not self._is_of_colleague():
            return result
        forbidden = self._filtered_private().with_env(self.env)
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        rules = self.env["ir.rule"]
        return forbidden, lambda: rules._make_access_error(operation, forbidden)

    def _filtered_private(self):
        """:return: rows whose document the user may not read, as superuser"""
        model, number = self._row_document
        names = self._get_private_models()
        # sudo: only the names and ids of the documents are read
        rows = self.sudo().filtered(lambda row: row[model] in names)
        forbidden = rows.browse()
        for name, of_model in rows.grouped(model).items():
            numbers = {row[number] for row in of_model if row[number]}
            readable = self.env["mail.message"]._filter_records_for_message_operation(
                name, list(numbers), "read"
            )
            ids = set(readable.ids)
            forbidden |= of_model.filtered(lambda row, ids=ids: row[number] not in ids)
        return forbidden
