from odoo import api, models

from .services import CHOICES


class Base(models.AbstractModel):
    """Views and choices with and without the online services."""

    _inherit = "base"

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.company._aftersales_online())

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Leave out the choices that only an online service carries out."""
        described = super().fields_get(allfields, attributes)
        name, choice = CHOICES.get(self._name, ("", ""))
        field = described.get(name, {})
        if "selection" in field and not self.env.company._aftersales_online():
            field["selection"] = [pair for pair in field["selection"] if pair[0] != choice]
        return described
