from odoo import api, models

# documents of the product in models of others
DOCUMENTS = ("contract.contract", "helpdesk.ticket")


class AftersalesDialogMixin(models.AbstractModel):
    """A dialogue about confidential documents: it refuses documents that its user may not read.

    Users may enter any id into a dialogue of their own, and reading the dialogue shows the name of the document.
    """

    _name = "aftersales.dialog.mixin"
    _description = "Dialogue about Confidential Documents"

    def _check_linked(self):
        """:raises AccessError: when the dialogue links to a document of the product that the user may not read"""
        for name in self._get_confidential_links():
            self[name].check_access("read")

    @api.model
    def _get_confidential_links(self):
        """:return: names of the fields that link to documents of the product"""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and (field.comodel_name.startswith("aftersales.") or field.comodel_name in DOCUMENTS)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs._check_linked()
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self._check_linked()
        return result

    def onchange(self, values, field_names, fields_spec):
        """Refuse values and defaults that link to a document the user may not read; else as the base method."""
        names = self._get_confidential_links()
        shown = self.default_get(names) | values
        for name in names:
            if shown.get(name):
                self.new({name: shown[name]})[name]._origin.check_access("read")
        return super().onchange(values, field_names, fields_spec)
