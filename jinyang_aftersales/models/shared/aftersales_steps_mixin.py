from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...groups import MANAGERS


class AftersalesStepsMixin(models.AbstractModel):
    """Records that go from state to state by the steps their model lists, and whose fields depend on the state.

    :meth:`_get_step_obstacle` alone says whether a step may be taken; buttons, guards and messages call it. A model
    adds its reasons in the three methods that are called there: :meth:`_get_role_obstacle` for roles,
    :meth:`_get_missing_fields` for fields to be filled in before, :meth:`_get_further_obstacle` for all other reasons.
    """

    _name = "aftersales.steps.mixin"
    _description = "Record with Steps"
    _inherit = ["aftersales.guard.mixin", "aftersales.reason.mixin", "aftersales.search.mixin"]

    # name of the stored selection that holds the state
    _state_field = "state"
    # the steps of the model, instances of Step
    _steps = ()
    # states in which users may write a field, by its name; fields that are not named are free in every state
    _field_states = {}
    # the same for service managers, for fields where their states differ
    _manager_field_states = {}

    @api.model
    def _get_open_work_domain(self, role):
        # in states in which users may still choose the person, else in those from which a step leads on
        states = self._field_states.get(role) or {step.source for step in self._steps}
        return Domain(self._state_field, "in", sorted(states))

    # === Fields === #

    def _get_frozen_fields(self):
        """Fields that the user may not write in the present state.

        :rtype: set[str]
        """
        self.ensure_one()
        states = self._field_states
        if self._manager_field_states and self.env.user.has_group(MANAGERS):
            states = {**states, **self._manager_field_states}
        present = self[self._state_field]
        return {name for name, writable in states.items() if present not in writable}

    def _check_field_states(self, vals):
        """Refuse fields that are fixed in the present state.

        :param dict vals: values about to be written
        :raises UserError: naming the fields
        """
        for record in self:
            wrong = record._changed_fields(vals, record._get_frozen_fields())
            if wrong:
                raise UserError(record._describe_frozen(wrong))

    def _describe_frozen(self, names):
        """:return: the message that the fields cannot be changed in the present state, in the user's language"""
        return self.env._(
            "%(document)s is %(state)s: %(fields)s cannot be changed any more.",
            document=self.display_name,
            state=self._state_label(),
            fields=self._labels(names),
        )

    # === Steps === #

    def _state_label(self, state=None):
        """:return: label of a state, the present one by default, in the user's language"""
        labels = dict(self._fields[self._state_field]._description_selection(self.env))
        return labels.get(state or self[self._state_field], state or "")

    def _find_step(self, action, target=None):
        """The step that an action takes from the present state.

        :param str action: name of the action
        :param str target: the state to go to, for an action that leads to several states
        :return: the step, None when the action does not begin in the present state
        :rtype: Step | None
        """
        self.ensure_one()
        present = self[self._state_field]
        for step in self._steps:
            if (step.action, step.source) == (action, present) and target in (None, step.target):
                return step
        return None

    def _get_step_obstacle(self, action, target=None):
        """The first reason found why a step cannot be taken now.

        :param str action: name of the action
        :param str target: the state to go to, for an action that leads to several states
        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        step = self._find_step(action, target)
        if not step:
            targets = [step.target for step in self._steps if step.action == action]
            return self._describe_no_step(target or targets[0])
        obstacle = self._get_role_obstacle(step)
        if obstacle:
            return obstacle
        missing = self._get_missing_fields(step)
        if missing:
            return self.env._(
                "%(document)s: fill in %(fields)s first.",
                document=self.display_name,
                fields=self._labels(missing),
            )
        return self._get_further_obstacle(step)

    def _describe_no_step(self, target):
        """:return: the message that no step leads from the present state to another one, in the user's language"""
        if self[self._state_field] == target:
            return self.env._(
                "%(document)s is already %(state)s.",
                document=self.display_name,
                state=self._state_label(),
            )
        return self.env._(
            "%(document)s is %(present)s and cannot become %(state)s.",
            document=self.display_name,
            present=self._state_label(),
            state=self._state_label(target),
        )

    def _get_role_obstacle(self, step):
        """The reason why the user's role does not allow a step; a model adds its own.

        :param Step step: a step that begins in the present state
        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        return False

    def _get_missing_fields(self, step):
        """Empty fields that have to be filled in before a step; a model adds fields needed in some cases only.

        :param Step step: a step that begins in the present state
        :rtype: list[str]
        """
        return [name for name in step.needed if not self[name]]

    def _get_further_obstacle(self, step):
        """The reason why a step cannot be taken although role and fields are in order; a model adds its own.

        :param Step step: a step that begins in the present state, and for which no field is missing
        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        return False

    def _check_step(self, action, target=None):
        """Refuse a step that cannot be taken.

        :param str action: name of the action
        :param str target: the state to go to, for an action that leads to several states
        :return: the state to which the step leads
        :rtype: str
        :raises AccessError: when the user may not write the records
        :raises UserError: with the reason why not
        """
        self.check_access("write")
        for record in self:
            obstacle = record._get_step_obstacle(action, target)
            if obstacle:
                raise UserError(obstacle)
        # Without a given target the action leads to one state only.
        return target or self[:1]._find_step(action).target

    def _check_before_asking(self, step):
        if any(row.action == step for row in self._steps):
            self._check_step(step)
        return super()._check_before_asking(step)

    def _enter(self, state, **vals):
        """Write the state to which a checked step leads; a model extends it for what follows from every step.

        :param str state: the new state
        :param vals: other values that are written with it
        """
        self._write_unlocked({self._state_field: state, **vals})

    def _step(self, action, target=None, **vals):
        """Take a step with all records, or with none.

        :param str action: name of the action
        :param str target: the state to go to, for an action that leads to several states
        :param vals: other values that are written with the state
        :raises AccessError: when the user may not write the records
        :raises UserError: with the reason why not
        """
        if self:
            self._enter(self._check_step(action, target), **vals)

    def _drag(self, target):
        """Call the action that leads to the state to which a user has dragged a card, with all its checks.

        :param str target: state of the column on which the card was dropped
        :raises UserError: with the reason why not, or when the action needs arguments, which a card cannot give
        """
        for record in self:
            source = record[self._state_field]
            if source == target:
                continue
            ways = [step for step in self._steps if (step.source, step.target) == (source, target)]
            if not ways:
                raise UserError(record._describe_no_step(target))
            obstacle = record._get_step_obstacle(ways[0].action, target)
            if not obstacle and not ways[0].by_card:
                obstacle = self.env._(
                    "Open %s and use its buttons: this step needs to know more.",
                    record.display_name,
                )
            if obstacle:
                raise UserError(obstacle)
            getattr(record, ways[0].action)()
