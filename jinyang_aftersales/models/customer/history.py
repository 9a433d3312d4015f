"""Field of the rows that keep the history of a software: its service periods and its serial numbers."""

from odoo import fields


def installation_field():
    """The software a row of history belongs to, and with which it is deleted.

    :rtype: fields.Many2one
    """
    return fields.Many2one(
        comodel_name="aftersales.installation",
        required=True,
        index=True,
        ondelete="cascade",
    )
