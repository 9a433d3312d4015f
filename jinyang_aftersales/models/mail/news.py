import re

from odoo import api, models
from odoo.tools import html2plaintext

from ...activities import NEWS_ACTIVITY
from ...tools.mail import AUTOMATIC
from .incoming import INCOMING_MAIL

# What people write who only thank, without blanks and marks. What has been taken is kept (``++``), and longer words
# stand before those they begin with: otherwise repeated words would be tried in all combinations, for hours.
THANKS = re.compile(
    r"(?>谢谢|多谢|感谢|谢了|非常|十分|衷心|收到|已收到|好的|好|嗯|明白|知道了|了解|已阅|辛苦了?|你们|您|你|贵公司|贵司|的|支持|帮助|服务|及时|大力"
    r"|没问题了?|已经?解决了?|解决了|可以了|正常了|祝好|此致|敬礼|顺祝商祺"
    r"|thanks?(?:you)?(?:verymuch)?|thx|okay|ok|gotit|received|noted|many|best|kind|regards)++",
    re.IGNORECASE,
)
# where the mail begins to which somebody answers
QUOTED = re.compile(
    r"^\s*+(?:>|-{2,}\s*(?:原始邮件|Original|回复的邮件|Forwarded)|发件人\s*[:：]|From\s*:|在.{4,60}写道"
    r"|On .{4,80}wrote|-- $|_{5,}|发自我的|Sent from)",
    re.IGNORECASE | re.MULTILINE,
)
MAX_THANKS = 60


def is_thanks(body):
    """Whether a message only thanks, or says that something has arrived.

    :param body: HTML of the message
    :rtype: bool
    """
    text = html2plaintext(str(body or ""), include_references=False)[:5000]
    text = re.sub(r"[\W_]+", "", QUOTED.split(text, maxsplit=1)[0])
    return bool(text) and len(text) <= MAX_THANKS and bool(THANKS.fullmatch(text))


class MailThread(models.AbstractModel):
    """News on a finished document have an owner: who was in charge of it gets a task, else the managers."""

    _inherit = "mail.thread"

    def _is_over(self):
        """Whether the document is finished, so that nobody looks at it by themselves; models say when.

        :rtype: bool
        """
        return False

    def _get_news_users(self):
        """:return: res.users who get a task when somebody outside writes on the finished document"""
        self.ensure_one()
        users = self.env["res.users"]
        for name in ("user_id", "lead_technician_id", "lead_engineer_id"):
            if name in self._fields:
                users = users or self[name].filtered("active")
        return users or self.company_id._aftersales_managers()

    def _take_news(self):
        """Called before the task is made; a model may open the document again.

        :return: whether the document is open again, so that no task is needed
        :rtype: bool
        """
        return False

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self and self._is_news(message):
            self._tell_news()
        elif self and self._is_answer(message):
            self._withdraw_activities(NEWS_ACTIVITY)
        return result

    def _is_answer(self, message):
        """:return: whether one of us has written to the customer on a finished document, so that the task is done"""
        # sudo: the author and kind of the message that was just written, and the state of the document
        message, document = message.sudo(), self.sudo()
        return bool(
            message.message_type in ("email", "comment")
            and message.author_id
            and not message.author_id.partner_share
            and not message.subtype_id.internal
            and document._is_over()
        )

    def _is_news(self, message):
        """:return: whether somebody outside our company has written on a finished document, more than thanks"""
        if message.message_type not in ("email", "comment") or self.env.context.get(AUTOMATIC):
            return False
        # sudo: the author of the message that was just written, and the state of the document
        message, document = message.sudo(), self.sudo()
        from_mail = bool(self.env.context.get(INCOMING_MAIL))
        outside = message.author_id.partner_share if message.author_id else from_mail
        return bool(outside and document._is_over() and not is_thanks(message.body))

    def _tell_news(self):
        """Give the task to who is in charge, once however much is written."""
        # sudo: customers write, who may not read users and activities
        document = self.sudo()
        if document._take_news():
            return
        document._notify_users(
            document._filter_readers(document._get_news_users())
            or document._filter_readers(document.company_id._aftersales_managers()),
            NEWS_ACTIVITY,
            lambda row: row.env._(
                "Somebody has written on this finished document: answer or note it."
            ),
            once=True,
        )

    def _filter_readers(self, users):
        """:return: res.users who may read the document; Odoo refuses to give others a task on it"""
        return users.filtered(lambda user: self.with_user(user).has_access("read"))

    @api.model
    def _is_thanks_on_finished(self, routes, message_dict):
        """:return: whether a mail only thanks for something that is finished"""
        documents = [self.env[model].browse(number) for model, number, *_rest in routes if number]
        return bool(documents) and (
            # sudo: only the state of the documents is read, for the gateway
            all(document.sudo()._is_over() for document in documents)
            and is_thanks(message_dict.get("body"))
        )
