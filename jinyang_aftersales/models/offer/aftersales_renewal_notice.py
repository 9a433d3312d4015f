from odoo import api, models
from odoo.exceptions import UserError

from ...tools.dates import last_date_in_notice

# working days in which the specialist may hold an offer before it goes out with the notice
DAYS_TO_HOLD = 3


class AftersalesRenewalNotice(models.Model):
    """The offer that goes out with the renewal notice, where the company wants it (五.2.2, 五.2.3)."""

    _inherit = "aftersales.renewal.notice"

    @api.model
    def _get_job_steps(self):
        return [*super()._get_job_steps(), (9, self._make_offers)]

    @api.model
    def _make_offers(self, company, today):
        """Make the offers of notices that are due within three working days, and tell the specialists.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: agreements left for lack of time, always 0
        :rtype: int
        """
        if not company.sudo().aftersales_offer_with_notice:
            return 0
        # sudo: a routine of the company, which makes drafts for the specialists
        notices = self.sudo().with_company(company)
        release = company._aftersales_next_working_day(today, DAYS_TO_HOLD)
        last = last_date_in_notice(release, company.aftersales_notice_months)
        due = last_date_in_notice(today, company.aftersales_notice_months)
        job, errors = self.env["aftersales.job"], []
        agreements = self.env["contract.contract"].sudo().browse()
        for _partner, agreement, _installations, end in notices._due_agreements(
            company, today, last
        ):
            # a notice that is due today has no time left in which its offer could be held
            if end > due and agreement._is_offer_unchanged():
                agreements |= agreement

        def failed(agreement, error):
            errors.append(f"{agreement.name}: {error}")

        job._each_apart(agreements, lambda row: row._make_notice_offer(release), failed)
        job._checkpoint(len(agreements), 0)
        if errors:
            raise UserError("\n".join(errors))
        return 0

    def _get_letter_links(self):
        links, others = {}, self.browse()
        for notice in self:
            # sudo: the offer goes out with the notice, which the caller may send
            offer = notice.contract_id.sudo()._release_notice_offer()
            if not offer:
                others |= notice
                continue
            text = notice.with_context(lang=notice.lang).env._("Read and accept the offer")
            secret = offer._get_link_secret(notice._get_recipient())
            url = f"{offer.get_base_url()}{offer.access_url}?access_token={secret}"
            links[notice.id] = text, url
        return {**super(AftersalesRenewalNotice, others)._get_letter_links(), **links}
