"""The customers' side of documents: fields they may read, pages, and forms that are sent once.

Uses `company` and `shared`.
Order: fields, pages, documents: each builds on the one before; filing by customers comes last.
"""

from . import (
    aftersales_settings_mixin,
    base,
    ir_http,
    ir_model_access,
    ir_attachment,
    ir_binary,
    aftersales_portal_fields_mixin,
    aftersales_shown_mixin,
    aftersales_portal_link,
    aftersales_portal_page_mixin,
    aftersales_portal_mixin,
    aftersales_portal_submission,
    aftersales_filing_mixin,
)
