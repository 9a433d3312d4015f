from odoo import api, models
from odoo.exceptions import UserError

from ...groups import MANAGERS


class AftersalesStepsMixin(models.AbstractModel):
    """Records that go from state to state by the steps their model lists, and whose fields depend on the state.

    Whether a step may be taken is in one method, :meth:`_get_step_obstacle`: buttons, guards and messages read it
    alike. A model adds its reasons in the methods that one calls: who may take the step, what is missing before, and
    whatever else stands in the way.
    """

    _name = "aftersales.steps.mixin"
    _description = "Record with Steps"
    _inherit = "aftersales.guard.mixin"

    # stored selection that says where the record stands
    _state_field = "state"
    # what may follow what: Step
    _steps = ()
    # in which states users write a field; fields that are not named are free in all of them
    _field_states = {}
    # the same for service managers, where it differs
    _manager_field_states = {}

    # === Fields === #

    def _get_frozen_fields(self):
        """Fields that users do not write in the present state.

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
        """:return: that fields are not written in the present state, in the user's language"""
        return self.env._(
            "%(document)s is %(state)s: %(fields)s cannot be changed any more.",
            document=self.display_name,
            state=self._state_label(),
            fields=self._labels(names),
        )

    # === Steps === #

    def _state_label(self, state=None):
        """:return: name of a state, the present one by default, in the user's language"""
        labels = dict(self._fields[self._state_field]._description_selection(self.env))
        return labels.get(state or self[self._state_field], state or "")

    def _find_step(self, action, target=None):
        """The step that an action takes from the present state.

        :param str action: name of the action
        :param str target: where to go, for an action that leads to several states
        :return: the step, None when the action does not begin here
        :rtype: Step | None
        """
        self.ensure_one()
        present = self[self._state_field]
        for step in self._steps:
            if (step.action, step.source) == (action, present) and target in (None, step.target):
                return step
        return None

    def _get_step_obstacle(self, action, target=None):
        """Why a step cannot be taken now, in the user's language; the first reason found is the one that is told.

        :param str action: name of the action
        :param str target: where to go, for an action that leads to several states
        :return: the reason, False when nothing is in the way
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
        """:return: that no step leads from the present state to another one, in the user's language"""
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
        """Why the user does not take a step, whatever else is in order; nothing here, for the models to say.

        :param Step step: one that begins in the present state
        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        return False

    def _get_missing_fields(self, step):
        """Fields to be filled before a step; a model adds those it asks for in some cases only.

        :param Step step: one that begins in the present state
        :rtype: list[str]
        """
        return [name for name in step.needed if not self[name]]

    def _get_further_obstacle(self, step):
        """What else stands in the way of a step; nothing here, for the models to say.

        :param Step step: one that begins in the present state, and for which nothing is missing
        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        return False

    def _check_step(self, action, target=None):
        """Refuse a step that cannot be taken.

        :param str action: name of the action
        :param str target: where to go, for an action that leads to several states
        :return: the state it leads to
        :rtype: str
        :raises AccessError: for who may not write the records
        :raises UserError: with the reason why not
        """
        self.check_access("write")
        for record in self:
            obstacle = record._get_step_obstacle(action, target)
            if obstacle:
                raise UserError(obstacle)
        # an action for which no target is given leads to one state only
        return target or self[:1]._find_step(action).target

    def _enter(self, state, **vals):
        """Write a state for which the step was checked; a model adds what follows from every step.

        :param str state: the new one
        :param vals: other fields that change with it
        """
        self._write_unlocked({self._state_field: state, **vals})

    def _step(self, action, target=None, **vals):
        """Take a step, each record or none.

        :param str action: name of the action
        :param str target: where to go, for an action that leads to several states
        :param vals: other fields that change with it
        :raises AccessError: for who may not write the records
        :raises UserError: with the reason why not
        """
        if self:
            self._enter(self._check_step(action, target), **vals)

    def _drag(self, target):
        """A card was dragged to another state: the action that goes there is called, with all its checks.

        :param str target: the column it was dropped on
        :raises UserError: with the reason why not, or when the step has to be told more than a card can
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

    # === Reasons === #

    @api.model
    def _check_reason(self, text, question):
        """A reason as it is stored, without blanks around it.

        :param str text: what somebody gave as the reason
        :param str | bool question: what is asked for, in the user's language; False where nothing need be said
        :rtype: str
        :raises UserError: with the question when there is no text
        """
        text = text.strip() if isinstance(text, str) else ""
        if question and not text:
            raise UserError(question)
        return text
