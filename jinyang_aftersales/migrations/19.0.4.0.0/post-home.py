"""Users with a role begin on its home page, their digests end, and the Chinese week begins on Monday."""

# active users of our own with a role, given to them or implied by another one
STAFF = """
    WITH RECURSIVE role (id) AS (
        SELECT data.res_id
          FROM ir_model_data AS data
         WHERE data.model = 'res.groups'
           AND (data.module, data.name) IN (('jinyang_aftersales', 'group_reader'),
                                            ('account', 'group_account_invoice'))
        UNION
        SELECT implied.gid
          FROM res_groups_implied_rel AS implied
          JOIN role ON role.id = implied.hid
    ), staff (id) AS (
        SELECT person.id
          FROM res_users AS person
         WHERE person.share IS NOT TRUE
           AND EXISTS (SELECT FROM res_groups_users_rel AS given
                         JOIN role ON role.id = given.gid
                        WHERE given.uid = person.id)
    )
"""


def migrate(cr, version):
    """Set what the installation of today sets; a page somebody has chosen as the first one stays."""
    if not version:  # installed anew
        return
    cr.execute(
        f"""
        {STAFF}
        UPDATE res_users AS person
           SET action_id = data.res_id
          FROM ir_model_data AS data
         WHERE data.module = 'jinyang_aftersales'
           AND data.name = 'home_action'
           AND person.action_id IS NULL
           AND person.id IN (SELECT id FROM staff)
        """
    )
    cr.execute("SELECT to_regclass('digest_digest_res_users_rel')")
    if cr.fetchone()[0]:
        cr.execute(
            f"""
            {STAFF}
            DELETE FROM digest_digest_res_users_rel
             WHERE res_users_id IN (SELECT id FROM staff)
            """
        )
    cr.execute("UPDATE res_lang SET week_start = '1' WHERE code = 'zh_CN' AND week_start = '7'")
