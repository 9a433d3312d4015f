"""Shared code of the tests in this folder: databases, servers, a mail sink, races and a browser."""
