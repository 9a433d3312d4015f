from odoo import api, models

from ...groups import MANAGERS
from .base_import_import import KIND_OF
from .templates import NAMES


class Base(models.AbstractModel):
    """The lists whose import takes tables over offer a template of theirs."""

    _inherit = "base"

    @api.model
    def get_import_templates(self):
        """See the base method."""
        found, code = super().get_import_templates(), KIND_OF.get(self._name)
        if code and self.env.user.has_group(MANAGERS):
            label = self.env._("Template %s", NAMES[code])
            found = [
                *found,
                {"label": label, "template": f"/jinyang_aftersales/takeover/template/{code}"},
            ]
        return found
