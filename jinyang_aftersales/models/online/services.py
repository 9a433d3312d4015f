"""Names of Odoo's online services in models, views, menus and pages: plain values, no model.

readme/CONFIGURE.md lists the services with the reasons.
"""

# system parameters with the address of a service, which Odoo's modules read before each call
ADDRESSES = {
    "html_editor.media_library_endpoint",
    "html_editor.olg_api_endpoint",
    "iap.partner_autocomplete.endpoint",
    "sms.endpoint",
    "snailmail.endpoint",
}

# windows that only send something: actions and buttons that open them vanish with the right to read them
SMS_WINDOW = "sms.composer"
WINDOWS = {"payment.link.wizard", SMS_WINDOW}

# choices of a field, by model
SMS = "sms"
CHOICES = {
    "calendar.alarm": ("alarm_type", SMS),
    "res.partner": ("invoice_sending_method", "snailmail"),
}

# elements of views: telephones lead to an SMS, names are looked up while they are typed
PHONE_WIDGET = "phone"
LOOK_UP_WIDGETS = {"field_partner_autocomplete", "res_partner_many2one"}
# by tag and name, with the models on whose views Odoo's modules put them; other addons use these names, too
SMS_BUTTON = ("button", "action_send_sms")
ELEMENTS = {
    SMS_BUTTON: ("calendar.event", "res.partner"),
    ("page", "geo_location"): ("res.partner",),
}

MENUS = ("account.root_payment_menu", "base.menu_management")

# beginnings of the addresses of pages; those that report payments under way stay open
PAGES = (
    "/invoice/transaction/",
    "/my/invoices/overdue",
    "/my/payment_method",
    "/payment/pay",
    "/payment/transaction",
)
