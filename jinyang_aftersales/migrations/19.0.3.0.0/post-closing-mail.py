"""The mail about a closed ticket goes to whoever has a usable address."""

FORMER = {
    "partner_to": "{{ (object.contact_id.id if object.contact_id.email else object.partner_id.id) or '' }}",
    "email_cc": "{{ not object.partner_id and object.partner_email or '' }}",
}
PRESENT = {
    "partner_to": "{{ object._get_mail_recipient().id or '' }}",
    "email_cc": "{{ not object._get_mail_recipient() and object.partner_email or '' }}",
}


def migrate(cr, version):
    """Change the recipients of the template where nobody has changed them; its data file is not read again."""
    if not version:  # installed anew
        return
    cr.execute(
        """
        UPDATE mail_template template
           SET partner_to = %(partner_to)s, email_cc = %(email_cc)s
          FROM ir_model_data data
         WHERE data.module = 'jinyang_aftersales'
           AND data.name = 'mail_template_ticket_closed'
           AND data.res_id = template.id
           AND template.partner_to = %(former_to)s
           AND template.email_cc = %(former_cc)s
        """,
        {**PRESENT, "former_to": FORMER["partner_to"], "former_cc": FORMER["email_cc"]},
    )
