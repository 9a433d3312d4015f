from odoo import fields, models
from odoo.tools import SQL

# ids of rows: id of the first customer × STEP + id of the other, exact in a browser up to 500 million customers
STEP = 2**24
# telephones without an area code are the same in several cities; numbers of a shopping centre are everybody's
SHORTEST, MOST_OWNERS = 10, 10


class AftersalesPartnerDouble(models.Model):
    """Two customers that may be one: what imports and RPC bring, which ask nobody.

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    service manager       read; merge them, or say that they are others, which removes the row
    other roles           nothing
    ====================  ==================================================================
    """

    _name = "aftersales.partner.double"
    _description = "Possible Double of a Customer"
    _auto = False
    _order = "reason, id"
    _rec_name = "partner_id"
    # what the query reads is written to the database before
    _depends = {
        "aftersales.partner.key": ["partner_id", "kind", "key", "until"],
        "res.partner": [
            *("active", "commercial_partner_id", "is_company", "vat", "company_id"),
            "distinct_ids",
        ],
    }

    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    other_id = fields.Many2one(comodel_name="res.partner", string="Other Customer", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    reason = fields.Selection(
        selection=[("name", "Name"), ("phone", "Telephone"), ("tax", "Tax Number")],
        string="Why",
        readonly=True,
    )
    key = fields.Char(string="Same", readonly=True)
    service_user_id = fields.Many2one(related="partner_id.service_user_id")
    other_user_id = fields.Many2one(
        related="other_id.service_user_id", string="Specialist of the Other"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH telling AS (
                SELECT DISTINCT told.kind, told.key, owner.id, owner.company_id
                FROM aftersales_partner_key told
                JOIN res_partner partner ON partner.id = told.partner_id AND partner.active
                JOIN res_partner owner ON owner.id = partner.commercial_partner_id AND owner.active
                WHERE told.until IS NULL AND owner.is_company
                AND (told.kind = 'name' AND owner.id = partner.id
                     OR told.kind = 'phone' AND length(told.key) >= %(shortest)s)
                UNION ALL
                SELECT 'tax', upper(btrim(owner.vat)), owner.id, owner.company_id
                FROM res_partner owner
                WHERE owner.active AND owner.is_company AND owner.commercial_partner_id = owner.id
                AND length(btrim(owner.vat)) > 4
            ), counted AS (
                SELECT *, count(*) OVER (PARTITION BY kind, key) AS owners FROM telling
            )
            SELECT DISTINCT ON (one.id, other.id)
                one.id::bigint * %(step)s + other.id AS id,
                one.id AS partner_id,
                other.id AS other_id,
                COALESCE(one.company_id, other.company_id) AS company_id,
                one.kind AS reason,
                one.key AS key
            FROM counted one
            JOIN counted other ON other.kind = one.kind AND other.key = one.key AND other.id > one.id
            WHERE one.owners BETWEEN 2 AND %(most)s
            AND NOT EXISTS (
                SELECT FROM aftersales_partner_distinct_rel told
                WHERE told.partner_id = one.id AND told.other_id = other.id
            )
            ORDER BY one.id, other.id, one.kind
            """,
            shortest=SHORTEST,
            step=STEP,
            most=MOST_OWNERS,
        )

    def action_distinct(self):
        """Say that they are others: the row goes, and no form asks about them again."""
        for row in self:
            row.partner_id.mark_distinct(row.other_id.ids)

    def action_merge(self):
        """Open Odoo's dialogue that merges them; documents of both belong to the one that stays.

        :return: action that opens the dialogue
        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge"),
            "res_model": "base.partner.merge.automatic.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": "res.partner",
                "active_ids": (self.partner_id | self.other_id).ids,
            },
        }
