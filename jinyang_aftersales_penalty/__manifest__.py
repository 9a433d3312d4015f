{
    "name": "Jinyang After-Sales Penalties",
    "summary": "Penalties of the service regulation, through the payslip into the department fund",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Jinyang",
    "license": "AGPL-3",
    "depends": [
        "jinyang_aftersales",
        "payroll",
        "hr_attendance",
        "hr_holidays",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "data/ir_sequence_data.xml",
        "data/mail_activity_type_data.xml",
        "data/aftersales_penalty_rule_data.xml",
        "data/hr_salary_rule_data.xml",
    ],
}
