"""Common records of the penalty tests, in addition to those of core: payroll user, department, salary structure."""

from odoo.addons.jinyang_aftersales.tests import ground

find_or_make = ground.find_or_make


def get_payroll(env, company):
    """:return: the payroll officer of the company"""
    return find_or_make(
        env,
        "user_payroll",
        lambda: ground.make_user(env, company, "payroll", "payroll.group_payroll_manager"),
    )


def get_department(env, company):
    """:return: the service department"""
    return find_or_make(
        env,
        "department",
        lambda: env["hr.department"].create({"name": "After-Sales", "company_id": company.id}),
    )


def get_structure(env, company):
    """:return: the salary structure"""
    return find_or_make(env, "structure", lambda: make_structure(env, company))


def make_structure(env, company, **values):
    """A minimal salary structure: basic wage, gross, penalties and net."""
    category = env["hr.salary.rule.category"]
    rules = env["hr.salary.rule"]
    codes = {
        code: category.create({"name": code, "code": code, "company_id": company.id})
        for code in ("BASIC", "GROSS", "NET")
    }

    def rule(code, sequence, python):
        return rules.create(
            {
                "name": code.capitalize(),
                "code": code,
                "sequence": sequence,
                "category_id": codes[code].id,
                "company_id": company.id,
                "condition_select": "none",
                "amount_select": "code",
                "amount_python_compute": f"result = {python}",
            }
        )

    lines = rule("BASIC", 1, "contract.wage")
    lines |= rule("GROSS", 100, "categories.BASIC")
    lines |= env.ref("jinyang_aftersales_penalty.salary_rule_penalty")
    lines |= rule("NET", 200, "categories.BASIC + categories.DED")
    return env["hr.payroll.structure"].create(
        {
            "name": "Monthly Wage",
            "code": "MONTH",
            "company_id": company.id,
            "parent_id": False,
            "rule_ids": lines.ids,
            **values,
        }
    )


def prepare(env):
    """Make all common records that are missing.

    :param odoo.api.Environment env: of the superuser; the caller commits
    :return: the environment of the company
    """
    env = ground.prepare(env)
    company = ground.get_company(env)
    with ground.cheap_passwords():
        get_payroll(env, company)
    get_department(env, company)
    get_structure(env, company)
    return env
