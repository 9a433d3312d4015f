"""Parts of several documents: guard, owner, document, customer, person, scan, signature, letter, dialogue, activities.

Uses `company`. No model here is a document of its own.
Order: the guard first, because ledger, document and signature build on it; files before the scan.
"""

from . import (
    mail_activity_mixin,
    aftersales_guard_mixin,
    aftersales_steps_mixin,
    aftersales_dialog_mixin,
    aftersales_ledger_mixin,
    aftersales_letter_mixin,
    aftersales_owner_mixin,
    aftersales_customer_mixin,
    aftersales_document_mixin,
    aftersales_personnel_mixin,
    aftersales_private_row,
    aftersales_file_mixin,
    aftersales_scan_mixin,
    aftersales_signature_mixin,
    ir_attachment,
    res_company,
)
