"""Make the keys by which contacts are found, and propose mnemonic codes."""

from odoo.addons.jinyang_aftersales.models.customer.key_rows import make_all_keys


def migrate(cr, version):
    """Keys of all contacts, in sets.

    :param odoo.sql_db.Cursor cr: the database
    :param str version: the version before
    """
    if version:
        make_all_keys(cr)
