"""Every role tries every step in every state, with only a part of the steps executed."""

from collections import Counter

from odoo.exceptions import AccessError, UserError


def share_out(steps):
    """Distribute steps over the roles that may take them, about the same number for each role.

    :param dict steps: names of roles, by step
    :return: pairs of a role and a step, ordered by role
    :rtype: list
    """
    taken = Counter()
    shares = []
    for step, roles in sorted(steps.items(), key=lambda item: len(item[1])):
        role = min(sorted(roles), key=taken.__getitem__)
        taken[role] += 1
        shares.append((role, step))
    missing = set().union(*steps.values()) - taken.keys()
    assert not missing, f"more roles than steps: {missing}"
    return sorted(shares)


class StepMatrix:
    """For tests of documents with states.

    Executed are all allowed steps, refused steps that the state offers, and refused steps of the role with the most
    rights. All others are checked by ``has_access`` and by the function that gives the obstacle of a step.
    """

    def assertSteps(self, document, offered, actions, roles, arguments):
        """Let each role try each step on a document.

        :param document: in one of its states, ready for every step of it
        :param dict offered: the roles that may take a step, by the name of its action; steps that the state does
            not offer are missing
        :param actions: names of all actions
        :param dict roles: res.users by the name of the role; the first one may do the most
        :param dict arguments: arguments of an action, by its name
        """
        strongest = next(iter(roles))
        for role, user in roles.items():
            own = document.with_user(user)
            for action in actions:
                if action in offered or role == strongest or not self.is_barred(own, action):
                    told = (document.sudo().state, action, role)
                    with self.subTest(told):
                        done = self.try_step(own, action, *arguments.get(action, ()))
                        self.assertEqual(done, role in offered.get(action, ()), told)

    def is_barred(self, document, action):
        """:return: whether the user has no access or the step has an obstacle, without executing the step"""
        if not document.has_access("write"):
            return True
        targets = {step.target for step in document._steps if step.action == action}
        return bool(targets) and all(document._get_step_obstacle(action, to) for to in targets)

    def try_step(self, document, action, *arguments):
        """Take a step, then undo it.

        :return: whether it was taken; False when it was refused
        """
        before = document.sudo().state
        done = self.is_done(getattr(document, action), *arguments)
        self.assertEqual(document.sudo().state, before)
        return done

    def is_done(self, function, *arguments):
        """Call a method of a record, then undo what it did.

        :return: whether the call went through; False when it was refused
        """
        point = self.cr.savepoint()
        try:
            function(*arguments)
            self.env.flush_all()
        except (AccessError, UserError):
            return False
        finally:
            point.close(rollback=True)
            self.env.invalidate_all()
        return True
