"""Say of each booking whether a payslip took the amount or a refund gave it back, and list doubtful refunds."""

import logging

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Fill the source of bookings; list refunds of several payslips, and of none."""
    if not version:  # installed anew
        return
    cr.execute("ALTER TABLE aftersales_penalty_deduction ADD COLUMN IF NOT EXISTS source varchar")
    cr.execute(
        """
        UPDATE aftersales_penalty_deduction
        SET source = CASE WHEN amount < 0 THEN 'refund' ELSE 'payslip' END
        WHERE source IS NULL
        """
    )
    list_doubtful_refunds(cr)


def list_doubtful_refunds(cr):
    """Log refunds that belong to several payslips, and done ones that belong to none: pressed twice, or copied.

    Nothing is repaired: which of them was paid is not known here.
    """
    cr.execute(
        """
        SELECT refund.id, COALESCE(refund.number, refund.name), count(slip.id)
        FROM hr_payslip AS refund
        LEFT JOIN hr_payslip AS slip ON slip.refunded_id = refund.id AND slip.state != 'cancel'
        WHERE refund.credit_note AND refund.state = 'done'
        GROUP BY refund.id
        HAVING count(slip.id) != 1
        ORDER BY refund.id
        """
    )
    for row in cr.fetchall():
        _logger.info("Payslip %s (%s) is the refund of %s payslips: look at it.", *row)
