"""Compiles the scripts and styles of Odoo's pages beforehand, so that the first page is served without delay."""

# The bundles of backend, portal, print-out and PDF; all others are only used by tests.
BUNDLES = [
    ("web.assets_web", "js"),
    ("web.assets_web", "css"),
    ("web.assets_web_print", "css"),
    ("web.assets_frontend", "css"),
    ("web.assets_frontend_minimal", "js"),
    ("web.assets_frontend_lazy", "js"),
    ("web.report_assets_common", "css"),
]


def compile_bundles(env):
    """Store the compiled bundles as attachments, as the first visitor of a page would.

    :param odoo.api.Environment env: of a superuser; the caller commits
    """
    for bundle, kind in BUNDLES:
        getattr(env["ir.qweb"]._get_asset_bundle(bundle), kind)()


if __name__ == "__main__":  # in Odoo's shell
    compile_bundles(env)  # noqa: F821
