from odoo import api, models


class IrModelAccess(models.Model):
    """Customers read their documents on pages of the portal, never in the views of our own people."""

    _inherit = "ir.model.access"

    @api.model
    def _get_access_groups(self, model_name, access_mode="read"):
        """Groups of users for whom the views of a model are checked.

        Odoo checks whether all users who may open a view may read its fields. Customers may read documents of the
        portal, but only the fields named for them: leave customers out, who do not open these views.

        :param str model_name: name of the model
        :param str access_mode: read, write, create or unlink
        :return: group expression
        """
        groups = super()._get_access_groups(model_name, access_mode)
        if model_name in self.pool.descendants(["aftersales.portal.mixin"], "_inherit"):
            definitions = self.env["res.groups"]._get_group_definitions()
            groups &= definitions.parse("!base.group_portal")
        return groups
