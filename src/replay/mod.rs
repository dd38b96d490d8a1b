//! Judging a bounded range again: of topics, without joining a group or committing anything, or of files.
