"""From 19.0.1.0.0 to 19.0.2.0.0, before the models are loaded.

The migration of the core addon runs earlier; it renames tables and external ids that moved to the core.
"""


def migrate(cr, version):
    """Leave suggestions to the core, which has a rule of its own for their notifications.

    Rules are data that an update leaves alone.
    """
    cr.execute(
        """
        UPDATE ir_rule
        SET domain_force = replace(domain_force, $$, 'aftersales.suggestion'$$, '')
        WHERE id IN (
            SELECT res_id FROM ir_model_data
            WHERE module = 'jinyang_aftersales_penalty' AND model = 'ir.rule'
                AND name = 'mail_notification_rule_personnel'
        )
        """
    )
