"""Who found a sanction; proposals that counted cases from before their rule began (七.1, 七.2) are withdrawn."""

# the first day on which a rule of the family held in the company: own rules hold from their first day on instead of
# the shared ones with their code
BEGIN = """
    WITH terms AS (
        SELECT rule.code, rule.family, rule.company_id, change.date_to AS last, change.is_on AS active,
               GREATEST(rule.date_from, LAG(change.date_to) OVER past + 1) AS first
          FROM aftersales_penalty_rule_change change
          JOIN aftersales_penalty_rule rule ON rule.id = change.rule_id
        WINDOW past AS (PARTITION BY change.rule_id ORDER BY change.date_to)
        UNION ALL
        SELECT rule.code, rule.family, rule.company_id, NULL, rule.active,
               GREATEST(rule.date_from, max(change.date_to) + 1)
          FROM aftersales_penalty_rule rule
     LEFT JOIN aftersales_penalty_rule_change change ON change.rule_id = rule.id
      GROUP BY rule.id
    )
    SELECT company.id AS company_id, terms.family, min(terms.first) AS day
      FROM terms
      JOIN res_company company ON company.id = terms.company_id OR terms.company_id IS NULL
 LEFT JOIN aftersales_penalty_rule own
        ON terms.company_id IS NULL AND own.company_id = company.id AND own.code = terms.code
     WHERE terms.active AND (terms.last IS NULL OR terms.last >= terms.first)
       AND (own.id IS NULL OR terms.first < own.date_from)
  GROUP BY company.id, terms.family
"""
CONFIRMED = "other.outcome = 'confirmed' AND other.state IN ('answered', 'closed')"
# undecided cases whose complaint is the first one since the rule began, or not the third one of its half-year
WRONG = f"""
    SELECT row.id, row.company_id
      FROM {{table}} row
      JOIN aftersales_penalty_rule rule ON rule.id = row.rule_id
      JOIN aftersales_complaint complaint
        ON row.evidence_model = 'aftersales.complaint' AND complaint.id = row.evidence_id
      JOIN ({BEGIN}) begin ON begin.company_id = row.company_id AND begin.family = rule.family
     WHERE row.state IN %(open)s
       AND (
            rule.code = 'ATTITUDE_2'
            AND NOT EXISTS (
                SELECT FROM aftersales_complaint other
                 WHERE other.employee_id = row.employee_id AND {CONFIRMED} AND other.kind = 'attitude'
                   AND other.id != complaint.id AND other.date_received >= begin.day
                   AND (
                        (other.date_received, other.id) < (complaint.date_received, complaint.id)
                        OR EXISTS (
                            SELECT FROM aftersales_penalty first
                              JOIN aftersales_penalty_rule of_first ON of_first.id = first.rule_id
                             WHERE of_first.code = 'ATTITUDE_1' AND first.state != 'cancelled'
                               AND first.employee_id = row.employee_id
                               AND first.evidence_model = 'aftersales.complaint'
                               AND first.evidence_id = other.id
                        )
                   )
            )
            OR rule.code = 'COMPLAINT_3'
            AND 3 > (
                SELECT count(*) FROM aftersales_complaint other
                 WHERE other.employee_id = row.employee_id AND {CONFIRMED}
                   AND other.date_received >= begin.day
                   AND other.date_received > complaint.date_received - interval '6 months'
                   AND (other.date_received, other.id) <= (complaint.date_received, complaint.id)
            )
       )
"""
TABLES = (
    ("aftersales_penalty", "aftersales.penalty", ("proposed", "notified", "objected"), "cancelled"),
    ("aftersales_sanction", "aftersales.sanction", ("proposed",), "withdrawn"),
)
# in the language of the company
REASONS = {
    True: "升级时自动撤回：计入了规则生效之前的投诉。规则只对其生效之后的事项计数。",
    False: "Withdrawn by the update: complaints from before the rule began had been counted.",
}


def migrate(cr, version):
    """Say which sanctions the product found; withdraw undecided proposals that counted complaints of days on which no
    rule of their family held yet.
    """
    if not version:  # installed anew
        return
    # the highest amount is the regulation's own, also of former terms
    cr.execute(
        """
        UPDATE aftersales_penalty_rule
           SET amount_max = CASE WHEN code = 'DAMAGE' THEN 2000 ELSE amount END
         WHERE COALESCE(amount_max, 0) = 0 AND (code = 'DAMAGE' OR outcome IN ('fine', 'fine_warning'));
        UPDATE aftersales_penalty_rule_change change
           SET amount_min = rule.amount_min,
               amount_max = CASE WHEN change.outcome IN ('fine', 'fine_warning') THEN change.amount
                                 ELSE rule.amount_max END
          FROM aftersales_penalty_rule rule
         WHERE rule.id = change.rule_id AND change.amount_max IS NULL
        """
    )
    # rules are linked with the clauses they name
    cr.execute(
        """
        INSERT INTO aftersales_penalty_rule_clause_rel (rule_id, clause_id)
        SELECT rule.id, clause.id
          FROM aftersales_penalty_rule rule
          JOIN aftersales_regulation_clause clause
               ON clause.number = ANY(string_to_array(replace(rule.clause, ' ', ''), ','))
              AND (rule.company_id IS NULL OR rule.company_id = clause.company_id)
            ON CONFLICT DO NOTHING
        """
    )
    # sanctions of a complaint were proposed by the product, all others entered by managers
    cr.execute(
        "UPDATE aftersales_sanction SET found_by = 'event' WHERE evidence_model = 'aftersales.complaint'"
    )
    for table, model, states, target in TABLES:
        cr.execute(WRONG.format(table=table), {"open": states})
        rows = cr.fetchall()
        if not rows:
            continue
        cr.execute(
            f"""
            UPDATE {table} row
               SET state = %(target)s, decided_on = now() AT TIME ZONE 'UTC',
                   decision_reason = CASE WHEN partner.lang LIKE 'zh%%' THEN %(chinese)s ELSE %(english)s END
              FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id
             WHERE row.id = ANY(%(ids)s) AND company.id = row.company_id
            """,  # noqa: S608
            {
                "target": target,
                "chinese": REASONS[True],
                "english": REASONS[False],
                "ids": [row[0] for row in rows],
            },
        )
        cr.execute(
            "DELETE FROM mail_activity WHERE res_model = %s AND res_id = ANY(%s)",
            (model, [row[0] for row in rows]),
        )
