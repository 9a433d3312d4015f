"""Set-up of the tests of the regulation; it holds no test itself."""

from datetime import timedelta

from ..common import AftersalesCommon


class RegulationCommon(AftersalesCommon):
    """The specialist and the colleague are employees of the department that the regulation is for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._aftersales_today()
        cls.department = cls.env["hr.department"].create(
            {"name": "After-Sales", "company_id": cls.company.id}
        )
        cls.worker = cls.make_employee(cls.specialist)
        cls.other = cls.make_employee(cls.colleague)

    @classmethod
    def make_employee(cls, user, **values):
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": cls.company.id,
                "department_id": cls.department.id,
                **values,
            }
        )

    @classmethod
    def make_version(cls, version="1.0", days=0, released=True, **values):
        """A version of the regulation, written by the director.

        :param int days: from today on until it is in force
        :param bool released: or a draft
        """
        regulation = (
            cls.env["aftersales.regulation"]
            .with_user(cls.director)
            .create(
                {
                    "title": "Regulation",
                    "version": version,
                    "text": "<p>Be on time</p>",
                    "department_ids": [(6, 0, cls.department.ids)],
                    "date_effective": cls.today + timedelta(days=days),
                    "company_id": cls.company.id,
                    **values,
                }
            )
        )
        if released:
            regulation.action_release()
        return regulation

    @classmethod
    def suggest(cls, user=None, **values):
        """A suggestion in the own name, as a draft.

        :param user: res.users, the specialist by default
        """
        return (
            cls.env["aftersales.suggestion"]
            .with_user(user or cls.specialist)
            .create({"subject": "Later meeting", "text": "Friday at 16:00", **values})
        )
