"""What customers see and file: fields they may read, pages, and forms that are sent once.

Uses `company` and `shared`.
Order: fields before pages before documents, each built on the one before; what customers file comes last.
"""

from . import (
    ir_http,
    ir_model_access,
    ir_binary,
    aftersales_portal_fields_mixin,
    aftersales_portal_page_mixin,
    aftersales_portal_mixin,
    aftersales_portal_submission,
    aftersales_filing_mixin,
)
