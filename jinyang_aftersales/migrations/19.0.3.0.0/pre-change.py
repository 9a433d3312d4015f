"""Keep the kind as which program changes were filed."""


def migrate(cr, version):
    """Fix the present kind of what has been filed, and note corrections that were tracked after the submission.

    Until now the kind could be changed until the need was confirmed. Who changed it when is in the chatter.
    """
    if not version:
        return
    cr.execute(
        """
        ALTER TABLE aftersales_change_request
          ADD COLUMN IF NOT EXISTS kind_filed varchar,
          ADD COLUMN IF NOT EXISTS kind_changed_on date,
          ADD COLUMN IF NOT EXISTS kind_changed_by_id integer
        """
    )
    cr.execute(
        """
        UPDATE aftersales_change_request
           SET kind_filed = kind
         WHERE kind_filed IS NULL AND (state != 'draft' OR filed_by_id IS NOT NULL)
        """
    )
    cr.execute(
        """
        UPDATE aftersales_change_request AS change
           SET kind_changed_on = tracked.day, kind_changed_by_id = tracked.user_id
          FROM (SELECT DISTINCT ON (message.res_id)
                       message.res_id,
                       message.date::date AS day,
                       (SELECT min(id) FROM res_users WHERE partner_id = message.author_id) AS user_id
                  FROM mail_tracking_value AS value
                  JOIN ir_model_fields AS field ON field.id = value.field_id
                  JOIN mail_message AS message ON message.id = value.mail_message_id
                  JOIN aftersales_change_request AS filed ON filed.id = message.res_id
                 WHERE field.model = 'aftersales.change.request'
                   AND field.name = 'kind'
                   AND message.model = 'aftersales.change.request'
                   AND message.date > filed.submitted_on
                 ORDER BY message.res_id, message.date DESC) AS tracked
         WHERE change.id = tracked.res_id AND change.kind_changed_on IS NULL
        """
    )
