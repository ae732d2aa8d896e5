//! Owns what people see: plain pages that need no script and load nothing from elsewhere.

mod readme;
