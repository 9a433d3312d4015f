# views that were made anew for each setting; the screens are now made from one list
OLD_VIEWS = (
    "res_config_settings_view_form_callback",
    "res_config_settings_view_form_change",
    "res_config_settings_view_form_complaint",
)


def migrate(cr, version):
    """Prepare a database of 19.0.1.0.0 before its models are loaded."""
    _delete_settings_views(cr)


def _delete_settings_views(cr):
    """Delete views that extend blocks which the settings' form no longer holds.

    Odoo deletes them itself, but after the form is checked together with them.
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
