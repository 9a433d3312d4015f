"""Working days of a test database."""


def know_years(env):
    """Confirm that the years around today have no public holiday, so that cases of their days are found."""
    company = env.company
    present = company._aftersales_today().year
    env["aftersales.holiday.year"]._create_unlocked(
        [
            {"company_id": company.id, "year": year, "no_holidays": True}
            for year in range(present - 1, present + 2)
        ]
    )
