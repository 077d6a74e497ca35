"""The Autobahn test suite against the driver."""
