//! Stores and protocols that an addon is published through.
//!
//! A [`store::Store`] keeps named objects with create-if-absent and compare-and-swap; everything else
//! here is written against that contract.

pub mod store;
