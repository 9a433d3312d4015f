"""What ``odoo-bin`` is: with several workers Odoo starts its helper process by this file's path."""

from odoo.cli.command import main

main()
