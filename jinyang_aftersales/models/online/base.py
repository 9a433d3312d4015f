from odoo import api, models

from .services import CHOICES, SMS


class Base(models.AbstractModel):
    """Views and choices with and without the online services."""

    _inherit = "base"

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        company = self.env.company
        return (*key, company._aftersales_online(), company._aftersales_sms())

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Leave out the choices that only an online service carries out."""
        described = super().fields_get(allfields, attributes)
        name, choice = CHOICES.get(self._name, ("", ""))
        field = described.get(name, {})
        company = self.env.company
        used = company._aftersales_sms() if choice == SMS else company._aftersales_online()
        if "selection" in field and not used:
            field["selection"] = [pair for pair in field["selection"] if pair[0] != choice]
        return described
