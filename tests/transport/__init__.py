"""The transport, against real peers over real sockets."""
