from odoo import fields, models


class ContractContract(models.Model):
    """The counter-signed copy of an agreement comes back on paper and is filed (五.2.3, 五.2.4)."""

    _name = "contract.contract"
    _inherit = ["contract.contract", "aftersales.archive.mixin"]

    countersigned_filed = fields.Boolean(
        readonly=True, help="Kept in step with the original in the archive."
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("return_due_date"):
            self._move_copy_deadline()
        return result

    def _set_stage(self, stage, **values):
        signed = self.filtered(lambda contract: contract.agreement_stage == "signed")
        result = super()._set_stage(stage, **values)
        for contract in self:
            if stage == "signed":
                holder = contract.user_id if contract.user_id.active else None
                contract._open_archive_entry(
                    "countersigned_contract", contract.return_due_date, holder
                )
        if stage != "signed":
            signed._withdraw_archive_entries("countersigned_contract")
        return result

    def _move_copy_deadline(self):
        """Another day was agreed with the customer for the copy to come back."""
        for contract in self.filtered(lambda row: row.agreement_stage == "signed"):
            # sudo: the entry follows its agreement, whose own rights were checked
            entry = contract.sudo().archive_entry_ids.filtered(
                lambda row: row.kind == "countersigned_contract" and row.state == "expected"
            )
            if entry and entry.date_deadline != contract.return_due_date:
                entry._close_deadline("original_overdue")
                entry._opened().date_deadline = contract.return_due_date

    def _after_archive_change(self, entry):
        super()._after_archive_change(entry)
        if entry.kind != "countersigned_contract":
            return
        values = {"countersigned_filed": entry.state in ("filed", "on_loan")}
        if entry.state == "filed" and not self.countersigned_on:
            values["countersigned_on"] = entry.filed_on
        self._opened().write(values)
