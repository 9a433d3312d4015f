import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, split_every

from ...activities import ENDED_ACTIVITY
from ...tools.dates import last_date_in_notice, notice_date

_logger = logging.getLogger(__name__)

BATCH = 100


# the model has four rooms, see aftersales_renewal_notice.py
class AftersalesRenewalNotice(models.Model):
    """Which notices are due, and how each is made once."""

    _inherit = "aftersales.renewal.notice"

    @api.model
    def _create_due(self, company, today):
        """Make the notices that are due and not there yet (五.2.2: a calendar month before the end).

        Days on which the job did not run are made up for while the service lasts. For service that ended since the
        last run without a notice, a notice ``missed`` and an activity are made, and nothing is mailed; service that
        ended earlier is left alone. It may run any number of times, and twice at once: the unique index lets only
        one transaction make a notice.

        :param company: res.company
        :param datetime.date today: the company's day
        :return: number of notices left for lack of time
        :rtype: int
        :raises UserError: naming the notices that could not be made, once the others are done
        """
        first = min(company.aftersales_last_run or today, today)
        last = last_date_in_notice(today, company.aftersales_notice_months)
        due = self._due_agreements(company, first, last)
        due += self._due_installations(company, first, last)
        left, errors = len(due), []
        common = {"company_id": company.id, "user_id": company._aftersales_callback_user().id}
        for batch in split_every(BATCH, due, list):
            values = [common | self._prepare_notice(company, today, *terms) for terms in batch]
            self._create_claimed(values, errors)
            left -= len(batch)
            if not self.env["aftersales.job"]._checkpoint(len(batch), left):
                break
        if errors:
            raise UserError("\n".join(errors))
        return left

    # === Due notices === #

    def _due_agreements(self, company, first, last, silent=False):
        """Signed agreements that end in a range of days, are not renewed and not announced.

        :param bool silent: those instead that were taken over and whose notice day came before the company went live
        :return: list of (customer, agreement, installations, end of term)
        """
        agreements = self.env["contract.contract"]
        agreements.flush_model()
        self.flush_model()
        query = agreements._search(
            [
                ("is_service_agreement", "=", True),
                ("agreement_stage", "=", "signed"),
                ("company_id", "=", company.id),
                ("term_end", ">=", first),
                ("term_end", "<=", last),
            ],
            order="term_end, id",
        )
        query.add_where(SQL("NOT %s", self._succeeded(query.table)))
        query.add_where(
            SQL(
                "NOT EXISTS (SELECT FROM aftersales_renewal_notice notice WHERE notice.contract_id = %s"
                " AND notice.company_id = %s AND notice.term_end = %s)",
                SQL.identifier(query.table, "id"),
                company.id,
                SQL.identifier(query.table, "term_end"),
            )
        )
        query.add_where(self._owed(company, query.table, "term_end", silent))
        return [
            (
                agreement.commercial_partner_id,
                agreement,
                agreement.installation_ids,
                agreement.term_end,
            )
            for agreement in agreements.browse(query)
        ]

    @api.model
    def _succeeded(self, agreement):
        """:return: SQL condition: the agreement of that table alias has a signed successor"""
        return SQL(
            "EXISTS (SELECT FROM contract_contract successor WHERE successor.renewal_of_id = %s"
            " AND successor.agreement_stage = 'signed' AND successor.active)",
            SQL.identifier(agreement, "id"),
        )

    def _due_installations(self, company, first, last, silent=False):
        """Software without an agreement (五.2.1), by customer and end of service.

        :param bool silent: see :meth:`_due_agreements`
        :return: list of (customer, no agreement, installations, end of service)
        """
        query = self._uncovered(
            [
                ("company_id", "=", company.id),
                ("service_date_end", ">=", first),
                ("service_date_end", "<=", last),
            ]
        )
        query.add_where(
            SQL(
                "NOT EXISTS (SELECT FROM aftersales_renewal_notice notice WHERE notice.contract_id IS NULL"
                " AND notice.partner_id = %s AND notice.company_id = %s AND notice.term_end = %s)",
                SQL.identifier(query.table, "partner_id"),
                company.id,
                SQL.identifier(query.table, "service_date_end"),
            )
        )
        query.add_where(self._owed(company, query.table, "service_date_end", silent))
        none = self.env["contract.contract"]
        groups = self._by_end(self.env["aftersales.installation"].browse(query))
        return [(partner, none, group, end) for (partner, end), group in groups.items()]

    @api.model
    def _owed(self, company, table, end, silent):
        """Condition on the notice day of what was taken over: nothing is owed for days before the company went live.

        :param str table: alias of the table
        :param str end: column with the last day of service
        :param bool silent: the contrary
        :rtype: SQL
        """
        day = SQL(
            "(%s - make_interval(months => %s))::date",
            SQL.identifier(table, end),
            company.aftersales_notice_months,
        )
        owed = company._aftersales_owed_sql(SQL.identifier(table, "taken_over_on"), day)
        return SQL("NOT %s", owed) if silent else owed

    @api.model
    def _by_end(self, installations):
        """Group software by letter: one names all software of a customer whose service ends on the same day.

        :return: ``{(customer, last day): installations}``
        :rtype: dict
        """
        return installations.grouped(lambda row: (row.partner_id, row.service_date_end))

    def _uncovered(self, domain):
        """Active installations without a signed agreement that lasts until the end of their service or longer.

        :param domain: of the installations to look at
        :rtype: Query
        """
        installations = self.env["aftersales.installation"]
        installations.flush_model()
        self.env["contract.contract"].flush_model()
        query = installations._search(domain, order="id")
        query.add_where(
            SQL(
                "NOT EXISTS (SELECT FROM aftersales_contract_installation_rel rel"
                " JOIN contract_contract agreement ON agreement.id = rel.contract_id"
                " WHERE rel.installation_id = %s AND agreement.active AND agreement.is_service_agreement"
                " AND agreement.agreement_stage = 'signed' AND agreement.term_end >= %s)",
                SQL.identifier(query.table, "id"),
                SQL.identifier(query.table, "service_date_end"),
            )
        )
        return query

    # === Making the rows === #

    def _prepare_notice(self, company, today, partner, agreement, installations, end):
        """Values of a notice.

        :param res.company company: the company that serves
        :param datetime.date today: the company's day
        :param res.partner partner: the customer
        :param agreement: contract.contract, may be empty
        :param installations: the software the letter names
        :param datetime.date end: last day of service
        """
        lines = agreement.product_line_id or installations.product_line_id
        state = "missed" if end < today else "pending"
        return {
            "partner_id": partner.id,
            "contact_id": self._default_contact(partner).id,
            "contract_id": agreement.id,
            "installation_ids": [Command.set(installations.ids)],
            # letters about several product lines have the general title
            "product_line_id": lines.id if len(lines) == 1 else False,
            "term_end": end,
            "notice_date": notice_date(end, company.aftersales_notice_months),
            "state": state if partner.active else "withheld",
        }

    def _create_claimed(self, values, errors):
        """Create rows, unless another transaction was faster.

        :param list[dict] values: one for each row
        :param list[str] errors: list to which the errors of single rows are added
        """
        notices = self.with_context(tracking_disable=True)

        def failed(vals, error):
            customer = self.env["res.partner"].browse(vals["partner_id"])
            _logger.warning("No renewal notice for %s", customer.id, exc_info=error)
            errors.append(f"{customer.display_name}: {error}")

        self.env["aftersales.job"]._apart(
            values,
            lambda rows: notices._create_unlocked(rows)._start(),
            failed,
            taken=(self._table,),
        )

    def _start(self):
        """Open the calls of new notices, and make activities for those that send no letter."""
        self.filtered(lambda notice: notice.state != "withheld")._open_callbacks()
        self.filtered(lambda notice: notice.state == "missed")._tell_ended()
        self.filtered(lambda notice: notice.state == "withheld")._tell_withheld()

    def _open_callbacks(self):
        """Every notice opens a call on the next working day (五.5.2)."""
        if not self:
            return
        calls = self.env["aftersales.callback"]
        day = calls._get_due_day(self.company_id[:1])
        calls.with_context(tracking_disable=True)._create_unlocked(
            [
                {
                    "kind": "renewal",
                    "company_id": notice.company_id.id,
                    "partner_id": notice.partner_id.id,
                    "contact_id": notice.contact_id.id,
                    "notice_id": notice.id,
                    "contract_id": notice.contract_id.id,
                    "user_id": notice.user_id.id,
                    "due_date": day,
                }
                for notice in self
            ]
        )

    def _tell_ended(self):
        for (company, user), notices in self.grouped(
            lambda row: (row.company_id, row.user_id)
        ).items():
            notices._notify_users(user | company._aftersales_managers(), ENDED_ACTIVITY, mail=False)

    # === Ended service === #

    def _close_ended(self, company, today):
        """Stop notices whose service has ended: no letter is sent after the end.

        :param company: res.company
        :param datetime.date today: the company's day
        """
        unsent = Domain("state", "in", ("pending", "print"))
        stuck = Domain("state", "=", "sent") & Domain(
            "mail_id.state", "in", ("outgoing", "exception")
        )
        ended = self.search(
            Domain("company_id", "=", company.id)
            & Domain("term_end", "<", today)
            & (unsent | (stuck & Domain("channel", "=", "mail")))
        )
        ended._cancel_mails()
        ended._write_unlocked(
            {"state": "missed", "sent_on": False, "sent_by_id": False, "channel": False}
        )
        ended._close_activities()
        ended._tell_ended()
