//! The CUE evaluator: from syntax trees to a finished graph.

pub mod number;
