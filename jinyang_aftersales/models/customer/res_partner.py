from collections import Counter
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ...groups import MANAGERS, READERS
from ...tools.keys import customer_key
from ...tools.text import qq_link
from ..company.service_state import SERVICE_RANK, SERVICE_STATES, state_domain, state_sql
from .aftersales_partner_proposal import BY_CUSTOMER, FACTS

# possible doubles that the form asks about at once
MOST_DOUBLES = 6


class ResPartner(models.Model):
    """The customer's software, specialist and service period (四 专员.2, 五.6).

    Company-wide values are stored on the commercial entity and shown on its contacts.
    """

    _name = "res.partner"
    _inherit = ["aftersales.correction.mixin", "res.partner"]

    installation_ids = fields.One2many(
        comodel_name="aftersales.installation",
        inverse_name="partner_id",
        string="Installed Software",
        groups=READERS,
    )
    installation_count = fields.Integer(compute="_compute_installation_count", groups=READERS)
    service_date_start = fields.Date(
        string="Service From", compute="_compute_service_dates", groups=READERS
    )
    service_date_end = fields.Date(
        string="Service To", compute="_compute_service_dates", groups=READERS
    )
    service_state = fields.Selection(
        selection=SERVICE_STATES,
        compute="_compute_service_dates",
        search="_search_service_state",
        groups=READERS,
        help="The best state over the installations of the customer in your companies.",
    )
    service_user_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Specialist in Charge",
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        groups=READERS,
    )
    software_contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Software Contact",
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id), ('id', '!=', id)]",
        groups=READERS,
        help="The customer's person in charge of the software; receives renewal notices.",
    )
    service_area = fields.Char(groups=READERS)
    qq_number = fields.Char(string="QQ Number", tracking=True)
    qq_link = fields.Char(
        string="Chat on QQ", compute="_compute_qq_link", help="Opens the chat in QQ (五.1.1)."
    )
    department = fields.Char(tracking=True, help="Department of a contact at the customer's.")
    # what our people note down about a customer is not for its contacts, who may read their own company
    comment = fields.Html(groups="base.group_user")
    service_amount_due = fields.Monetary(
        string="Owes",
        compute="_compute_service_amount_due",
        currency_field="currency_id",
        groups=READERS,
        help="Open amount of the customer's posted invoices in your company (四 专员.6).",
    )

    # only told: what is owed depends on the day of the software, the agreement or the ticket
    taken_over_on = fields.Date(
        copy=False, groups=READERS, help="Taken over from a ledger on that day."
    )
    open_documents = fields.Json(
        compute="_compute_open_documents",
        groups=READERS,
        help="What is open for the customer, by kind: label, number, and how much of it is late.",
    )
    distinct_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="aftersales_partner_distinct_rel",
        column1="partner_id",
        column2="other_id",
        string="Not the Same As",
        groups=READERS,
        copy=False,
        help="Customers of the same name, telephone or tax number, of whom somebody has said that they are others.",
    )
    proposal_count = fields.Integer(compute="_compute_proposal_count", groups=READERS)

    def _compute_proposal_count(self):
        counts = self.env["aftersales.partner.proposal"]._count_by(
            "customer_id", self.ids, [("state", "=", "open")]
        )
        for partner in self:
            partner.proposal_count = counts[partner.id]

    def action_view_proposals(self):
        """Open the open changes that the customer has proposed for itself."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_partner_proposal_action",
            [("customer_id", "=", self.id)],
        )

    def _commercial_fields(self):
        return super()._commercial_fields() + ["service_user_id", "service_area"]

    def _convert_fields_to_values(self, field_names):
        """Values of a company for its contacts, also those the user may not read, such as the credit limit.

        Odoo writes them to the contacts as superuser, but reads them for an import as the user, who need not be an
        accountant. They are returned to methods of the server only.
        """
        self.check_access("read")
        # sudo: rights on the record are checked above, those on single fields are left out
        return super(ResPartner, self.sudo())._convert_fields_to_values(field_names)

    # === Who is in charge === #

    @api.model
    def default_get(self, fields):
        """Ignore a specialist in charge that the caller sets by a default in the context."""
        values = super().default_get(fields)
        if not self._assigns_specialists():
            values.pop("service_user_id", None)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if not self._assigns_specialists() and any(
            vals.get("service_user_id") for vals in vals_list
        ):
            self._refuse_specialist()
        return super().create(vals_list)

    def write(self, vals):
        """Guard the specialist in charge; a contact who moves to another company loses access to the old one at once.

        Record rules of customers depend on the commercial partner of the user. Odoo caches evaluated rules and
        clears that cache when users are written, but not when their contacts are: this method does it.

        :param dict vals: the values written
        :raises AccessError: for users who may not choose the specialist in charge
        """
        # their users write as superuser: by the page of addresses, and some fields of their own user by RPC
        if self.env.context.get("aftersales_by") is BY_CUSTOMER or self.env.user._is_portal():
            vals = self._hold_back(vals)
        if not vals.keys() & {"service_user_id", "parent_id", "is_company"}:
            return super().write(vals)
        before = self._get_specialists_before(vals)
        result = super().write(vals)
        if any(partner.service_user_id != user for partner, user in before.items()):
            self._refuse_specialist()
        if vals.keys() & {"parent_id", "is_company"} and self._holds_portal_users():
            self.env.registry.clear_cache()
        return result

    @api.model
    def _get_company_facts(self):
        """Fields that papers, invoices and agreements show of a customer: changed by our people only.

        :rtype: set[str]
        """
        return {*FACTS, *self._address_fields()}

    def _hold_back(self, vals):
        """Turn what a customer's user writes about the company into a proposal.

        A contact shares the address of its company, as far as it has no address of its own.

        :param dict vals: values about to be written
        :return: the values that are written
        :rtype: dict
        """
        held = set()
        for partner in self:
            customer = partner.commercial_partner_id
            if partner == customer:
                names = self._get_company_facts() & vals.keys()
            elif partner.type == "contact":
                names = set(self._address_fields()) & vals.keys()
            else:
                continue
            held |= names
            proposed = {
                name: self._fields[name].convert_to_write(
                    self._fields[name].convert_to_record(
                        self._fields[name].convert_to_cache(vals[name], partner), partner
                    ),
                    partner,
                )
                for name in names
                if (vals[name] or False)
                != (partner._fields[name].convert_to_write(partner[name], partner) or False)
            }
            if proposed:
                self.env["aftersales.partner.proposal"]._propose(customer, proposed)
        return {name: value for name, value in vals.items() if name not in held}

    def _get_specialists_before(self, vals):
        """Specialists in charge that a write must not change; none for users who may change them.

        :param dict vals: values about to be written; a customer that becomes the contact of another one
            gets its specialist, too
        :rtype: dict[res.partner, res.users]
        """
        if self._assigns_specialists():
            return {}
        # sudo: editors of contacts may lack the right to read the specialist in charge
        return {
            partner: partner.service_user_id
            for partner in self.sudo()
            if "service_user_id" in vals
            or partner.commercial_partner_id == partner
            and (partner.is_company or partner.service_user_id)
        }

    @api.model
    def _assigns_specialists(self):
        """:return: whether the user may choose the specialist in charge of a customer, who may write its documents"""
        return self.env.su or self.env.user.has_group(MANAGERS)

    @api.model
    def _refuse_specialist(self):
        """:raises AccessError: always"""
        raise AccessError(
            self.env._("A service manager says which specialist is in charge of a customer.")
        )

    @api.depends("qq_number")
    def _compute_qq_link(self):
        for partner in self:
            partner.qq_link = qq_link(partner.qq_number)

    @api.depends_context("allowed_company_ids")
    def _compute_installation_count(self):
        groups = self.env["aftersales.installation"]._read_group(
            [
                ("partner_id", "child_of", self.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["partner_id"],
            ["__count"],
        )
        counts = Counter()
        for customer, count in groups:
            # sudo: the software of branches, which are companies of their own, is counted at the head office, too
            place = customer.sudo()
            while place:
                counts[place.id] += count
                place = place.parent_id
        for partner in self:
            partner.installation_count = counts[partner.commercial_partner_id.id]

    @api.depends(
        "commercial_partner_id",
        "installation_ids.service_date_start",
        "installation_ids.service_date_end",
        "installation_ids.company_id",
        "installation_ids.active",
    )
    @api.depends_context("allowed_company_ids")
    def _compute_service_dates(self):
        installations = self.env["aftersales.installation"].search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["partner_id", "company_id", "service_date_start", "service_date_end"],
            order="id",
        )
        best = {}
        for installation in installations:
            current = best.get(installation.partner_id)
            if not current or self._service_order(installation) > self._service_order(current):
                best[installation.partner_id] = installation
        for partner in self:
            installation = best.get(partner.commercial_partner_id)
            partner.service_state = installation.service_state if installation else "none"
            partner.service_date_start = installation and installation.service_date_start
            partner.service_date_end = installation and installation.service_date_end

    @api.model
    def _service_order(self, installation):
        """Sort key: the installation with the highest one decides the service state of its customer."""
        return (
            SERVICE_RANK.index(installation.service_state),
            installation.service_date_end or date.min,
        )

    def _search_service_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        installations = self.env["aftersales.installation"]
        visible = Domain("company_id", "in", self.env.companies.ids)

        def having(states):
            query = installations._search(state_domain(self.env, states) & visible)
            return Domain("commercial_partner_id", "in", query.subselect("partner_id"))

        result = Domain.FALSE
        for state in value:
            if state not in SERVICE_RANK:
                continue
            better = SERVICE_RANK[SERVICE_RANK.index(state) + 1 :]
            # customers without any installation count as "none"
            part = Domain.TRUE if state == "none" else having([state])
            result |= part & ~having(better) if better else part
        return result

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "service_state":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["service_state"], "read")
        rank = state_sql(
            self.env,
            *(
                SQL.identifier("installation", name)
                for name in ("company_id", "service_date_start", "service_date_end")
            ),
            labels={state: number for number, state in enumerate(SERVICE_RANK, 1)},
        )
        best = SQL(
            "SELECT installation.partner_id, MAX(%s) AS rank FROM aftersales_installation installation"
            " WHERE installation.active AND installation.company_id IN %s",
            rank,
            tuple(self.env.companies.ids),
        )
        partner = self._field_to_sql(alias, "commercial_partner_id", query)
        names = SQL("ARRAY[%s]", SQL(", ").join(SQL("%s", state) for state in SERVICE_RANK))
        if query is None:
            found = SQL(
                "SELECT rank FROM (%s AND installation.partner_id = %s GROUP BY 1) best",
                best,
                partner,
            )
            return SQL("(%s)[COALESCE((%s), 1)]", names, found)
        # Join the states of all partners: groups of a whole table then need one pass over the installations.
        joined = query.make_alias(alias, "service_state")
        query.add_join(
            "LEFT JOIN",
            joined,
            SQL("(%s GROUP BY 1)", best),
            SQL("%s = %s", SQL.identifier(joined, "partner_id"), partner),
        )
        return SQL("(%s)[COALESCE(%s, 1)]", names, SQL.identifier(joined, "rank"))

    @api.depends_context("company")
    def _compute_service_amount_due(self):
        amounts = {}
        if self.env.user.has_group(READERS):
            # sudo: specialists collect debts (四 专员.6) without rights on accounting; they get only the sum,
            # for partners they can read
            amounts = dict(
                self.env["account.move"]
                .sudo()
                ._read_group(
                    [
                        ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                        ("company_id", "=", self.env.company.id),
                        ("state", "=", "posted"),
                        ("move_type", "in", ("out_invoice", "out_refund")),
                    ],
                    ["commercial_partner_id"],
                    ["amount_residual_signed:sum"],
                )
            )
        for partner in self:
            partner.service_amount_due = amounts.get(partner.commercial_partner_id, 0.0)

    def _get_owned_domain(self):
        """Documents (``aftersales.owner.mixin``) of a customer; for a contact, those of the contact's present company.

        :rtype: Domain
        """
        self.ensure_one()
        partner, owner = self._origin, self.commercial_partner_id._origin
        if not partner or not owner:
            # The partner is not saved yet: it must not match documents without an owner.
            return Domain.FALSE
        domain = Domain("commercial_partner_id", "=", owner.id)
        return domain if partner == owner else domain & Domain("partner_id", "child_of", partner.id)

    # === Open documents === #

    @api.model
    def _get_open_kinds(self):
        """Hook: kinds of documents that are open until somebody does something, for the service page of a customer.

        :return: by code a dict with ``label``, ``model``, ``domain`` of the open ones and ``action``, an external id
        :rtype: dict[str, dict]
        """
        return {}

    def _get_open_domain(self, kind):
        """:return: the open documents of one kind, of the customer"""
        self.ensure_one()
        owner = self.commercial_partner_id._origin
        return Domain("commercial_partner_id", "=", owner.id) & Domain(kind["domain"])

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_open_documents(self):
        kinds = self._get_open_kinds()
        for partner in self:
            partner.open_documents = [
                found
                for code, kind in kinds.items()
                if partner.commercial_partner_id._origin
                and (found := partner._count_open(code, kind))
            ]

    def _count_open(self, code, kind):
        """:return: what the page shows of one kind, None where the user sees nothing that is open"""
        model = self.env[kind["model"]]
        if not model.has_access("read"):
            return None
        domain = self._get_open_domain(kind)
        count = model.search_count(domain)
        if not count:
            return None
        late = "is_overdue" in model._fields and model.search_count(
            domain & Domain("is_overdue", "=", True)
        )
        return {"code": code, "label": kind["label"], "count": count, "late": late or 0}

    def action_view_open(self, code):
        """Open the open documents of one kind.

        :param str code: of :meth:`_get_open_kinds`
        """
        self.ensure_one()
        kind = self._get_open_kinds()[code]
        return self.env[kind["model"]]._get_list_action(
            kind["action"],
            self._get_open_domain(kind),
            {"default_partner_id": self.commercial_partner_id.id},
        )

    # === Doubles === #

    @api.model
    @api.readonly
    def find_possible_doubles(self, values, own_id=False):
        """Customers that one about to be saved may be the same as; called by its form.

        :param dict values: name, phone, landline and vat as they are entered
        :param int own_id: id of the customer, when it is saved already
        :return: who they are and why, without those of whom somebody has said that they are others
        :rtype: list[dict]
        """
        if not self.env["aftersales.installation"].has_access("read") or self.env.user.share:
            return []
        own = self.browse(own_id or []).commercial_partner_id
        texts = [values.get(name) for name in ("phone", "landline")]
        found = self._find_doubles(
            name=values.get("name") or "",
            phones=[text for text in texts if text],
            tax_id=values.get("vat") or "",
        )
        others = found.commercial_partner_id - own - own.distinct_ids
        return [row._describe_double(values) for row in others[:MOST_DOUBLES]]

    def _describe_double(self, values):
        """:return: what the question about a possible double shows of it"""
        self.ensure_one()
        states = dict(self._fields["service_state"]._description_selection(self.env))
        if customer_key(self.name) == customer_key(values.get("name")):
            reason = self.env._("Same name")
        elif values.get("vat") and self.vat == values["vat"].strip():
            reason = self.env._("Same tax number")
        else:
            reason = self.env._("Same telephone")
        return {
            "id": self.id,
            "name": self.display_name,
            "reason": reason,
            "phone": self.phone or self.landline or "",
            "specialist": self.service_user_id.name or "",
            "state": self.active and states[self.service_state] or self.env._("Archived"),
        }

    def mark_distinct(self, other_ids):
        """Note that these customers are no doubles of others; they are not asked about again.

        :param list other_ids: ids of the others
        :raises AccessError: for users who may not write these customers
        """
        self.check_access("write")
        others = self.browse(other_ids).exists()
        others.check_access("read")
        # sudo: the note is on both, also on one that the user may not write
        for partner in self.sudo():
            partner.distinct_ids |= others.sudo()
        for other in others.sudo():
            other.distinct_ids |= self.sudo()

    # === Software === #

    def action_add_installation(self):
        """Open the form of a new software of the customer, with everything proposed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Software"),
            "res_model": "aftersales.installation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_view_installations(self):
        """Open the installations of the customer."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_installation_action",
            [("partner_id", "child_of", self.commercial_partner_id.id)],
            {"default_partner_id": self.commercial_partner_id.id},
        )

    def _holds_portal_users(self):
        """Return whether any of the partners, or a contact below them, is a portal user.

        :rtype: bool
        """
        # sudo: editors of contacts may lack access to users; only the existence of users is told
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return bool(
            users.search_count(
                [("share", "=", True), ("partner_id", "child_of", self.ids)], limit=1
            )
        )
