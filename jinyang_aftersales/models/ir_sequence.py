from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _aftersales_next(self, code, company):
        """Draw a number that begins anew each year of the company.

        Two who draw the first number of a year at the same instant both make the counter of that year; the
        slower one is run again, as after any other conflict, instead of being shown an error.

        :param str code: code of the sequence
        :param company: res.company, whose own sequence goes before the shared one and whose today counts
        :return: the number, False without a sequence
        :rtype: str | bool
        :raises ConcurrencyError: when another transaction began the year; requests and jobs are run again
        """
        # sudo: the counter is drawn by whoever may make the document
        sequence = self.sudo().with_company(company)
        return self._aftersales_draw(sequence.next_by_code, company, code)

    @api.model
    def _aftersales_draw(self, draw, company, *args):
        """Draw a number dated by the company's today; who loses a race is run again.

        :param draw: method of ir.sequence that takes a ``sequence_date``
        :param company: res.company
        :param args: other arguments of the method
        :rtype: str | bool
        :raises ConcurrencyError: when another transaction was faster
        """
        try:
            # no savepoint: after a conflict the whole transaction is run again
            with mute_logger("odoo.sql_db"):
                return draw(*args, sequence_date=company._aftersales_today())
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
