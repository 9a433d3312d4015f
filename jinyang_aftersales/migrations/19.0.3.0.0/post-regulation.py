"""Reminders of the regulation that are still open were sent when their activity was made."""


def migrate(cr, version):
    """Fill the days on which employees were first asked to acknowledge a version, as far as they are known."""
    if not version:  # installed anew
        return
    cr.execute(
        """
        INSERT INTO aftersales_regulation_reminder
                    (regulation_id, employee_id, company_id, reminded_on, create_uid, create_date)
        SELECT regulation.id, employee.id, regulation.company_id,
               min((activity.create_date AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(partner.tz, 'Asia/Shanghai'))::date),
               1, now() AT TIME ZONE 'UTC'
          FROM mail_activity activity
          JOIN ir_model_data kind ON kind.model = 'mail.activity.type' AND kind.res_id = activity.activity_type_id
               AND kind.module = 'jinyang_aftersales' AND kind.name = 'mail_activity_regulation'
          JOIN aftersales_regulation regulation
               ON activity.res_model = 'aftersales.regulation' AND regulation.id = activity.res_id
          JOIN hr_employee employee
               ON employee.user_id = activity.user_id AND employee.company_id = regulation.company_id
          JOIN res_company company ON company.id = regulation.company_id
          JOIN res_partner partner ON partner.id = company.partner_id
      GROUP BY regulation.id, employee.id
            ON CONFLICT DO NOTHING
        """
    )
