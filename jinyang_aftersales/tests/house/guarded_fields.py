"""The fields of this addon that only methods write, by model, and the computed ones that people may correct.

A test compares both with the definitions of the fields: adding or removing a guarded field needs a change here.
"""

# fields that are read-only in Python, computed without an inverse method, or named by their model
GUARDED = {
    "aftersales.application": (
        """
        approval_due_date commercial_partner_id executed_by_id executed_on execution_due_date
        filed_by_id name state
        """
    ),
    "aftersales.approval": (
        """
        approver_ids company_id decided_by_id decided_on decision delay_reason delayed_late
        delayed_to due_date opinion partner_id
        requested_by_id requested_on res_id res_model
        """
    ),
    "aftersales.archive.entry": (
        """
        commercial_partner_id filed_by_id filed_on given_on loan_due_date loan_on loan_to_id
        lost_by_id lost_holder_id lost_on lost_reason name received_on res_id res_model
        retention_date returned_how returned_on returned_to_id state
        """
    ),
    "aftersales.archive.handover": "company_id date entry_id from_id note recorded_by_id to_id",
    "aftersales.archive.register": "company_id kind sequence_id",
    "aftersales.callback": (
        """
        about_ticket_id answer assigned_by_id assigned_on attempt_count called_by_id called_on
        cancel_reason cancelled_by_id cancelled_on commercial_partner_id complaint_id coverage
        cycle_date decline_reason due_date_first escalated_on escalation_count escalation_date
        is_moved notice_id old_problem open_question outcome overdue_since parent_id product_ids
        renewal_round res_id res_model result round score_attitude score_result score_skill
        score_software state ticket_id worker_ids
        """
    ),
    "aftersales.change.request": (
        """
        approval_due_date commercial_partner_id confirmed_by_id confirmed_on customer_invited_on
        date_promised deployed_by_id deployed_on development_on done_on filed_by_id from_record
        kind_changed_by_id kind_changed_on kind_filed name no_opinion_reason opinion_channel
        opinion_contact_id opinion_due_date opinion_on opinion_recorded_by_id opinion_reminders
        opinion_result opinion_text state submitted_by_id submitted_on test_round tested_on
        testing_on
        """
    ),
    "aftersales.change.test": (
        """
        change_id company_id customer_invited date found result round substitute_reason tester_id
        """
    ),
    "aftersales.complaint": (
        """
        answer answered_by_id answered_on cancel_reason commercial_partner_id concerned_user_id
        date_deadline filed_by_id involved_user_ids name reopen_count reopen_reason state
        """
    ),
    "aftersales.holiday.year": "company_id no_holidays told_on year",
    "aftersales.implementation": (
        """
        cancel_reason commercial_partner_id date_end_first drawn_version end_entered_by_id end_entered_on
        forms_back_on forms_due_date forms_filed_on forms_owed_by_id forms_waiting
        is_end_moved name signature_hash
        signed_content signed_on state
        """
    ),
    "aftersales.implementation.session": "company_id date_stop partner_id",
    "aftersales.installation": (
        """
        agreement_ids commercial_partner_id contract_id period_ids product_line_id serial_double serial_ids
        serial_key taken_over_on
        """
    ),
    "aftersales.owner.difference": (
        """
        document_name owner_after_id owner_before_id res_id res_model source
        """
    ),
    "aftersales.partner.key": "key kind partner_id until",
    "aftersales.partner.proposal": (
        """
        changes company_id customer_id decided_by_id decided_on description proposed_by_id
        refusal_reason state
        """
    ),
    "aftersales.portal.link": (
        """
        company_id partner_id res_id res_model secret valid_until withdrawn_by_id withdrawn_on
        """
    ),
    "aftersales.partner.successor": "date old_id old_name partner_id reason",
    "aftersales.intake.request": "company_id customer_id doubles key kind user_id",
    "aftersales.letter.dispatch": (
        """
        channel company_id document_name letter letter_name partner_id proof proof_file proof_name
        res_id res_model sent_by_id sent_on sent_to
        """
    ),
    "aftersales.regulation": "name released_by_id released_on state",
    "aftersales.regulation.acknowledgement": "acknowledged_on company_id employee_id regulation_id",
    "aftersales.regulation.clause": "company_id",
    "aftersales.regulation.reminder": "company_id employee_id regulation_id reminded_on",
    "aftersales.renewal.notice": (
        """
        answer callback_ids channel commercial_partner_id company_id contract_id
        dispatch_ids error fail_count installation_ids is_merged letter_id mail_id name next_try
        notice_date partner_id product_line_id proof sent_by_id sent_on sent_to state
        superseded_by_id term_end told_by told_from told_in_time told_on written_answer written_by
        written_on written_reason
        """
    ),
    "aftersales.review.look": (
        """
        about_id company_id day document kind reason res_id res_model source_id user_id
        """
    ),
    "aftersales.serial.history": "company_id serial_key",
    "aftersales.service.period": "company_id effective serial_before",
    "aftersales.suggestion": (
        """
        answer answered_by_id answered_on name outcome state submitted_on
        """
    ),
    "aftersales.ticket.correction": (
        """
        by_manager company_id date field_name new_value old_value reason ticket_id user_id
        """
    ),
    "aftersales.unplaced.mail": (
        "company_id dismissal email_from handled_by_id handled_on name reason state"
    ),
    "aftersales.takeover": (
        """
        company_id count_all count_changed count_done count_new count_refused count_same kind layout
        refused_ids row_ids sheet sheet_ids state taken_by_id taken_on
        """
    ),
    "aftersales.takeover.row": (
        """
        cells changes company_id errors is_hidden number reason res_id res_model result takeover_id
        text
        """
    ),
    "aftersales.takeover.sheet": "company_id count is_chosen kind name takeover_id",
    "aftersales.visit": (
        """
        answer_due_date answered_by_id answered_on approval_due_date calendar_event_id cancel_reason
        commercial_partner_id drawn_version feedback_due_date feedback_received_by_id feedback_received_on
        feedback_way filed_by_id name origin_ticket_id own_record paper_scan paper_scan_name paper_signed_on
        record_due_date record_filled_on record_hours return_entered_by_id return_entered_on score_average
        served_by_id signature_hash signed_content signed_on state
        """
    ),
    "contract.contract": (
        """
        acceptance_address acceptance_content acceptance_hash acceptance_signature accepted_by_id
        accepted_by_name accepted_on agreement_amount agreement_stage commercial_partner_id
        countersigned_filed countersigned_on customer_signatory decline_reason declined_by_name
        declined_on invoice_dispatch_due is_customer_sealed is_paid_elsewhere is_return_moved is_sealed
        offer_release_on paid_on payment_chased_on payment_escalated_on printed_texts
        return_due_date_first signing_reason taken_over_on term_anchor
        """
    ),
    "helpdesk.ticket": (
        """
        closed_date commercial_partner_id correction_ids customer_solved_on first_response_hours
        first_response_on is_automatic last_worked_on number origin_ticket_id question_due_date
        record_again_date record_again_reason record_asked record_complete record_completed_on
        record_due_date record_hours record_type record_unknown reported_on service_done_by_id service_done_mode
        service_mode taken_over_on visit_waived_by_id visit_waived_on visit_waived_reason
        """
    ),
    "mail.activity": "approval_id digest_company_id",
    "res.company": (
        """
        aftersales_duties_since aftersales_last_run aftersales_live_on aftersales_run_error
        aftersales_takeover_on
        """
    ),
}

