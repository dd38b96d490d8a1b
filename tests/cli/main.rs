//! The program as a user meets it: arguments, exit codes, what is said and where.

mod bad_input;
mod help;
mod judging;
mod pipes;
mod program;
