"""External ids of the activity types that several files ask for; the types are in ``data/``."""

# a customer has filed a document on the portal
FILED_ACTIVITY = "jinyang_aftersales.mail_activity_portal_filed"
# a paper original is to be handed in, or to come back from a loan
ORIGINAL_ACTIVITY = "jinyang_aftersales.mail_activity_original"
LOAN_ACTIVITY = "jinyang_aftersales.mail_activity_loan"
# the serial number of installed software is to be renewed with its service period
SERIAL_ACTIVITY = "jinyang_aftersales.mail_activity_update_serial"
# a customer renews: the specialist makes the agreement of the next term
RENEW_ACTIVITY = "jinyang_aftersales.mail_activity_make_renewal"
# a file with many customers was exported
EXPORT_ACTIVITY = "jinyang_aftersales.mail_activity_export"
# renewal notices: to be printed; service ended without one; one could not be sent
PRINT_ACTIVITY = "jinyang_aftersales.mail_activity_print_letter"
ENDED_ACTIVITY = "jinyang_aftersales.mail_activity_ended_without_notice"
TROUBLE_ACTIVITY = "jinyang_aftersales.mail_activity_notice_trouble"
# the next step of a program change
STEP_ACTIVITY = "jinyang_aftersales.mail_activity_change"
# incoming mail: without a place; news on a finished document
UNPLACED_ACTIVITY = "jinyang_aftersales.mail_activity_unplaced"
NEWS_ACTIVITY = "jinyang_aftersales.mail_activity_news"
