from odoo import api, models


class IrModelAccess(models.Model):
    """Customers read their documents on the pages of the portal, never in the views of staff."""

    _inherit = "ir.model.access"

    @api.model
    def _get_access_groups(self, model_name, access_mode="read"):
        """Whom the views of a model are for.

        Odoo asks this to see whether everybody who may open a view may read the fields it depends on. Customers
        may read the documents of the portal, but only the fields named for them: views of staff are not theirs.

        :param str model_name: name of the model
        :param str access_mode: read, write, create or unlink
        :return: group expression
        """
        groups = super()._get_access_groups(model_name, access_mode)
        if model_name in self.pool.descendants(["aftersales.portal.mixin"], "_inherit"):
            definitions = self.env["res.groups"]._get_group_definitions()
            groups &= definitions.parse("!base.group_portal")
        return groups
