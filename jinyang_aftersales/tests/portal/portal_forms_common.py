"""Every form of the portal by which a customer makes a document, filled in."""

from odoo.tools import mute_logger

from .portal_documents_common import PortalDocuments

# address, model, values of a complete form, whether it needs a scan
FORMS = {
    "/my/visits/new": ("aftersales.visit", {"problem": "Closing"}, False),
    "/my/applications/new": (
        "aftersales.application",
        {"kind": "data_clearing", "description": "2019"},
        True,
    ),
    "/my/changes/new": (
        "aftersales.change.request",
        {"title": "Driver", "description": "On the note"},
        True,
    ),
    "/my/complaints/new": ("aftersales.complaint", {"kind": "delay", "description": "Late"}, False),
    "/submitted/ticket": (
        "helpdesk.ticket",
        {"subject": "Report", "description": "Empty", "department": "Sales"},
        False,
    ),
}
# fields that accept any text
TEXTS = {"problem", "title", "description", "subject", "department"}
# forms that take no files besides the scan
WITHOUT_FILES = ("/my/applications/new",)


class PortalForms(PortalDocuments):
    """Alice, who sends the forms; the test class is an ``HttpCase``, too."""

    def setUp(self):
        super().setUp()
        # refusals are also logged
        self.enterContext(mute_logger("odoo.http"))
        self.come(self.alice)
        self.numbers = 0

    def forms(self):
        """Address, model, values and what gives the scan of each form, filled in by Alice."""
        for url, (model, values, scanned) in FORMS.items():
            if url != "/submitted/ticket":
                values = {"contact_id": self.alice.partner_id.id, **values}
            # a function, because a file can only be read once
            yield url, model, values, (lambda: [self.scan()]) if scanned else None

    def file(self, url, values, scan=None, files=(), **odd):
        """Send a form with a key of its own.

        :param scan: gives its scan, None for a form without
        """
        self.numbers += 1
        key = f"{self.numbers:032x}"
        files = [*(scan() if scan else ()), *files]
        return self.post(url, files=files or None, **{"form_key": key, **values, **odd})

    def documents(self, model):
        self.env.invalidate_all()
        return self.env[model].search([])
