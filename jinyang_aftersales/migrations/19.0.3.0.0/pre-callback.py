"""Call-backs keep the day on which they were due first."""


def migrate(cr, version):
    """Take the first day from the announced delays; a call without one was due on its present day.

    Made here, so that Odoo does not compute the column for each call of the past.
    """
    if not version:  # installed anew
        return
    cr.execute("ALTER TABLE aftersales_callback ADD COLUMN IF NOT EXISTS due_date_first date")
    cr.execute(
        """
        UPDATE aftersales_callback call
           SET due_date_first = COALESCE(
                   (SELECT MIN(delay.date_old)
                      FROM aftersales_delay delay
                     WHERE delay.res_model = 'aftersales.callback'
                       AND delay.res_id = call.id
                       AND delay.kind = 'call'),
                   call.due_date)
         WHERE call.due_date_first IS NULL
        """
    )
