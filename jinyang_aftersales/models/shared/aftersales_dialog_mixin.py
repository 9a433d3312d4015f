from odoo import api, models


class AftersalesDialogMixin(models.AbstractModel):
    """A dialogue about documents that are not for everybody: it tells nothing of those its user may not read.

    The name of what a field links to is shown to whoever reads the field, and who makes a dialogue himself may put any
    document into it.
    """

    _name = "aftersales.dialog.mixin"
    _description = "Dialogue about Confidential Documents"

    def _check_linked(self):
        """:raises AccessError: when the dialogue is about a document of ours the user may not read"""
        for name in self._get_confidential_links():
            self[name].check_access("read")

    @api.model
    def _get_confidential_links(self):
        """:return: names of the fields that link to documents of ours"""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and field.comodel_name.startswith("aftersales.")
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
        """Refuse what names a document the user may not read, from the client or a default; as in Odoo otherwise."""
        names = self._get_confidential_links()
        shown = self.default_get(names) | values
        for name in names:
            if shown.get(name):
                self.new({name: shown[name]})[name]._origin.check_access("read")
        return super().onchange(values, field_names, fields_spec)
