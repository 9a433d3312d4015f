def migrate(cr, version):
    """Store when customers were told of the end of service, where that is known.

    Known are letters by fax or post with their proof, mails that a server has accepted, and calls that reached
    somebody. The rest stays unknown.
    """
    if not version:  # installed anew
        return
    cr.execute(
        """
        WITH told AS (
            SELECT notice.id, CASE WHEN notice.channel = 'mail' THEN 'mail' ELSE notice.channel END AS told_by,
                   notice.sent_on AS moment
              FROM aftersales_renewal_notice notice
              LEFT JOIN mail_mail mail ON mail.id = notice.mail_id
             WHERE notice.state = 'sent'
               AND (notice.channel IN ('fax', 'post') AND COALESCE(notice.proof, '') != ''
                    OR notice.channel = 'mail' AND mail.state IN ('sent', 'received'))
            UNION ALL
            SELECT call.notice_id, 'call', call.called_on
              FROM aftersales_callback call
             WHERE call.notice_id IS NOT NULL AND call.result = 'reached' AND call.called_on IS NOT NULL
        ), first AS (
            SELECT DISTINCT ON (id) id, told_by, moment FROM told WHERE moment IS NOT NULL ORDER BY id, moment
        )
        UPDATE aftersales_renewal_notice notice
           SET told_by = first.told_by,
               told_on = (first.moment AT TIME ZONE 'UTC'
                          AT TIME ZONE COALESCE(partner.tz, 'Asia/Shanghai'))::date,
               told_in_time = (first.moment AT TIME ZONE 'UTC'
                               AT TIME ZONE COALESCE(partner.tz, 'Asia/Shanghai'))::date <= notice.notice_date
          FROM first, res_company company
          JOIN res_partner partner ON partner.id = company.partner_id
         WHERE first.id = notice.id AND company.id = notice.company_id AND notice.told_on IS NULL
        """
    )
