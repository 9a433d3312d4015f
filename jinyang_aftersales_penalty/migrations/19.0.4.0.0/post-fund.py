"""Drop the stored totals of funds: they are summed from the moves when they are read."""


def migrate(cr, version):
    """Drop the columns, which no field fills any more."""
    if not version:  # installed anew
        return
    cr.execute(
        """
        ALTER TABLE aftersales_fund
            DROP COLUMN IF EXISTS balance,
            DROP COLUMN IF EXISTS income,
            DROP COLUMN IF EXISTS reversed_amount,
            DROP COLUMN IF EXISTS spent
        """
    )
