"""Chinese of payroll at installation; clean-up before uninstallation, which leaves confirmed payslips as they are."""

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.addons.jinyang_aftersales.hooks import correct_chinese

MODULE = "jinyang_aftersales_penalty"
# Referring models before those they refer to. Odoo drops their tables in any case.
CASES = (
    "aftersales.fund.move",
    "aftersales.penalty.deduction",
    "aftersales.penalty.return",
    "aftersales.penalty.exception",
    "aftersales.penalty",
    "aftersales.sanction",
)


def post_init_hook(env):
    """Correct the Chinese of payroll.

    :param odoo.api.Environment env: superuser environment of the installation
    """
    correct_chinese(env, MODULE)


def uninstall_hook(env):
    """Remove the salary rule from the structures; keep it, deactivated, if lines of payslips use it.

    :param env: environment of the uninstallation
    """
    rule = env.ref(f"{MODULE}.salary_rule_penalty", raise_if_not_found=False)
    if rule:
        _retire_salary_rule(env, rule)
    # Delete the activities first: uninstalling deletes their types.
    kinds = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "mail.activity.type")]
    )
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("activity_type_id", "in", kinds.mapped("res_id"))]).unlink()
    for model in CASES:
        records = env[model].with_context(active_test=False, **{MODULE_UNINSTALL_FLAG: True})
        records.search([]).unlink()


def _retire_salary_rule(env, rule):
    structures = env["hr.payroll.structure"].with_context(active_test=False)
    structures.search([("rule_ids", "in", rule.id)]).write({"rule_ids": [(3, rule.id)]})
    if not env["hr.payslip.line"].search_count([("salary_rule_id", "=", rule.id)], limit=1):
        return
    # The Python code of the rule would fail without the addon: replace it by an amount of zero.
    rule.write(
        {
            "active": False,
            "amount_select": "fix",
            "amount_fix": 0.0,
            "amount_python_compute": "result = 0.0",
        }
    )
    # Without their external ids, rule and category survive the uninstallation: confirmed payslips show them.
    env["ir.model.data"].search(
        [
            ("module", "=", MODULE),
            ("name", "in", ("salary_rule_penalty", "salary_rule_category_deduction")),
        ]
    ).unlink()
