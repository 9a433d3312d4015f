from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tools import SQL

from ...groups import READERS

BATCH = 200


class AftersalesCallback(models.Model):
    """Regular calls by the specialist in charge, and the use of the software they ask about (四 专员.2)."""

    _inherit = "aftersales.callback"

    cycle_date = fields.Date(
        readonly=True,
        copy=False,
        help="The day the interval since the call before had passed: one call for each.",
    )

    _one_per_cycle = models.UniqueIndex(
        "(company_id, partner_id, cycle_date) WHERE cycle_date IS NOT NULL",
        "The customer already has the routine call of this interval.",
    )

    @api.model
    def _get_job_steps(self):
        return [
            *super()._get_job_steps(),
            # routine calls, and second calls of tickets that were closed unnoticed (五.5.4, 四 专员.2)
            (30, self._create_routine),
            (31, self._verify_closed),
        ]

    @api.model
    def _create_routine(self, company, today):
        """Open the routine calls that are due, each once; a step of the hourly job.

        A call is due for customers with software of the company who were not called during the interval. A customer
        with an open routine call, or an open question from one, gets no further one.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: customers left for lack of time
        :rtype: int
        :raises UserError: naming the customers that failed, once the others are done
        """
        due = self._find_routine(company, today)
        # due today if today is a working day
        day = self._get_due_day(company, Date.subtract(today, days=1)) if due else today
        # sudo: a routine of the company; its user need not have rights on calls
        calls = self.sudo().with_company(company).with_context(tracking_disable=True)
        job, errors = self.env["aftersales.job"], []

        def failed(row, error):
            customer = self.env["res.partner"].browse(row[0])
            errors.append(f"{customer.display_name}: {error}")

        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            job._apart(
                batch,
                lambda rows: calls._create_unlocked(
                    calls._prepare_routine_vals(company, day, rows)
                ),
                failed,
                taken=(self._table,),
            )
            left = len(due) - start - len(batch)
            if not job._checkpoint(len(batch), left) and left:
                return left
        if errors:
            raise UserError("\n".join(errors))
        return 0

    def _find_routine(self, company, today):
        """Customers whose interval has passed.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: pairs of the customer's id and the day the interval had passed
        :rtype: list[tuple[int, datetime.date]]
        """
        default = company.aftersales_callback_interval_days
        # sudo: two days of the company's settings
        live, begun = company.sudo().aftersales_live_on, company.sudo().aftersales_takeover_on
        for model in ("aftersales.callback", "res.partner", "aftersales.installation"):
            self.env[model].flush_model()
        # The interval begins with the last call, or with the service for a customer who was never called. Customers
        # who were taken over have no calls before the company went live: theirs are spread over the interval after it.
        return self.env.execute_query(
            SQL(
                """
                SELECT id, cycle_date FROM (
                    SELECT partner.id,
                           CASE WHEN last.day IS NULL AND customer.taken IS NOT NULL
                                 AND %(begun)s::date IS NOT NULL
                                 AND COALESCE(customer.day + interval_days.count
                                              < GREATEST(customer.taken, %(live)s::date), TRUE)
                                THEN GREATEST(customer.taken, %(live)s::date) + partner.id %% interval_days.count
                                ELSE COALESCE(last.day, customer.day) + interval_days.count END AS cycle_date,
                           customer.taken
                      FROM (SELECT partner_id, MIN(COALESCE(
                                       installation_date, service_date_start, create_date::date)) AS day,
                                   CASE WHEN bool_and(taken_over_on IS NOT NULL)
                                        THEN MIN(taken_over_on) END AS taken
                              FROM aftersales_installation
                             WHERE company_id = %(company)s AND active
                             GROUP BY partner_id) customer
                      JOIN res_partner partner ON partner.id = customer.partner_id
                     CROSS JOIN LATERAL (
                               SELECT GREATEST(COALESCE(
                                   NULLIF(partner.callback_interval_days, 0), %(default)s), 1) AS count) interval_days
                      LEFT JOIN (SELECT partner_id, bool_or(state IN ('todo', 'escalated')) AS waiting,
                                        MAX(COALESCE(
                                            (called_on AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
                                            due_date)) AS day
                                   FROM aftersales_callback
                                  WHERE company_id = %(company)s AND kind = 'routine'
                                  GROUP BY partner_id) last ON last.partner_id = partner.id
                     WHERE partner.active
                       AND partner.no_routine_callback IS NOT TRUE
                       AND last.waiting IS NOT TRUE
                       AND COALESCE(NULLIF(partner.callback_interval_days, 0), %(default)s) > 0
                ) due
                 WHERE cycle_date <= %(today)s
                   AND (taken IS NULL OR %(begun)s::date IS NULL OR %(live)s::date IS NOT NULL)
                 ORDER BY cycle_date, id
                """,
                company=company.id,
                default=default,
                live=live or None,
                begun=begun or None,
                today=today,
                zone=company._aftersales_zone().zone,
            )
        )

    def _prepare_routine_vals(self, company, day, batch):
        """Values of routine calls.

        :param company: res.company
        :param datetime.date day: when to call
        :param list batch: pairs of a customer's id and the day the interval had passed
        :rtype: list[dict]
        """
        customers = self.env["res.partner"].browse([number for number, _cycle in batch])
        default = self._get_default_caller(company, self.env["res.users"])
        able = company._aftersales_users(READERS)
        return [
            {
                "kind": "routine",
                "company_id": company.id,
                "partner_id": customer.id,
                "contact_id": customer.software_contact_id.id,
                # 四 专员.2: the specialist in charge calls, a call-back specialist where there is none
                "user_id": ((customer.service_user_id & able) or default).id,
                "due_date": day,
                "cycle_date": cycle,
            }
            for customer, (_number, cycle) in zip(customers, batch, strict=True)
        ]

    @api.model
    def _merge_customers(self, customers, target):
        """Of the open routine calls of one customer the earliest stays, the others are cancelled as merged.

        Where a call of the same interval was made already, the open one is cancelled. Calls that were made all stay.
        """
        result = super()._merge_customers(customers, target)
        calls = self.with_context(active_test=False).search(
            [("partner_id", "in", (customers + target).ids), ("kind", "=", "routine")],
            order="due_date, id",
        )
        for rows in calls.grouped("company_id").values():
            kept, waiting = set(), self.browse()
            # calls that were made come first: theirs is the interval
            for call in rows.sorted(lambda call: call.state in ("todo", "cancelled")):
                is_open = call.state == "todo" and call.round == 1
                if is_open and (waiting or call.cycle_date in kept):
                    call._cancel_merged()
                elif call.cycle_date in kept:
                    call._write_unlocked({"cycle_date": False})
                else:
                    waiting |= call if is_open else self.browse()
                    kept |= {call.cycle_date} - {False}
        return result

    def _cancel_merged(self):
        """Cancel a routine call because the customer, as it is now, has another one."""
        self._cancel(
            self.env._(
                "Cancelled as merged: the customer became one with another one, who has a routine call already."
            )
        )
        self._write_unlocked({"cycle_date": False})

    @api.model
    def _follow_specialist(self, customers):
        """Give the open routine calls of customers to their new specialist.

        :param customers: res.partner
        """
        # sudo: the user who sets the specialist may not write calls
        calls = self.sudo().search(
            [
                ("partner_id", "in", customers.ids),
                ("kind", "=", "routine"),
                ("round", "=", 1),
                ("state", "=", "todo"),
            ]
        )
        for (company, customer), rows in calls.grouped(
            lambda call: (call.company_id, call.partner_id)
        ).items():
            user = customer.service_user_id & company._aftersales_users(READERS)
            if user:
                rows.write({"user_id": user.id})

    # === What routine calls learn === #

    def _check_usage(self, usage):
        """Refuse answers about other software than that of the customer.

        :param list[dict] usage: ``installation_id``, ``usage_state``, ``usage_note``
        :raises UserError: with the reason
        """
        states = dict(self.env["aftersales.installation"]._fields["usage_state"].selection)
        for row in usage:
            if row.get("installation_id") not in self.installation_ids.ids or (
                row.get("usage_state") and row["usage_state"] not in states
            ):
                raise UserError(self.env._("Record the use of software of this customer only."))

    def _apply_usage(self, usage):
        """Write the answers about its use to the software.

        :param list[dict] usage: ``installation_id``, ``usage_state``, ``usage_note``; empty values change nothing
        """
        for row in usage:
            vals = {name: row[name] for name in ("usage_state", "usage_note") if row.get(name)}
            if vals:
                # as superuser since _record_call: the caller need not be in charge of the software
                self.env["aftersales.installation"].browse(row["installation_id"]).write(vals)
