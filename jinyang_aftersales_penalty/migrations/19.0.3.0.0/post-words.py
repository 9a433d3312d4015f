from odoo import SUPERUSER_ID, api

from odoo.addons.jinyang_aftersales.hooks import correct_chinese


def migrate(cr, version):
    """What a loss costs is a compensation and no fine, in documents and on payslips (三.5, 三.8, 三.13)."""
    if not version:
        return
    cr.execute("""
        UPDATE aftersales_penalty AS penalty
           SET outcome = 'compensation'
          FROM aftersales_penalty_rule AS rule
         WHERE rule.id = penalty.rule_id AND rule.code = 'DAMAGE' AND penalty.outcome = 'fine';
        UPDATE hr_salary_rule AS rule
           SET name = rule.name || '{"en_US": "Fines and Compensation", "zh_CN": "罚款和赔偿"}'
          FROM ir_model_data AS data
         WHERE data.module = 'jinyang_aftersales_penalty' AND data.name = 'salary_rule_penalty'
           AND data.res_id = rule.id AND rule.name ->> 'en_US' = 'Penalties';
    """)
    correct_chinese(api.Environment(cr, SUPERUSER_ID, {}), "jinyang_aftersales_penalty")
