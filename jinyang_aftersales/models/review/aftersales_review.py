from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...groups import MANAGERS
from .values import FAR, KINDS, company_day

# ids of rows: id of the source × STEP + place of the kind
STEP = 32
# calls have no number
CALL_NAME = (
    "(SELECT concat_ws(' ', partner.name, doc.due_date_first)"
    " FROM res_partner AS partner WHERE partner.id = doc.commercial_partner_id)"
)
# the wall of complaints: their calls are for few eyes only
CALL_IN_SIGHT = "doc.complaint_id IS NULL AND doc.kind != 'complaint'"


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
    _inherit = ["aftersales.reason.mixin", "aftersales.search.mixin"]
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "document"
    # what the query reads is written to the database before
    _depends = {
        "res.company": ["aftersales_duties_since"],
        "aftersales.review.look": ["kind", "source_id", "day"],
        "aftersales.application": [
            *("name", "commercial_partner_id", "company_id", "user_id", "state"),
        ],
        "aftersales.approval": ["res_model", "res_id", "decided_on"],
        "aftersales.archive.entry": [
            *("document_name", "commercial_partner_id", "company_id"),
            *("res_model", "res_id", "kind", "state"),
        ],
        "aftersales.callback": [
            *("commercial_partner_id", "company_id", "state", "kind", "complaint_id"),
            *("due_date", "due_date_first", "overdue_since"),
            *("cancelled_on", "cancelled_by_id", "cancel_reason"),
        ],
        "aftersales.change.request": [
            *("name", "title", "commercial_partner_id", "company_id", "user_id", "state"),
            *("kind_filed", "kind_changed_on", "kind_changed_by_id", "confirmed_on"),
        ],
        "aftersales.delay": [
            *("res_model", "res_id", "kind", "date_old", "date_new", "reason", "in_time"),
            *("announced_on", "announced_by_id"),
        ],
        "aftersales.letter.dispatch": [
            *("res_model", "res_id", "channel", "sent_to", "sent_on", "sent_by_id", "proof"),
        ],
        "aftersales.renewal.notice": ["name", "commercial_partner_id", "company_id", "notice_date"],
        "contract.contract": ["name", "commercial_partner_id", "company_id"],
        "res.partner": ["name"],
        "aftersales.implementation": [
            *("name", "commercial_partner_id", "company_id", "lead_engineer_id"),
            *("state", "date_end", "end_entered_on", "end_entered_by_id"),
        ],
        "aftersales.visit": [
            *("name", "commercial_partner_id", "company_id", "lead_technician_id"),
            *("ticket_id", "origin_ticket_id"),
            *("state", "date_planned_end", "answer_due_date", "record_due_date"),
            *(
                "is_trip",
                "trip_date_end",
                "returned_on",
                "return_entered_on",
                "return_entered_by_id",
            ),
            *("answered_on", "answered_by_id", "cancel_reason"),
        ],
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
        rows = [
            SQL(
                "(%s, %s::date, %s::date, %s)",
                company.id,
                company._aftersales_today(),
                company.aftersales_duties_since or None,
                company._aftersales_zone().zone,
            )
            for company in self._get_companies()
        ]
        return SQL("VALUES %s", SQL(", ").join(rows))

    @api.model
    def _get_companies(self):
        """Companies whose documents are read: those in view of a manager, whom the rules on the model show no others.

        :return: res.company as superuser, all of them for the superuser
        """
        # sudo: days and settings of companies
        if not self.env.su:
            return self.env.companies.sudo()
        return self.env["res.company"].sudo().with_context(active_test=False).search(Domain.TRUE)

    @api.model
    def _get_parts(self):
        """What looks evaded, each kind as a query.

        The columns of a query are ``source_id`` (the row the finding comes from), ``res_id``, ``document``,
        ``partner_id``, ``company_id``, ``user_id`` (the person, may be empty), ``day`` and ``note``, in this order. It
        may join ``clock``, whose columns are in :meth:`_get_clock`.

        :return: code of the kind, model of the documents, query
        :rtype: list[tuple[str, str, SQL]]
        """
        visit, call = "aftersales.visit", "aftersales.callback"
        project, change = "aftersales.implementation", "aftersales.change.request"
        application, notice = "aftersales.application", "aftersales.renewal.notice"
        decided = (
            "(SELECT max(taken.decided_on) FROM aftersales_approval AS taken"
            " WHERE taken.res_model = 'aftersales.application' AND taken.res_id = doc.id)"
        )
        delayed = (
            (application, {}),
            ("aftersales.archive.entry", {"document": "doc.document_name"}),
            (call, {"document": CALL_NAME, "in_sight": CALL_IN_SIGHT}),
            (change, {"document": "concat_ws(' ', doc.name, doc.title)"}),
            ("contract.contract", {}),
            (project, {}),
            (visit, {}),
            ("helpdesk.ticket", {"document": "concat_ws(' ', doc.number, doc.name)"}),
        )
        return [
            ("unanswered", visit, self._find_unanswered_visits()),
            ("late_return", visit, self._find_late_returns()),
            ("other_day", visit, self._find_moved_returns()),
            ("letter_late", notice, self._find_letters_entered_late()),
            ("late_cancel", visit, self._find_late_cancelled_visits()),
            ("project", project, self._find_late_projects()),
            ("late_end", project, self._find_late_ends()),
            ("change_kind", change, self._find_corrected_kinds()),
            ("call_cancel", call, self._find_late_cancelled_calls()),
            ("application_paper", application, self._find_missing_originals(application, decided)),
            ("change_paper", change, self._find_missing_originals(change, "doc.confirmed_on")),
            *(("delay", model, self._find_delays(model, **how)) for model, how in delayed),
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

    def _find_unanswered_visits(self):
        """Nobody said what became of an approved visit, its day has passed."""
        end = company_day("doc.date_planned_end")
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
        day = company_day("doc.return_entered_on")
        return SQL(
            f"""
            %s
              FROM aftersales_visit AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE {day} > doc.record_due_date
            """,
            self._select("doc.id", "doc.name", "doc.return_entered_by_id", day),
        )

    def _find_moved_returns(self):
        """七.4: the record is owed from the return: one entered afterwards for a day that was not planned, or moved on.

        A minute entered at once is never after the moment of its entry.
        """
        day = company_day("doc.returned_on")
        return SQL(
            f"""
            %s
              FROM aftersales_visit AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.returned_on > doc.return_entered_on + interval '1 minute'
                OR ({day} > GREATEST(
                        {company_day("doc.date_planned_end")},
                        CASE WHEN doc.is_trip THEN doc.trip_date_end END)
                    AND {day} < {company_day("doc.return_entered_on")})
            """,
            self._select("doc.id", "doc.name", "doc.return_entered_by_id", day),
        )

    def _find_letters_entered_late(self):
        """五.2.2: letters that left in time by what was entered after the day by which the customer had to be told."""
        sent = company_day("letter.sent_on")
        return SQL(
            f"""
            %s
              FROM aftersales_letter_dispatch AS letter
              JOIN aftersales_renewal_notice AS doc ON doc.id = letter.res_id
              JOIN clock ON clock.company_id = doc.company_id
             WHERE letter.res_model = 'aftersales.renewal.notice'
               AND {sent} <= doc.notice_date
               AND {company_day("letter.create_date")} > doc.notice_date
            """,
            self._select(
                "letter.id",
                "doc.name",
                "letter.sent_by_id",
                sent,
                "concat_ws(' ', letter.sent_to, letter.proof)",
            ),
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
        day = company_day("doc.end_entered_on")
        return SQL(
            f"""
            %s
              FROM aftersales_implementation AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE {day} > doc.date_end + 3
            """,
            self._select("doc.id", "doc.name", "doc.end_entered_by_id", day),
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

    def _find_late_cancelled_visits(self):
        """Approved visits that were cancelled when their planned day had passed: nobody went, or nobody wrote of it."""
        day = company_day("doc.answered_on")
        return SQL(
            f"""
            %s
              FROM aftersales_visit AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.state = 'cancelled'
               AND doc.answer_due_date IS NOT NULL
               AND {day} > {company_day("doc.date_planned_end")}
            """,
            self._select("doc.id", "doc.name", "doc.answered_by_id", day, "doc.cancel_reason"),
        )

    def _find_late_cancelled_calls(self):
        """Calls that were cancelled when they were overdue; those about complaints are for few eyes only."""
        day = company_day("doc.cancelled_on")
        return SQL(
            f"""
            %s
              FROM aftersales_callback AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.state = 'cancelled'
               AND doc.cancelled_by_id IS NOT NULL
               AND {day} > COALESCE(doc.overdue_since, doc.due_date)
               AND {CALL_IN_SIGHT}
            """,
            self._select("doc.id", CALL_NAME, "doc.cancelled_by_id", day, "doc.cancel_reason"),
        )

    def _find_missing_originals(self, model, since):
        """五.7.4, 五.7.5: requests that went on, of which nobody has recorded that the stamped paper came.

        :param str model: model of the requests
        :param str since: SQL of the moment from which the request went on
        :rtype: SQL
        """
        # sudo: rows of all companies; the rules on this model decide which ones a manager sees
        requests = self.env[model].sudo().with_context(active_test=False)
        missing = requests._search(
            Domain("original_state", "=", "customer") & Domain("state", "!=", "submitted")
        )
        day = company_day(since)
        return SQL(
            f"""
            %s
              FROM %s AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.id IN %s AND {day} < clock.today
            """,
            self._select("doc.id", "doc.name", "doc.user_id", day),
            SQL.identifier(requests._table),
            missing.subselect(),
        )

    def _find_delays(self, model, document="doc.name", in_sight="TRUE"):
        """三.8: days that were moved when they had passed already, were moved once more, or far ahead.

        :param str model: model of the documents; those of complaints and penalties are for few eyes only
        :param str document: SQL: what the document is called
        :param str in_sight: SQL: documents that every manager may see
        :rtype: SQL
        """
        return SQL(
            f"""
            %s
              FROM aftersales_delay AS delay
              JOIN %s AS doc ON doc.id = delay.res_id
              JOIN clock ON clock.company_id = doc.company_id
             WHERE delay.res_model = %s
               AND {in_sight}
               AND (delay.in_time IS NOT TRUE
                    OR delay.date_new - delay.date_old > {FAR}
                    OR EXISTS (SELECT FROM aftersales_delay AS before
                                WHERE before.res_model = delay.res_model
                                  AND before.res_id = delay.res_id
                                  AND before.kind = delay.kind
                                  AND before.id < delay.id))
            """,
            self._select(
                "delay.id",
                document,
                "delay.announced_by_id",
                company_day("delay.announced_on"),
                "concat_ws(' ', delay.date_old, '→', delay.date_new, delay.reason)",
            ),
            SQL.identifier(self.env[model]._table),
            model,
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
