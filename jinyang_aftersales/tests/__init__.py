from .house import (
    test_layout,
    test_cards,
    test_client,
    test_company_walls,
    test_dispatch,
    test_found,
    test_groups,
    test_guard,
    test_guard_keys,
    test_leaks_mail,
    test_leaks_routes,
    test_leaks_rpc,
    test_leaks_ticket_form,
    test_person_fields,
    test_questions,
    test_said_days,
    test_steps,
    test_templates,
    test_texts,
    test_translations,
)
from .company import (
    test_base,
    test_dates,
    test_holiday_load,
    test_keys,
    test_service_settings,
    test_settings_screens,
    test_working_days,
)
from .ledgers import test_ledgers
from .online import test_online_absent, test_online_portal, test_online_services
from .shared import (
    test_digest,
    test_export,
    test_files_of_strangers,
    test_files_once,
    test_paper_dates,
    test_round_trip,
    test_uploads,
    test_words,
)
from .portal import (
    test_owner,
    test_portal_again,
    test_portal_anonymous,
    test_portal_cost,
    test_portal_elsewhere,
    test_portal_fuzz,
    test_portal_link_files,
    test_portal_links,
    test_portal_matrix,
    test_portal_matrix_rpc,
    test_portal_message_files,
    test_portal_pages,
    test_portal_refused_files,
    test_portal_requests,
    test_portal_shown,
    test_portal_staff_fields,
    test_portal_submission,
    test_portal_tokens,
)
from .mail import (
    test_customer_mail,
    test_customer_mail_strange,
    test_mail_costly,
    test_mail_files,
    test_mail_in_chinese,
    test_mail_news,
    test_mail_place,
    test_mail_unpack,
    test_mail_words,
)
from .deadline import test_deadline, test_holiday_later
from .approval import test_approval, test_approval_facts, test_inbox
from .archive import (
    test_archive,
    test_archive_documents,
    test_archive_filing,
    test_archive_rights,
    test_original,
)
from .customer import (
    test_customer_doubles,
    test_customer_export,
    test_customer_finding,
    test_customer_links,
    test_customer_merge,
    test_customer_page,
    test_installation,
    test_installation_entry,
    test_partner,
    test_partner_proposal,
    test_partner_rights,
    test_portal_installation,
    test_serial_migration,
    test_service_state,
)
from .regulation import test_clauses, test_regulation, test_regulation_rights
from .ticket import (
    test_portal_ticket,
    test_record_duty,
    test_record_guard,
    test_record_marks,
    test_record_portal,
    test_record_requirements,
    test_ticket,
    test_ticket_changes,
    test_ticket_mail,
    test_ticket_rights,
    test_ticket_form,
)
from .agreement import (
    test_agreement_customer,
    test_agreement_fees,
    test_agreement_gaps,
    test_agreement_invoicing,
    test_agreement_late_payment,
    test_agreement_payment,
    test_agreement_renewal,
    test_agreement_rights,
    test_agreement_screens,
    test_agreement_serial,
    test_agreement_signing,
    test_agreement_state,
    test_agreement_terms,
    test_customer_debts,
    test_portal_agreement,
)
from .notice import (
    test_notice_changes,
    test_notice_due,
    test_notice_failure,
    test_notice_job,
    test_notice_rights,
    test_notice_sending,
    test_notice_told,
    test_renewal_letter,
)
from .offer import test_portal_offer, test_renewal_link
from .callback import (
    test_callback,
    test_callback_day,
    test_callback_escalation,
    test_callback_facts,
    test_callback_opening,
    test_callback_recording,
    test_callback_rights,
    test_callback_routine,
    test_callback_rpc,
    test_renewal_answers,
)
from .application import test_application, test_by_when, test_portal_application
from .visit import (
    test_portal_visit,
    test_visit_answer,
    test_visit_calendar,
    test_visit_finish,
    test_visit_forms,
    test_visit_migration,
    test_visit_own_record,
    test_visit_papers,
    test_visit_record,
    test_visit_request,
    test_visit_rights,
    test_visit_signature,
    test_visit_states,
)
from .change import (
    test_change_board,
    test_change_evasion,
    test_change_kind,
    test_change_links,
    test_change_mail,
    test_change_opinion,
    test_change_promise,
    test_change_rights,
    test_change_rpc,
    test_change_states,
    test_portal_change,
)
from .implementation import (
    test_implementation,
    test_implementation_migration,
    test_implementation_rights,
    test_implementation_rules,
    test_implementation_software,
)
from .complaint import (
    test_complaint,
    test_complaint_cost,
    test_complaint_privacy,
    test_complaint_rules,
    test_portal_complaint,
)
from .review import test_review, test_review_tickets
from .handover import test_handover
from .intake import test_intake, test_intake_entering, test_intake_review
from .takeover import test_takeover, test_takeover_ledgers, test_takeover_silence
from .home import test_home, test_home_landing
