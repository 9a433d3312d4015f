"""The fields of this addon that only methods write, and computed ones that users may correct; see that of core."""

GUARDED = {
    "aftersales.fund": "spending_number",
    "aftersales.fund.move": (
        """
        amount company_id date fund_id kind penalty_id purpose receipt receipt_name
        """
    ),
    "aftersales.penalty": (
        """
        amount_deducted amount_open amount_return amount_returned amount_to_return amount_waived
        booked_on clause clause_text confirmed_on decided_by_id decided_on decision_reason
        department_id family follow_up_date found_by is_withdrawn mistake name notified_on
        objected_on objection objection_deadline outcome regulation_id regulation_known
        regulation_known_on replaces_id return_ids state to_fund
        """
    ),
    "aftersales.penalty.deduction": (
        """
        amount company_id date employee_id paid_on payslip_id penalty_id proof proof_name source
        """
    ),
    "aftersales.penalty.return": (
        """
        amount company_id decided_by_id decided_on employee_id penalty_id reason
        """
    ),
    "aftersales.penalty.exception": (
        """
        amount clause company_id date delay_ids evidence_copy evidence_id evidence_model
        evidence_name family found_on is_withdrawn outcome penalty_id rule_id state to_fund user_id
        """
    ),
    "aftersales.penalty.rule": "change_ids",
    "aftersales.penalty.rule.change": "company_id",
    "aftersales.sanction": (
        """
        acknowledged_on clause clause_text decided_by_id decided_on decision_reason family found_by handed_on
        hr_user_id mistake name regulation_id regulation_known regulation_known_on replaces_id state told_on
        """
    ),
    "hr.payslip": "deduction_ids",
    "res.company": "aftersales_detected_on",
}

EDITABLE = {
    "aftersales.penalty": {
        "amount": "that of the rule; a manager says how much where the regulation leaves a choice",
    },
}
