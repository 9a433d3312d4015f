"""Days that people agreed on keep the first one: of counter-signed copies, and of the end of implementations."""

COLUMNS = """
    ALTER TABLE contract_contract ADD COLUMN IF NOT EXISTS return_due_date_first date;
    ALTER TABLE aftersales_implementation ADD COLUMN IF NOT EXISTS date_end_first date
"""


def migrate(cr, version):
    """Take the first day from the announced delays, else the present one, where the work is still owed.

    The planned end of work that has ended is not known any more: it was replaced by the day on which it ended.
    """
    if not version:  # installed anew
        return
    cr.execute(COLUMNS)
    cr.execute(
        """
        UPDATE contract_contract contract
           SET return_due_date_first = COALESCE(
                   (SELECT delay.date_old
                      FROM aftersales_delay delay
                      JOIN aftersales_archive_entry entry ON entry.id = delay.res_id
                     WHERE delay.res_model = 'aftersales.archive.entry'
                       AND delay.kind = 'original_overdue'
                       AND entry.kind = 'countersigned_contract'
                       AND entry.res_model = 'contract.contract'
                       AND entry.res_id = contract.id
                     ORDER BY delay.id
                     LIMIT 1),
                   contract.return_due_date)
         WHERE contract.agreement_stage = 'signed'
           AND contract.return_due_date IS NOT NULL
           AND contract.return_due_date_first IS NULL
        """
    )
    cr.execute(
        """
        UPDATE aftersales_implementation project
           SET date_end_first = COALESCE(
                   (SELECT delay.date_old
                      FROM aftersales_delay delay
                     WHERE delay.res_model = 'aftersales.implementation'
                       AND delay.res_id = project.id
                       AND delay.kind = 'implementation_end'
                     ORDER BY delay.id
                     LIMIT 1),
                   CASE WHEN project.state = 'running' THEN project.date_end END)
         WHERE project.state NOT IN ('draft', 'cancelled')
           AND project.date_end_first IS NULL
        """
    )
