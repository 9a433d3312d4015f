"""Prepare visits for 19.0.3.0.0, in which each visit has a service record of its own."""


def migrate(cr, version):
    """Let the visits there are keep the records they share; the rule holds for visits planned from now on.

    When their records were complete is kept as it was stored.
    """
    if not version:
        return
    cr.execute("ALTER TABLE aftersales_visit ADD COLUMN IF NOT EXISTS own_record boolean")
    cr.execute("UPDATE aftersales_visit SET own_record = false WHERE own_record IS NULL")
