//! Hits and results as plain data, for a web handler to send.
