from . import aftersales_archive_step
