"""What the tests of this folder share: databases, servers, a mail sink, races and a browser."""
