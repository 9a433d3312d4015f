from odoo import Command, models


class AftersalesTeamMixin(models.AbstractModel):
    """A document with several people, one of whom leads them: both roles are handed over together."""

    _name = "aftersales.team.mixin"
    _description = "Document of Several People"

    # names of the many2many field of all people, and of the field of who leads them
    _team_roles = ()

    def _take_over_role(self, role, leaver, successor):
        if role not in self._team_roles:
            super()._take_over_role(role, leaver, successor)
            return
        people, lead = self._team_roles
        for document in self:
            vals = {people: [Command.unlink(leaver.id), Command.link(successor.id)]}
            if document[lead] == leaver:
                vals[lead] = successor.id
            document._write_unlocked(vals)
