"""Facts of tickets that were served before 19.0.3.0.0: who did the service and how, and the first complete record."""


def migrate(cr, version):
    """Create the columns and fill them with what is known; Odoo then computes nothing from the present values."""
    if not version:
        return
    cr.execute(
        """
        ALTER TABLE helpdesk_ticket
            ADD COLUMN IF NOT EXISTS service_done_by_id int4,
            ADD COLUMN IF NOT EXISTS service_done_mode varchar,
            ADD COLUMN IF NOT EXISTS record_unknown boolean
        """
    )
    fill_served_by(cr)
    fill_first_completion(cr)
    let_servers_write(cr)


def fill_served_by(cr):
    """Who was assigned at the end of the service, by the log: the old value of the first change after it, else the new
    value of the last change before. Without a logged change nobody is named.
    """
    cr.execute(
        """
        UPDATE helpdesk_ticket AS ticket SET service_done_by_id = users.id
        FROM (
            SELECT DISTINCT ON (served.id) served.id,
                CASE WHEN message.date > served.service_done_on
                    THEN value.old_value_integer ELSE value.new_value_integer
                END AS user_id
            FROM helpdesk_ticket AS served
            JOIN mail_message AS message
                ON message.model = 'helpdesk.ticket' AND message.res_id = served.id
            JOIN mail_tracking_value AS value ON value.mail_message_id = message.id
            JOIN ir_model_fields AS field
                ON field.id = value.field_id
                AND field.model = 'helpdesk.ticket' AND field.name = 'user_id'
            WHERE served.service_done_on IS NOT NULL
            ORDER BY served.id, message.date <= served.service_done_on,
                abs(extract(epoch FROM message.date - served.service_done_on)),
                CASE WHEN message.date > served.service_done_on THEN value.id ELSE -value.id END
        ) AS assigned
        JOIN res_users AS users ON users.id = assigned.user_id
        WHERE ticket.id = assigned.id
            AND ticket.service_done_on IS NOT NULL AND ticket.service_done_by_id IS NULL
        """
    )


def fill_first_completion(cr):
    """When the record was complete first: the day that is stored, that of its visit, or the last one in the log.

    Where the day is not known, and where no late record was looked for so far (on site, duplicates, cancelled tickets),
    the record is marked as unknown, and nobody is charged for it.
    """
    outside = """
        ticket.duplicate_id IS NOT NULL OR ticket.service_mode IS DISTINCT FROM 'remote'
        OR coalesce(ticket.record_asked, '') = '' OR EXISTS (
            SELECT FROM helpdesk_ticket_stage AS stage
            WHERE stage.id = ticket.stage_id AND stage.closed AND stage.record_required IS NOT TRUE
        )
    """
    cr.execute(
        f"""
        UPDATE helpdesk_ticket AS ticket SET
            service_done_mode = coalesce(ticket.service_mode, 'remote'),
            record_completed_on = coalesce(
                ticket.record_completed_on,
                (
                    SELECT min(visit.record_filled_on) FROM aftersales_visit AS visit
                    WHERE visit.ticket_id = ticket.id
                ),
                (
                    SELECT coalesce(value.new_value_datetime, value.old_value_datetime)
                    FROM mail_message AS message
                    JOIN mail_tracking_value AS value ON value.mail_message_id = message.id
                    JOIN ir_model_fields AS field ON field.id = value.field_id
                    WHERE message.model = 'helpdesk.ticket' AND message.res_id = ticket.id
                        AND field.model = 'helpdesk.ticket' AND field.name = 'record_completed_on'
                    ORDER BY value.id DESC LIMIT 1
                )
            ),
            record_unknown = ({outside})
        WHERE ticket.service_done_on IS NOT NULL AND ticket.service_done_mode IS NULL
        """
    )
    cr.execute(
        """
        UPDATE helpdesk_ticket SET record_unknown = true
        WHERE service_done_on IS NOT NULL AND record_completed_on IS NULL
        """
    )


def let_servers_write(cr):
    """Whoever served the customer may write the record, also when the ticket was given to somebody else since."""
    cr.execute(
        """
        UPDATE ir_rule SET domain_force = replace(
            domain_force,
            $$('create_uid', '=', user.id),$$,
            $$'|', ('service_done_by_id', '=', user.id), ('create_uid', '=', user.id),$$
        )
        WHERE domain_force NOT LIKE '%service_done_by_id%' AND id IN (
            SELECT res_id FROM ir_model_data
            WHERE module = 'jinyang_aftersales' AND name = 'helpdesk_ticket_rule_reach'
        )
        """
    )
