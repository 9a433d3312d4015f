from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...groups import MANAGERS
from ..visit.values import AWAY
from .values import KINDS

# ids of rows: id of the source × STEP + place of the kind
STEP = 16


class AftersalesReview(models.Model):
    """What looks as if somebody had walked around a duty, for service managers only; it is no charge against anybody.

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    service manager       read; say with a reason that a row is in order, which removes it;
                          not of rows about themselves
    other roles           nothing
    ====================  ==================================================================

    The rows are read from the documents each time, also from those before the day from which the rules hold, for which
    nobody is reminded or charged. A row ends when its document is put in order, or when a manager has looked at it.
    """

    _name = "aftersales.review"
    _description = "What Looks Evaded"
    _inherit = "aftersales.reason.mixin"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "document"
    # what the query reads is written to the database before
    _depends = {
        "res.company": ["aftersales_duties_since"],
        "aftersales.review.look": ["kind", "source_id", "day"],
        "aftersales.change.request": [
            *("name", "title", "commercial_partner_id", "company_id"),
            *("kind_filed", "kind_changed_on", "kind_changed_by_id"),
        ],
        "aftersales.implementation": [
            *("name", "commercial_partner_id", "company_id", "lead_engineer_id"),
            *("state", "date_end", "end_entered_on", "end_entered_by_id"),
        ],
        "aftersales.visit": [
            *("name", "commercial_partner_id", "company_id", "lead_technician_id"),
            *("ticket_id", "origin_ticket_id"),
            *("state", "date_planned_end", "answer_due_date", "record_due_date"),
            *("return_entered_on", "return_entered_by_id"),
        ],
        "helpdesk.ticket": [
            *("name", "number", "commercial_partner_id", "company_id", "user_id", "stage_id"),
            *("service_mode", "service_done_mode", "service_done_on", "service_done_by_id"),
            *("duplicate_id", "closed_date", "record_due_date", "record_completed_on"),
            *("record_asked", "record_unknown", "visit_waived_on", "visit_waived_reason"),
        ],
        "helpdesk.ticket.stage": ["closed", "record_required"],
        "aftersales.ticket.correction": [
            *("ticket_id", "field_name", "old_value", "new_value", "reason", "user_id", "date"),
        ],
        "mail.message": ["model", "res_id", "date", "author_id"],
        "mail.tracking.value": ["mail_message_id", "field_id", "new_value_integer"],
    }

    kind = fields.Selection(selection=KINDS, readonly=True)
    source_id = fields.Integer(string="Row", readonly=True)
    day = fields.Date(readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Person", readonly=True
    )
    document = fields.Char(readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document ID", model_field="res_model", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    note = fields.Text(readonly=True, help="What was changed, and the reason that was given.")
    is_old = fields.Boolean(
        string="Before the Rules",
        readonly=True,
        help="From before the day from which the rules hold: nobody is reminded or charged.",
    )

    # === The rows === #

    @property
    def _table_query(self):
        parts = [
            SQL(
                "SELECT part.source_id * %(step)s + %(place)s AS id, %(kind)s AS kind, %(model)s AS res_model, part.*"
                " FROM (%(part)s) AS part",
                step=STEP,
                place=[code for code, _label in KINDS].index(kind),
                kind=kind,
                model=model,
                part=part,
            )
            for kind, model, part in self._get_parts()
        ]
        return SQL(
            """
            WITH clock (company_id, today, since, zone) AS (%(clock)s)
            SELECT found.*, COALESCE(found.day < clock.since, FALSE) AS is_old
              FROM (%(parts)s) AS found
              JOIN clock ON clock.company_id = found.company_id
             WHERE NOT EXISTS (SELECT FROM aftersales_review_look AS look
                                WHERE look.kind = found.kind
                                  AND look.source_id = found.source_id
                                  AND look.day = found.day)
            """,
            clock=self._get_clock(),
            parts=SQL(" UNION ALL ").join(parts),
        )

    @api.model
    def _get_clock(self):
        """:return: company, its calendar day, the day from which its rules hold and its time zone, as rows
        :rtype: SQL
        """
        # sudo: days of all companies; the rules on the model decide which rows a manager sees
        companies = (
            self.env["res.company"].sudo().with_context(active_test=False).search(Domain.TRUE)
        )
        rows = [
            SQL(
                "(%s, %s::date, %s::date, %s)",
                company.id,
                company._aftersales_today(),
                company.aftersales_duties_since or None,
                company._aftersales_zone().zone,
            )
            for company in companies
        ]
        return SQL("VALUES %s", SQL(", ").join(rows))

    @api.model
    def _get_parts(self):
        """What looks evaded, each kind as a query.

        The columns of a query are ``source_id`` (the row the finding comes from), ``res_id``, ``document``,
        ``partner_id``, ``company_id``, ``user_id`` (the person, may be empty), ``day`` and ``note``, in this order. It
        may join ``clock``, whose columns are in :meth:`_get_clock`.

        :return: code of the kind, model of the documents, query
        :rtype: list[tuple[str, str, SQL]]
        """
        ticket, visit = "helpdesk.ticket", "aftersales.visit"
        project, change = "aftersales.implementation", "aftersales.change.request"
        return [
            ("duplicate", ticket, self._find_late_duplicates()),
            ("service", ticket, self._find_corrected_tickets()),
            ("unanswered", visit, self._find_unanswered_visits()),
            ("late_return", visit, self._find_late_returns()),
            ("project", project, self._find_late_projects()),
            ("late_end", project, self._find_late_ends()),
            ("no_visit", ticket, self._find_tickets_without_visit()),
            ("change_kind", change, self._find_corrected_kinds()),
            ("unknown", ticket, self._find_unknown_records()),
            ("nobody", ticket, self._find_records_of_nobody()),
        ]

    def _select(self, source, document, person, day, note="NULL", alias="doc"):
        """The columns of a query; the arguments are SQL of this file.

        :param str source: id of the row the finding comes from
        :param str document: what the document is called
        :param str person: id of the user
        :param str day: when it was
        :param str note: what else is known
        :param str alias: the table of the document
        :rtype: SQL
        """
        return SQL(
            f"SELECT {source} AS source_id, {alias}.id AS res_id, {document} AS document,"
            f" {alias}.commercial_partner_id AS partner_id, {alias}.company_id, {person} AS user_id,"
            f" {day} AS day, {note}::text AS note"
        )

    def _select_ticket(self, source, person, day, note="NULL"):
        return self._select(source, "concat_ws(' ', doc.number, doc.name)", person, day, note)

    def _find_late_duplicates(self):
        """Tickets marked as duplicates when their record was overdue, by the corrections, before those by the log."""
        return SQL(
            """
            %s
              FROM helpdesk_ticket AS doc
              JOIN clock ON clock.company_id = doc.company_id
              JOIN LATERAL (
                   (SELECT change.date AS day, change.user_id, change.reason
                      FROM aftersales_ticket_correction AS change
                     WHERE change.ticket_id = doc.id AND change.field_name = 'duplicate_id'
                     ORDER BY change.id DESC
                     LIMIT 1)
                   UNION ALL
                   (SELECT (message.date AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date,
                           (SELECT min(id) FROM res_users WHERE partner_id = message.author_id),
                           NULL
                      FROM mail_message AS message
                      JOIN mail_tracking_value AS value ON value.mail_message_id = message.id
                      JOIN ir_model_fields AS field ON field.id = value.field_id
                     WHERE message.model = 'helpdesk.ticket'
                       AND message.res_id = doc.id
                       AND field.name = 'duplicate_id'
                       AND value.new_value_integer = doc.duplicate_id
                     ORDER BY message.id DESC
                     LIMIT 1)
                   LIMIT 1
                   ) AS marked ON TRUE
             WHERE doc.duplicate_id IS NOT NULL AND marked.day > doc.record_due_date
            """,
            self._select_ticket("doc.id", "marked.user_id", "marked.day", "marked.reason"),
        )

    def _find_corrected_tickets(self):
        """Channel, category or who served, changed after the service was done."""
        return SQL(
            """
            %s
              FROM aftersales_ticket_correction AS change
              JOIN helpdesk_ticket AS doc ON doc.id = change.ticket_id
             WHERE change.field_name != 'duplicate_id'
            """,
            self._select_ticket(
                "change.id",
                "change.user_id",
                "change.date",
                "concat_ws(' ', change.old_value, '→', change.new_value, change.reason)",
            ),
        )

    def _find_unanswered_visits(self):
        """Nobody said what became of an approved visit, its day has passed."""
        end = "(doc.date_planned_end AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date"
        return SQL(
            f"""
            %s
              FROM aftersales_visit AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.state = 'approved' AND COALESCE(doc.answer_due_date, {end}) < clock.today
            """,
            self._select("doc.id", "doc.name", "doc.lead_technician_id", end),
        )

    def _find_late_returns(self):
        """The return from a visit was entered when its record was overdue already."""
        day = "(doc.return_entered_on AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date"
        return SQL(
            f"""
            %s
              FROM aftersales_visit AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE {day} > doc.record_due_date
            """,
            self._select("doc.id", "doc.name", "doc.return_entered_by_id", day),
        )

    def _find_late_projects(self):
        """Projects that run on though their end has passed, also where nobody has recorded the begin."""
        return SQL(
            """
            %s
              FROM aftersales_implementation AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.state IN ('draft', 'running') AND doc.date_end < clock.today
            """,
            self._select("doc.id", "doc.name", "doc.lead_engineer_id", "doc.date_end"),
        )

    def _find_late_ends(self):
        """七.6: the end of a project was entered when its three days were over already."""
        day = "(doc.end_entered_on AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date"
        return SQL(
            f"""
            %s
              FROM aftersales_implementation AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE {day} > doc.date_end + 3
            """,
            self._select("doc.id", "doc.name", "doc.end_entered_by_id", day),
        )

    def _find_tickets_without_visit(self):
        """五.3.3: services on site without an approved visit: closed, also where a manager allowed it, or left open.

        Those left open are listed from the day after the service on.
        """
        served = "(doc.service_done_on AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date"
        return SQL(
            f"""
            %s
              FROM helpdesk_ticket AS doc
              JOIN helpdesk_ticket_stage AS stage ON stage.id = doc.stage_id
              JOIN clock ON clock.company_id = doc.company_id
             WHERE 'on_site' IN (doc.service_mode, doc.service_done_mode)
               AND doc.duplicate_id IS NULL
               AND (stage.closed AND stage.record_required OR NOT stage.closed AND {served} < clock.today)
               AND NOT EXISTS (SELECT FROM aftersales_visit AS visit
                                WHERE doc.id IN (visit.ticket_id, visit.origin_ticket_id)
                                  AND visit.state IN %s)
            """,
            self._select_ticket(
                "doc.id",
                "COALESCE(doc.service_done_by_id, doc.user_id)",
                f"COALESCE((doc.closed_date AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date, {served})",
                "doc.visit_waived_reason",
            ),
            ("approved", *AWAY),
        )

    def _find_corrected_kinds(self):
        """Program changes whose kind was corrected after they were filed."""
        return SQL(
            """
            %s
              FROM aftersales_change_request AS doc
             WHERE doc.kind_changed_on IS NOT NULL
            """,
            self._select(
                "doc.id",
                "concat_ws(' ', doc.name, doc.title)",
                "doc.kind_changed_by_id",
                "doc.kind_changed_on",
            ),
        )

    def _find_unknown_records(self):
        """Records asked for of which nothing is known when they were complete: nobody is charged for them."""
        return SQL(
            """
            %s
              FROM helpdesk_ticket AS doc
              JOIN helpdesk_ticket_stage AS stage ON stage.id = doc.stage_id
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.record_unknown
               AND doc.record_completed_on IS NULL
               AND doc.record_asked != ''
               AND doc.duplicate_id IS NULL
               AND (NOT stage.closed OR stage.record_required)
            """,
            self._select_ticket(
                "doc.id",
                "doc.service_done_by_id",
                "(doc.service_done_on AT TIME ZONE 'UTC' AT TIME ZONE clock.zone)::date",
            ),
        )

    def _find_records_of_nobody(self):
        """Overdue records of services of which it is not known who did them: nobody is charged for them."""
        return SQL(
            """
            %s
              FROM helpdesk_ticket AS doc
              JOIN helpdesk_ticket_stage AS stage ON stage.id = doc.stage_id
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.service_done_by_id IS NULL
               AND doc.record_due_date < clock.today
               AND doc.record_completed_on IS NULL
               AND doc.record_unknown IS NOT TRUE
               AND doc.record_asked != ''
               AND doc.duplicate_id IS NULL
               AND (NOT stage.closed OR stage.record_required)
            """,
            self._select_ticket("doc.id", "doc.user_id", "doc.record_due_date"),
        )

    # === What managers do === #

    def action_open_document(self):
        """Open the document of the row.

        :raises UserError: when it does not exist any more
        :raises AccessError: for users who may not read it
        """
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(self.env._("There is no document behind this row any more."))
        document.check_access("read")
        return document.get_formview_action()

    @api.model
    def _get_reason_steps(self):
        return {**super()._get_reason_steps(), "action_look": self.env._("Looked At, Fine")}

    def action_ask_look(self):
        """Ask why the rows are in order."""
        return self._ask_reason("action_look")

    def action_look(self, reason):
        """Say that the rows are in order, which removes them from the list.

        :param str reason: why; kept with the manager and the day
        :raises AccessError: for users who are no service managers
        :raises UserError: without a reason, and for rows about oneself
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("Only service managers say that this is in order."))
        reason = self._check_reason(reason, self.env._("Say why it is in order."))
        own = self.filtered(lambda row: row.user_id == self.env.user)
        if own:
            raise UserError(
                self.env._(
                    "%s is about yourself: another manager or the director looks at it.",
                    own[0].document,
                )
            )
        # sudo: no user may make these rows; the checks above allow these
        self.env["aftersales.review.look"].sudo()._create_unlocked(
            [
                {
                    "kind": row.kind,
                    "source_id": row.source_id,
                    "day": row.day,
                    "res_model": row.res_model,
                    "res_id": row.res_id,
                    "document": row.document,
                    "company_id": row.company_id.id,
                    "about_id": row.user_id.id,
                    "user_id": self.env.uid,
                    "reason": reason,
                }
                for row in self
            ]
        )
        self.invalidate_model()
