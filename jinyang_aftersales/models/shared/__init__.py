"""Parts of several documents: search, guard, owner, charge, customer, document, person, files, signature, letter,
activities, successors of contacts.

Uses `company`. No model here is a document by itself.
Order: search, guard, reasons and texts before ledger, steps and document, which build on them; files before scan and
letters sent.
`document_fields`, `keys`, `search_index` and `steps` hold no model.
"""

from . import (
    base,
    base_import_import,
    mail_activity,
    mail_activity_mixin,
    aftersales_search_mixin,
    aftersales_makeup_day,
    aftersales_guard_mixin,
    aftersales_reason_mixin,
    aftersales_text_mixin,
    aftersales_steps_mixin,
    aftersales_dialog_mixin,
    aftersales_chosen_mixin,
    aftersales_ledger_mixin,
    aftersales_letter_mixin,
    aftersales_owner_mixin,
    aftersales_charge_mixin,
    aftersales_customer_mixin,
    aftersales_document_mixin,
    aftersales_personnel_mixin,
    aftersales_private_row,
    aftersales_partner_successor,
    aftersales_file_mixin,
    aftersales_scan_mixin,
    aftersales_team_mixin,
    aftersales_letter_dispatch,
    aftersales_signature_mixin,
    ir_attachment,
    res_company,
)
