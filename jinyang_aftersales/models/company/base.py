from odoo import models


class Base(models.AbstractModel):
    """Fields that name a person of ours say what for.

    A field of users or employees on a model of ours carries ``person``:

    - ``role``: who is responsible now; somebody else takes it over when the person leaves;
    - ``fact``: who did something, or whom it concerned; it stays as it was.
    """

    _inherit = "base"

    def _valid_field_parameter(self, field, name):
        return name == "person" or super()._valid_field_parameter(field, name)
