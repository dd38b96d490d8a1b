//! Stream logic without a stream: what a record is, what becomes of it, and how far we may commit.
