from . import aftersales_archive_filing, aftersales_archive_step
