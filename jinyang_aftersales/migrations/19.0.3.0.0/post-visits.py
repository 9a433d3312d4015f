"""Fill what visits keep from 19.0.3.0.0 on, as far as the database tells it."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api

ZONE = "COALESCE(NULLIF(partner.tz, ''), 'Asia/Shanghai')"


def migrate(cr, version):
    """Store the day after the planned return of approved visits, and who led visits that have begun.

    The plan of a visit is fixed since its approval, so its lead technician is the one who went. Who answered or
    entered a return, and when, was not kept: it stays empty. Nobody is reminded of visits planned before the update.
    """
    if not version:
        return
    cr.execute(
        "UPDATE aftersales_visit SET served_by_id = lead_technician_id"
        " WHERE state IN ('on_site', 'feedback', 'done') AND served_by_id IS NULL"
    )
    cr.execute(
        f"""
        UPDATE aftersales_visit visit
           SET answer_due_date = 1 + GREATEST(
               (visit.date_planned_end AT TIME ZONE 'UTC' AT TIME ZONE {ZONE})::date,
               CASE WHEN visit.is_trip THEN visit.trip_date_end END)
          FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id
         WHERE company.id = visit.company_id AND visit.state = 'approved'
           AND visit.answer_due_date IS NULL AND visit.date_planned_end IS NOT NULL
        RETURNING visit.company_id, visit.answer_due_date
        """
    )
    companies = api.Environment(cr, SUPERUSER_ID, {})["res.company"]
    # later days first: a day that is moved is not met again
    for company_id, day in sorted(set(cr.fetchall()), reverse=True):
        company = companies.browse(company_id)
        if day > company._aftersales_today():
            # visits still to come are asked about on a working day, like those that are approved later
            due = company._aftersales_next_working_day(day - timedelta(days=1))
            cr.execute(
                "UPDATE aftersales_visit SET answer_due_date = %s"
                " WHERE company_id = %s AND state = 'approved' AND answer_due_date = %s",
                (due, company_id, day),
            )
