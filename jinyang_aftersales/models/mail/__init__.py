"""Mail in and out: recipients of messages, mail of machines and strangers, links in messages.

Uses `company`, `shared` and `portal`.
Order: none is needed; each file extends another model of Odoo.
"""

from . import (
    mail_message,
    mail_activity,
    mail_mail,
    mail_followers,
    mail_thread,
    gateway,
    incoming,
    mail_render_mixin,
)
