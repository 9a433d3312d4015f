"""Mail in and out: recipients of messages, mail of machines and strangers, links in messages.

Uses `company`, `shared` and `portal`.
Order: the taking in of mail before its routes; otherwise none is needed.
"""

from . import (
    mail_message,
    mail_activity,
    mail_mail,
    mail_followers,
    mail_thread,
    incoming,
    gateway,
    aftersales_unplaced_mail,
    aftersales_settings_mixin,
    news,
    mail_render_mixin,
)
