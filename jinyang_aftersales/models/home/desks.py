from odoo import api, models
from odoo.fields import Domain

from ..change.values import PROMISED
from ..shared.document_fields import passed_domain
from .values import FORMS_OUT, WINDOW, Card

DRAFTS = "account.action_move_out_invoice"
AGREEMENT_INVOICE = Domain("move_type", "=", "out_invoice") & Domain(
    "line_ids.contract_line_id.contract_id.is_service_agreement", "=", True
)


class AftersalesHome(models.AbstractModel):
    """Cards of the call-back desk, the archive, development and accounting."""

    _inherit = "aftersales.home"

    @api.model
    def _get_callback_cards(self):
        mine = Domain("user_id", "in", [self.env.uid, False])
        to_call = mine & Domain("state", "=", "todo")
        calls, notices = self.env._("Calls"), self.env._("Letters and Answers")
        model, action = "aftersales.callback", WINDOW.format("aftersales_callback")
        notice, notice_action = (
            "aftersales.renewal.notice",
            WINDOW.format("aftersales_renewal_notice"),
        )
        return [
            Card(
                "calls_due",
                calls,
                self.env._("Calls Due"),
                self.env._("Calls of mine, and of nobody, that are due today or were before."),
                model,
                mine & Domain("is_due", "=", True),
                action,
                late=Domain("is_overdue", "=", True),
                oldest="due_date",
            ),
            Card(
                "calls_unreachable",
                calls,
                self.env._("Not Reached"),
                self.env._("Calls tried at least once without reaching the customer."),
                model,
                to_call & Domain("attempt_count", ">", 0),
                action,
                late=Domain("is_overdue", "=", True),
            ),
            Card(
                "calls_week",
                calls,
                self.env._("Calls This Week"),
                self.env._("Calls of mine, and of nobody, until Sunday."),
                model,
                to_call & Domain("due_date", "<=", self._get_week_end()),
                action,
            ),
            Card(
                "forms_to_receive",
                self.env._("Letters and Answers"),
                self.env._("Feedback Forms to Receive"),
                self.env._("Visits whose signed form has not come back (五.7.2)."),
                "aftersales.visit",
                FORMS_OUT,
                WINDOW.format("aftersales_visit"),
                late=self.env["aftersales.visit"]._get_unreturned_domain(),
            ),
            Card(
                "letters_to_send",
                notices,
                self.env._("Letters to Print or Fax"),
                self.env._("Renewal notices that go out on paper."),
                notice,
                Domain("state", "=", "print"),
                notice_action,
                late=passed_domain(self.env, "notice_date"),
            ),
            Card(
                "letters_failed",
                notices,
                self.env._("Notices That Failed"),
                self.env._("Renewal notices that did not go out by mail."),
                notice,
                Domain("state", "in", ("pending", "print", "sent"))
                & (Domain("delivery", "=", "failed") | Domain("fail_count", ">", 0)),
                notice_action,
                late=Domain.TRUE,
            ),
            Card(
                "answers_considering",
                notices,
                self.env._("Still Considering"),
                self.env._("Customers who are considering, and whose agreement is not renewed."),
                notice,
                Domain("answer", "=", "considering")
                & Domain("state", "in", ("print", "sent"))
                & ~Domain("contract_id.renewal_ids.agreement_stage", "=", "signed"),
                notice_action,
                late=passed_domain(self.env, "term_end"),
                oldest="term_end",
            ),
            self._get_mail_card(notices),
        ]

    @api.model
    def _get_mail_card(self, section):
        """:param str section: title under which the card stands
        :rtype: Card
        """
        return Card(
            "mails_unplaced",
            section,
            self.env._("Mail Without a Place"),
            self.env._("Mails that belong to no document yet."),
            "aftersales.unplaced.mail",
            Domain("state", "=", "open"),
            WINDOW.format("aftersales_unplaced_mail"),
            oldest="create_date",
        )

    @api.model
    def _get_archivist_cards(self):
        section = self.env._("Originals")
        model, action = "aftersales.archive.entry", WINDOW.format("aftersales_archive_entry")
        expected = Domain("state", "=", "expected")

        def card(code, title, text, domain, **more):
            return Card(code, section, title, text, model, domain, action, **more)

        return [
            card(
                "originals_to_file",
                self.env._("To File Now"),
                self.env._("Originals in my hands that have no place yet."),
                expected & Domain("holder_id", "=", self.env.uid),
                oldest="date_deadline",
            ),
            card(
                "originals_week",
                self.env._("Expected This Week"),
                self.env._("Originals due until Sunday that colleagues hold."),
                expected & Domain("date_deadline", "<=", self._get_week_end()),
                late=Domain("is_overdue", "=", True),
            ),
            card(
                "originals_overdue",
                self.env._("Overdue"),
                self.env._("Originals due before today that are not filed, by their holder."),
                expected & Domain("is_overdue", "=", True),
                late=Domain.TRUE,
                by="holder_id",
            ),
            card(
                "originals_lent",
                self.env._("Lent"),
                self.env._("Originals that were lent and are not back."),
                Domain("state", "=", "on_loan"),
                late=Domain("is_overdue", "=", True),
                by="loan_to_id",
            ),
            card(
                "originals_without_scan",
                self.env._("Without a Scan"),
                self.env._("Filed originals of which there is no scan."),
                Domain("state", "in", ("filed", "on_loan")) & Domain("scan", "=", False),
            ),
        ]

    @api.model
    def _get_developer_cards(self):
        section = self.env._("My Program Changes")
        mine = Domain("developer_id", "=", self.env.uid)
        model = "aftersales.change.request"
        action = WINDOW.format("aftersales_change_request")
        in_work = Domain("state", "in", ("approved", "development"))

        def card(code, title, text, domain, **more):
            return Card(code, section, title, text, model, domain, action, **more)

        return [
            card(
                "changes_mine",
                self.env._("Promised Changes"),
                self.env._("My changes that are not deployed, the earliest promise first."),
                mine & Domain("state", "in", PROMISED) & Domain("deployed_on", "=", False),
                late=Domain("is_overdue", "=", True),
                oldest="date_promised",
            ),
            card(
                "changes_back",
                self.env._("Sent Back"),
                self.env._("My changes that did not pass their test."),
                mine & Domain("state", "=", "development") & Domain("test_round", ">", 0),
                late=Domain("is_overdue", "=", True),
            ),
            card(
                "changes_to_estimate",
                self.env._("To Estimate"),
                self.env._("Approved changes of mine without estimated hours."),
                mine & in_work & Domain("estimated_hours", "=", 0),
            ),
            card(
                "changes_nobody",
                self.env._("Without a Developer"),
                self.env._("Approved changes that nobody has taken."),
                in_work & Domain("developer_id", "=", False),
                late=Domain("is_overdue", "=", True),
            ),
        ]

    @api.model
    def _get_accountant_cards(self):
        section = self.env._("Invoices of Agreements")
        unpaid = Domain("service_receivable", "in", ("due", "late"))
        late = Domain("service_receivable", "=", "late")
        action = "jinyang_aftersales.account_move_action_due"
        return [
            Card(
                "invoices_unpaid",
                section,
                self.env._("Due"),
                self.env._("Invoices of agreements that are not paid in full."),
                "account.move",
                unpaid,
                action,
                late=late,
                oldest="invoice_date_due",
            ),
            Card(
                "invoices_owed",
                section,
                self.env._("Amounts Owed"),
                self.env._("What customers still owe for invoices of agreements."),
                "account.move",
                unpaid,
                action,
                measure="amount_residual_signed",
                late=late,
            ),
            Card(
                "invoices_to_dispatch",
                section,
                self.env._("To Dispatch"),
                self.env._("Invoices that have not gone to the customer on paper (五.2.5)."),
                "account.move",
                Domain("service_dispatch_due", "!=", False),
                "jinyang_aftersales.account_move_action_to_dispatch",
                late=Domain("service_dispatch_due", "<", self._get_day()),
            ),
            Card(
                "invoices_draft",
                section,
                self.env._("To Post"),
                self.env._("Drafts of invoices of agreements."),
                "account.move",
                AGREEMENT_INVOICE & Domain("state", "=", "draft"),
                DRAFTS,
            ),
        ]
