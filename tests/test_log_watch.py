"""The check of logs after each test of this folder."""

import logging

from harness.logs import LogWatch, bad_records

LINE = "2026-03-02 08:00:00,000 7 {} jinyang odoo.addons.mail: {}\n"


def test_a_warning_in_a_servers_log_is_found_with_its_traceback(tmp_path):
    log = tmp_path / "server.log"
    log.write_text(
        LINE.format("INFO", "all is well")
        + LINE.format("ERROR", "mail lost")
        + "Traceback (most recent call last):\nValueError: no recipient\n"
    )
    assert "no recipient" in bad_records(log)
    assert not bad_records(log, [r"mail lost[\s\S]*no recipient"])


def test_what_odoo_logs_in_this_process_is_watched_unless_expected():
    watch = LogWatch()
    watch.handle(logging.LogRecord("odoo.x", logging.WARNING, "", 1, "slow %s", ("disk",), None))
    assert watch.complaints() == ["WARNING odoo.x: slow disk"]
    watch.expect("slow disk")
    assert not watch.complaints()
