"""Sanctions keep their clause; until now letters printed that of the rule."""


def migrate(cr, version):
    """Store with each sanction of the past what its letter has printed so far."""
    if not version:
        return
    cr.execute(
        """
        UPDATE aftersales_sanction row
           SET clause = rule.clause
          FROM aftersales_penalty_rule rule
         WHERE rule.id = row.rule_id AND row.clause IS NULL
        """
    )
