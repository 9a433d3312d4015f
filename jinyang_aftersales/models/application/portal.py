from odoo import models
from odoo.exceptions import AccessError, UserError

from ...activities import FILED_ACTIVITY
from ..shared.document_fields import CUSTOMER_READS
from .aftersales_application import AftersalesApplication as Application

PORTAL_FIELDS = CUSTOMER_READS | {
    "kind",
    "date",
    "description",
    "scan",
    "scan_name",
    "executed_on",
    "contact_told_id",
}


class AftersalesApplication(models.Model):
    """The customer's side of an application: filed with the stamped scan, followed on the portal (五.1.4)."""

    _name = "aftersales.application"
    _inherit = ["aftersales.application", "aftersales.filing.mixin"]
    _portal_url = "/my/applications"
    _portal_fields = PORTAL_FIELDS
    _protected_fields = {**Application._protected_fields, "filed_by_id": False}

    # === Filing === #

    def _get_filing_text(self):
        return self.env._(
            "Thank you. We have received your application %s. Please keep the stamped original: we collect it for our"
            " archive. You can follow the application on the portal; a reply to this mail reaches us there, too.",
            self.name,
        )

    def _after_filing(self):
        """Submit a complete application to the managers; ask a colleague to look at an incomplete one."""
        try:
            with self.env.cr.savepoint():
                self.action_submit()
        except AccessError:
            raise
        except UserError:
            self._ask_to_look()

    # === Told on the way === #

    def _after_decision(self, said):
        super()._after_decision(said)
        if self.state == "refused":
            self._tell_customer(
                lambda application: application._get_refused_text(),
                lambda application: application.env._("not approved"),
            )
            return
        if self.filed_by_id:
            self._ask_to_execute()
        self._tell_customer(
            lambda application: application._get_approved_text(),
            lambda application: application.env._("approved"),
        )

    def _ask_to_execute(self):
        """Tell the specialist by an activity that an application filed by the customer may be executed."""
        # sudo: finds the colleagues in charge, for users without access to them
        users = self.sudo()._get_filing_users()
        self._notify_users(
            users,
            FILED_ACTIVITY,
            lambda document: document.env._("Approved: carry it out."),
        )

    def _get_approved_text(self):
        return self.env._("Your application %s is approved; we carry it out now.", self.name)

    def _get_refused_text(self):
        return self.env._(
            "Your application %s is not approved. Your contact with us will explain it; please reply if you have"
            " questions.",
            self.name,
        )

    def action_execute(self):
        """Tell the customer that the application is done; never a password."""
        result = super().action_execute()
        self._tell_customer(
            lambda application: application._get_executed_text(),
            lambda application: application.env._("done"),
        )
        return result

    def _get_executed_text(self):
        if self.kind == "password":
            return self.env._(
                "Your application %(application)s is done: %(contact)s was told.",
                application=self.name,
                contact=self.contact_told_id.name,
            )
        return self.env._(
            "Your application %s is done: the data are cleared, after a backup.", self.name
        )

    def action_cancel(self):
        """Cancel, and tell customers who know of the application."""
        known = self.filtered(lambda document: document._is_known_to_customer())
        result = super().action_cancel()
        known._tell_customer(
            lambda application: application._get_cancelled_text(),
            lambda application: application.env._("cancelled"),
        )
        return result

    def _get_cancelled_text(self):
        return self.env._("Your application %s is cancelled.", self.name)
