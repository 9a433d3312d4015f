from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..visit.values import AWAY
from .values import company_day


class AftersalesReview(models.Model):
    """What looks evaded in tickets: marks and changes after the service, services and records nobody speaks of."""

    _inherit = "aftersales.review"
    # what the query reads is written to the database before
    _depends = {
        "aftersales.visit": ["ticket_id", "origin_ticket_id", "state"],
        "helpdesk.ticket": [
            *("name", "number", "commercial_partner_id", "company_id", "user_id", "stage_id"),
            *("service_mode", "service_done_mode", "service_done_on", "service_done_by_id"),
            *("duplicate_id", "closed_date", "record_due_date", "record_completed_on"),
            *("record_asked", "record_unknown", "visit_waived_on", "visit_waived_reason"),
            "last_worked_on",
        ],
        "helpdesk.ticket.stage": ["closed", "record_required"],
        "aftersales.ticket.correction": [
            *("ticket_id", "field_name", "old_value", "new_value", "reason", "user_id", "date"),
        ],
        "mail.activity": ["active", "res_model", "res_id", "date_deadline"],
        "mail.message": ["model", "res_id", "date", "author_id"],
        "mail.tracking.value": ["mail_message_id", "field_id", "new_value_integer"],
    }

    @api.model
    def _get_parts(self):
        ticket = "helpdesk.ticket"
        return [
            *super()._get_parts(),
            ("duplicate", ticket, self._find_late_duplicates()),
            ("service", ticket, self._find_corrected_tickets()),
            ("no_visit", ticket, self._find_tickets_without_visit()),
            ("unknown", ticket, self._find_unknown_records()),
            ("nobody", ticket, self._find_records_of_nobody()),
            ("forgotten", ticket, self._find_forgotten_tickets()),
            ("no_record", ticket, self._find_closed_without_record()),
        ]

    def _select_ticket(self, source, person, day, note="NULL"):
        return self._select(source, "concat_ws(' ', doc.number, doc.name)", person, day, note)

    def _find_late_duplicates(self):
        """Tickets marked as duplicates when their record was overdue, by the corrections, before those by the log."""
        return SQL(
            f"""
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
                   (SELECT {company_day("message.date")},
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

    def _find_tickets_without_visit(self):
        """五.3.3: services on site without an approved visit: closed, also where a manager allowed it, or left open.

        Those left open are listed from the day after the service on.
        """
        served = company_day("doc.service_done_on")
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
                f"COALESCE({company_day('doc.closed_date')}, {served})",
                "doc.visit_waived_reason",
            ),
            ("approved", *AWAY),
        )

    def _find_uncharged_records(self, person, day, condition):
        """Records that are asked for and were never complete, for which nobody is charged.

        :param str person: SQL: id of the user
        :param str day: SQL: when it was
        :param str condition: SQL: why nobody is charged
        :rtype: SQL
        """
        return SQL(
            f"""
            %s
              FROM helpdesk_ticket AS doc
              JOIN helpdesk_ticket_stage AS stage ON stage.id = doc.stage_id
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.record_completed_on IS NULL
               AND doc.record_asked != ''
               AND doc.duplicate_id IS NULL
               AND (NOT stage.closed OR stage.record_required)
               AND {condition}
            """,
            self._select_ticket("doc.id", person, day),
        )

    def _find_closed_without_record(self):
        """Served tickets that were closed as e.g. cancelled, which ends the duty to write their record.

        Also those that repeat a ticket which was closed so: neither of the two has a record.
        """
        return SQL(
            """
            %s
              FROM helpdesk_ticket AS doc
              JOIN helpdesk_ticket_stage AS stage ON stage.id = doc.stage_id
              JOIN clock ON clock.company_id = doc.company_id
         LEFT JOIN helpdesk_ticket AS first ON first.id = doc.duplicate_id
         LEFT JOIN helpdesk_ticket_stage AS first_stage ON first_stage.id = first.stage_id
             WHERE doc.service_done_on IS NOT NULL
               AND doc.record_unknown IS NOT TRUE
               AND (doc.duplicate_id IS NULL
                    AND doc.record_completed_on IS NULL
                    AND doc.record_asked != ''
                    AND stage.closed
                    AND stage.record_required IS NOT TRUE
                    OR first.record_completed_on IS NULL
                    AND first_stage.closed
                    AND first_stage.record_required IS NOT TRUE)
            """,
            self._select_ticket(
                "doc.id",
                "COALESCE(doc.service_done_by_id, doc.user_id)",
                company_day("COALESCE(doc.closed_date, doc.service_done_on)"),
            ),
        )

    def _find_unknown_records(self):
        """Records of which nothing is known when they were complete: nobody is charged for them."""
        return self._find_uncharged_records(
            "doc.service_done_by_id",
            company_day("doc.service_done_on"),
            "doc.record_unknown",
        )

    def _find_records_of_nobody(self):
        """Overdue records of services of which it is not known who did them: nobody is charged for them."""
        return self._find_uncharged_records(
            "doc.user_id",
            "doc.record_due_date",
            "doc.service_done_by_id IS NULL AND doc.record_due_date < clock.today"
            " AND doc.record_unknown IS NOT TRUE",
        )

    def _find_forgotten_tickets(self):
        """Open tickets without work for some days (setting), of which nobody has said that the service ended.

        Visits to come have duties of their own.
        """
        # sudo: rows of all companies; the rules on this model decide which ones a manager sees
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        forgotten = tickets._search(
            tickets._get_is_forgotten_domain(self._get_companies())
            & Domain("active", "=", True)
            & Domain("service_done_on", "=", False)
            & Domain("duplicate_id", "=", False)
        )
        return SQL(
            """
            %s
              FROM helpdesk_ticket AS doc
              JOIN clock ON clock.company_id = doc.company_id
             WHERE doc.id IN %s
               AND NOT EXISTS (SELECT FROM aftersales_visit AS visit
                                WHERE doc.id IN (visit.ticket_id, visit.origin_ticket_id)
                                  AND visit.state IN %s)
            """,
            self._select_ticket(
                "doc.id",
                "doc.user_id",
                company_day("doc.last_worked_on"),
            ),
            forgotten.subselect(),
            ("submitted", "approved", "on_site", "feedback"),
        )
