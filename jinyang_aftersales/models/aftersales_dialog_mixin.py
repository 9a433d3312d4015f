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
        for name, field in self._fields.items():
            if field.type in ("many2one", "many2many") and self._is_confidential(field):
                self[name].check_access("read")

    @api.model
    def _is_confidential(self, field):
        return field.comodel_name.startswith("aftersales.")

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
        for name, value in (self.default_get(list(self._fields)) | values).items():
            field = self._fields.get(name)
            if not value or field is None or field.type not in ("many2one", "many2many"):
                continue
            if self._is_confidential(field):
                self.new({name: value})[name]._origin.check_access("read")
        return super().onchange(values, field_names, fields_spec)