_CUSTOMER = (
    "proposed from the customer; who writes the document chooses another one of the same customer"
)
_CHARGE = "follows from the service state; a manager decides otherwise"
_SIGNATORY = "the name of the contact, or of somebody who is no contact"
_RECORD = "taken over from the application where there is one; else part of the service record"

EDITABLE = {
    "aftersales.application": {
        "chargeable": _CHARGE,
        "contact_id": _CUSTOMER,
        "installation_id": _CUSTOMER,
        "user_id": _CUSTOMER,
    },
    "aftersales.archive.entry": {
        "date_deadline": "given with the new entry, then moved by announcing a delay",
    },
    "aftersales.change.request": {
        "chargeable": _CHARGE,
        "contact_id": _CUSTOMER,
        "installation_id": _CUSTOMER,
        "user_id": _CUSTOMER,
    },
    "aftersales.complaint": {"contact_id": _CUSTOMER},
    "aftersales.implementation": {
        "chargeable": _CHARGE,
        "contact_id": _CUSTOMER,
        "installation_id": _CUSTOMER,
        "user_id": _CUSTOMER,
        "installed_on": "the first day of work, until the acceptance says another one",
        "lead_engineer_id": "the first of the engineers, until one is chosen",
        "service_start": "follows from the acceptance; entered where another day was agreed",
        "service_end": "a year from the start; entered where another day was agreed",
        "signed_by_name": _SIGNATORY,
    },
    "aftersales.installation": {
        "service_date_end": "entered with the new software; its own write turns later changes into periods",
        "service_date_start": "entered with the new software; its own write turns later changes into periods",
        "user_id": "the specialist of the customer, or another one for this software",
    },
    "aftersales.visit": {
        "address": "that of the customer, or where the software really is",
        "chargeable": _CHARGE,
        "contact_id": _CUSTOMER,
        "installation_id": _CUSTOMER,
        "user_id": _CUSTOMER,
        "lead_technician_id": "the first of the technicians, until one is chosen",
        "signed_by_name": _SIGNATORY,
    },
    "helpdesk.ticket": {
        "chargeable": _CHARGE,
        "contact_id": _CUSTOMER,
        "installation_id": _CUSTOMER,
        "department": "that of the contact at the time of service",
        "service_done_on": "corrected by a service manager; refused to everybody else by a check of its own",
        "contact_told_id": _RECORD,
        "data_to_clear": _RECORD,
        "tool_used": _RECORD,
    },
    "helpdesk.ticket.stage": {
        "record_required": "closed stages ask for a record; the administrator exempts some",
    },
}
