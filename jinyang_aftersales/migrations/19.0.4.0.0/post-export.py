from odoo import SUPERUSER_ID, api

from odoo.addons.jinyang_aftersales.hooks import give_export_right


def migrate(cr, version):
    """Accountants and personnel officers get the right to export, as at a new installation."""
    if not version:  # installed anew
        return
    give_export_right(api.Environment(cr, SUPERUSER_ID, {}))
