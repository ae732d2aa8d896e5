//! Limits on what one evaluation may use.
//!
//! CUE terminates by design, but a small program can still describe a huge value, and the registry
//! evaluates what strangers send. Whatever runs over a limit ends in an ordinary diagnostic that
//! names the limit. The defaults admit every program of practical size and a 50 MiB string.

/// The limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How deep evaluations may nest. One level takes a few KiB of stack: see [`Budget::STACK`].
    pub depth: u32,
    /// How many nodes may be made, those of failed disjuncts included.
    pub nodes: u32,
    /// How many tasks may be run.
    pub tasks: u64,
    /// How many disjuncts may be tried.
    pub disjuncts: u32,
    /// How many bytes of text may be made by operators and builtins together.
    pub bytes: u64,
}

impl Budget {
    /// The stack, in bytes, that a thread needs for an evaluation with the default depth.
    pub const STACK: usize = 1 << 30;
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            depth: 50_000,
            nodes: 40_000_000,
            tasks: 400_000_000,
            disjuncts: 4_000_000,
            bytes: 2 << 30,
        }
    }
}

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Budget::depth`].
    Depth,
    /// [`Budget::nodes`].
    Nodes,
    /// [`Budget::tasks`].
    Tasks,
    /// [`Budget::disjuncts`].
    Disjuncts,
    /// [`Budget::bytes`].
    Bytes,
}

impl Limit {
    /// What is limited, for a message.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Depth => "nesting depth",
            Self::Nodes => "number of values",
            Self::Tasks => "number of steps",
            Self::Disjuncts => "number of disjuncts",
            Self::Bytes => "amount of text",
        }
    }
}
