//! Rules over an addon, each a diagnostic with its place.
