"""Prepare a database of 19.0.1.0.0 before the models of 19.0.2.0.0 are loaded."""

from odoo.tools import SQL

# Views that extend removed nodes: settings now come from one list, and the approval dialogue asks the document.
OLD_VIEWS = (
    "aftersales_approval_decide_view_form_change",
    "res_config_settings_view_form_callback",
    "res_config_settings_view_form_change",
    "res_config_settings_view_form_complaint",
)
# Documents whose owner was that of their partner so far; tickets and agreements stored their owner already.
OWNED_TABLES = (
    "aftersales_application",
    "aftersales_archive_entry",
    "aftersales_callback",
    "aftersales_change_request",
    "aftersales_complaint",
    "aftersales_implementation",
    "aftersales_installation",
    "aftersales_renewal_notice",
    "aftersales_visit",
)


def migrate(cr, version):
    """Prepare a database of 19.0.1.0.0 before its models are loaded."""
    delete_old_views(cr)
    for table in OWNED_TABLES:
        fill_owner(cr, table)
    let_rules_ask_for_owner(cr)


def delete_old_views(cr):
    """Delete views that extend nodes which their forms no longer have.

    Odoo deletes them itself, but only after it has checked each form together with its extensions.
    """
    cr.execute(
        """
        WITH gone AS (
            DELETE FROM ir_model_data
            WHERE module = 'jinyang_aftersales' AND model = 'ir.ui.view' AND name IN %s
            RETURNING res_id
        )
        DELETE FROM ir_ui_view WHERE id IN (SELECT res_id FROM gone)
        """,
        [OLD_VIEWS],
    )


def fill_owner(cr, table):
    """Create the column of the owner and fill it with the partner's present company; Odoo then computes nothing.

    :param str table: one of ``OWNED_TABLES``
    """
    name = SQL.identifier(table)
    cr.execute(SQL("ALTER TABLE %s ADD COLUMN IF NOT EXISTS commercial_partner_id int4", name))
    cr.execute(
        SQL(
            """
            UPDATE %s AS document
            SET commercial_partner_id = partner.commercial_partner_id
            FROM res_partner AS partner
            WHERE partner.id = document.partner_id AND document.commercial_partner_id IS NULL
            """,
            name,
        )
    )


def let_rules_ask_for_owner(cr):
    """Make the record rules of customers compare the stored owner: they are noupdate data."""
    cr.execute(
        r"""
        UPDATE ir_rule
        SET domain_force = regexp_replace(
            domain_force,
            $$\('partner_id(\.commercial_partner_id)?', '=', user\.(partner_id\.)?commercial_partner_id\.id\)$$,
            $$('commercial_partner_id', '=', user.commercial_partner_id.id)$$,
            'g'
        )
        WHERE id IN (
            SELECT res_id FROM ir_model_data WHERE module = 'jinyang_aftersales' AND model = 'ir.rule'
        )
        """
    )
