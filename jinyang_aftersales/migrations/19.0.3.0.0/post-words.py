from odoo import SUPERUSER_ID, api

from odoo.addons.jinyang_aftersales.hooks import correct_chinese, drop_default_logos


def migrate(cr, version):
    """Chinese of the addons below that this version corrects, and the picture "Your logo": an update keeps both."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    drop_default_logos(env)
    correct_chinese(env, "jinyang_aftersales")
