from operator import eq, ge, gt, le, lt, ne

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...groups import MANAGERS, READERS, SPECIALISTS
from ...tools.text import list_words
from .values import ACCOUNTANTS, LETTER_CHANNELS, OWED_STATES

# who sees what customers owe: specialists of their own customers, the others of all
DEBT_READERS = f"{SPECIALISTS},{ACCOUNTANTS}"
OWED_FIELDS = ("owed_state", "owed_amount", "owed_since")
COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


class ResPartner(models.Model):
    """Contracts of a customer, and what the customer owes (四 专员.6).

    Contracts are those that were made for the customer, also when the contact has moved to another company. What is
    owed is read from posted receivable journal items of the present company, whatever they are for; a contact shows
    what the contact's company owes.
    """

    _inherit = "res.partner"

    letter_channel = fields.Selection(
        selection=LETTER_CHANNELS,
        string="Letters By",
        groups=READERS,
        help="How the customer wants letters such as renewal notices; empty: as the company has it.",
    )
    fax_number = fields.Char(string="Fax", groups=READERS)
    owed_state = fields.Selection(
        selection=OWED_STATES,
        string="Debts",
        compute="_compute_owed",
        search="_search_owed_state",
        groups=DEBT_READERS,
    )
    owed_amount = fields.Monetary(
        string="Amount Owed",
        compute="_compute_owed",
        search="_search_owed_amount",
        currency_field="currency_id",
        groups=DEBT_READERS,
        help="Open amount of posted journal items in your company (四 专员.6).",
    )
    owed_since = fields.Date(
        compute="_compute_owed",
        search="_search_owed_since",
        groups=DEBT_READERS,
        help="The earliest day on which something that is still open was due.",
    )
    owed_for = fields.Text(
        compute="_compute_owed_for",
        groups=DEBT_READERS,
        help="Invoices and agreements that are still open.",
    )

    def _commercial_fields(self):
        return super()._commercial_fields() + ["letter_channel"]

    def _get_letter_channel(self, company):
        """How letters go to the customer.

        :param company: res.company
        :return: one of the keys of ``LETTER_CHANNELS``
        :rtype: str
        """
        self.ensure_one()
        # sudo: settings of customer and company, read by the job and by users of any role
        wanted = self.sudo().commercial_partner_id.letter_channel
        return wanted or company.sudo().aftersales_letter_channel or "mail"

    def _get_letter_target(self, channel):
        """The number or address a letter to this person goes to, to be proposed.

        :param str channel: ``fax`` or ``post``
        :rtype: str | bool
        """
        self.ensure_one()
        # sudo: number and address of the customer the letter is written to
        people = (self.sudo(), self.sudo().commercial_partner_id)
        if channel == "fax":
            return next((row.fax_number for row in people if row.fax_number), False)
        paper = self.env["contract.contract"]
        return next((paper._get_paper_address(row) for row in people if row.street), False)

    def _get_partner_contract_domain(self):
        return list(self._get_owned_domain())

    def _compute_contract_count(self):
        contracts = self.env["contract.contract"]
        for partner in self:
            counts = dict(
                contracts._read_group(partner._get_owned_domain(), ["contract_type"], ["__count"])
            )
            partner.sale_contract_count = counts.get("sale", 0)
            partner.purchase_contract_count = counts.get("purchase", 0)

    # === What is owed === #

    @api.model
    def _sees_all_debts(self):
        """:return: whether the user sees what all customers owe, not only those they are in charge of"""
        user = self.env.user
        groups = (MANAGERS, *ACCOUNTANTS.split(","))
        return self.env.su or any(user.has_group(group) for group in groups)

    @api.depends_context("uid")
    def _compute_service_amount_due(self):
        result = super()._compute_service_amount_due()
        if not self._sees_all_debts():
            for partner in self:
                if partner.commercial_partner_id.service_user_id != self.env.user:
                    partner.service_amount_due = 0.0
        return result

    def _get_debts_sql(self):
        """What each customer owes, one row a customer that owes something.

        :return: query with the columns ``partner_id``, ``amount``, ``since`` and ``late``
        :rtype: SQL
        """
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        # the company of a contact who has moved since does not owe what the former one owes
        owner = SQL("COALESCE(move.commercial_partner_id, debtor.commercial_partner_id)")
        due = SQL("COALESCE(line.date_maturity, line.date)")
        reach = SQL("TRUE")
        if not self._sees_all_debts():
            self.env["res.partner"].flush_model(["service_user_id"])
            reach = SQL(
                "%s IN (SELECT mine.id FROM res_partner mine WHERE mine.service_user_id = %s)",
                owner,
                self.env.uid,
            )
        return SQL(
            "(SELECT %(owner)s AS partner_id, SUM(line.amount_residual) AS amount,"
            " MIN(%(due)s) FILTER (WHERE line.amount_residual > 0) AS since,"
            " COALESCE(BOOL_OR(line.amount_residual > 0 AND %(due)s < %(today)s), FALSE) AS late"
            " FROM account_move_line line"
            " JOIN account_account account ON account.id = line.account_id"
            " AND account.account_type = 'asset_receivable'"
            " JOIN account_move move ON move.id = line.move_id"
            " LEFT JOIN res_partner debtor ON debtor.id = line.partner_id"
            " WHERE line.parent_state = 'posted' AND line.company_id = %(company)s"
            " AND line.reconciled IS NOT TRUE AND line.amount_residual != 0 AND %(reach)s"
            " GROUP BY 1 HAVING SUM(line.amount_residual) > 0)",
            owner=owner,
            due=due,
            today=self.env.company._aftersales_today(),
            company=self.env.company.id,
            reach=reach,
        )

    def _get_debts(self):
        """What customers owe, as far as the user may see it.

        :return: state, amount and first day by id of the customer; customers who owe nothing are left out
        :rtype: dict[int, tuple]
        """
        rows = self.env.execute_query(
            SQL("SELECT partner_id, late, amount, since FROM %s debts", self._get_debts_sql())
        )
        return {
            number: ("overdue" if late else "open", float(amount), since)
            for number, late, amount, since in rows
        }

    @api.depends("commercial_partner_id", "service_user_id")
    @api.depends_context("uid", "company")
    def _compute_owed(self):
        debts = self._get_debts()
        for partner in self:
            partner.owed_state, partner.owed_amount, partner.owed_since = debts.get(
                partner.commercial_partner_id._origin.id, ("nothing", 0.0, False)
            )

    @api.depends("owed_state")
    @api.depends_context("uid", "company", "lang")
    def _compute_owed_for(self):
        owing = self.filtered(lambda partner: partner.owed_state != "nothing")
        # sudo: specialists collect debts without rights on accounting; they see those of their customers only,
        # by owed_state above
        lines = self.env["account.move.line"].sudo()
        found = lines.search(
            [
                ("move_id.commercial_partner_id", "in", owing.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
            order="date_maturity, id",
        ).grouped(lambda line: line.move_id.commercial_partner_id)
        for partner in self:
            mine = found.get(partner.commercial_partner_id, lines) if partner in owing else lines
            partner.owed_for = "\n".join(map(partner._describe_debt, mine)) or False

    def _describe_debt(self, line):
        """:return: one line that says what is owed, since when, and for which agreement"""
        day = line.date_maturity or line.date
        agreements = line.move_id.line_ids.contract_line_id.contract_id.filtered(
            "is_service_agreement"
        )
        parts = (
            self._say_day(day),
            self._say_amount(line.amount_residual, line.company_currency_id),
            line.move_id.name,
            list_words(self.env, agreements.mapped("name")),
        )
        return "  ".join(filter(None, parts))

    def _search_owed(self, found):
        """:return: domain of the customers, and their contacts, whose debts fit
        :param found: function of state, amount and first day
        """
        self._check_field_access(self._fields["owed_state"], "read")
        debts = self._get_debts()
        fitting = [number for number, debt in debts.items() if found(*debt)]
        result = Domain("commercial_partner_id", "in", fitting)
        if found("nothing", 0.0, False):
            result |= Domain("commercial_partner_id", "not in", list(debts))
        return result

    def _search_owed_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_owed(lambda state, _amount, _since: state in value)

    def _search_owed_amount(self, operator, value):
        if operator == "in":
            return self._search_owed(lambda _state, amount, _since: amount in value)
        if operator not in COMPARE:
            return NotImplemented
        return self._search_owed(
            lambda _state, amount, _since: COMPARE[operator](amount, value or 0.0)
        )

    def _search_owed_since(self, operator, value):
        if operator == "in":
            days = {fields.Date.to_date(day) or False for day in value}
            return self._search_owed(lambda _state, _amount, since: since in days)
        if operator not in COMPARE:
            return NotImplemented
        day = fields.Date.to_date(value)
        return self._search_owed(
            lambda _state, _amount, since: bool(since and day and COMPARE[operator](since, day))
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        name = field_expr.split(".")[0]
        if name not in OWED_FIELDS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[name], "read")
        owner = self._field_to_sql(alias, "commercial_partner_id", query)
        debts = self._get_debts_sql()
        # a query that is asked whether it is true runs at once
        single = query is None
        joined = "debts" if single else query.make_alias(alias, "debts")
        if not single:
            # groups of a whole table then need one pass over the journal items
            query.add_join(
                "LEFT JOIN",
                joined,
                debts,
                SQL("%s = %s", SQL.identifier(joined, "partner_id"), owner),
            )
        amount, since, late = (
            SQL.identifier(joined, column) for column in ("amount", "since", "late")
        )
        value = {
            "owed_state": SQL(
                "CASE WHEN %s IS NULL THEN 'nothing' WHEN %s THEN 'overdue' ELSE 'open' END",
                amount,
                late,
            ),
            "owed_amount": SQL("COALESCE(%s, 0)", amount),
            "owed_since": since,
        }[name]
        if not single:
            return value
        return SQL(
            "(SELECT %s FROM (SELECT 1) one LEFT JOIN %s debts ON debts.partner_id = %s)",
            value,
            debts,
            owner,
        )

    @api.model
    def _get_open_kinds(self):
        return {
            **super()._get_open_kinds(),
            "agreement": {
                "model": "contract.contract",
                "domain": [
                    ("is_service_agreement", "=", True),
                    ("agreement_stage", "in", ("draft", "sent")),
                ],
                "action": "jinyang_aftersales.contract_contract_action_agreement",
                "label": self.env._("Offers"),
            },
        }
