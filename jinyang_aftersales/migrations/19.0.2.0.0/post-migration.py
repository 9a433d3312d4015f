"""Complete a database of 19.0.1.0.0 once the models of 19.0.2.0.0 are loaded."""

from odoo import SUPERUSER_ID, api

from odoo.addons.jinyang_aftersales.hooks import keep_online_services


def migrate(cr, version):
    """Complete a database of 19.0.1.0.0 once its models are loaded."""
    keep_online_services(api.Environment(cr, SUPERUSER_ID, {}))
