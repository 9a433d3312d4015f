def post_init_hook(env):
    """Give companies that exist at installation the time zone of the regulation."""
    env["res.company"].search([])._aftersales_default_tz()
