"""Give tickets and contracts the owner they had when they were made, and list where that is another one."""

# Tickets know their owner from documents that were made of them, contracts from each other and their software.
TICKET_OWNERS = """
    SELECT ticket.id AS id, ticket.number AS name, ticket.commercial_partner_id AS before,
           COALESCE(visit.owner, change.owner, application.owner, software.owner) AS owner,
           CASE WHEN visit.owner IS NOT NULL THEN 'visit'
                WHEN change.owner IS NOT NULL THEN 'change'
                WHEN application.owner IS NOT NULL THEN 'application'
                ELSE 'installation' END AS source
      FROM helpdesk_ticket ticket
      LEFT JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, commercial_partner_id AS owner
                   FROM aftersales_visit ORDER BY ticket_id, id) visit ON visit.ticket_id = ticket.id
      LEFT JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, commercial_partner_id AS owner
                   FROM aftersales_change_request ORDER BY ticket_id, id) change ON change.ticket_id = ticket.id
      LEFT JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, commercial_partner_id AS owner
                   FROM aftersales_application ORDER BY ticket_id, id) application
             ON application.ticket_id = ticket.id
      LEFT JOIN (SELECT id, commercial_partner_id AS owner FROM aftersales_installation) software
             ON software.id = ticket.installation_id
     WHERE ticket.partner_id IS NOT NULL
"""
CONTRACT_OWNERS = """
    SELECT contract.id AS id, contract.name AS name, contract.commercial_partner_id AS before,
           software.owner AS owner, 'installation' AS source
      FROM contract_contract contract
      JOIN (SELECT link.contract_id, MIN(installation.commercial_partner_id) AS owner
              FROM aftersales_contract_installation_rel link
              JOIN aftersales_installation installation ON installation.id = link.installation_id
             GROUP BY link.contract_id
            HAVING COUNT(DISTINCT installation.commercial_partner_id) = 1) software
        ON software.contract_id = contract.id
     WHERE contract.is_service_agreement
"""
OWNERS = (
    ("helpdesk.ticket", "helpdesk_ticket", TICKET_OWNERS),
    ("contract.contract", "contract_contract", CONTRACT_OWNERS),
)


def migrate(cr, version):
    """Set owners right that went along with contacts who moved, in sets; nothing is computed anew."""
    if not version:  # installed anew
        return
    for model, table, owners in OWNERS:
        set_owners_right(cr, model, table, owners)


def set_owners_right(cr, model, table, owners):
    """Change the owner where another one is known, and note it down.

    :param str model: name of the model
    :param str table: its table
    :param str owners: query for id, name, present owner, known owner, and from where it is known
    """
    # names of this file only are put into the statement
    cr.execute(
        f"""
        WITH known AS ({owners}),
        changed AS (
            UPDATE {table} document SET commercial_partner_id = known.owner
              FROM known
             WHERE known.id = document.id AND known.owner IS NOT NULL AND known.owner IS DISTINCT FROM known.before
            RETURNING known.*
        )
        INSERT INTO aftersales_owner_difference (
            active, res_model, res_id, document_name, owner_before_id, owner_after_id, source,
            create_uid, write_uid, create_date, write_date
        )
        SELECT TRUE, %s, id, name, before, owner, source, 1, 1, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM changed ORDER BY id
        """,
        [model],
    )
