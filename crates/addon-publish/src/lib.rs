//! Stores and protocols that an addon is published through.
