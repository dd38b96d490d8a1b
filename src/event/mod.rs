//! The verdict event: CloudEvents 1.0, type `tripline.verdict.v1`, in binary and structured mode.
