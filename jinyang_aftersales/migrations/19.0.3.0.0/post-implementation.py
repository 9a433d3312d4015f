"""Fill when originals and forms came back before 19.0.3.0.0, as far as hand-overs and filing tell it."""

FORMS = ("implementation_order", "acceptance", "start_plan")
DAY = "(handover.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(NULLIF(partner.tz, ''), 'Asia/Shanghai'))::date"


def migrate(cr, version):
    """Store since when the archive has its originals, and when the forms of an implementation were back (七.6).

    An original came in when the archivist who filed it got it, at the latest on the day it was filed. When an end was
    entered, and by whom, was not kept: it stays empty, and the days on which the forms were due stay as they were.
    """
    if not version:
        return
    cr.execute(
        f"""
        UPDATE aftersales_archive_entry entry
           SET received_on = LEAST(entry.filed_on, (
               SELECT min({DAY}) FROM aftersales_archive_handover handover
                WHERE handover.entry_id = entry.id AND handover.to_id = entry.filed_by_id))
          FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id
         WHERE company.id = entry.company_id AND entry.filed_on IS NOT NULL
           AND entry.received_on IS NULL
        """
    )
    # handed over to an archivist and not filed yet: it counts when it is received or filed
    cr.execute(
        f"""
        UPDATE aftersales_archive_entry entry
           SET given_on = (
               SELECT max({DAY}) FROM aftersales_archive_handover handover
                WHERE handover.entry_id = entry.id AND handover.to_id = entry.holder_id)
          FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id,
               res_groups_users_rel member, ir_model_data data
         WHERE company.id = entry.company_id AND entry.state = 'expected' AND entry.given_on IS NULL
           AND data.module = 'jinyang_aftersales' AND data.name = 'group_archivist'
           AND member.gid = data.res_id AND member.uid = entry.holder_id
        """
    )
    cr.execute(
        "UPDATE aftersales_implementation SET forms_owed_by_id = lead_engineer_id"
        " WHERE state IN ('finished', 'accepted', 'closed') AND forms_owed_by_id IS NULL"
    )
    cr.execute(
        """
        UPDATE aftersales_implementation row
           SET forms_back_on = CASE WHEN form.received = %(forms)s THEN form.back END,
               forms_waiting = form.received < %(forms)s AND form.given = %(forms)s
          FROM (SELECT res_id, max(received_on) AS back,
                       count(DISTINCT kind) FILTER (WHERE received_on IS NOT NULL) AS received,
                       count(DISTINCT kind) FILTER (
                           WHERE received_on IS NOT NULL OR given_on IS NOT NULL) AS given
                  FROM aftersales_archive_entry
                 WHERE res_model = 'aftersales.implementation' AND kind IN %(kinds)s
                 GROUP BY res_id) form
         WHERE form.res_id = row.id AND row.state IN ('finished', 'accepted', 'closed')
        """,
        {"forms": len(FORMS), "kinds": FORMS},
    )
