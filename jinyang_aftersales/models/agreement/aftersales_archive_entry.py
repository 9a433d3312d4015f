from odoo import models


class AftersalesArchiveEntry(models.Model):
    """The agreement follows the announced delay of its counter-signed copy."""

    _inherit = "aftersales.archive.entry"

    def _apply_delay(self, delay, deadline):
        result = super()._apply_delay(delay, deadline)
        if self.kind == "countersigned_contract" and deadline.kind == "original_overdue":
            # sudo: who holds the paper need not write the agreement
            document = self._get_document().sudo()
            if document._name == "contract.contract":
                document._write_unlocked(
                    {"return_due_date": delay.date_new, "is_return_moved": True}
                )
        return result
