"""What has to happen before the addon goes, so that payslips stay as they are."""

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

MODULE = "jinyang_aftersales_penalty"
# what refers to others first; the tables go anyway
CASES = (
    "aftersales.fund.move",
    "aftersales.penalty.deduction",
    "aftersales.penalty.exception",
    "aftersales.penalty",
    "aftersales.sanction",
)


def uninstall_hook(env):
    """Take the salary rule off the structures; keep it, switched off, where payslips show its lines.

    :param env: environment of the uninstallation
    """
    rule = env.ref(f"{MODULE}.salary_rule_penalty", raise_if_not_found=False)
    if rule:
        _retire_salary_rule(env, rule)
    # their types go with the addon
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
    # without the addon its Python code would fail: it deducts nothing any more
    rule.write(
        {
            "active": False,
            "amount_select": "fix",
            "amount_fix": 0.0,
            "amount_python_compute": "result = 0.0",
        }
    )
    # no longer the addon's: what confirmed payslips show is not taken along
    env["ir.model.data"].search(
        [
            ("module", "=", MODULE),
            ("name", "in", ("salary_rule_penalty", "salary_rule_category_deduction")),
        ]
    ).unlink()
