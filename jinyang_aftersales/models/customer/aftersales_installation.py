from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..company.service_state import SERVICE_STATES, limits_of, state_domain, state_of, state_sql
from ..shared.document_fields import customer_field, product_field, specialist_field
from ..shared.search_lookup import get_selects
from .product_template import FREE_MONTHS


# Serial numbers of the model are in serial.py; service periods that agreements pay for in ../agreement/.
class AftersalesInstallation(models.Model):
    """One software product installed at a customer (五.6, 四 专员.2).

    ========================  ==============================================================
    Who                       May
    ========================  ==============================================================
    specialist                read all of their companies; write where responsible, creator
                              or in charge of the customer
    manager, director         everything, deletion included
    call-back, archive, dev.  read
    portal user               read those of their own company
    ========================  ==============================================================
    """

    _name = "aftersales.installation"
    _description = "Installed Software"
    _inherit = [
        "aftersales.text.mixin",
        "aftersales.guard.mixin",
        "aftersales.search.mixin",
        "aftersales.portal.mixin",
        "aftersales.owner.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "partner_id, product_id, id"
    _shared_fields = frozenset({"usage_note"})
    _search_text = ("serial_key", "version")
    _search_links = ("partner_id", "product_id")
    _check_company_auto = True
    _mail_post_access = "read"
    _portal_url = "/my/installations"
    _portal_fields = frozenset(
        {
            "active",
            "partner_id",
            "product_id",
            "product_line_id",
            "version",
            "serial_number",
            "installation_date",
            "service_date_start",
            "service_date_end",
            "service_state",
            "user_id",
        }
    )

    partner_id = customer_field(ondelete="restrict", tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    product_id = product_field()
    product_line_id = fields.Many2one(
        related="product_id.aftersales_line_id", store=True, index="btree_not_null"
    )
    version = fields.Char(tracking=True)
    installation_date = fields.Date(default=lambda self: self.env.company._aftersales_today())
    service_date_start = fields.Date(
        string="Service From",
        compute="_compute_service_dates",
        inverse="_inverse_service_dates",
        store=True,
        readonly=False,
        copy=False,
    )
    service_date_end = fields.Date(
        string="Service To",
        compute="_compute_service_dates",
        inverse="_inverse_service_dates",
        store=True,
        readonly=False,
        copy=False,
        help="Last day of service, inclusive.",
    )
    service_state = fields.Selection(
        selection=SERVICE_STATES,
        compute="_compute_service_state",
        search="_search_service_state",
    )
    # not stored: tells in a form that is not saved yet whether somebody has typed another end
    proposed_end = fields.Date(store=False)
    period_ids = fields.One2many(
        comodel_name="aftersales.service.period",
        inverse_name="installation_id",
        string="Service Periods",
        readonly=True,
    )
    user_id = specialist_field(
        help="Responsible for this installation; the specialist in charge of the customer by default."
    )
    agreement_ids = fields.Many2many(
        comodel_name="contract.contract",
        relation="aftersales_contract_installation_rel",
        column1="installation_id",
        column2="contract_id",
        string="Service Agreements",
        domain="[('is_service_agreement', '=', True)]",
        copy=False,
        readonly=True,
    )
    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Current Agreement",
        compute="_compute_contract_id",
        store=True,
        index="btree_not_null",
    )
    agreement_count = fields.Integer(compute="_compute_agreement_count")
    ticket_ids = fields.One2many(comodel_name="helpdesk.ticket", inverse_name="installation_id")
    ticket_count = fields.Integer(
        compute="_compute_ticket_count", groups="helpdesk_mgmt.group_helpdesk_user_own"
    )
    usage_state = fields.Selection(
        selection=[
            ("normal", "In Normal Use"),
            ("partial", "Partly Used"),
            ("rare", "Rarely Used"),
            ("stopped", "No Longer Used"),
        ],
        string="Usage",
        tracking=True,
    )
    usage_note = fields.Text(help="How the customer uses the software (四 专员.2).")
    active = fields.Boolean(default=True)
    taken_over_on = fields.Date(
        readonly=True,
        copy=False,
        help="Taken over from a ledger: nothing dated before the product went live is owed for it.",
    )

    _service_date_end_idx = models.Index("(company_id, service_date_end) WHERE active")

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    def _get_shown_key(self):
        """What tells a reader of a paper or page that it is another software, in no language.

        :return: id of the software, version and serial number of each installation
        :rtype: list[list]
        """
        return [
            [row.product_id.id, row.version or "", row.serial_number or ""] for row in self.sudo()
        ]

    @api.depends("product_id", "version", "serial_number")
    def _compute_display_name(self):
        for installation in self:
            parts = (
                # sudo: the name of the software, for customers, who read no products
                installation.sudo().product_id.name,
                installation.version,
                f"[{installation.serial_number}]" if installation.serial_number else "",
            )
            installation.display_name = " ".join(part for part in parts if part)

    @api.depends("partner_id")
    def _compute_user_id(self):
        for installation in self:
            # sudo: only the specialist in charge is read, of a customer the user sees already
            user = installation.partner_id.sudo().service_user_id.filtered("active")
            installation.user_id = user or installation.user_id

    @api.depends("period_ids.effective", "period_ids.date_start", "period_ids.date_end")
    def _compute_service_dates(self):
        for installation in self:
            periods = installation.period_ids.filtered("effective").sorted(
                lambda period: period._order_by_end(), reverse=True
            )
            start = periods[:1].date_start
            # contiguous periods are one period of service: it begins with the first of them
            for period in periods[1:]:
                if not start or fields.Date.add(period.date_end, days=1) < start:
                    break
                start = period.date_start and min(start, period.date_start)
            installation.service_date_start = start
            installation.service_date_end = periods[:1].date_end

    def _inverse_service_dates(self):
        """Make the first period of dates entered at creation or import.

        :raises UserError: when there is a period already: changing it needs a reason
        """
        for installation in self:
            if installation.period_ids:
                raise UserError(
                    self.env._(
                        "The service period of %s comes from its history. Use “Change Service Period” "
                        "and give the reason.",
                        installation.display_name,
                    )
                )
            if not installation.service_date_end:
                continue
            start = installation.service_date_start or installation._default_service_start()
            installation._add_period("initial", start, installation.service_date_end)

    def _default_service_start(self):
        """五.6.1: service begins on the day of installation, else when the contract was signed.

        :rtype: datetime.date
        """
        self.ensure_one()
        return (
            self.installation_date
            or self.contract_id.signed_on
            or self.company_id._aftersales_today()
        )

    @api.depends("service_date_start", "service_date_end", "company_id")
    def _compute_service_state(self):
        for company, installations in self.grouped("company_id").items():
            # on a new form the company may still be empty
            limits = limits_of(company or self.env.company)
            for installation in installations:
                installation.service_state = state_of(
                    limits, installation.service_date_start, installation.service_date_end
                )

    def _search_service_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return state_domain(self.env, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "service_state":
            return state_sql(
                self.env,
                *(
                    self._field_to_sql(alias, name, query)
                    for name in ("company_id", "service_date_start", "service_date_end")
                ),
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.depends("agreement_ids.agreement_stage", "agreement_ids.term_end")
    def _compute_contract_id(self):
        for installation in self:
            signed = installation.agreement_ids.filtered(
                lambda agreement: agreement.agreement_stage == "signed"
            )
            installation.contract_id = signed.sorted("term_end", reverse=True)[:1]

    def _compute_agreement_count(self):
        for installation in self:
            installation.agreement_count = len(installation.agreement_ids)

    def _compute_ticket_count(self):
        counts = self.env["helpdesk.ticket"]._count_by("installation_id", self.ids)
        for installation in self:
            installation.ticket_count = counts[installation.id]

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def _get_other_selects(self, word, text):
        """Find software by a former serial number, too."""
        history = self.env["aftersales.serial.history"]
        if not word.isascii() or len(word) < 3 or not history.has_access("read"):
            return super()._get_other_selects(word, text)
        former = get_selects(history, word, text, "installation_id")
        return super()._get_other_selects(word, text) + former

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
            if not vals.get("user_id"):
                # An empty cell of an import means the default, the customer's specialist in charge.
                vals.pop("user_id", None)
        installations = super().create(vals_list)
        # The dates given at creation became the first period: compute them from it.
        for name in ("service_date_start", "service_date_end"):
            self.env.add_to_compute(self._fields[name], installations.filtered("period_ids"))
        return installations

    def write(self, vals):
        vals = dict(vals)
        self._clean_vals(vals)
        return super().write(vals)

    def _clean_vals(self, vals):
        if vals.get("partner_id"):
            # software is installed at a company, also when one of its contacts was picked
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id

    # ------------------------------------------------------------------
    # Periods
    # ------------------------------------------------------------------

    @api.model
    def _propose_service_period(self, product, day):
        """First service period of software, to be proposed in forms; imports are given nothing they do not say.

        :param product: product.product, empty while none is chosen
        :param datetime.date day: day of the installation
        :return: first and last day, False twice when no service comes with the software
        :rtype: tuple
        """
        months = product.aftersales_free_months if product else FREE_MONTHS
        if not day or not months:
            return False, False
        return day, day + relativedelta(months=months, days=-1)

    @api.onchange("product_id", "installation_date")
    def _onchange_service_proposal(self):
        # 五.6.1: from the day of installation on; dates that somebody has typed or emptied stay
        if self._origin or self.service_date_end != self.proposed_end:
            return
        start, end = self._propose_service_period(self.product_id, self.installation_date)
        self.service_date_start = start
        self.service_date_end = self.proposed_end = end

    def _add_period(self, origin, date_start, date_end, contract=None, reason=None):
        """Add a period to the history; effective periods that contradict it become superseded and are kept.

        :param str origin: ``initial``, ``agreement`` or ``manual``
        :param datetime.date date_start: first day
        :param datetime.date date_end: last day, inclusive
        :param contract: the paid agreement (contract.contract), for ``agreement``
        :param str reason: why, shown in the history; required for ``manual``
        :return: the new period
        """
        self.ensure_one()
        # sudo: no user may write these rows; the caller has checked the access to the installation
        period = (
            self.env["aftersales.service.period"]
            .sudo()
            .create(
                {
                    "installation_id": self.id,
                    "origin": origin,
                    "date_start": date_start,
                    "date_end": date_end,
                    "contract_id": contract.id if contract else False,
                    "reason": reason,
                    "recorded_by_id": self.env.uid,
                }
            )
        )
        if origin == "manual":
            # a change by hand states the whole service period and replaces all others
            beaten = self.sudo().period_ids.filtered("effective") - period
        elif origin == "agreement":
            # the paid agreement's end wins over a later one entered by hand
            beaten = self.sudo().period_ids.filtered(
                lambda row: row.effective
                and row.origin != "agreement"
                and row.date_end > period.date_end
            )
        else:
            return period
        beaten.superseded_by_id = period
        return period

    def _change_period(self, date_start, date_end, reason):
        """Change the service period by hand.

        :param datetime.date date_start: first day of the whole service period
        :param datetime.date date_end: its last day, inclusive
        :param str reason: why, kept in the history
        :raises UserError: without a reason
        :raises AccessError: for users who may not write the installation
        """
        self.ensure_one()
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason for changing the service period."))
        self._add_period("manual", date_start, date_end, reason=reason.strip())
        self.message_post(
            body=self.env._(
                "Service period changed to %(start)s – %(end)s: %(reason)s",
                start=self._say_day(date_start),
                end=self._say_day(date_end),
                reason=reason.strip(),
            )
        )
        # 五.2.2: notices of expiry follow the new end of service
        self.env["aftersales.renewal.notice"]._reconcile(self.company_id)

    def action_change_period(self):
        """Open the wizard that changes the service period with a reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Service Period"),
            "res_model": "aftersales.service.period.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_installation_id": self.id},
        }

    def action_view_customer(self):
        """Open the customer at whom the software is installed."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    def action_view_tickets(self):
        """Open the tickets about this installation."""
        self.ensure_one()
        return self._get_list_action(
            "helpdesk_mgmt.helpdesk_ticket_action",
            [("installation_id", "=", self.id)],
            {"default_installation_id": self.id, "default_partner_id": self.partner_id.id},
        )

    def _get_portal_label(self):
        """Label of the software in a list on the portal: its name, its serial number and its service state.

        :rtype: str
        """
        self.ensure_one()
        # sudo: customers read no products; the installation is one the customer may read
        software = self.sudo()
        states = dict(self._fields["service_state"]._description_selection(self.env))
        return self.env._(
            "%(software)s (%(state)s)",
            software=software.display_name,
            state=states[software.service_state],
        )

    def _get_portal_periods(self):
        """The service periods as shown to the customer, the newest first.

        Superseded and reverted periods and the noted reasons are internal and left out.

        :return: rows with ``start``, ``end`` and ``label``
        :rtype: list[dict]
        """
        self.ensure_one()
        # sudo: periods of an installation the customer may read; only the returned values are shown
        periods = self.sudo().period_ids.filtered("effective")
        labels = {
            "initial": self.env._("First service period"),
            "manual": self.env._("Service period changed"),
        }
        return [
            {
                "start": period.date_start,
                "end": period.date_end,
                "label": self.env._("Renewed by %s", period.contract_id.name)
                if period.origin == "agreement"
                else labels[period.origin],
            }
            for period in periods.sorted(lambda period: period._order_by_end(), reverse=True)
        ]
