from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...groups import MANAGERS
from ..review.values import company_day


class AftersalesReview(models.Model):
    """Service that specialists have given without an agreement: it costs the company what customers pay for (五.6.1).

    Specialists record the first period of what they have installed; a year for a customer who had nothing before is
    what everybody gets. Listed is what looks like more: a longer period, a second one for the same software, one for
    a customer that was made although others looked the same, and each period that was changed by hand.
    """

    _inherit = "aftersales.review"
    # what the query reads is written to the database before
    _depends = {
        "aftersales.installation": [
            *("partner_id", "commercial_partner_id", "company_id", "product_id", "serial_number"),
        ],
        "aftersales.intake.request": ["customer_id", "doubles"],
        "aftersales.service.period": [
            *("installation_id", "origin", "effective", "date_start", "date_end", "reason"),
            *("recorded_on", "recorded_by_id"),
        ],
    }

    @api.model
    def _get_parts(self):
        return [
            *super()._get_parts(),
            ("free_service", "aftersales.installation", self._find_given_periods()),
        ]

    def _find_given_periods(self):
        """Periods entered by others than managers that are no year for new software."""
        # sudo: who is a manager, to leave out what they decide themselves
        managers = self.env["res.users"].sudo().with_context(active_test=False)
        group = self.env.ref(MANAGERS)
        managers = managers.search(Domain("all_group_ids", "in", group.ids))
        return SQL(
            """
            %s
              FROM aftersales_service_period AS period
              JOIN aftersales_installation AS doc ON doc.id = period.installation_id
              JOIN clock ON clock.company_id = doc.company_id
             WHERE period.effective
               AND period.recorded_by_id NOT IN %s
               AND (period.origin = 'manual'
                    OR (period.origin = 'initial' AND (
                        period.date_end >= period.date_start + interval '1 year'
                        OR EXISTS (SELECT FROM aftersales_installation AS former
                                    WHERE former.commercial_partner_id = doc.commercial_partner_id
                                      AND former.product_id = doc.product_id
                                      AND former.id < doc.id)
                        OR EXISTS (SELECT FROM aftersales_intake_request AS request
                                    WHERE request.customer_id = doc.commercial_partner_id
                                      AND request.doubles IS NOT NULL))))
            """,
            self._select(
                "period.id",
                "COALESCE(doc.serial_number, doc.version, '')",
                "period.recorded_by_id",
                company_day("period.recorded_on"),
                "concat_ws(' ', period.date_start || ' – ' || period.date_end, period.reason)",
            ),
            tuple([self.env.ref("base.user_root").id, *managers.ids]),
        )
