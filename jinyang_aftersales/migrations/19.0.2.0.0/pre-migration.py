"""Prepare a database of 19.0.1.0.0 before the models of 19.0.2.0.0 are loaded."""

from odoo.tools import SQL

# Views that extend removed nodes: settings now come from one list, and the approval dialogue asks the document.
OLD_VIEWS = (
    "aftersales_approval_decide_view_form_change",
    "res_config_settings_view_form_callback",
    "res_config_settings_view_form_change",
    "res_config_settings_view_form_complaint",
)
# Documents whose owner was that of their partner so far; tickets and agreements stored their owner already.
OWNED_TABLES = (
    "aftersales_application",
    "aftersales_archive_entry",
    "aftersales_callback",
    "aftersales_change_request",
    "aftersales_complaint",
    "aftersales_implementation",
    "aftersales_installation",
    "aftersales_renewal_notice",
    "aftersales_visit",
)
CORE, PENALTY = "jinyang_aftersales", "jinyang_aftersales_penalty"
# models that come from the penalty addon: the regulation, with documents about a person
MOVED_MODELS = (
    "aftersales.personnel.mixin",
    "aftersales.regulation",
    "aftersales.regulation.acknowledgement",
    "aftersales.suggestion",
    "aftersales.suggestion.answer",
)
# external ids of these models, of their fields and constraints, and of their rules, views, actions and menus
MOVED_NAMES = (
    "^((access|constraint|field|model|model_inherit|selection)_+)?"
    "aftersales_(personnel_mixin|regulation|suggestion)(_|$)"
)
# other external ids that come along
MOVED_RECORDS = (
    "mail_activity_answer",
    "mail_activity_regulation",
    "mail_activity_suggestion",
    "menu_my_page",
    "regulation_jinyang",
    "sequence_regulation",
    "sequence_suggestion",
)


def migrate(cr, version):
    """Prepare a database of 19.0.1.0.0 before its models are loaded."""
    delete_old_views(cr)
    for table in OWNED_TABLES:
        fill_owner(cr, table)
    let_rules_ask_for_owner(cr)
    take_over_regulation(cr)
    translate_anew(cr)


def delete_old_views(cr):
    """Delete views that extend nodes which their forms no longer have.

    Odoo deletes them itself, but only after it has checked each form together with its extensions.
    """
    cr.execute(
        """
        WITH gone AS (
            DELETE FROM ir_model_data
            WHERE module = 'jinyang_aftersales' AND model = 'ir.ui.view' AND name IN %s
            RETURNING res_id
        )
        DELETE FROM ir_ui_view WHERE id IN (SELECT res_id FROM gone)
        """,
        [OLD_VIEWS],
    )


def fill_owner(cr, table):
    """Create the column of the owner and fill it with the partner's present company; Odoo then computes nothing.

    :param str table: one of ``OWNED_TABLES``
    """
    name = SQL.identifier(table)
    cr.execute(SQL("ALTER TABLE %s ADD COLUMN IF NOT EXISTS commercial_partner_id int4", name))
    cr.execute(
        SQL(
            """
            UPDATE %s AS document
            SET commercial_partner_id = partner.commercial_partner_id
            FROM res_partner AS partner
            WHERE partner.id = document.partner_id AND document.commercial_partner_id IS NULL
            """,
            name,
        )
    )


def let_rules_ask_for_owner(cr):
    """Make the record rules of customers compare the stored owner: they are noupdate data."""
    cr.execute(
        r"""
        UPDATE ir_rule
        SET domain_force = regexp_replace(
            domain_force,
            $$\('partner_id(\.commercial_partner_id)?', '=', user\.(partner_id\.)?commercial_partner_id\.id\)$$,
            $$('commercial_partner_id', '=', user.commercial_partner_id.id)$$,
            'g'
        )
        WHERE id IN (
            SELECT res_id FROM ir_model_data WHERE module = 'jinyang_aftersales' AND model = 'ir.rule'
        )
        """
    )


def take_over_regulation(cr):
    """Take over what the penalty addon has kept so far: versions of the regulation, acknowledgements, suggestions.

    Otherwise Odoo makes all of it a second time for this addon, and deletes what the penalty addon no longer holds. An
    addon that is uninstalled takes its columns, tables, indexes and constraints along: hence they change hands, too.
    """
    cr.execute(
        """
        UPDATE ir_model_data SET module = %s
        WHERE module = %s AND (name ~ %s OR name IN %s)
        """,
        [CORE, PENALTY, MOVED_NAMES, MOVED_RECORDS],
    )
    for table in ("ir_model_constraint", "ir_model_relation"):
        cr.execute(
            SQL(
                """
                UPDATE %s AS item SET module = core.id
                FROM ir_module_module AS core, ir_module_module AS penalty, ir_model AS model
                WHERE core.name = %s AND penalty.name = %s AND item.module = penalty.id
                    AND item.model = model.id AND model.model IN %s
                """,
                SQL.identifier(table),
                CORE,
                PENALTY,
                MOVED_MODELS,
            )
        )


def translate_anew(cr):
    """Drop Chinese that no longer fits, unless somebody has changed it: an update keeps the translations it finds.

    The page of employees was named for rewards and penalties, and the reply to a suggestion was called a customer's.
    """
    cr.execute(
        """
        UPDATE ir_ui_menu SET name = name - 'zh_CN'
        WHERE name->>'zh_CN' = '我的制度与奖惩' AND id IN (
            SELECT res_id FROM ir_model_data WHERE module = %s AND name = 'menu_my_page'
        )
        """,
        [CORE],
    )
    cr.execute(
        """
        UPDATE ir_model_fields SET field_description = field_description - 'zh_CN'
        WHERE field_description->>'zh_CN' = '客户答复' AND name = 'answer'
            AND model IN ('aftersales.suggestion', 'aftersales.suggestion.answer')
        """
    )
