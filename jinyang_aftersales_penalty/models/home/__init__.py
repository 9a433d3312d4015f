"""Cases, sanctions and the fund on the home pages.

Uses the subjects before it.
"""

from . import aftersales_home
