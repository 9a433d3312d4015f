from odoo import api, models


class AftersalesJobMixin(models.AbstractModel):
    """A model with work for the hourly job."""

    _name = "aftersales.job.mixin"
    _description = "Steps of Scheduled Work"

    @api.model
    def _get_job_steps(self):
        """The steps of this model that the job runs for each company.

        A step is a method of a model, called with the company (res.company) and its today (date). It may be
        called any number of times a day, works in batches with ``aftersales.job._checkpoint`` after each, and
        returns the number of records left undone for lack of time; any other value means none.

        :return: pairs of a number and the bound method; steps run in the order of their numbers
        :rtype: list[tuple[int, collections.abc.Callable]]
        """
        return []
