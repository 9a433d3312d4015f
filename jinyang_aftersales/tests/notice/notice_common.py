"""Set-up of the tests of renewal notices; it holds no test itself."""

from datetime import date

from odoo.tests import freeze_time

from ..common import AftersalesCommon

TODAY = date(2026, 11, 30)
END = date(2026, 12, 31)


class NoticeCommon(AftersalesCommon):
    """A company with an e-mail address and a catch-all; the day is 30 November 2026, 10:00 in China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-11-30 02:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        # the language of most customers of these tests, also in a database that only has Chinese
        cls.env["res.lang"]._activate_lang("en_US")
        cls.notices = cls.env["aftersales.renewal.notice"]
        cls.job = cls.env["aftersales.job"]
        domain = cls.env["mail.alias.domain"].create(
            {"name": "jinyang.example.cn", "catchall_alias": "catchall", "bounce_alias": "bounce"}
        )
        cls.company.write({"email": "service@jinyang.example.cn", "alias_domain_id": domain.id})
        cls.company.aftersales_callback_user_id = cls.callback

    @classmethod
    def signed(cls, installations=None, end=END, **values):
        """A signed agreement whose software ends with it.

        :param installations: aftersales.installation, a new one by default
        :param datetime.date end: last day of the term
        """
        if installations is None:
            installations = cls.make_installation(end=end)
        agreement = cls.make_agreement(
            installations, start=date(end.year - 1, end.month, 1), end=end, **values
        )
        cls.set_stage(agreement, "signed")
        return agreement

    @staticmethod
    def set_stage(agreement, stage):
        """Put an agreement into a stage without invoice and payment, which these tests do not need."""
        agreement._write_unlocked({"agreement_stage": stage, "lost_reason": "as agreed"})

    @classmethod
    def create_due(cls, today=TODAY, company=None):
        """Make the due notices and return all notices of the company."""
        company = company or cls.company
        cls.notices._create_due(company, today)
        return cls.notices_of(company)

    @classmethod
    def notices_of(cls, company=None):
        company = company or cls.company
        return cls.notices.search([("company_id", "=", company.id)], order="id")

    @classmethod
    def send(cls, company=None):
        """Queue the mails of pending notices."""
        cls.notices._send_pending(company or cls.company)

    @classmethod
    def announce(cls, agreement=None):
        """A notice whose mail is queued."""
        agreement = agreement or cls.signed()
        notice = cls.create_due().filtered(lambda row: row.contract_id == agreement)
        cls.send()
        return notice

    @staticmethod
    def deliver(notice):
        """Simulate that the mail server accepted the mail of the notice."""
        notice.mail_id.state = "sent"

    def activities(self, record, name):
        """Open activities of one of our types on a record."""
        kind = self.env.ref(f"jinyang_aftersales.mail_activity_{name}")
        return record.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)
