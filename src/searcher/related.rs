//! Articles like another: on the same subject, or nearly the same text.
