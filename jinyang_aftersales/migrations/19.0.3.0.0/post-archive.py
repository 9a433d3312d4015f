"""Customers' requests are handed in on the next working day (五.7.4, 五.7.5)."""


def migrate(cr, version):
    """Move the days of registers that were never changed; originals that are expected already keep their day.

    It is not known of any paper when it came to us, so no day of receipt is filled in.
    """
    if not version:
        return
    cr.execute(
        """
        UPDATE aftersales_archive_register
           SET deadline_days = 1
         WHERE kind IN ('change_request', 'data_clearing', 'password_recovery') AND deadline_days = 3
        """
    )
